import { appendToOutbox, isPostgresError, type Database, type SqlExecutor } from '@rekey/messaging';
import { deliveryColumns, toDelivery, type ClaimedDelivery, type Delivery, type DeliveryRow } from './delivery.ts';
import type { DomainRoom } from './domain-limits.ts';
import type { OutcomeReports } from './outcome-reports.ts';

/** A link that has less than this left is no longer mailed. */
const leastValiditySeconds = 60;

export interface Claim {
  readonly limit: number;
  /** The process that claims. */
  readonly owner: string;
  readonly leaseSeconds: number;
  /** Where absent: as many as are due. */
  readonly domains?: DomainRoom;
}

/** What one look at the due rows came to. */
export interface ClaimResult {
  /** To be sent by this process, within the lease. */
  readonly claimed: readonly ClaimedDelivery[];
  /** Not worth sending any more; their outcome is in the outbox. */
  readonly retired: readonly Delivery[];
  /** Whether all that it may look at was due: there may be more. */
  readonly mayBeMore: boolean;
}

/**
 * Takes due mails for this process, in one statement; where some of the due ones are not worth sending any more, a transaction
 * retires those with their outcomes.
 * Two claimers can still both see a person free and take two of that person's rows: the unique index refuses the second, which looks again.
 */
export async function claimDue(database: Pick<Database, 'query' | 'transaction'>, claim: Claim, reports: OutcomeReports): Promise<ClaimResult> {
  for (let round = 1; ; round++) {
    try {
      const { rows: claimed, seen, notWorthSending } = await judge(database, claim, null);
      return { claimed, retired: notWorthSending.length > 0 ? await retire(database, claim, notWorthSending, reports) : [], mayBeMore: seen === claim.limit };
    } catch (error) {
      if (round === mostRounds || !(isPostgresError(error) && error.code === uniqueViolation)) throw error;
    }
  }
}

function retire(database: Pick<Database, 'transaction'>, claim: Claim, eventIds: readonly string[], reports: OutcomeReports): Promise<readonly Delivery[]> {
  return database.transaction(async (tx) => {
    const { rows: retired } = await judge(tx, claim, eventIds);
    await appendToOutbox(tx, retired.map((delivery) => reports.entry(delivery)));
    return retired;
  });
}

const uniqueViolation = '23505';
const mostRounds = 5;

/**
 * The one place that decides whether a mail is still worth sending: of the due mails those that are become SENDING, of the mails to be
 * retired those that are not end. Invariants:
 * - at most one row of a person is SENDING (`inbox_one_sending_per_user`), so that person's mails keep their order;
 * - a row becomes SENDING only while its head, locked here, says that it is the newest generation and not void;
 * - of several mails of one generation (the link was asked for again) one that is unsent when a later one exists does not go out, whatever
 *   has become of the later one meanwhile: they say the same;
 * - a claim takes no more mails to one domain than it has room for; those to a full one are passed over, so they stand in nobody's way;
 * - nothing is sent to an address that its tenant has suppressed;
 * - a claim never waits: whatever another transaction holds is skipped.
 * @param toRetire what a claim has found not worth sending, also where the person is being sent another mail meanwhile; null: claims
 */
async function judge(database: SqlExecutor, { limit, owner, leaseSeconds, domains }: Claim, toRetire: readonly string[] | null): Promise<Judgement> {
  const rows = await database.query<JudgedRow>(
    `WITH domain AS (
       SELECT name, room FROM unnest($6::text[], $7::integer[]) AS d (name, room)
     ), due AS (
       SELECT i.event_id, i.user_id, i.recipient_domain, i.tenant_domain, i.data->'recipient'->>'address' AS recipient, i.kind, i.generation, i.position, i.expires_at, h.generation AS newest, h.voided_generation AS voided
       FROM inbox i JOIN user_head h ON h.user_id = i.user_id
       WHERE i.state IN ('PENDING', 'UNCERTAIN') AND i.next_at <= now()
         AND ($5::uuid[] IS NULL OR i.event_id = ANY($5))
         AND ($5 IS NOT NULL OR NOT EXISTS (SELECT FROM inbox busy WHERE busy.user_id = i.user_id AND busy.state = 'SENDING'))
         AND ($5 IS NOT NULL OR i.recipient_domain IS NULL OR i.recipient_domain <> ALL (ARRAY(SELECT name FROM domain WHERE room = 0)))
       ORDER BY i.next_at
       LIMIT $1
       FOR UPDATE OF i, h SKIP LOCKED
     ), judged AS (
       SELECT event_id, user_id, recipient_domain, position,
         CASE
           WHEN kind = 'recovery' AND voided >= generation THEN 'CANCELLED'
           WHEN kind = 'recovery' AND newest > generation THEN 'SUPERSEDED'
           WHEN kind = 'recovery' AND EXISTS (
             SELECT FROM inbox later
             WHERE later.user_id = due.user_id AND later.position > due.position
               AND later.kind = 'recovery' AND later.generation = due.generation) THEN 'SUPERSEDED'
           WHEN expires_at <= now() + CASE kind WHEN 'recovery' THEN make_interval(secs => $4) ELSE interval '0' END THEN 'EXPIRED'
           WHEN EXISTS (SELECT FROM suppressed_address s WHERE s.tenant_domain = due.tenant_domain AND s.digest = sha256(convert_to(lower(due.recipient), 'UTF8'))) THEN 'SUPPRESSED'
           ELSE 'SENDING'
         END AS verdict
       FROM due
     ), in_turn AS (
       SELECT event_id, verdict, recipient_domain, position, row_number() OVER (PARTITION BY user_id, verdict ORDER BY position) AS turn FROM judged
     ), fitting AS (
       SELECT t.event_id, t.verdict, t.verdict = 'SENDING' AND t.turn = 1 AND (t.recipient_domain IS NULL
         OR row_number() OVER (PARTITION BY t.recipient_domain, t.verdict, t.turn ORDER BY t.position) <= coalesce(d.room, $8, 2147483647)) AS fits
       FROM in_turn t LEFT JOIN domain d ON d.name = t.recipient_domain
     ), written AS (
       UPDATE inbox i SET
         state = verdict,
         phase = CASE verdict WHEN 'SENDING' THEN 'pre' END,
         attempt_no = attempt_no + CASE verdict WHEN 'SENDING' THEN 1 ELSE 0 END,
         attempt_started_at = CASE verdict WHEN 'SENDING' THEN now() END,
         lease_owner = CASE verdict WHEN 'SENDING' THEN $2::uuid END,
         lease_until = CASE verdict WHEN 'SENDING' THEN now() + make_interval(secs => $3) END,
         finished_at = CASE verdict WHEN 'SENDING' THEN NULL ELSE now() END
       FROM fitting f
       WHERE i.event_id = f.event_id AND CASE WHEN $5 IS NULL THEN f.fits ELSE f.verdict <> 'SENDING' END
       RETURNING ${deliveryColumns('i')}, i.recipient_domain, i.created_at, i.expires_at, i.data
     )
     SELECT (SELECT count(*) FROM due)::int AS seen, ARRAY(SELECT event_id FROM judged WHERE verdict <> 'SENDING') AS not_worth_sending, written.* FROM (SELECT) always LEFT JOIN written ON true`,
    [limit, owner, leaseSeconds, leastValiditySeconds, toRetire, [...(domains?.of.keys() ?? [])], [...(domains?.of.values() ?? [])], domains?.usual ?? null],
  );
  return {
    rows: rows.flatMap((row) => (row.event_id === null ? [] : [{ ...toDelivery(row), recipientDomain: row.recipient_domain, createdAt: row.created_at, expiresAt: row.expires_at, data: row.data }])),
    seen: rows[0]?.seen ?? 0,
    notWorthSending: rows[0]?.not_worth_sending ?? [],
  };
}

interface Judgement {
  readonly rows: ClaimedDelivery[];
  /** So many mails were due and free to be judged. */
  readonly seen: number;
  readonly notWorthSending: readonly string[];
}

/** There is always a row, so that the ids arrive also where nothing was written. */
type JudgedRow = { readonly seen: number; readonly not_worth_sending: readonly string[] } & ((DeliveryRow & { readonly recipient_domain: string | null; readonly created_at: Date; readonly expires_at: Date; readonly data: unknown }) | { readonly event_id: null });
