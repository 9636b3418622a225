import { randomUUID } from 'node:crypto';
import type { SecretSealer } from '@rekey/events';
import { hashOfKey, newRecoveryKey, type RecoveryKey } from './recovery-key.ts';
import type { IssuedKey, RecoveryMoment, RecoveryScenario } from './recovery-statements.ts';

/** The key that follows a person's last one, sealed for the mail; nothing is written yet. */
export function nextKey(sealer: SecretSealer, moment: RecoveryMoment, scenario: RecoveryScenario, validityMinutes: number): { readonly key: RecoveryKey; readonly issued: IssuedKey } {
  const key = newRecoveryKey();
  const recoveryId = randomUUID();
  return { key, issued: { ...after(moment, validityMinutes), recoveryId, scenario, keyHash: hashOfKey(key), sealedSecret: sealer.seal(key, recoveryId), secretKind: 'key' } };
}

/** The same with a code to type in the key's place. @param hashOf keyed: a code is short enough to try them all */
export function nextCode(sealer: SecretSealer, moment: RecoveryMoment, scenario: RecoveryScenario, validityMinutes: number, code: string, hashOf: (recoveryId: string, code: string) => Buffer): IssuedKey {
  const recoveryId = randomUUID();
  return { ...after(moment, validityMinutes), recoveryId, scenario, keyHash: hashOf(recoveryId, code), sealedSecret: sealer.seal(code, recoveryId), secretKind: 'code' };
}

function after({ now, state }: RecoveryMoment, validityMinutes: number): Pick<IssuedKey, 'generation' | 'issuedAt' | 'expiresAt' | 'callback'> {
  return { generation: (state?.generation ?? 0) + 1, issuedAt: now, expiresAt: new Date(now.getTime() + validityMinutes * 60_000), callback: null };
}
