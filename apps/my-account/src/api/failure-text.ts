import { ApiProblem } from '@rekey/web';
import { Unsolved } from '../captcha/solve.ts';
import { texts } from '../texts.ts';

/** What a person is told of a failure that My Account has better words for than all pages have. */
export function failureText(error: unknown): string | undefined {
  if (error instanceof Unsolved) return texts.failure.unsolved;
  if (!(error instanceof ApiProblem)) return undefined;
  if (error.code === '18016') return texts.failure.noSuchTenant;
  if (error.code === '20017') return texts.forgot.off;
  if (error.code === 'RKY-10012') return error.message;
  if (error.code === 'RKY-10130') return texts.failure.unsolved;
  if (error.status === 0 || error.status === 429 || error.status === 503) return undefined;
  return error.status === 400 ? texts.failure.malformed : texts.failure.other;
}
