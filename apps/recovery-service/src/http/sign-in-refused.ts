import type { Refused } from '@rekey/governance';
import { ApiError } from './error-catalogue.ts';

/** Refusals that a person at fault gets, and a stranger may not tell apart: a locked account answers as a wrong password does. */
const personal = ['17002', '17003', '17004', '17006'];

/** What a refused sign-in is answered with: a listener that failed is the server's fault, and is not told as a wrong password. */
export function signInRefused({ code }: Refused): ApiError {
  return new ApiError(personal.includes(code) ? '17002' : '18013');
}
