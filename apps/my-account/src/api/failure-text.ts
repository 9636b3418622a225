import { ApiProblem } from '@rekey/web';
import type { TFunction } from 'i18next';
import { Unsolved } from '../captcha/unsolved.ts';

/** What a person is told of a failure that My Account has better words for than all pages have. */
export function failureText(t: TFunction<'entry'>, error: unknown): string | undefined {
  if (error instanceof Unsolved) return t('failure.unsolved');
  if (!(error instanceof ApiProblem)) return undefined;
  if (error.code === '18016') return t('failure.noSuchTenant');
  if (error.code === '20017') return t('failure.recoveryOff');
  if (error.code === '20031') return t('failure.usernameOff');
  if (error.code === 'RKY-10012') return t('failure.ownRule', { message: error.message });
  if (error.code === 'RKY-10130') return t('failure.unsolved');
  if (error.code === 'RKY-10140') return t('failure.addressGone');
  if (error.status === 0 || error.status === 429 || error.status === 503) return undefined;
  return error.status === 400 ? t('failure.malformed') : t('failure.other');
}
