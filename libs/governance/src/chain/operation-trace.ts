import type { OperationName } from './user-operation.ts';

/** Around the user store's work: before it, in its transaction, after its commit. */
export type Phase = 'pre' | 'within' | 'post';

export interface TraceStep {
  readonly listener: string;
  readonly hook: Phase;
  /** `continue`, or the code of the refusal. */
  readonly verdict: string;
  readonly microseconds: number;
}

/** What the chain did around one operation. */
export interface OperationTrace {
  readonly operation: OperationName;
  /** null where there is no such user, as far as the operation itself knows: claims read for a name that nobody has bear a made-up id. */
  readonly userId: string | null;
  readonly at: Date;
  readonly steps: readonly TraceStep[];
}

/** The last operations; older ones are forgotten. */
export class TraceLog {
  private readonly ring: OperationTrace[] = [];
  private next = 0;

  constructor(private readonly size = 1_000) {}

  add(trace: OperationTrace): void {
    this.ring[this.next] = trace;
    this.next = (this.next + 1) % this.size;
  }

  /** Oldest first. */
  latest(): readonly OperationTrace[] {
    return this.ring.length < this.size ? [...this.ring] : [...this.ring.slice(this.next), ...this.ring.slice(0, this.next)];
  }
}
