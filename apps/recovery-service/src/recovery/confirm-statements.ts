import type { SqlExecutor } from '@rekey/messaging';
import { holderColumns, isLiveBy, unspent, type HeldRecovery, type KeyHolder, type KeyProof, type RecoverySubject } from './recovery-statements.ts';

/**
 * Gives a reset code for a live key, which stays live: the link in the mail still opens. The newest reset code counts.
 * @returns null where the key is not live
 */
export async function confirmKey(database: SqlExecutor, { by, hash, recoveryId }: KeyProof, purpose: RecoverySubject['purpose'], resetCodeHash: Buffer): Promise<KeyHolder | null> {
  const rows = await database.query<KeyHolder>(`UPDATE recovery SET reset_code_hash = $4 WHERE ${isLiveBy(by)} RETURNING ${holderColumns}`, [hash, purpose, recoveryId, resetCodeHash]);
  return rows[0] ?? null;
}

/** Of one account, in an hour that begins with the first, whatever flows and codes they were for (S24). */
const wrongCodesPerHour = 10;

/** `dead`: it was before, or is now. */
export type CodeVerdict = 'right' | 'wrong' | 'dead';

/**
 * Compares a code with the one that was mailed, and counts it where it is wrong: in one statement, so that of any number of guesses at once
 * no more are compared than are allowed. A right one is right once. Nobody knows a decoy's; its guesses count in the same way.
 * @param maxFailedAttempts with so many the code dies
 */
export async function tryCode(database: SqlExecutor, { userId, recoveryId }: HeldRecovery, purpose: RecoverySubject['purpose'], codeHash: Buffer, resetCodeHash: Buffer, maxFailedAttempts: number): Promise<CodeVerdict> {
  const [tried] = await database.query<{ right: boolean; dead: boolean }>(
    `UPDATE recovery AS r SET
       reset_code_hash = CASE WHEN ${isRight} THEN $5::bytea END,
       wrong_codes = r.wrong_codes + ${oneIfWrong},
       voided_at = CASE WHEN NOT ${isRight} AND r.wrong_codes + 1 >= $6 THEN now() END,
       hourly_wrong_codes = CASE WHEN r.hourly_wrong_codes_until > now() THEN r.hourly_wrong_codes ELSE 0 END + ${oneIfWrong},
       hourly_wrong_codes_until = CASE WHEN r.hourly_wrong_codes_until > now() THEN r.hourly_wrong_codes_until ELSE now() + interval '1 hour' END
     WHERE user_id = $1 AND purpose = $2 AND recovery_id = $3 AND secret_kind = 'code' AND reset_code_hash IS NULL AND ${unspent}
       AND wrong_codes < $6 AND (hourly_wrong_codes_until <= now() OR hourly_wrong_codes < $7)
     RETURNING r.reset_code_hash IS NOT NULL AS right, r.voided_at IS NOT NULL AS dead`,
    [userId, purpose, recoveryId, codeHash, resetCodeHash, maxFailedAttempts, wrongCodesPerHour],
  );
  if (tried?.right) return 'right';
  return tried && !tried.dead ? 'wrong' : 'dead';
}

const isRight = '(r.key_hash = $4 AND NOT r.decoy)';
const oneIfWrong = `(NOT ${isRight})::integer`;
