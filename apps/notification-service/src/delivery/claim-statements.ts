import { appendToOutbox, isPostgresError, type Database, type SqlExecutor } from '@rekey/messaging';
import { deliveryColumns, toDelivery, type ClaimedDelivery, type Delivery, type DeliveryRow } from './delivery.ts';
import type { OutcomeReports } from './outcome-reports.ts';

/** A link that has less than this left is no longer mailed. */
const leastValiditySeconds = 60;

export interface Claim {
  readonly limit: number;
  /** The process that claims. */
  readonly owner: string;
  readonly leaseSeconds: number;
}

/** What one look at the due rows came to. */
export interface ClaimResult {
  /** To be sent by this process, within the lease. */
  readonly claimed: readonly ClaimedDelivery[];
  /** Not worth sending any more; their outcome is in the outbox. */
  readonly retired: readonly Delivery[];
}

/**
 * Takes due mails for this process, in one statement; where some of the due ones are not worth sending any more, a transaction
 * retires those with their outcomes.
 * Two claimers can still both see a person free and take two of that person's rows: the unique index refuses the second, which looks again.
 */
export async function claimDue(database: Pick<Database, 'query' | 'transaction'>, claim: Claim, reports: OutcomeReports): Promise<ClaimResult> {
  for (let round = 1; ; round++) {
    try {
      const { rows: claimed, others } = await judgeDue(database, claim, 'claim');
      return { claimed, retired: others > 0 ? await retireDue(database, claim, reports) : [] };
    } catch (error) {
      if (round === mostRounds || !(isPostgresError(error) && error.code === uniqueViolation)) throw error;
    }
  }
}

function retireDue(database: Pick<Database, 'transaction'>, claim: Claim, reports: OutcomeReports): Promise<readonly Delivery[]> {
  return database.transaction(async (tx) => {
    const { rows: retired } = await judgeDue(tx, claim, 'retire');
    await appendToOutbox(tx, retired.map((delivery) => reports.entry(delivery)));
    return retired;
  });
}

const uniqueViolation = '23505';
const mostRounds = 5;

/**
 * The one place that decides whether a mail is still worth sending; `claim` takes those that are, `retire` ends those that are not. Invariants:
 * - at most one row of a person is SENDING (`inbox_one_sending_per_user`), so that person's mails keep their order;
 * - a row becomes SENDING only while its head, locked here, says that it is the newest generation and not void;
 * - of several mails of one generation (the link was asked for again) one that is unsent when a later one exists does not go out, whatever
 *   has become of the later one meanwhile: they say the same;
 * - a claim never waits: whatever another transaction holds is skipped.
 */
async function judgeDue(database: SqlExecutor, { limit, owner, leaseSeconds }: Claim, purpose: 'claim' | 'retire'): Promise<{ rows: ClaimedDelivery[]; others: number }> {
  const rows = await database.query<JudgedRow>(
    `WITH due AS (
       SELECT i.event_id, i.user_id, i.kind, i.generation, i.position, i.expires_at, h.generation AS newest, h.voided_generation AS voided
       FROM inbox i JOIN user_head h ON h.user_id = i.user_id
       WHERE i.state IN ('PENDING', 'UNCERTAIN') AND i.next_at <= now()
         AND ($5 = 'retire' OR NOT EXISTS (SELECT FROM inbox busy WHERE busy.user_id = i.user_id AND busy.state = 'SENDING'))
       ORDER BY i.next_at
       LIMIT $1
       FOR UPDATE OF i, h SKIP LOCKED
     ), judged AS (
       SELECT event_id, user_id, position,
         CASE
           WHEN kind = 'recovery' AND voided >= generation THEN 'CANCELLED'
           WHEN kind = 'recovery' AND newest > generation THEN 'SUPERSEDED'
           WHEN kind = 'recovery' AND EXISTS (
             SELECT FROM inbox later
             WHERE later.user_id = due.user_id AND later.position > due.position
               AND later.kind = 'recovery' AND later.generation = due.generation) THEN 'SUPERSEDED'
           WHEN expires_at <= now() + CASE kind WHEN 'recovery' THEN make_interval(secs => $4) ELSE interval '0' END THEN 'EXPIRED'
           ELSE 'SENDING'
         END AS verdict
       FROM due
     ), in_turn AS (
       SELECT event_id, verdict, row_number() OVER (PARTITION BY user_id, verdict ORDER BY position) AS turn FROM judged
     ), written AS (
       UPDATE inbox i SET
         state = verdict,
         phase = CASE verdict WHEN 'SENDING' THEN 'pre' END,
         attempt_no = attempt_no + CASE verdict WHEN 'SENDING' THEN 1 ELSE 0 END,
         attempt_started_at = CASE verdict WHEN 'SENDING' THEN now() END,
         lease_owner = CASE verdict WHEN 'SENDING' THEN $2::uuid END,
         lease_until = CASE verdict WHEN 'SENDING' THEN now() + make_interval(secs => $3) END,
         finished_at = CASE verdict WHEN 'SENDING' THEN NULL ELSE now() END
       FROM in_turn t
       WHERE i.event_id = t.event_id AND CASE $5 WHEN 'claim' THEN t.verdict = 'SENDING' AND t.turn = 1 ELSE t.verdict <> 'SENDING' END
       RETURNING ${deliveryColumns('i')}, i.created_at, i.expires_at, i.data
     )
     SELECT (SELECT count(*) FROM judged WHERE verdict <> 'SENDING')::integer AS to_retire, written.* FROM (SELECT) always LEFT JOIN written ON true`,
    [limit, owner, leaseSeconds, leastValiditySeconds, purpose],
  );
  return {
    rows: rows.flatMap((row) => (row.event_id === null ? [] : [{ ...toDelivery(row), createdAt: row.created_at, expiresAt: row.expires_at, data: row.data }])),
    others: rows[0]?.to_retire ?? 0,
  };
}

/** There is always a row, so that the count arrives also where nothing was written. */
type JudgedRow = { readonly to_retire: number } & ((DeliveryRow & { readonly created_at: Date; readonly expires_at: Date; readonly data: unknown }) | { readonly event_id: null });
