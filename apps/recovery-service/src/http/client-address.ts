import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/**
 * Who asks, as far as the network tells. A proxy adds whom it got a request from to the end of `X-Forwarded-For`; what stands before that,
 * strangers may have written. So it is read from its end, and only as far as trusted proxies wrote it.
 */
export class ClientAddresses {
  private readonly trusted = new BlockList();

  /** @param trustedProxies IP addresses and CIDR ranges */
  constructor(trustedProxies: readonly string[]) {
    for (const range of trustedProxies) {
      const [address = '', bits] = range.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      if (bits === undefined) this.trusted.addAddress(address, family);
      else this.trusted.addSubnet(address, Number(bits), family);
    }
  }

  /** @returns an IPv4 address, or the /64 of an IPv6 one: of those a single customer has more than can be counted (RFC 6177) */
  of({ socket, headers }: IncomingMessage): string {
    const forwarded = String(headers['x-forwarded-for'] ?? '').split(',');
    // A connection that is gone already has no address any more: such requests count together.
    let address = parseAddress(socket.remoteAddress ?? '') ?? '0.0.0.0';
    while (this.isTrusted(address)) {
      const sender = parseAddress(forwarded.pop() ?? '');
      if (sender === null) break;
      address = sender;
    }
    return isIP(address) === 6 ? networkOf(address) : address;
  }

  /** Whether it was sent by a trusted proxy: what it says of more than itself is the operator's word. */
  isFromTrusted({ socket }: IncomingMessage): boolean {
    return this.isTrusted(parseAddress(socket.remoteAddress ?? '') ?? '0.0.0.0');
  }

  private isTrusted(address: string): boolean {
    return this.trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
}

const mapped = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/;

/** @returns the address in its one form, IPv4 also where it is written as IPv6 (RFC 4291 section 2.5.5.2); null for what is none. Some proxies add a port. */
function parseAddress(text: string): string | null {
  const bare = text.trim().replace(/^\[(.+)\](?::\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1').replace(/%.*$/, '');
  if (isIP(bare) !== 6) return isIP(bare) === 4 ? bare : null;
  const canonical = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const [, high, low] = mapped.exec(canonical) ?? [];
  if (high === undefined || low === undefined) return canonical;
  return [high, low].flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]).join('.');
}

function networkOf(address: string): string {
  const [before = [], after = []] = address.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return `${[...before, ...zeros, ...after].slice(0, 4).join(':')}::/64`;
}
