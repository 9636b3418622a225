import type { SqlExecutor } from '@rekey/messaging';
import { unspent, type HeldRecovery, type RecoveryPurpose, type RecoveryScenario } from './recovery-statements.ts';

export interface KeyHolder extends HeldRecovery {
  readonly scenario: RecoveryScenario;
  readonly generation: number;
  /** To the person; else it was handed to a caller. */
  readonly mailed: boolean;
  readonly callback: string | null;
  /** Of the request that it was issued for, where that was traced. */
  readonly traceparent: string | null;
  /** The database's clock. */
  readonly now: Date;
}

/** What somebody shows to set a password. */
export interface KeyProof {
  /** The recovery key, or the reset code that was given for it. */
  readonly by: 'key' | 'reset-code';
  readonly hash: Buffer;
  /** The only recovery that it may be of; null: whichever it is of. */
  readonly recoveryId: string | null;
}

export const holderColumns = `user_id AS "userId", recovery_id AS "recoveryId", scenario, generation, mailed, callback, traceparent, now() AS now`;
const hashColumns = { key: 'key_hash', 'reset-code': 'reset_code_hash' } as const;

export function isLiveBy(by: KeyProof['by']): string {
  return `${hashColumns[by]} = $1 AND purpose = $2 AND ($3::uuid IS NULL OR recovery_id = $3) AND NOT decoy AND ${unspent}`;
}

/** Whose live key this is; changes nothing. */
export async function holderOf(database: SqlExecutor, { by, hash, recoveryId }: KeyProof, purpose: RecoveryPurpose): Promise<KeyHolder | null> {
  const rows = await database.query<KeyHolder>(`SELECT ${holderColumns} FROM recovery WHERE ${isLiveBy(by)}`, [hash, purpose, recoveryId]);
  return rows[0] ?? null;
}

export interface UnspentKey {
  readonly userId: string;
  readonly purpose: RecoveryPurpose;
  readonly scenario: RecoveryScenario;
  readonly isExpired: boolean;
}

/** Of a key that was neither spent nor made void nor replaced, be it expired; changes nothing. */
export async function unspentKey(database: SqlExecutor, keyHash: Buffer): Promise<UnspentKey | null> {
  const rows = await database.query<UnspentKey>(
    `SELECT user_id AS "userId", purpose, scenario, expires_at <= now() AS "isExpired" FROM recovery WHERE key_hash = $1 AND NOT decoy AND used_at IS NULL AND voided_at IS NULL`,
    [keyHash],
  );
  return rows[0] ?? null;
}

/** Spends a live key: of any number of racers, on any number of instances, one gets the row. */
export async function spendKey(tx: SqlExecutor, { by, hash, recoveryId }: KeyProof, purpose: RecoveryPurpose): Promise<KeyHolder | null> {
  const rows = await tx.query<KeyHolder>(`UPDATE recovery SET used_at = now() WHERE ${isLiveBy(by)} RETURNING ${holderColumns}`, [hash, purpose, recoveryId]);
  return rows[0] ?? null;
}

/** Makes a person's live key worthless. @returns whose and which it was; null where there was none */
export async function voidKey(tx: SqlExecutor, userId: string, purpose: RecoveryPurpose): Promise<KeyHolder | null> {
  const rows = await tx.query<KeyHolder>(
    `UPDATE recovery SET voided_at = now() WHERE user_id = $1 AND purpose = $2 AND ${unspent} RETURNING ${holderColumns}`,
    [userId, purpose],
  );
  return rows[0] ?? null;
}
