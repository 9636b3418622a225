import { proceed, type Refusal, type Verdict } from './user-operation.ts';

/** Any promise, of whichever library. */
export function isThenable(answer: unknown): answer is PromiseLike<unknown> {
  return typeof answer === 'object' && answer !== null && 'then' in answer && typeof answer.then === 'function';
}

/** @throws Error for what is no verdict: silence is not consent */
export function asVerdict(answer: unknown): Verdict {
  if (typeof answer === 'object' && answer !== null && 'kind' in answer) {
    if (answer.kind === 'continue') return 'claims' in answer ? (answer as Verdict) : proceed;
    if (answer.kind === 'refuse' && 'code' in answer && typeof answer.code === 'string' && 'message' in answer && typeof answer.message === 'string') return answer as Refusal;
  }
  throw new Error('the answer is no verdict: expected { kind: "continue" } or { kind: "refuse", code, message }');
}
