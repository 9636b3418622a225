import dns, { type LookupAddress } from 'node:dns';
import { promisify } from 'node:util';
import { AnsweringFamily } from './answering-family.ts';

describe('the addresses of a relay', () => {
  const { lookup } = dns;
  afterEach(() => void (dns.lookup = lookup));

  /** What a name stands for. */
  function resolved(...addresses: readonly string[]): void {
    const all = addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }));
    dns.lookup = ((_host: string, _options: unknown, found: (error: null, all: LookupAddress[]) => void) => found(null, all)) as unknown as typeof lookup;
  }
  const orderOf = async (family: AnsweringFamily) => ((await promisify(family.lookup)('relay.test', { all: true })) as LookupAddress[]).map(({ address }) => address);

  it('stand as they were resolved until one of them has answered', async () => {
    resolved('2001:db8::1', '192.0.2.1', '192.0.2.2');
    expect(await orderOf(new AnsweringFamily())).toEqual(['2001:db8::1', '192.0.2.1', '192.0.2.2']);
  });

  it.each([
    ['IPv4', ['192.0.2.2', '192.0.2.1', '2001:db8::1']],
    ['IPv6', ['2001:db8::1', '192.0.2.2', '192.0.2.1']],
  ])('of the family that answered last, %s, come first from then on, in their own order', async (answered, expected) => {
    const family = new AnsweringFamily();
    family.answered('IPv6');
    family.answered(answered);
    resolved('2001:db8::1', '192.0.2.2', '192.0.2.1');
    expect(await orderOf(family)).toEqual(expected);
  });
});
