import { z } from 'zod';
import { boundedText } from '../http/body.ts';
import { ApiError } from '../http/error-catalogue.ts';
import type { Admission } from './captcha.ts';

export const captchaSolution = boundedText(8192).optional().meta({ description: 'The solution of the challenge that a refusal with `RKY-10130` gave: ALTCHA’s payload.' });

/** What strangers ask by: somebody's name, and what they solved for it. */
export const askedByName = z.strictObject({ username: boundedText(255), captcha: captchaSolution });

/** @throws ApiError with what is to be solved first */
export function refuseUnsolved(admission: Admission): void {
  if (admission.kind === 'unsolved') throw new ApiError('RKY-10130', undefined, { challenge: admission.challenge });
}
