import type { DeadEvent, DeliveryFilter, ReplayVerdict } from '@rekey/events';
import type { SqlExecutor } from '@rekey/messaging';

/** The claim mails no link that has less than sixty seconds left; what is replayed waits for its turn too. */
const leastValiditySeconds = 120;

export interface FailureRow {
  readonly state: 'REJECTED' | 'UNCERTAIN_CLOSED' | 'EXPIRED' | 'SUPPRESSED' | 'CAPPED' | 'DEAD';
  readonly cause: string | null;
  readonly count: number;
  readonly oldestAt: Date;
  readonly newestAt: Date;
  readonly newest: string[];
}

/** What has failed and was not replayed, most of it first. */
export async function failuresOf(database: SqlExecutor, tenantDomain: string, withDead: boolean): Promise<readonly FailureRow[]> {
  return database.query<FailureRow>(
    `SELECT state, cause, count(*)::integer AS count, min(at) AS "oldestAt", max(at) AS "newestAt", (array_agg(id ORDER BY at DESC))[1:10] AS newest
     FROM (
       SELECT state, cause, finished_at AS at, event_id AS id FROM inbox WHERE tenant_domain = $1 AND state IN ('REJECTED', 'UNCERTAIN_CLOSED', 'EXPIRED', 'SUPPRESSED', 'CAPPED')
       UNION ALL
       SELECT 'DEAD', cause, first_at, id FROM dead WHERE $2 AND replayed_at IS NULL
     ) AS failed
     GROUP BY state, cause ORDER BY count DESC, state, cause LIMIT 200`,
    [tenantDomain, withDead],
  );
}

export interface Replaying {
  readonly tenantDomain: string;
  readonly by: string;
  /** Whether to send what may have arrived before. */
  readonly copy: boolean;
}

/**
 * Opens mails again that had ended without being sent. Invariants: only one of any number of replayers opens a mail; none is opened whose
 * link is no longer the newest, is void or about to expire; none that may have arrived, unless that is asked for (I2).
 * @returns what became of each that the tenant has
 */
export async function replayMails(database: SqlExecutor, { tenantDomain, by, copy }: Replaying, ids: readonly string[]): Promise<ReadonlyMap<string, ReplayVerdict>> {
  const rows = await database.query<{ event_id: string; verdict: ReplayVerdict }>(
    `WITH asked AS (
       SELECT i.event_id, i.user_id, i.kind, i.state, i.generation, i.position, i.expires_at, i.uncertain_count, h.generation AS newest, h.voided_generation AS voided
       FROM inbox i JOIN user_head h ON h.user_id = i.user_id
       WHERE i.event_id = ANY($1::uuid[]) AND i.tenant_domain = $2
       ORDER BY i.event_id FOR UPDATE OF i
     ), judged AS (
       SELECT event_id, uncertain_count > 0 AS copy, CASE
         WHEN state IN ('PENDING', 'UNCERTAIN', 'SENDING') THEN 'open'
         WHEN state = 'SENT' THEN 'sent'
         WHEN state = 'CANCELLED' OR kind = 'recovery' AND voided >= generation THEN 'void'
         WHEN state = 'SUPERSEDED' OR kind = 'recovery' AND (newest > generation OR EXISTS (
           SELECT FROM inbox later WHERE later.user_id = asked.user_id AND later.position > asked.position AND later.kind = 'recovery' AND later.generation = asked.generation)) THEN 'overtaken'
         WHEN expires_at <= now() + make_interval(secs => ${leastValiditySeconds}) THEN 'expires-soon'
         WHEN uncertain_count > 0 AND NOT $4 THEN 'may-be-a-copy'
         ELSE 'replayed' END AS verdict
       FROM asked
     ), opened AS (
       UPDATE inbox i SET state = CASE WHEN i.uncertain_count > 0 THEN 'UNCERTAIN' ELSE 'PENDING' END, failures = 0, next_at = now(), finished_at = NULL
       FROM judged WHERE i.event_id = judged.event_id AND verdict = 'replayed'
       RETURNING i.event_id, judged.copy
     ), noted AS (
       INSERT INTO replay (event_id, replayed_by, copy) SELECT event_id, $3, copy FROM opened
     )
     SELECT event_id, verdict, (SELECT pg_notify('inbox', '') FROM opened LIMIT 1) FROM judged`,
    [ids, tenantDomain, by, copy],
  );
  return new Map(rows.map(({ event_id: id, verdict }) => [id, verdict]));
}

export interface DeadRow {
  readonly id: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly raw: Buffer | null;
  readonly replayed: boolean;
}

export async function findDead(database: SqlExecutor, id: string): Promise<DeadRow | null> {
  const rows = await database.query<DeadRow>(`SELECT id, topic, "partition", "offset", key, headers, raw, replayed_at IS NOT NULL AS replayed FROM dead WHERE id = $1`, [id]);
  return rows[0] ?? null;
}

type TimesOfDead = 'firstAt' | 'lastAt' | 'replayedAt';
interface DescribedRow extends Omit<DeadEvent, TimesOfDead | 'published'>, Pick<DeadRow, 'topic' | 'partition' | 'offset'> {
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly replayedAt: Date | null;
}

/** What an operator sees of it: no data, and no signature, by which a record of it could be put on the bus again. */
export async function describeDead(database: SqlExecutor, id: string): Promise<DeadEvent | null> {
  const [row] = await database.query<DescribedRow>(
    `SELECT id, reason, cause, topic, "partition", "offset", key, headers, length(raw) AS bytes, times_seen AS "timesSeen", first_at AS "firstAt", last_at AS "lastAt", replayed_at AS "replayedAt", replayed_by AS "replayedBy"
     FROM dead WHERE id = $1`,
    [id],
  );
  if (!row) return null;
  const { topic, partition, offset, reason, key, headers, firstAt, lastAt, replayedAt, ...event } = row;
  return {
    ...event,
    reason: inert(reason),
    published: { topic, partition, offset },
    key: key === null ? null : inert(key),
    headers: Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (name.toLowerCase() === 'ce_signature' ? [] : [[inert(name), inert(value)]]))),
    firstAt: firstAt.toISOString(),
    lastAt: lastAt.toISOString(),
    replayedAt: replayedAt?.toISOString() ?? null,
  };
}

/** Whatever steers a terminal, turns the direction of a text or is seen by nobody stands there by its number. */
function inert(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** @param after the id behind which they begin */
export async function deadIds(database: SqlExecutor, { cause, from, to }: Pick<DeliveryFilter, 'cause' | 'from' | 'to'>, after: string | null, limit: number): Promise<readonly string[]> {
  const rows = await database.query<{ id: string }>(
    `SELECT id FROM dead WHERE replayed_at IS NULL AND ($1::text IS NULL OR cause = $1) AND ($2::timestamptz IS NULL OR first_at >= $2) AND ($3::timestamptz IS NULL OR first_at < $3)
       AND ($4::uuid IS NULL OR id > $4) ORDER BY id LIMIT $5`,
    [cause ?? null, from ?? null, to ?? null, after, limit],
  );
  return rows.map(({ id }) => id);
}

export async function markReplayed(database: SqlExecutor, id: string, by: string): Promise<void> {
  await database.query(`UPDATE dead SET replayed_at = now(), replayed_by = $2 WHERE id = $1 AND replayed_at IS NULL`, [id, by]);
}

/** Whether an event that was unreadable until now is still worth a mail. */
export async function worthReplaying(database: SqlExecutor, { holderId, generation, expiresAt, kind }: { readonly holderId: string; readonly generation: number; readonly expiresAt: string; readonly kind: 'recovery' | 'notice' }): Promise<ReplayVerdict> {
  const [row] = await database.query<{ verdict: ReplayVerdict }>(
    `SELECT CASE
       WHEN $4 = 'recovery' AND h.voided_generation >= $2::bigint THEN 'void'
       WHEN $4 = 'recovery' AND h.generation > $2::bigint THEN 'overtaken'
       WHEN $3::timestamptz <= now() + make_interval(secs => ${leastValiditySeconds}) THEN 'expires-soon'
       ELSE 'replayed' END AS verdict
     FROM (SELECT) AS always LEFT JOIN user_head h ON h.user_id = $1`,
    [holderId, generation, expiresAt, kind],
  );
  return row?.verdict ?? 'replayed';
}
