import type { SqlExecutor } from '@rekey/messaging';
import { guessable, unspent, type HeldRecovery } from '../recovery/recovery-statements.ts';

/** `dead`: it was before, or is now. */
export type CodeVerdict = 'right' | 'wrong' | 'dead';

export interface CodeTry {
  readonly flowId: string;
  /** The recovery that the flow has led to. */
  readonly held: HeldRecovery;
  readonly codeHash: Buffer;
  /** Of the code that is given for a right one. */
  readonly resetCodeHash: Buffer;
  readonly maxFailedAttempts: number;
}

/**
 * Compares a code with the one that was mailed, and counts it: in one statement, so that of any number of guesses at once no more are compared
 * than are allowed. A right one is right once. Nobody knows a decoy's; its guesses count in the same way.
 *
 * With the last of its tries the flow is over, and the code too where it was the flow's own: another flow, which came upon it within the cooldown, may be
 * a stranger's, and must not end it for the person (S11). What all of them may guess together the account's hour says.
 */
export async function tryCode(database: SqlExecutor, { flowId, held: { userId, recoveryId }, codeHash, resetCodeHash, maxFailedAttempts }: CodeTry): Promise<CodeVerdict> {
  const [tried] = await database.query<{ right: boolean; dead: boolean }>(
    `WITH flow AS (
       UPDATE recovery_flow SET code_tries = code_tries + 1 WHERE flow_id = $1 AND code_tries < $6 RETURNING has_issued, code_tries >= $6 AS over
     )
     UPDATE recovery AS r SET
       reset_code_hash = CASE WHEN ${isRight} THEN $5::bytea END,
       voided_at = CASE WHEN NOT ${isRight} AND flow.has_issued AND flow.over THEN now() END,
       hourly_wrong_codes = CASE WHEN r.hourly_wrong_codes_until > now() THEN r.hourly_wrong_codes ELSE 0 END + (NOT ${isRight})::integer,
       hourly_wrong_codes_until = CASE WHEN r.hourly_wrong_codes_until > now() THEN r.hourly_wrong_codes_until ELSE now() + interval '1 hour' END
     FROM flow
     WHERE user_id = $2 AND purpose = 'password' AND recovery_id = $3 AND secret_kind = 'code' AND reset_code_hash IS NULL AND ${unspent} AND ${guessable}
     RETURNING r.reset_code_hash IS NOT NULL AS right, flow.over AS dead`,
    [flowId, userId, recoveryId, codeHash, resetCodeHash, maxFailedAttempts],
  );
  if (tried?.right) return 'right';
  return tried && !tried.dead ? 'wrong' : 'dead';
}

const isRight = '(r.key_hash = $4 AND NOT r.decoy)';
