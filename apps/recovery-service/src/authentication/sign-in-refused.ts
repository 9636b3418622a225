import type { Refused } from '@rekey/governance';
import { ApiError, isErrorCode } from '../http/error-catalogue.ts';
import { refusedByOwnRule } from '../http/refused-by-own-rule.ts';

/** Refusals that a person at fault gets, and a stranger may not tell apart: a locked account answers as a wrong password does. */
const personal = ['17002', '17003', '17004', '17005', '17006'];

/** What a refused sign-in is answered with: a listener that failed is the server's fault, and is not told as a wrong password. */
export function signInRefused(refused: Refused): ApiError {
  if (personal.includes(refused.code)) return new ApiError('17002');
  if (!isErrorCode(refused.code)) return refusedByOwnRule(refused);
  return new ApiError(refused.code === 'RKY-10007' ? refused.code : '18013');
}
