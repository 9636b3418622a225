import { ApiError, isErrorCode } from '../http/error-catalogue.ts';
import type { ResetOutcome } from './password-recovery.ts';

/** WSO2's 412: the reasons, and the key, which is still live so that the person can try again. */
export function passwordRefused({ code, message, reasons }: Extract<ResetOutcome, { kind: 'password-refused' }>, key: string): ApiError {
  return new ApiError(isErrorCode(code) ? code : '20035', message, { key, reasons: reasons.length > 0 ? reasons : [{ code, message }] });
}
