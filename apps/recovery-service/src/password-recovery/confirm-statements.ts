import type { SqlExecutor } from '@rekey/messaging';
import { holderColumns, isLiveBy, type KeyHolder, type KeyProof } from '../recovery/key-statements.ts';
import type { RecoverySubject } from '../recovery/recovery-statements.ts';

/**
 * Gives a reset code for a live key, which stays live: the link in the mail still opens. The newest reset code counts.
 * @returns null where the key is not live
 */
export async function confirmKey(database: SqlExecutor, { by, hash, recoveryId }: KeyProof, purpose: RecoverySubject['purpose'], resetCodeHash: Buffer): Promise<KeyHolder | null> {
  const rows = await database.query<KeyHolder>(`UPDATE recovery SET reset_code_hash = $4 WHERE ${isLiveBy(by)} RETURNING ${holderColumns}`, [hash, purpose, recoveryId, resetCodeHash]);
  return rows[0] ?? null;
}
