import type { ResetWay } from '@rekey/governance';
import type { User } from '@rekey/identity';
import type { SqlExecutor } from '@rekey/messaging';
import type { ForcedOutcome, ForcedReset, ForcedResetMove, ForcedResetState } from './forced-reset.ts';

/** An instance that dies at work keeps the others from it no longer than this. */
const leaseSeconds = 60;
const keptDays = 90;

const columns = `forced_reset_id AS id, tenant_domain AS "tenantDomain", filter, way, state, started_by AS "startedBy", total, done, failed, skipped, cursor,
  created_at AS "createdAt", started_at AS "startedAt", finished_at AS "finishedAt"`;

interface Asked {
  readonly tenantDomain: string;
  readonly way: ResetWay | null;
  readonly startedBy: User;
}

/** @param total how many the filter finds now */
export async function startByFilter(database: SqlExecutor, { tenantDomain, way, startedBy }: Asked, filter: string, total: number): Promise<ForcedReset> {
  return one(
    await database.query<ForcedReset>(`INSERT INTO forced_reset (tenant_domain, way, started_by, filter, total) VALUES ($1, $2, $3, $4, $5) RETURNING ${columns}`, [tenantDomain, way, JSON.stringify(startedBy), filter, total]),
  );
}

/** Each user once, however often and by whatever they are named; who is unknown is counted as skipped. @param keys canonical usernames */
export async function startByList(database: SqlExecutor, { tenantDomain, way, startedBy }: Asked, keys: readonly string[], ids: readonly string[]): Promise<ForcedReset> {
  return one(
    await database.query<ForcedReset>(
      `WITH known AS (
         SELECT id, username_key FROM user_account WHERE tenant_domain = $1 AND realm = 'PRIMARY' AND (username_key = ANY ($4::text[]) OR id = ANY ($5::uuid[]))),
       unknown AS (
         SELECT count(*)::integer AS users FROM (
           (SELECT unnest($4::text[]) EXCEPT SELECT username_key FROM known) UNION ALL (SELECT unnest($5::uuid[])::text EXCEPT SELECT id::text FROM known)) AS named),
       started AS (
         INSERT INTO forced_reset (tenant_domain, way, started_by, total, skipped)
         SELECT $1, $2, $3::jsonb, users + (SELECT count(*) FROM known), CASE users WHEN 0 THEN '{}' ELSE jsonb_build_object('no-such-user', users) END FROM unknown
         RETURNING *),
       listed AS (INSERT INTO forced_reset_user (forced_reset_id, user_id) SELECT forced_reset_id, id FROM started, known)
       SELECT ${columns} FROM started`,
      [tenantDomain, way, JSON.stringify(startedBy), keys, ids],
    ),
  );
}

/** @param after the id behind which the list begins; null: with the newest */
export async function forcedResetsOf(database: SqlExecutor, tenantDomain: string, after: string | null, limit: number): Promise<readonly ForcedReset[]> {
  return database.query<ForcedReset>(
    `SELECT ${columns} FROM forced_reset WHERE tenant_domain = $1 AND ($2::uuid IS NULL OR forced_reset_id < $2) ORDER BY forced_reset_id DESC LIMIT $3`,
    [tenantDomain, after, limit],
  );
}

export async function findForcedReset(database: SqlExecutor, tenantDomain: string, id: string): Promise<ForcedReset | null> {
  const rows = await database.query<ForcedReset>(`SELECT ${columns} FROM forced_reset WHERE tenant_domain = $1 AND forced_reset_id = $2`, [tenantDomain, id]);
  return rows[0] ?? null;
}

const moves = {
  pause: { from: ['queued', 'running'], to: 'paused' },
  resume: { from: ['paused'], to: 'queued' },
  cancel: { from: ['queued', 'running', 'paused'], to: 'cancelled' },
} as const satisfies Record<ForcedResetMove, { readonly from: readonly ForcedResetState[]; readonly to: ForcedResetState }>;

/** From its commit on no other user is reset: the next one's transaction finds it. @returns null where there was nothing to change */
export async function moveForcedReset(database: SqlExecutor, tenantDomain: string, id: string, move: ForcedResetMove): Promise<ForcedReset | null> {
  const { from, to } = moves[move];
  const rows = await database.query<ForcedReset>(
    `UPDATE forced_reset SET state = $4, claimed_until = NULL, finished_at = CASE WHEN $4 = 'cancelled' THEN now() END
     WHERE tenant_domain = $1 AND forced_reset_id = $2 AND state = ANY ($3) RETURNING ${columns}`,
    [tenantDomain, id, from, to],
  );
  return rows[0] ?? null;
}

/** The one that was worked at longest ago, under a lease; those of tenants that are not active rest. */
export async function claimForcedReset(database: SqlExecutor): Promise<ForcedReset | null> {
  const rows = await database.query<ForcedReset>(
    `UPDATE forced_reset SET state = 'running', started_at = coalesce(started_at, now()), claimed_at = clock_timestamp(), claimed_until = now() + make_interval(secs => ${leaseSeconds})
     WHERE forced_reset_id = (
       SELECT forced_reset_id FROM forced_reset JOIN tenant ON domain = tenant_domain AND active
       WHERE state IN ('queued', 'running') AND (claimed_until IS NULL OR claimed_until < now())
       ORDER BY claimed_at NULLS FIRST LIMIT 1 FOR UPDATE OF forced_reset SKIP LOCKED)
     RETURNING ${columns}`,
  );
  return rows[0] ?? null;
}

/** Lets the next portion be taken at once, by whichever instance. */
export async function handBackForcedReset(database: SqlExecutor, id: string): Promise<void> {
  await database.query(`UPDATE forced_reset SET claimed_until = NULL WHERE forced_reset_id = $1`, [id]);
}

/** The next of a list. */
export async function listedUsers(database: SqlExecutor, { id, cursor }: ForcedReset, limit: number): Promise<readonly string[]> {
  const rows = await database.query<{ userId: string }>(
    `SELECT user_id AS "userId" FROM forced_reset_user WHERE forced_reset_id = $1 AND ($2::uuid IS NULL OR user_id > $2) ORDER BY user_id LIMIT $3`,
    [id, cursor, limit],
  );
  return rows.map(({ userId }) => userId);
}

export interface Step {
  readonly forcedResetId: string;
  /** Where the cursor stands. */
  readonly from: string | null;
  readonly to: string;
}

/**
 * Moves the cursor over one user, and counts what became of them. Only from where it stands: of two instances at one user, one gets over.
 * @returns whether this call did; not where it was paused or cancelled meanwhile, either
 */
export async function advance(database: SqlExecutor, { forcedResetId, from, to }: Step, outcome: ForcedOutcome): Promise<boolean> {
  const rows = await database.query(
    `UPDATE forced_reset SET cursor = $3, done = done + ($4 = 'done')::integer, failed = ${countedIn('failed')}, skipped = ${countedIn('skipped')}
     WHERE forced_reset_id = $1 AND cursor IS NOT DISTINCT FROM $2 AND state = 'running' RETURNING forced_reset_id`,
    [forcedResetId, from, to, outcome.kind, outcome.kind === 'done' ? null : outcome.reason],
  );
  return rows.length === 1;
}

function countedIn(column: 'failed' | 'skipped'): string {
  return `CASE WHEN $4 = '${column}' THEN ${column} || jsonb_build_object($5::text, coalesce((${column} ->> $5)::integer, 0) + 1) ELSE ${column} END`;
}

/** Nobody is left behind the cursor. */
export async function finishForcedReset(database: SqlExecutor, id: string, cursor: string | null): Promise<void> {
  const counted = (column: string) => `(SELECT coalesce(sum(users::integer), 0) FROM jsonb_each_text(${column}) AS counted (reason, users))`;
  await database.query(
    `UPDATE forced_reset SET state = 'done', finished_at = now(), claimed_until = NULL, total = done + ${counted('failed')} + ${counted('skipped')}
     WHERE forced_reset_id = $1 AND cursor IS NOT DISTINCT FROM $2 AND state = 'running'`,
    [id, cursor],
  );
}

/** Mails, whosever, of which nobody has said yet what became of them. @returns at most `enough` */
export async function mailsUnderWay(database: SqlExecutor, enough: number): Promise<number> {
  const [row] = await database.query<{ mails: number }>(
    `SELECT count(*)::integer AS mails FROM (SELECT FROM outbox WHERE awaits_outcome AND confirmed_at IS NULL AND (expires_at IS NULL OR expires_at > now()) LIMIT $1) AS under_way`,
    [enough],
  );
  return row?.mails ?? 0;
}

/** @returns whether there may be more of them */
export async function pruneForcedResets(database: SqlExecutor, atOnce = 100): Promise<boolean> {
  const rows = await database.query(
    `DELETE FROM forced_reset WHERE forced_reset_id IN (SELECT forced_reset_id FROM forced_reset WHERE finished_at < now() - make_interval(days => ${keptDays}) LIMIT $1) RETURNING forced_reset_id`,
    [atOnce],
  );
  return rows.length === atOnce;
}

function one(rows: readonly ForcedReset[]): ForcedReset {
  const [row] = rows;
  if (!row) throw new Error('an INSERT gave no row');
  return row;
}
