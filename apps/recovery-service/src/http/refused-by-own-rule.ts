import type { Refused } from '@rekey/governance';
import { ApiError, errorCatalogue, isErrorCode } from './error-catalogue.ts';

/** A listener of the deployment's own refused with a code of its own, which the catalogue cannot know. @param more fields of the body */
export function refusedByOwnRule({ code, message }: Pick<Refused, 'code' | 'message'>, more: Readonly<Record<string, unknown>> = {}): ApiError {
  return new ApiError('RKY-10012', message, { ...more, reasons: [{ code, message }] });
}

/** What a listener refused of an operation on a user. A 401 would say that the caller must sign in. */
export function operationRefused({ code, message, reasons }: Refused): ApiError {
  return isErrorCode(code) && errorCatalogue[code].status !== 401 ? new ApiError(code, message, { reasons: reasons ?? [] }) : refusedByOwnRule({ code, message });
}
