const probeEveryMs = 5_000;

/**
 * Whether a relay, or a webhook, is worth trying. Open, it has a probe due every five seconds unless told otherwise, so that an outage burns no attempts and its end
 * is noticed soon.
 */
export class RelayCircuit {
  private refusal: { readonly reason: string; readonly probeAtMs: number } | null = null;
  private changedAtMs: number;

  /** @param nowMs a clock that never steps back */
  constructor(private readonly nowMs: () => number) {
    this.changedAtMs = nowMs();
  }

  /** Why the relay cannot be used, as it said last; null where it can. */
  get openBecause(): string | null {
    return this.refusal?.reason ?? null;
  }

  get isProbeDue(): boolean {
    return this.probeInMs === 0;
  }

  /** null where none is needed. */
  get probeInMs(): number | null {
    return this.refusal && Math.max(0, this.refusal.probeAtMs - this.nowMs());
  }

  /** For how long it has been open, or closed. */
  get forMs(): number {
    return this.nowMs() - this.changedAtMs;
  }

  /** @param restMs until a probe is due @returns whether this is news */
  refused(reason: string, restMs = probeEveryMs): boolean {
    const news = this.refusal === null;
    if (news) this.changedAtMs = this.nowMs();
    this.refusal = { reason, probeAtMs: this.nowMs() + restMs };
    return news;
  }

  /** @returns whether this is news */
  worked(): boolean {
    const news = this.refusal !== null;
    if (news) this.changedAtMs = this.nowMs();
    this.refusal = null;
    return news;
  }
}
