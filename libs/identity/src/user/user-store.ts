import { randomUUID } from 'node:crypto';
import type { SqlExecutor } from '@rekey/messaging';
import { canonicalUsername, type User, type UserName } from './user-name.ts';

/** Claims by WSO2's URI, e.g. `http://wso2.org/claims/emailaddress`. */
export type Claims = Readonly<Record<string, string>>;

const userColumns = `id, tenant_domain AS "tenantDomain", realm, username`;

/** The users of one PostgreSQL database: what is stored, without any rule about it. Rules run in the listener chain around it. */
export class UserStore {
  async find(database: SqlExecutor, { tenantDomain, realm, username }: UserName): Promise<User | null> {
    const key = canonicalUsername(username);
    // A name that nobody may have is looked up all the same, as one that nobody has: same work, same time.
    const rows = await database.query<User>(`SELECT ${userColumns} FROM user_account WHERE tenant_domain = $1 AND realm = $2 AND username_key = $3`, [tenantDomain, realm, key ?? '']);
    return rows[0] ?? null;
  }

  async findById(database: SqlExecutor, id: string): Promise<User | null> {
    const rows = await database.query<User>(`SELECT ${userColumns} FROM user_account WHERE id = $1`, [id]);
    return rows[0] ?? null;
  }

  /** @returns argon2id in PHC form; null where the user has no password here, or does not exist */
  async passwordHashOf(database: SqlExecutor, userId: string): Promise<string | null> {
    const rows = await database.query<{ hash: string | null }>(`SELECT password_hash AS hash FROM user_account WHERE id = $1`, [userId]);
    return rows[0]?.hash ?? null;
  }

  /** @returns null where the name is taken */
  async add(database: SqlExecutor, name: UserName, passwordHash: string | null, claims: Claims): Promise<User | null> {
    const key = canonicalUsername(name.username);
    if (key === null) throw new TypeError('expected a username that canonicalUsername accepts');
    const rows = await database.query<User>(
      `INSERT INTO user_account (id, tenant_domain, realm, username, username_key, password_hash, claims)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING ${userColumns}`,
      [randomUUID(), name.tenantDomain, name.realm, name.username.normalize('NFC'), key, passwordHash, JSON.stringify(claims)],
    );
    return rows[0] ?? null;
  }

  /** @returns whether the user exists */
  async setPasswordHash(database: SqlExecutor, userId: string, passwordHash: string): Promise<boolean> {
    const rows = await database.query(`UPDATE user_account SET password_hash = $2, updated_at = now() WHERE id = $1 RETURNING id`, [userId, passwordHash]);
    return rows.length === 1;
  }

  /** @returns every stored claim; none for a user that does not exist */
  async claimsOf(database: SqlExecutor, userId: string): Promise<Claims> {
    const rows = await database.query<{ claims: Claims }>(`SELECT claims FROM user_account WHERE id = $1`, [userId]);
    return rows[0]?.claims ?? {};
  }

  /** Sets the given claims and leaves the others; a blank value removes its claim. */
  async setClaims(database: SqlExecutor, userId: string, claims: Claims): Promise<void> {
    await database.query(
      `UPDATE user_account SET updated_at = now(), claims =
         (SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each_text(claims || $2::jsonb) WHERE value <> '')
       WHERE id = $1`,
      [userId, JSON.stringify(claims)],
    );
  }

  async remove(database: SqlExecutor, userId: string): Promise<boolean> {
    const rows = await database.query(`DELETE FROM user_account WHERE id = $1 RETURNING id`, [userId]);
    return rows.length === 1;
  }
}
