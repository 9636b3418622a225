import type { Database } from '@rekey/messaging';
import { canonicalUsername, type User, type UserName } from '../user/user-name.ts';
import { datedRecordColumns, recordOf, userColumns, usersThereAre, type DatedRecord, type RowOf } from '../user/user-store.ts';
import { ConditionSql, type ClaimPlace } from './condition-sql.ts';
import type { UserCondition, UserField } from './user-condition.ts';

export interface UserSearch {
  /** null: everybody. */
  readonly condition: UserCondition | null;
  /** null: by name. Who has no value comes last, or in descending order first (RFC 7644 section 3.4.2.3). */
  readonly sortBy: { readonly field: UserField; readonly descending: boolean } | null;
  /** How many of those found are left out before the first one returned. */
  readonly offset: number;
  readonly limit: number;
  /** How far they are counted; null: to the end. Among very many, counting takes longer than finding. */
  readonly totalUpTo: number | null;
}

export interface FoundUsers {
  readonly records: readonly DatedRecord[];
  /** How many there are, whatever the limit; one more than `totalUpTo` where they are more than that. */
  readonly total: number;
}

/** Users of one tenant and realm. @param placeOf where claims are kept */
export async function searchUsers(
  database: Database,
  { tenantDomain, realm }: Omit<UserName, 'username'>,
  { condition, sortBy, offset, limit, totalUpTo }: UserSearch,
  placeOf: (uri: string) => ClaimPlace,
): Promise<FoundUsers> {
  const sql = new ConditionSql(placeOf);
  const among = `FROM user_account LEFT JOIN identity_data ON user_id = id WHERE tenant_domain = ${sql.parameter(tenantDomain)} AND realm = ${sql.parameter(realm)}`;
  const those = condition ? `${among} AND (${sql.whole(condition)})` : among;
  const counting = totalUpTo === null ? `SELECT count(*)::int AS total ${those}` : `SELECT count(*)::int AS total FROM (SELECT ${those} LIMIT ${totalUpTo + 1}) AS counted`;
  const [counted] = await database.queryUnprepared<{ total: number }>(counting, sql.parameters);
  const total = counted?.total ?? 0;
  if (limit === 0 || offset >= total) return { records: [], total };
  const order = sortBy ? `${sql.sorting(sortBy.field)} ${sortBy.descending ? 'DESC NULLS FIRST' : 'ASC NULLS LAST'}, ` : '';
  const rows = await database.queryUnprepared<RowOf<DatedRecord>>(
    `SELECT ${datedRecordColumns} ${those} ORDER BY ${order}username_key LIMIT ${sql.parameter(limit)} OFFSET ${sql.parameter(offset)}`,
    sql.parameters,
  );
  return { records: rows.map(recordOf), total };
}

/** Where a list of users begins, and how long it is. */
export interface UserListing {
  /** null: everybody. */
  readonly condition: UserCondition | null;
  /** The name behind which it begins; null: from the first. */
  readonly after: string | null;
  readonly limit: number;
}

/**
 * Users of one tenant and realm in the order of their names, compared as they are when somebody signs in: however many there are, and whatever
 * is changed meanwhile, who goes on behind the last one meets everybody once.
 */
export async function listUsers(database: Database, { tenantDomain, realm }: Omit<UserName, 'username'>, { condition, after, limit }: UserListing, placeOf: (uri: string) => ClaimPlace): Promise<readonly User[]> {
  const sql = new ConditionSql(placeOf);
  const among = `${usersThereAre} LEFT JOIN identity_data ON user_id = id WHERE tenant_domain = ${sql.parameter(tenantDomain)} AND realm = ${sql.parameter(realm)}`;
  const behind = `username_key > ${sql.parameter(after === null ? '' : (canonicalUsername(after) ?? after))}`;
  const those = condition ? ` AND (${sql.whole(condition)})` : '';
  return database.queryUnprepared<User>(`SELECT ${userColumns} FROM ${among} AND ${behind}${those} ORDER BY username_key LIMIT ${sql.parameter(limit)}`, sql.parameters);
}
