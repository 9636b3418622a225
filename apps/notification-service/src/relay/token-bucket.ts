/** So many a second, of which those of one second may come at once (a rate below one: one). */
export class TokenBucket {
  private readonly capacity: number;
  private tokens: number;
  private filledAtMs: number;

  /** @param nowMs a clock that never steps back */
  constructor(
    private readonly perSecond: number,
    private readonly nowMs: () => number,
  ) {
    this.capacity = Math.max(1, perSecond);
    this.tokens = this.capacity;
    this.filledAtMs = nowMs();
  }

  /** How many may be taken now; less than nothing where more were taken than there were. */
  get available(): number {
    this.fill();
    return Math.floor(this.tokens);
  }

  get isFull(): boolean {
    this.fill();
    return this.tokens === this.capacity;
  }

  take(): void {
    this.fill();
    this.tokens -= 1;
  }

  private fill(): void {
    const nowMs = this.nowMs();
    this.tokens = Math.min(this.capacity, this.tokens + ((nowMs - this.filledAtMs) / 1_000) * this.perSecond);
    this.filledAtMs = nowMs;
  }
}
