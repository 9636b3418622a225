import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ApiError, isErrorCode, type ErrorCode } from '../http/error-catalogue.ts';

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

/** Of a code that is spent or dead, which no change of anything makes good again. */
const deadCodes: ReadonlySet<ErrorCode> = new Set(['18001', 'UAR-10001', 'UAR-10012', 'UAR-10013', 'UAR-10015']);

/** @returns null for what may turn out otherwise when it is asked again, and once somebody has mended a setting; a refused password (412) does not */
export function lastingError(thrown: unknown): Answer | null {
  if (!(thrown instanceof ApiError) || !(deadCodes.has(thrown.code) || thrown.status === 412)) return null;
  const { code, description, extra, status } = thrown;
  return { error: { code, description, extra, status } };
}

export function errorAgain({ code, description, extra, status }: Extract<Answer, { error: unknown }>['error']): ApiError {
  // One that a version before had: the catalogue only grows, unless somebody went back.
  return isErrorCode(code) ? new ApiError(code, description, extra, status) : new ApiError('18013');
}
