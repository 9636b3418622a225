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

  took(domain: string): void {
    this.taken.delete(domain);
    keep(this.taken.add(domain));
    this.takenAtMs = this.nowMs();
    this.refused.delete(domain);
  }

  /**
   * It would not relay a mail to this domain.
   * @returns whether that is so of it alone: it took mails for others of late, and never one for this one. Else it is we whom it refuses, and what it did before says no more
   */
  wasRefused(domain: string, reply: string): boolean {
    if (this.taken.size === 0 || this.taken.has(domain) || this.nowMs() - this.takenAtMs > latelyMs) {
      this.taken.clear();
      this.refused.clear();
      return false;
    }
    this.refused.delete(domain);
    keep(this.refused.set(domain, { reply, atMs: this.nowMs() }));
    return true;
  }

  /** @returns what it said of this domain a moment ago; null where it may be asked */
  refusalOf(domain: string): string | null {
    const refusal = this.refused.get(domain);
    return refusal && this.nowMs() - refusal.atMs < restMs ? refusal.reply : null;
  }

  /** Those that it refused a moment ago. */
  get refusedLately(): readonly string[] {
    return this.refused.size === 0 ? [] : [...this.refused.keys()].filter((domain) => this.refusalOf(domain) !== null);
  }
}

function keep(domains: Set<string> | Map<string, unknown>): void {
  const [oldest] = domains.keys();
  if (domains.size > mostDomains && oldest !== undefined) domains.delete(oldest);
}
