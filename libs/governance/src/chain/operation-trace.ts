import { claimsChange } from './claims-change.ts';
import type { OperationName, UserOperations } from './user-operation.ts';

/** Around the user store's work: before it, in its transaction, after its commit. */
export type Phase = 'pre' | 'within' | 'post';

export interface TraceStep {
  /** `governance_identity_mgt/<handler>` for one of its handlers, where that refused or failed. */
  readonly listener: string;
  readonly hook: Phase;
  /** `continue`, the code of the refusal, or `failed` for a hook that failed and, as configured, lets the operation go on. */
  readonly verdict: string;
  readonly microseconds: number;
}

/** What the chain did around one operation. */
export interface OperationTrace {
  readonly operation: OperationName;
  /** null where there is no such user, as far as the operation itself knows: claims read for a name that nobody has bear a made-up id. */
  readonly userId: string | null;
  /** null where nobody has it: what is typed for a name may be a password. */
  readonly username: string | null;
  readonly tenantDomain: string;
  /** Which claims were set, or were to be, as the last listener asked would have it; without their values. */
  readonly claims: readonly string[];
  readonly at: Date;
  readonly steps: readonly TraceStep[];
  /** `done`, the code of the refusal, `not-done` where there was nothing to do it to, or `failed` where it threw. */
  readonly outcome: string;
}

/** @returns their URIs, of an operation that writes some */
export function claimsToSet(operation: UserOperations[OperationName]): readonly string[] {
  return 'claims' in operation && !('asked' in operation) ? Object.keys(claimsChange(operation)) : [];
}

export function subjectOf(operation: UserOperations[OperationName]): Pick<OperationTrace, 'userId' | 'username' | 'tenantDomain'> {
  if ('after' in operation) return { userId: null, username: null, tenantDomain: operation.tenantDomain };
  if ('name' in operation) return { userId: operation.user?.id ?? null, username: operation.name.username, tenantDomain: operation.name.tenantDomain };
  const { id, username, tenantDomain } = operation.user;
  const exists = !('exists' in operation) || operation.exists;
  return { userId: exists ? id : null, username: exists ? username : null, tenantDomain };
}

const reading: readonly OperationName[] = ['getClaims', 'listUsers'];

/** The last operations; older ones are forgotten. What only read, and did, is kept apart: there is much of it, and it would push everything else out. */
export class TraceLog {
  private readonly reads: Kept[] = [];
  private readonly others: Kept[] = [];
  private count = 0;

  /** @param size of each of the two */
  constructor(private readonly size = 1_000) {}

  add(trace: OperationTrace): void {
    const log = trace.outcome === 'done' && reading.includes(trace.operation) ? this.reads : this.others;
    if (log.length === this.size) log.shift();
    log.push({ nth: this.count++, trace });
  }

  /** Oldest first. */
  latest({ withReads = true } = {}): readonly OperationTrace[] {
    const kept = withReads ? [...this.reads, ...this.others].sort((one, other) => one.nth - other.nth) : this.others;
    return kept.map(({ trace }) => trace);
  }
}

interface Kept {
  readonly nth: number;
  readonly trace: OperationTrace;
}
