import type { SqlExecutor } from '@rekey/messaging';
import type { PasswordHasher } from './password-hasher.ts';

/** The passwords that users had before the present ones: their hashes, which are only ever checked against. */
export class PasswordHistory {
  constructor(
    private readonly database: SqlExecutor,
    private readonly hasher: PasswordHasher,
  ) {}

  /**
   * @param count of how many of the last passwords, the present one among them
   * @throws HashQueueFullError
   */
  async contains(userId: string, password: string, count: number): Promise<boolean> {
    const rows = await this.database.query<{ hash: string }>(
      `SELECT password_hash AS hash FROM user_account WHERE id = $1 AND password_hash IS NOT NULL
       UNION ALL (SELECT password_hash FROM password_history WHERE user_id = $1 ORDER BY generation DESC LIMIT $2)`,
      [userId, count - 1],
    );
    return this.hasher.verifyAny(password, rows.map(({ hash }) => hash));
  }

  /**
   * Keeps the present password's hash, which this transaction is about to replace, and forgets those that no longer count. The row lock
   * makes two changes at once take turns, so that none of the passwords between is lost.
   * @param count as in `contains`
   */
  async keepPresent(tx: SqlExecutor, userId: string, count: number): Promise<void> {
    await tx.query(
      `INSERT INTO password_history (user_id, generation, password_hash)
       SELECT id, credential_generation, password_hash FROM user_account WHERE id = $1 AND password_hash IS NOT NULL FOR NO KEY UPDATE`,
      [userId],
    );
    await tx.query(
      `DELETE FROM password_history WHERE user_id = $1 AND generation NOT IN (SELECT generation FROM password_history WHERE user_id = $1 ORDER BY generation DESC LIMIT $2)`,
      [userId, count - 1],
    );
  }
}
