import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ApiError, isErrorCode } from '../http/error-catalogue.ts';

/** What a request was answered with, to be given again: a value with its status and content type, or an error. */
export type Answer =
  | { readonly value?: unknown; readonly status: number; readonly type?: string | undefined }
  | { readonly error: { readonly code: string; readonly description: string; readonly extra: Readonly<Record<string, unknown>>; readonly status: number } };

const answer = z.union([
  z.strictObject({ error: z.strictObject({ code: z.string(), description: z.string(), extra: z.record(z.string(), z.unknown()), status: z.number() }) }),
  z.strictObject({ value: z.unknown().optional(), status: z.number(), type: z.string().optional() }),
]);

const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** It may hold a recovery key: the database alone opens nothing. @param key 32 bytes, used for this one answer */
export function sealAnswer(plain: Answer, key: Buffer): Buffer {
  const nonce = randomBytes(nonceBytes);
  const sealing = createCipheriv(cipher, key, nonce);
  return Buffer.concat([nonce, sealing.update(JSON.stringify(plain)), sealing.final(), sealing.getAuthTag()]);
}

/** @throws Error where it was sealed with another key */
export function openAnswer(sealed: Buffer, key: Buffer): Answer {
  const opening = createDecipheriv(cipher, key, sealed.subarray(0, nonceBytes));
  opening.setAuthTag(sealed.subarray(-tagBytes));
  return answer.parse(JSON.parse(Buffer.concat([opening.update(sealed.subarray(nonceBytes, -tagBytes)), opening.final()]).toString()));
}

/** @returns null for what may turn out otherwise when it is asked again: the service's trouble, limits, and a captcha to be solved first */
export function lastingError(thrown: unknown): Answer | null {
  if (!(thrown instanceof ApiError) || thrown.status >= 500 || thrown.status === 429 || thrown.code === 'RKY-10130') return null;
  const { code, description, extra, status } = thrown;
  return { error: { code, description, extra, status } };
}

export function errorAgain({ code, description, extra, status }: Extract<Answer, { error: unknown }>['error']): ApiError {
  // One that a version before had: the catalogue only grows, unless somebody went back.
  return isErrorCode(code) ? new ApiError(code, description, extra, status) : new ApiError('18013');
}
