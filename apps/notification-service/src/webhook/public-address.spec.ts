import { allowingLookup, isPublicAddress } from './public-address.ts';

describe('a public address', () => {
  it.each(['1.1.1.1', '93.184.216.34', '172.32.0.1', '100.128.0.1', '2606:2800:220:1::1', '2a00:1450:4001::1'])('is %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    '127.0.0.1', '127.255.255.254', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '192.0.0.8', '198.18.0.1', '224.0.0.1', '255.255.255.255',
    '::1', '::', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::127.0.0.1', '64:ff9b::7f00:1', 'fe80::1', 'fe80::1%eth0', 'fc00::1', 'fd12:3456::1', 'fec0::1', 'ff02::1', '2001:db8::1', '2001::1', '2002:7f00:1::', 'localhost', '', '127.1',
  ])('is not %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('looking up public addresses', () => {
  const looked = (addresses: readonly string[], all: boolean) =>
    new Promise<unknown>((resolve) => {
      const lookup = allowingLookup((_host, _options, callback) => callback(null, addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))), isPublicAddress);
      lookup('portal.example', { all }, (error, ...found) => resolve(error ? error.message : found));
    });

  it('gives the connection what it asks for', async () => {
    expect(await looked(['1.1.1.1', '2606:2800:220:1::1'], true)).toEqual([[{ address: '1.1.1.1', family: 4 }, { address: '2606:2800:220:1::1', family: 6 }]]);
    expect(await looked(['1.1.1.1', '2606:2800:220:1::1'], false)).toEqual(['1.1.1.1', 4]);
  });

  it.each([true, false])('gives none where one of several is private (all: %s)', async (all) => {
    expect(await looked(['1.1.1.1', '10.0.0.1'], all)).toBe('portal.example stands for an address that is not a public one');
    expect(await looked([], all)).toBe('portal.example stands for an address that is not a public one');
  });
});
