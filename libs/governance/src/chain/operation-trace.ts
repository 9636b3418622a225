import type { OperationName } from './user-operation.ts';

export interface TraceStep {
  readonly listener: string;
  readonly hook: 'pre' | 'post';
  /** `continue`, or the code of the refusal. */
  readonly verdict: string;
  readonly microseconds: number;
}

/** What the chain did around one operation. */
export interface OperationTrace {
  readonly operation: OperationName;
  /** null for a user that is only being added. */
  readonly userId: string | null;
  readonly at: Date;
  readonly steps: readonly TraceStep[];
}

/** The last operations, oldest first; older ones are forgotten. */
export class TraceLog {
  private readonly ring: OperationTrace[] = [];
  private next = 0;

  constructor(private readonly size = 1_000) {}

  add(trace: OperationTrace): void {
    this.ring[this.next] = trace;
    this.next = (this.next + 1) % this.size;
  }

  latest(): readonly OperationTrace[] {
    return [...this.ring.slice(this.next), ...this.ring.slice(0, this.next)].filter(Boolean);
  }
}
