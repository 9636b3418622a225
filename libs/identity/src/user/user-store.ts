import { randomUUID } from 'node:crypto';
import type { SqlExecutor } from '@rekey/messaging';
import { claimKeys, soughtKeys } from './claim-keys.ts';
import { canonicalUsername, type User, type UserName } from './user-name.ts';
import { wso2Claim } from './wso2-claim.ts';

/** Claims by WSO2's URI, e.g. `http://wso2.org/claims/emailaddress`. */
export type Claims = Readonly<Record<string, string>>;

/** What a user proves to be themselves with. */
export interface Credential {
  /** argon2id in PHC form; null where the user has no password here. */
  readonly passwordHash: string | null;
  /** Rises with every other password: what was proved before is proved no longer. */
  readonly generation: number;
}

/** A user with all that is stored about them, read at once. */
export interface UserRecord {
  readonly user: User;
  /** The user store's. */
  readonly claims: Claims;
  /** The identity data store's. */
  readonly identityData: Claims;
  /** Rises whenever claims are set: what was read before may be true no longer. */
  readonly claimsGeneration: number;
}

export interface HeldRecord extends Omit<UserRecord, 'user' | 'claimsGeneration'> {
  readonly now: Date;
}

export interface DatedRecord extends UserRecord {
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What was looked for: a record, or one that reads like anybody's and is nobody's. */
export interface SoughtRecord extends UserRecord {
  readonly exists: boolean;
}

/** Those of a tenant that is not active are nobody. */
export const usersThereAre = `(SELECT user_account.* FROM user_account JOIN tenant ON domain = tenant_domain AND active) AS user_account`;
export const userColumns = `id, tenant_domain AS "tenantDomain", realm, username`;

/** Of a user and the identity data: what makes a record. */
const recordColumns = `${userColumns}, user_account.claims, coalesce(identity_data.claims, '{}') AS "identityData", claims_generation AS "claimsGeneration"`;
export const datedRecordColumns = `${recordColumns}, created_at AS "createdAt", updated_at AS "updatedAt"`;

/** What is read where there is nobody: as much as of anybody. Mail to `.invalid` reaches no one (RFC 2606). */
const nobodysClaims: Claims = { [wso2Claim('emailaddress')]: 'nobody@nowhere.invalid', [wso2Claim('givenname')]: 'Nobody' };

const nobodysName = { id: '00000000-0000-0000-0000-000000000000', tenantDomain: 'nowhere.invalid', realm: 'PRIMARY', username: 'nobody' } satisfies User;

/**
 * A record, or one that is nobody's: whoever is not there is sent and read as whoever is, and a stranger does not learn from the time it takes
 * which it was (S2).
 * @param condition of `user_account`
 */
function recordOrNobodys(condition: string): string {
  const nobodys = { ...nobodysName, claims: JSON.stringify(nobodysClaims), identityData: '{}', claimsGeneration: '0' } satisfies Record<keyof RowOf<UserRecord>, string>;
  const columns = Object.entries(nobodys).map(([column, value]) => `coalesce(found."${column}", '${value}') AS "${column}"`);
  return `SELECT found.id IS NOT NULL AS exists, ${columns.join(', ')}
          FROM (SELECT) AS asked LEFT JOIN (SELECT ${recordColumns} FROM ${usersThereAre} LEFT JOIN identity_data ON user_id = id WHERE ${condition}) AS found ON true`;
}

export function nobodysRecord(nobody: User): SoughtRecord {
  return { exists: false, user: nobody, claims: nobodysClaims, identityData: {}, claimsGeneration: 0 };
}

export type RowOf<Record extends UserRecord> = User & Omit<Record, 'user'>;

/** Whether somebody has all of these claims. @param parameter they are, as JSON */
function hasAll(parameter: string): string {
  return `(user_account.claims || coalesce(identity_data.claims, '{}')) @> ${parameter}::jsonb`;
}

export function recordOf<Record extends UserRecord>({ id, tenantDomain, realm, username, ...stored }: RowOf<Record>) {
  return { user: { id, tenantDomain, realm, username }, ...stored };
}

/** The users of one PostgreSQL database: what is stored, without any rule about it. Rules run in the listener chain around it. */
export class UserStore {
  async find(database: SqlExecutor, name: UserName): Promise<User | null> {
    const rows = await database.query<User>(`SELECT ${userColumns} FROM ${usersThereAre} WHERE tenant_domain = $1 AND realm = $2 AND username_key = $3`, keyOf(name));
    return rows[0] ?? null;
  }

  /** @param nobody whose record it is where nobody has the name */
  async seekRecord(database: SqlExecutor, name: UserName, nobody: User): Promise<SoughtRecord> {
    return this.seek(database, 'tenant_domain = $1 AND realm = $2 AND username_key = $3', nobody, keyOf(name));
  }

  /** The same by a user's id. */
  async seekRecordById(database: SqlExecutor, id: string, nobody: User): Promise<SoughtRecord> {
    return this.seek(database, 'id = $1', nobody, [id]);
  }

  async findRecordById(database: SqlExecutor, id: string): Promise<DatedRecord | null> {
    const [row] = await database.query<RowOf<DatedRecord>>(`SELECT ${datedRecordColumns} FROM ${usersThereAre} LEFT JOIN identity_data ON user_id = id WHERE id = $1`, [id]);
    return row ? recordOf(row) : null;
  }

  /**
   * Who in a tenant has all of these claims, compared in their canonical form.
   * @param claims of `searchableClaims`, at least one: of others nothing is known
   * @param leftOut whoever has all of these, wherever they are kept, is not among them
   * @param nobody whose record it is where there is none
   * @returns one, or two: more than one is nobody in particular
   */
  async seekRecordsByClaims(database: SqlExecutor, tenantDomain: string, claims: Claims, leftOut: Claims, nobody: User): Promise<readonly SoughtRecord[]> {
    const condition = `tenant_domain = $1 AND claim_keys @> $2::text[] AND NOT ${hasAll('$3')} LIMIT 2`;
    return this.seekAll(database, condition, nobody, [tenantDomain, soughtKeys(claims), JSON.stringify(leftOut)]);
  }

  /**
   * Everything that is stored about a user, whom nobody else changes until the transaction ends.
   * @returns null for a user that does not exist; `now` is the database's clock
   */
  async hold(tx: SqlExecutor, userId: string): Promise<HeldRecord | null> {
    await tx.query(`SELECT FROM user_account WHERE id = $1 FOR NO KEY UPDATE`, [userId]);
    // A statement of its own: what the first one sees is older than its wait for the lock.
    const rows = await tx.query<HeldRecord>(
      `SELECT now() AS now, user_account.claims, coalesce(identity_data.claims, '{}') AS "identityData" FROM user_account LEFT JOIN identity_data ON user_id = id WHERE id = $1`,
      [userId],
    );
    return rows[0] ?? null;
  }

  private async seek(database: SqlExecutor, condition: string, nobody: User, parameters: readonly unknown[]): Promise<SoughtRecord> {
    const [record] = await this.seekAll(database, condition, nobody, parameters);
    if (!record) throw new Error('a LEFT JOIN from one row gave none');
    return record;
  }

  private async seekAll(database: SqlExecutor, condition: string, nobody: User, parameters: readonly unknown[]): Promise<readonly SoughtRecord[]> {
    const rows = await database.query<RowOf<SoughtRecord>>(recordOrNobodys(condition), parameters);
    return rows.map((row) => (row.exists ? recordOf<SoughtRecord>(row) : { ...recordOf<SoughtRecord>(row), user: nobody }));
  }

  async findById(database: SqlExecutor, id: string): Promise<User | null> {
    const rows = await database.query<User>(`SELECT ${userColumns} FROM ${usersThereAre} WHERE id = $1`, [id]);
    return rows[0] ?? null;
  }

  /** @returns null for a user that does not exist */
  async credentialOf(database: SqlExecutor, userId: string): Promise<Credential | null> {
    const rows = await database.query<Credential>(`SELECT password_hash AS "passwordHash", credential_generation AS generation FROM user_account WHERE id = $1`, [userId]);
    return rows[0] ?? null;
  }

  /** @returns null where the name is taken */
  async add(database: SqlExecutor, name: UserName, passwordHash: string | null, claims: Claims): Promise<User | null> {
    const key = canonicalUsername(name.username);
    if (key === null) throw new TypeError('expected a username that canonicalUsername accepts');
    const rows = await database.query<User>(
      `INSERT INTO user_account (id, tenant_domain, realm, username, username_key, password_hash, claims, claim_keys)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING ${userColumns}`,
      [randomUUID(), name.tenantDomain, name.realm, name.username.normalize('NFC'), key, passwordHash, JSON.stringify(claims), claimKeys(claims)],
    );
    return rows[0] ?? null;
  }

  /**
   * Sets another password.
   * @param replaced the generation of the password it replaces, where another change in between must win; null: whichever it is
   * @returns whether it was set: false where the user does not exist, or has another password by now
   */
  async setPasswordHash(database: SqlExecutor, userId: string, passwordHash: string, replaced: number | null = null): Promise<boolean> {
    const rows = await database.query(
      `UPDATE user_account SET password_hash = $2, credential_generation = credential_generation + 1, updated_at = now()
       WHERE id = $1 AND ($3::int IS NULL OR credential_generation = $3) RETURNING id`,
      [userId, passwordHash, replaced],
    );
    return rows.length === 1;
  }

  /** Stores the same password under a newer hash, unless it was changed meanwhile: that one stays. */
  async renewPasswordHash(database: SqlExecutor, userId: string, passwordHash: string, generation: number): Promise<void> {
    await database.query(`UPDATE user_account SET password_hash = $2 WHERE id = $1 AND credential_generation = $3`, [userId, passwordHash, generation]);
  }

  /** A sign-in that is under way has proved the password too early: no session is opened for it. */
  async overtakeSignIns(tx: SqlExecutor, userId: string): Promise<void> {
    await tx.query(`UPDATE user_account SET credential_generation = credential_generation + 1 WHERE id = $1`, [userId]);
  }

  /** @returns every stored claim; none for a user that does not exist */
  async claimsOf(database: SqlExecutor, userId: string): Promise<Claims> {
    const rows = await database.query<{ claims: Claims }>(`SELECT claims FROM user_account WHERE id = $1`, [userId]);
    return rows[0]?.claims ?? {};
  }

  /**
   * Sets the given claims and leaves the others; a blank value removes its claim.
   * @returns the claims that were there before, whoever set them a moment ago; null where the user does not exist
   */
  async setClaims(database: SqlExecutor, userId: string, claims: Claims): Promise<Claims | null> {
    const rows = await database.query<{ before: Claims }>(
      `UPDATE user_account SET updated_at = now(), claims_generation = claims_generation + 1, claims =
         (SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each_text(claims || $2::jsonb) WHERE value <> ''),
         claim_keys = ARRAY(SELECT key FROM unnest(claim_keys) AS key WHERE split_part(key, ' ', 1) <> ALL ($3::text[])) || $4::text[]
       WHERE id = $1 RETURNING old.claims AS before`,
      [userId, JSON.stringify(claims), Object.keys(claims), claimKeys(claims)],
    );
    return rows[0]?.before ?? null;
  }

  async claimsGenerationOf(database: SqlExecutor, userId: string): Promise<number | null> {
    const rows = await database.query<{ generation: number }>(`SELECT claims_generation AS generation FROM user_account WHERE id = $1`, [userId]);
    return rows[0]?.generation ?? null;
  }

  /**
   * Identity data and sessions go with the user.
   * @param read the generation that the claims must be of; null: whatever they are
   * @returns whether there was such a user
   */
  async remove(database: SqlExecutor, userId: string, read: number | null = null): Promise<boolean> {
    const rows = await database.query(`DELETE FROM user_account WHERE id = $1 AND ($2::int IS NULL OR claims_generation = $2) RETURNING id`, [userId, read]);
    return rows.length === 1;
  }
}

/** A name that nobody may have is looked up all the same, as one that nobody has: same work, same time. */
function keyOf({ tenantDomain, realm, username }: UserName): readonly string[] {
  return [tenantDomain, realm, canonicalUsername(username) ?? ''];
}
