import { Unsolved } from '../captcha/solve.ts';
import { texts } from '../texts.ts';
import { ApiProblem } from './client.ts';

/** What a person is told of a failure that a page has no better words for. */
export function failureText(error: unknown): string {
  if (error instanceof Unsolved) return texts.failure.unsolved;
  if (!(error instanceof ApiProblem)) return texts.failure.other;
  if (error.problem.code === 'offline') return texts.failure.offline;
  if (error.problem.code === '18016') return texts.failure.noSuchTenant;
  if (error.problem.code === '20017') return texts.forgot.off;
  if (error.problem.code === 'RKY-10012') return error.problem.description;
  if (error.problem.code === 'RKY-10130') return texts.failure.unsolved;
  if (error.status === 429 || error.status === 503) return texts.failure.busy;
  return error.status === 400 ? texts.failure.malformed : texts.failure.other;
}
