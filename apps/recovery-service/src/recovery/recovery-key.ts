import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, base64url: 43 characters. Only the person's mail ever holds it in the clear. */
export type RecoveryKey = string & { readonly recoveryKey: unique symbol };

const keyShape = /^[A-Za-z0-9_-]{43}$/;

export function newRecoveryKey(): RecoveryKey {
  return randomBytes(32).toString('base64url') as RecoveryKey; // just made, of the right shape
}

/** @returns null for text that no key ever looks like */
export function parseRecoveryKey(text: string): RecoveryKey | null {
  return keyShape.test(text) ? (text as RecoveryKey) : null;
}

/** What the database keeps: with 256 random bits behind it, a plain SHA-256 cannot be searched. */
export function hashOfKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
