import { createHash, randomBytes } from 'node:crypto';
import type { SqlExecutor } from '@rekey/messaging';

/** A session as its user may see it: by an id that opens nothing. */
export interface Session {
  readonly id: string;
  readonly createdAt: Date;
  /** To the minute. */
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
  /** What the browser said of itself; null where it said nothing. */
  readonly userAgent: string | null;
  /** Whether it is the one that asks. */
  readonly current: boolean;
}

/** In UTF-16 code units: enough to tell one's browsers apart. */
const maxUserAgent = 255;
/** Nobody reads more; the newest are shown. */
const mostShown = 100;

/** Signed-in browsers: 256 random bits in a cookie, their SHA-256 here, expiry by the database's clock. */
export class Sessions {
  constructor(private readonly database: SqlExecutor) {}

  /**
   * For whoever has just proved a password. Hashing takes a while, and a sign-in that was under way while the password was changed must
   * not outlive the change: the row lock makes the two take turns, so that either the change finds this session and ends it, or this
   * finds the change.
   * @param proved what `UserManager.authenticate` answered
   * @param userAgent what the browser says of itself, of whatever length
   * @returns the token, shown once, to the browser; null where that password is not the user's any more
   */
  async open(proved: { readonly user: { readonly id: string }; readonly credentialGeneration: number }, lifetimeHours: number, userAgent: string | null = null): Promise<string | null> {
    const token = randomBytes(32).toString('base64url');
    const rows = await this.database.query(
      `INSERT INTO session (id_hash, user_id, expires_at, user_agent)
       SELECT $1, id, now() + make_interval(hours => $3), $5 FROM user_account WHERE id = $2 AND credential_generation = $4 FOR SHARE
       RETURNING user_id`,
      [hashOf(token), proved.user.id, lifetimeHours, proved.credentialGeneration, userAgent?.slice(0, maxUserAgent) ?? null],
    );
    return rows.length === 1 ? token : null;
  }

  /**
   * Notes, once a minute at most, that the session was seen.
   * @param tenantDomain the only tenant whose sessions count; null: any that is active
   * @returns the user id of a session that is still open
   */
  async find(token: string, tenantDomain: string | null = null): Promise<string | null> {
    const rows = await this.database.query<{ userId: string }>(
      `WITH seen AS (UPDATE session SET last_seen_at = now() WHERE id_hash = $1 AND last_seen_at < now() - interval '1 minute')
       SELECT user_id AS "userId" FROM session JOIN user_account ON user_account.id = user_id JOIN tenant ON domain = tenant_domain AND active
       WHERE id_hash = $1 AND expires_at > now() AND tenant_domain = coalesce($2, tenant_domain)`,
      [hashOf(token), tenantDomain],
    );
    return rows[0]?.userId ?? null;
  }

  /** The user's open sessions, newest first. @param token of the one that asks; default: somebody else does */
  async list(userId: string, token = ''): Promise<readonly Session[]> {
    return this.database.query<Session>(
      `SELECT id, created_at AS "createdAt", last_seen_at AS "lastSeenAt", expires_at AS "expiresAt", user_agent AS "userAgent", id_hash = $2 AS current
       FROM session WHERE user_id = $1 AND expires_at > now() ORDER BY created_at DESC, id LIMIT ${mostShown}`,
      [userId, hashOf(token)],
    );
  }

  async end(token: string): Promise<void> {
    await this.database.query(`DELETE FROM session WHERE id_hash = $1`, [hashOf(token)]);
  }

  /** @param id as in `list` @returns false where the user has no such session */
  async endById(userId: string, id: string): Promise<boolean> {
    return (await this.database.query(`DELETE FROM session WHERE user_id = $1 AND id = $2 RETURNING id`, [userId, id])).length === 1;
  }

  /** Ends every session of a user but one. */
  async endOthers(userId: string, token: string): Promise<void> {
    await this.endAll(this.database, userId, token);
  }

  /** Ends every session of a user, in the transaction that made them worthless. @param keptToken of the one that stays open */
  async endAll(tx: SqlExecutor, userId: string, keptToken?: string): Promise<void> {
    await tx.query(`DELETE FROM session WHERE user_id = $1 AND id_hash IS DISTINCT FROM $2`, [userId, keptToken === undefined ? null : hashOf(keptToken)]);
  }

  /** Removes what has expired; `find` does not see it anyway. */
  async prune(): Promise<void> {
    await this.database.query(`DELETE FROM session WHERE expires_at < now()`);
  }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
