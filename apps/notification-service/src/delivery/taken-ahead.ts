const windowMs = 1_000;

interface Waiting<Delivery> {
  readonly delivery: Delivery;
  readonly sinceMs: number;
}

/**
 * Mails that this process has taken before there is a slot for them, in their order: one statement then takes many. As many may wait as the relays have
 * answered for within the last second, so none waits much longer than that, and a relay that slows down or hangs holds back ever fewer.
 */
export class TakenAhead<Delivery> {
  private readonly waiting: Waiting<Delivery>[] = [];
  private answers = 0;
  private answersBefore = 0;
  private windowEndsMs = 0;

  /** @param most however fast the relays are @param nowMs a clock that never steps back */
  constructor(
    private readonly most: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  get deliveries(): readonly Delivery[] {
    return this.waiting.map(({ delivery }) => delivery);
  }

  get size(): number {
    return this.waiting.length;
  }

  /** How many may wait now. */
  get allowance(): number {
    this.turnWindow();
    return Math.min(this.most, this.answers + this.answersBefore);
  }

  add(delivery: Delivery): void {
    this.waiting.push({ delivery, sinceMs: this.nowMs() });
  }

  /** Takes out the first one that may start. */
  next(mayStart: (delivery: Delivery) => boolean): Delivery | null {
    const index = this.waiting.findIndex(({ delivery }) => mayStart(delivery));
    return index === -1 ? null : (this.waiting.splice(index, 1)[0]?.delivery ?? null);
  }

  /** A relay has answered for one. */
  answered(): void {
    this.turnWindow();
    this.answers++;
  }

  /** Takes out those that have waited as long: somebody else may have a slot for them. */
  giveUp(afterMs: number): Delivery[] {
    const since = this.nowMs() - afterMs;
    const fresh = this.waiting.findIndex(({ sinceMs }) => sinceMs > since);
    return this.waiting.splice(0, fresh === -1 ? this.waiting.length : fresh).map(({ delivery }) => delivery);
  }

  private turnWindow(): void {
    const late = this.nowMs() - this.windowEndsMs;
    if (late < 0) return;
    this.answersBefore = late < windowMs / 2 ? this.answers : 0;
    this.answers = 0;
    this.windowEndsMs += late + windowMs / 2;
  }
}
