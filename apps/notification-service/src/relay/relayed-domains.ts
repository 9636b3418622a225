import { inAsciiDomain } from '../smtp/envelope-address.ts';

/** So recently a relay must have taken a mail for somewhere to be known to talk to us. */
const latelyMs = 600_000;
/** So long a domain that it does not deliver to is not named to it again. */
const restMs = 300_000;
const mostDomains = 1_000;

/**
 * To which domains a relay delivers for us. One that delivers to its own alone says of all others what it would say to a stranger, in the same words: which
 * of the two it means shows by what it took before.
 */
export class RelayedDomains {
  /** The one taken last is the last. */
  private readonly taken = new Set<string>();
  private readonly refused = new Map<string, { readonly reply: string; readonly atMs: number }>();
  private takenAtMs = -Infinity;

  /** @param nowMs a clock that never steps back */
  constructor(private readonly nowMs: () => number) {}

  took(address: string): void {
    const domain = domainOf(address);
    this.taken.delete(domain);
    keep(this.taken.add(domain));
    this.takenAtMs = this.nowMs();
    this.refused.delete(domain);
  }

  /**
   * It would not relay a mail to this address.
   * @returns whether that is so of the domain alone: it took mails for others of late, and never one for this one. Else it is we whom it refuses, and what it did before says no more
   */
  wasRefused(address: string, reply: string): boolean {
    const domain = domainOf(address);
    if (this.taken.size === 0 || this.taken.has(domain) || this.nowMs() - this.takenAtMs > latelyMs) {
      this.taken.clear();
      this.refused.clear();
      return false;
    }
    this.refused.delete(domain);
    keep(this.refused.set(domain, { reply, atMs: this.nowMs() }));
    return true;
  }

  /** @returns what it said of this address's domain a moment ago; null where it may be asked */
  refusalOf(address: string): string | null {
    if (this.refused.size === 0) return null;
    const refusal = this.refused.get(domainOf(address));
    return refusal && this.nowMs() - refusal.atMs < restMs ? refusal.reply : null;
  }
}

export function domainOf(address: string): string {
  return inAsciiDomain(address.slice(address.lastIndexOf('@'))).slice(1).toLowerCase();
}

function keep(domains: Set<string> | Map<string, unknown>): void {
  const [oldest] = domains.keys();
  if (domains.size > mostDomains && oldest !== undefined) domains.delete(oldest);
}
