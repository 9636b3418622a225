import { randomUUID } from 'node:crypto';
import type { SecretSealer } from '@rekey/events';
import { hashOfKey, newRecoveryKey, type RecoveryKey } from './recovery-key.ts';
import type { IssuedKey, RecoveryMoment } from './recovery-statements.ts';

/** The key that follows a person's last one, sealed for the mail; nothing is written yet. */
export function nextKey(sealer: SecretSealer, { now, state }: RecoveryMoment, validityMinutes: number): { readonly key: RecoveryKey; readonly issued: IssuedKey } {
  const key = newRecoveryKey();
  const recoveryId = randomUUID();
  const issued = {
    recoveryId,
    generation: (state?.generation ?? 0) + 1,
    keyHash: hashOfKey(key),
    sealedSecret: sealer.seal(key, recoveryId),
    issuedAt: now,
    expiresAt: new Date(now.getTime() + validityMinutes * 60_000),
  };
  return { key, issued };
}
