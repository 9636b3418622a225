const probeEveryMs = 5_000;

/**
 * Whether a relay, or a webhook, is worth trying. Open, it has a probe due every five seconds, so that an outage burns no attempts and its end
 * is noticed soon.
 */
export class RelayCircuit {
  private refusal: { readonly reason: string; readonly probeAtMs: number } | null = null;

  /** @param nowMs a clock that never steps back */
  constructor(private readonly nowMs: () => number) {}

  /** Why the relay cannot be used, as it said last; null where it can. */
  get openBecause(): string | null {
    return this.refusal?.reason ?? null;
  }

  get isProbeDue(): boolean {
    return this.refusal !== null && this.nowMs() >= this.refusal.probeAtMs;
  }

  /** @returns whether this is news */
  refused(reason: string): boolean {
    const news = this.refusal === null;
    this.refusal = { reason, probeAtMs: this.nowMs() + probeEveryMs };
    return news;
  }

  /** @returns whether this is news */
  worked(): boolean {
    const news = this.refusal !== null;
    this.refusal = null;
    return news;
  }
}
