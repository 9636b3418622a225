import { createHash, randomBytes } from 'node:crypto';
import type { SqlExecutor } from '@rekey/messaging';

/** Signed-in browsers: 256 random bits in a cookie, their SHA-256 here, expiry by the database's clock. */
export class Sessions {
  constructor(private readonly database: SqlExecutor) {}

  /**
   * For whoever has just proved a password. Hashing takes a while, and a sign-in that was under way while the password was changed must
   * not outlive the change: the row lock makes the two take turns, so that either the change finds this session and ends it, or this
   * finds the change.
   * @param proved what `UserManager.authenticate` answered
   * @returns the token, shown once, to the browser; null where that password is not the user's any more
   */
  async open(proved: { readonly user: { readonly id: string }; readonly credentialGeneration: number }, lifetimeHours: number): Promise<string | null> {
    const token = randomBytes(32).toString('base64url');
    const rows = await this.database.query(
      `INSERT INTO session (id_hash, user_id, expires_at)
       SELECT $1, id, now() + make_interval(hours => $3) FROM user_account WHERE id = $2 AND credential_generation = $4 FOR SHARE
       RETURNING user_id`,
      [hashOf(token), proved.user.id, lifetimeHours, proved.credentialGeneration],
    );
    return rows.length === 1 ? token : null;
  }

  /** @returns the user id of a session that is still open */
  async find(token: string): Promise<string | null> {
    const rows = await this.database.query<{ userId: string }>(`SELECT user_id AS "userId" FROM session WHERE id_hash = $1 AND expires_at > now()`, [hashOf(token)]);
    return rows[0]?.userId ?? null;
  }

  async end(token: string): Promise<void> {
    await this.database.query(`DELETE FROM session WHERE id_hash = $1`, [hashOf(token)]);
  }

  /** Ends every session of a user, in the transaction that made them worthless. */
  async endAll(tx: SqlExecutor, userId: string): Promise<void> {
    await tx.query(`DELETE FROM session WHERE user_id = $1`, [userId]);
  }

  /** Removes what has expired; `find` does not see it anyway. */
  async prune(): Promise<void> {
    await this.database.query(`DELETE FROM session WHERE expires_at < now()`);
  }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
