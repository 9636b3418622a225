import type { Logger } from '@rekey/observability';
import { refuse, type RefusalCode } from '../refusals.ts';
import { withinLimit } from './time-limit.ts';
import { isUnavailable } from './unavailable.ts';
import { proceed, type Verdict } from './user-operation.ts';
import { asVerdict, isThenable } from './verdict.ts';

/** How whoever is asked may answer. */
export interface Asking {
  /** null: somebody else looks at the clock. */
  readonly timeLimitMs: number | null;
  readonly clock?: () => number;
  /** What it means where there is no answer. */
  readonly onFailure: 'refuse' | 'continue';
}

/**
 * Asks a hook or a handler. What throws, takes too long or answers no verdict refuses, unless it is to let operations go on. An answer that
 * is there at once costs neither a promise nor a timer.
 * @param answered told what came of it, before anybody else: `continue`, the code of the refusal, or `failed`
 * @param failed told then what was thrown; whatever that is, and whatever becomes of telling, it changes nothing any more
 */
export function ask(call: () => unknown, { timeLimitMs, clock, onFailure }: Asking, answered: (verdict: string) => void, failed: (thrown: unknown) => void): Verdict | Promise<Verdict> {
  const settle = (verdict: Verdict): Verdict => {
    answered(verdict.kind === 'continue' ? 'continue' : verdict.code);
    return verdict;
  };
  const fail = (thrown: unknown): Verdict => {
    const verdict = onFailure === 'continue' ? proceed : refuse(codeOfFailure(thrown));
    answered(verdict.kind === 'continue' ? 'failed' : verdict.code);
    failed(thrown);
    return verdict;
  };
  try {
    const answer = call();
    if (!isThenable(answer)) return settle(asVerdict(answer));
    const inTime = timeLimitMs === null ? Promise.resolve(answer) : withinLimit(answer, timeLimitMs, clock);
    return inTime.then(asVerdict).then(settle, fail);
  } catch (thrown) {
    return fail(thrown);
  }
}

/** What is short of time, or of a database, is not out of order: whoever is told so comes back. */
export function codeOfFailure(thrown: unknown): RefusalCode {
  try {
    return isUnavailable(thrown) ? 'RKY-10007' : '18013';
  } catch {
    // Some of what can be thrown cannot even be looked at.
    return '18013';
  }
}

/** Of what cannot even be looked at without another fault, the log says only that it was thrown. */
export function logFailure(log: Logger, fields: Readonly<Record<string, string>>, thrown: unknown, message: string): void {
  try {
    log.error({ ...fields, err: thrown }, message);
  } catch {
    log.error({ ...fields, err: 'what was thrown cannot be shown' }, message);
  }
}
