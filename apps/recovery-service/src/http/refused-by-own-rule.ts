import type { Refused } from '@rekey/governance';
import { ApiError } from './error-catalogue.ts';

/** A listener of the deployment's own refused with a code of its own, which the catalogue cannot know. @param more fields of the body */
export function refusedByOwnRule({ code, message }: Pick<Refused, 'code' | 'message'>, more: Readonly<Record<string, unknown>> = {}): ApiError {
  return new ApiError('RKY-10012', message, { ...more, reasons: [{ code, message }] });
}
