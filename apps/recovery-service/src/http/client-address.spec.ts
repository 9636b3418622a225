import type { IncomingMessage } from 'node:http';
import { ClientAddresses } from './client-address.ts';

const proxies = ['10.0.0.0/8', '192.0.2.1', '2001:db8:feed::/48'];
const gateway = '10.1.2.3';

function clientOf(remoteAddress: string | undefined, forwardedFor?: string, trusted = proxies): string {
  // Of a request, what is looked at.
  return new ClientAddresses(trusted).of({ socket: { remoteAddress }, headers: forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor } } as IncomingMessage);
}

describe('the address of a client', () => {
  it('is the connection’s own, whatever a stranger writes of others (S10)', () => {
    expect(clientOf('203.0.113.7', '198.51.100.1')).toBe('203.0.113.7');
    expect(clientOf(gateway, '198.51.100.1', [])).toBe(gateway);
    expect(clientOf('192.0.2.2', '198.51.100.1')).toBe('192.0.2.2');
  });

  it.each([
    ['the one that a trusted proxy got the request from', gateway, '203.0.113.7', '203.0.113.7'],
    ['no other that stands before it', gateway, '1.1.1.1, 203.0.113.7', '203.0.113.7'],
    ['the last that is no trusted proxy’s', '192.0.2.1', '1.1.1.1, 203.0.113.7,10.9.9.9 , 2001:db8:feed::1', '203.0.113.7'],
    ['not read past what cannot be read', gateway, '203.0.113.7, unknown', gateway],
    ['the proxy’s where it names nobody', gateway, undefined, gateway],
    ['the first where all are trusted', gateway, '10.0.0.9, 10.0.0.8', '10.0.0.9'],
    ['the same with a port', gateway, '203.0.113.7:49152', '203.0.113.7'],
    ['the same with a port, in brackets', gateway, '[2001:db8::1]:49152', '2001:db8:0:0::/64'],
  ])('is %s', (_what, peer, forwardedFor, client) => expect(clientOf(peer, forwardedFor)).toBe(client));

  it('counts IPv6 by /64, in one form, and IPv4 written as IPv6 as what it is (S10)', () => {
    const one = ['2001:db8:0:1::1', '2001:0DB8:0000:0001:ffff:ffff:ffff:ffff', '2001:db8:0:1:a::', '2001:db8::1:0:0:192.0.2.33'];
    expect(new Set(one.map((address) => clientOf(address)))).toEqual(new Set(['2001:db8:0:1::/64']));
    expect(clientOf('2001:db8:0:2::1')).toBe('2001:db8:0:2::/64');
    expect(clientOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
    expect(clientOf('::1')).toBe('0:0:0:0::/64');
    for (const address of ['::ffff:203.0.113.7', '::FFFF:cb00:7107']) expect(clientOf(address)).toBe('203.0.113.7');
    expect(clientOf('::ffff:10.1.2.3', '203.0.113.7')).toBe('203.0.113.7');
  });

  it('is the same for all whose connection is gone', () => expect(clientOf(undefined)).toBe('0.0.0.0'));
});
