const slotMs = 10_000;
const slots = 30;

interface Slot {
  readonly number: number;
  sent: number;
  failed: number;
  sentMs: number;
}

export interface SendsSoFar {
  readonly sent: number;
  readonly failed: number;
  /** Of those that were sent; null where none was. */
  readonly meanMs: number | null;
}

/** What was sent in the last five minutes, to within ten seconds. */
export class RecentSends {
  private kept: Slot[] = [];

  /** @param nowMs a clock that never steps back */
  constructor(private readonly nowMs: () => number) {}

  note(isSent: boolean, tookMs: number): void {
    const slot = this.slotOfNow();
    if (!isSent) slot.failed++;
    else {
      slot.sent++;
      slot.sentMs += tookMs;
    }
  }

  get soFar(): SendsSoFar {
    this.forgetOld();
    const sum = (value: (slot: Slot) => number): number => this.kept.reduce((total, slot) => total + value(slot), 0);
    const sent = sum((slot) => slot.sent);
    return { sent, failed: sum((slot) => slot.failed), meanMs: sent === 0 ? null : sum((slot) => slot.sentMs) / sent };
  }

  private slotOfNow(): Slot {
    const number = this.now;
    const last = this.kept.at(-1);
    if (last?.number === number) return last;
    this.forgetOld();
    const slot = { number, sent: 0, failed: 0, sentMs: 0 };
    this.kept.push(slot);
    return slot;
  }

  private forgetOld(): void {
    this.kept = this.kept.filter(({ number }) => number > this.now - slots);
  }

  private get now(): number {
    return Math.floor(this.nowMs() / slotMs);
  }
}
