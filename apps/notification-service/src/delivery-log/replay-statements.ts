import type { ReplayVerdict } from '@rekey/events';
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
       SELECT 'DEAD', cause, first_at, id FROM dead WHERE $2 AND replayed_at IS NULL AND discarded_at IS NULL
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
