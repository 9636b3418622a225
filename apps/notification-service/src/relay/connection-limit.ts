/** One more is tried as often as a relay that is left alone is asked. */
const oneMoreEveryMs = 5_000;

/**
 * How many connections a relay takes from this process. Most limit that, for all who connect from one network together, and refuse one more in the very words in which they refuse
 * everybody: which it is shows by whether they go on talking over those that they have.
 */
export class ConnectionLimit {
  private mostAtRefusal: number;
  private refusedAtMs = 0;
  private talkedAtMs = -Infinity;

  /** @param most as it is set @param nowMs a clock that never steps back */
  constructor(
    private readonly most: number,
    private readonly nowMs: () => number,
  ) {
    this.mostAtRefusal = most;
  }

  /** After a refusal as many as there were then, and from there on one more every five seconds. */
  get allowed(): number {
    return Math.min(this.most, this.mostAtRefusal + Math.floor((this.nowMs() - this.refusedAtMs) / oneMoreEveryMs));
  }

  /** It has answered for a mail. */
  talked(): void {
    this.talkedAtMs = this.nowMs();
  }

  /** It would take none more. @param others that there are @returns whether that is all: a moment ago it talked over those */
  refused(others: number): boolean {
    this.mostAtRefusal = Math.max(1, others);
    this.refusedAtMs = this.nowMs();
    return others > 0 && this.nowMs() - this.talkedAtMs < oneMoreEveryMs;
  }

  /** It was away, whatever it took before, and is back. */
  lift(): void {
    this.mostAtRefusal = this.most;
  }
}
