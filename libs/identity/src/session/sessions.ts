import { createHash, randomBytes } from 'node:crypto';
import type { SqlExecutor } from '@rekey/messaging';

/** Signed-in browsers: 256 random bits in a cookie, their SHA-256 here, expiry by the database's clock. */
export class Sessions {
  constructor(private readonly database: SqlExecutor) {}

  /** @returns the token: shown once, to the browser */
  async open(userId: string, lifetimeHours: number): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await this.database.query(`INSERT INTO session (id_hash, user_id, expires_at) VALUES ($1, $2, now() + make_interval(hours => $3))`, [hashOf(token), userId, lifetimeHours]);
    return token;
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

  async prune(): Promise<void> {
    await this.database.query(`DELETE FROM session WHERE expires_at < now()`);
  }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
