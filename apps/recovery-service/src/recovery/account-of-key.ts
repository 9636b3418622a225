import type { UserManager } from '@rekey/governance';
import type { Database } from '@rekey/messaging';
import { recoveryClaims, type Account } from './account.ts';
import { holderOf, type KeyProof } from './key-statements.ts';
import { hashOfKey, parseRecoveryKey } from './recovery-key.ts';
import type { RecoveryPurpose } from './recovery-statements.ts';

/** @returns null for text that no key ever looks like */
export function keyProof(keyText: string): KeyProof | null {
  const key = parseRecoveryKey(keyText);
  return key && { by: 'key', hash: hashOfKey(key), recoveryId: null };
}

/**
 * Whose live key this is; changes nothing.
 * @param purpose the only one for which it counts (S17)
 * @param tenantDomain the only tenant whose keys count; null: any
 */
export async function accountOfKey({ database, users }: { readonly database: Database; readonly users: UserManager }, proof: KeyProof | null, purpose: RecoveryPurpose, tenantDomain: string | null): Promise<Account | null> {
  const holder = proof && (await holderOf(database, proof, purpose));
  const user = holder && (await users.findUserById(holder.userId));
  if (!user || (tenantDomain !== null && user.tenantDomain !== tenantDomain)) return null;
  return { user, claims: await users.getClaims(user, recoveryClaims) };
}
