import dns from 'node:dns';
import type { LookupFunction } from 'node:net';

/**
 * Over which family of addresses a relay answered last: those stand first from then on, in their own order, so that a route which leads nowhere is waited for once and not with each
 * connection.
 */
export class AnsweringFamily {
  private family: number | null = null;

  answered(family: string | undefined): void {
    this.family = family === 'IPv6' ? 6 : 4;
  }

  /** For `net.connect`. */
  readonly lookup: LookupFunction = (host, options, found) => {
    dns.lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error) return found(error, []);
      const inOrder = addresses.toSorted((a, b) => Number(b.family === this.family) - Number(a.family === this.family));
      const [first] = inOrder;
      if (options.all || !first) return found(null, inOrder);
      return found(null, first.address, first.family);
    });
  };
}
