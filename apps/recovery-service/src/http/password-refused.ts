import type { Refused } from '@rekey/governance';
import { ApiError, errorCatalogue, isErrorCode } from './error-catalogue.ts';
import { refusedByOwnRule } from './refused-by-own-rule.ts';

/**
 * What a refused new password is answered with: WSO2's 412 with the reasons where it is the password's fault, a rule of the deployment's
 * own as such, and a failure as a failure.
 * @param again what it came with, as fields of the body: a rule does not spend the key, so that the person can try again
 */
export function passwordRefused({ code, message, reasons }: Pick<Refused, 'code' | 'message' | 'reasons'>, again: Readonly<Record<string, unknown>> = {}): ApiError {
  if (!isErrorCode(code)) return refusedByOwnRule({ code, message }, again);
  const { status } = errorCatalogue[code];
  if (status === 412) return new ApiError(code, message, { ...again, reasons: reasons?.length ? reasons : [{ code, message }] });
  // Whoever sets a password is not signing in: a 401 would say that they must.
  return status >= 500 ? new ApiError(code, message) : refusedByOwnRule({ code, message }, again);
}
