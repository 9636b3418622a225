import { isPostgresError, type Database, type SqlExecutor } from '@rekey/messaging';
import { deliveryColumns, toDelivery, type ClaimedDelivery, type Delivery, type DeliveryRow } from './delivery.ts';
import type { DomainRoom } from './domain-limits.ts';
import { appendReports, type OutcomeReports } from './outcome-reports.ts';

/** A link that has less than this left is no longer mailed. */
const leastValiditySeconds = 60;

export interface Claim {
  readonly limit: number;
  /** The process that claims. */
  readonly owner: string;
  readonly leaseSeconds: number;
  /** Where absent: as many as are due. */
  readonly domains?: DomainRoom;
  /** Where absent: none. */
  readonly caps?: MailCaps;
}

/** null: no cap. */
export interface MailCaps {
  /** To one address of one tenant, whosever mails they are, from the first of them on. */
  readonly perHourPerRecipient: number | null;
  readonly perMinutePerTenant: number | null;
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
    await appendReports(tx, retired.map((delivery) => reports.entry(delivery)));
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
 * - a mail is counted once, when it is first taken, in the same statement that takes it: of any number of claimers none takes one more than the
 *   caps allow. One beyond them is held until it may be taken, or is CAPPED where its link does not live that long;
 * - a claim waits for nothing but another claim's counting, in one order: whatever else another transaction holds is skipped.
 * @param toRetire what a claim has found not worth sending, also where the person is being sent another mail meanwhile; null: claims
 */
async function judge(database: SqlExecutor, { limit, owner, leaseSeconds, domains, caps }: Claim, toRetire: readonly string[] | null): Promise<Judgement> {
  const rows = await database.query<JudgedRow>(
    `WITH domain AS (
       SELECT name, room FROM unnest($6::text[], $7::integer[]) AS d (name, room)
     ), due AS (
       SELECT i.event_id, i.user_id, i.recipient_domain, i.tenant_domain, i.kind, i.generation, i.position, i.counted, h.generation AS newest, h.voided_generation AS voided,
         i.expires_at - CASE i.kind WHEN 'recovery' THEN make_interval(secs => $4) ELSE interval '0' END AS mailable_until,
         sha256(convert_to(coalesce(lower(i.data->'recipient'->>'address'), ''), 'UTF8')) AS digest
       FROM inbox i JOIN user_head h ON h.user_id = i.user_id
       WHERE i.state IN ('PENDING', 'UNCERTAIN') AND i.next_at <= now()
         AND ($5::uuid[] IS NULL OR i.event_id = ANY($5))
         AND ($5 IS NOT NULL OR NOT EXISTS (SELECT FROM inbox busy WHERE busy.user_id = i.user_id AND busy.state = 'SENDING'))
         AND ($5 IS NOT NULL OR i.recipient_domain IS NULL OR i.recipient_domain <> ALL (ARRAY(SELECT name FROM domain WHERE room = 0)))
       ORDER BY i.next_at
       LIMIT $1
       FOR UPDATE OF i, h SKIP LOCKED
     ), judged AS (
       SELECT event_id, user_id, recipient_domain, tenant_domain, digest, counted, position, full_until, of_tenant,
         CASE WHEN full_of_recipient THEN 'mails_per_hour_per_recipient' ELSE 'mails_per_minute_per_tenant' END AS cap,
         CASE
           WHEN kind = 'recovery' AND voided >= generation THEN 'CANCELLED'
           WHEN kind = 'recovery' AND newest > generation THEN 'SUPERSEDED'
           WHEN kind = 'recovery' AND EXISTS (
             SELECT FROM inbox later
             WHERE later.user_id = due.user_id AND later.position > due.position
               AND later.kind = 'recovery' AND later.generation = due.generation) THEN 'SUPERSEDED'
           WHEN mailable_until <= now() THEN 'EXPIRED'
           WHEN EXISTS (SELECT FROM suppressed_address s WHERE s.tenant_domain = due.tenant_domain AND s.digest = due.digest) THEN 'SUPPRESSED'
           WHEN mailable_until <= full_until THEN 'CAPPED'
           WHEN full_until IS NOT NULL THEN 'HELD'
           ELSE 'SENDING'
         END AS verdict
       FROM due LEFT JOIN LATERAL (
         SELECT max(ends_at) FILTER (WHERE mails >= cap) AS full_until, bool_or(mails >= cap AND c.digest <> '') AS full_of_recipient, max(mails) FILTER (WHERE c.digest = '') AS of_tenant
         FROM mail_count c, LATERAL (SELECT CASE c.digest WHEN '' THEN $10::integer ELSE $9::integer END AS cap) AS which
         WHERE c.tenant_domain = due.tenant_domain AND c.digest IN (due.digest, '') AND c.ends_at > now()
       ) AS so_far ON NOT due.counted AND ($9 IS NOT NULL OR $10 IS NOT NULL)
     ), in_turn AS (
       SELECT *, row_number() OVER (PARTITION BY user_id, verdict ORDER BY position) AS turn FROM judged
     ), fitting AS (
       SELECT t.*, t.verdict = 'SENDING' AND t.turn = 1
         AND (t.recipient_domain IS NULL OR row_number() OVER (PARTITION BY t.recipient_domain, t.verdict, t.turn ORDER BY t.position) <= coalesce(d.room, $8, 2147483647))
         AND ($9 IS NULL OR t.counted OR row_number() OVER (PARTITION BY t.tenant_domain, t.digest, t.verdict, t.turn, t.counted ORDER BY t.position) = 1)
         AND ($10 IS NULL OR t.counted OR row_number() OVER (PARTITION BY t.tenant_domain, t.verdict, t.turn, t.counted ORDER BY t.position) <= $10 - coalesce(t.of_tenant, 0)) AS fits
       FROM in_turn t LEFT JOIN domain d ON d.name = t.recipient_domain
     ), to_count AS (
       SELECT tenant_domain, digest, 1 AS mails, interval '1 hour' AS span FROM fitting WHERE fits AND NOT counted AND $5 IS NULL AND $9 IS NOT NULL
       UNION ALL
       SELECT tenant_domain, '', count(*)::integer, interval '1 minute' FROM fitting WHERE fits AND NOT counted AND $5 IS NULL AND $10 IS NOT NULL GROUP BY tenant_domain
     ), newly_counted AS (
       INSERT INTO mail_count AS c (tenant_domain, digest, mails, ends_at)
       SELECT tenant_domain, digest, mails, now() + span FROM to_count ORDER BY tenant_domain, digest
       ON CONFLICT (tenant_domain, digest) DO UPDATE SET
         mails = excluded.mails + CASE WHEN c.ends_at > now() THEN c.mails ELSE 0 END,
         ends_at = CASE WHEN c.ends_at > now() THEN c.ends_at ELSE excluded.ends_at END
       WHERE c.ends_at <= now() OR c.mails + excluded.mails <= CASE c.digest WHEN '' THEN $10 ELSE $9 END
       RETURNING tenant_domain, digest
     ), written AS (
       UPDATE inbox i SET
         state = CASE verdict WHEN 'HELD' THEN i.state ELSE verdict END,
         counted = i.counted OR verdict = 'SENDING',
         next_at = CASE verdict WHEN 'HELD' THEN f.full_until ELSE i.next_at END,
         cause = CASE WHEN verdict IN ('HELD', 'CAPPED') THEN 'cap ' || f.cap ELSE i.cause END,
         phase = CASE verdict WHEN 'SENDING' THEN 'pre' END,
         attempt_no = attempt_no + CASE verdict WHEN 'SENDING' THEN 1 ELSE 0 END,
         attempt_started_at = CASE verdict WHEN 'SENDING' THEN now() END,
         lease_owner = CASE verdict WHEN 'SENDING' THEN $2::uuid END,
         lease_until = CASE verdict WHEN 'SENDING' THEN now() + make_interval(secs => $3) END,
         finished_at = CASE WHEN verdict NOT IN ('SENDING', 'HELD') THEN now() END
       FROM fitting f
       WHERE i.event_id = f.event_id AND CASE
         WHEN $5 IS NOT NULL THEN f.verdict NOT IN ('SENDING', 'HELD')
         WHEN f.verdict = 'HELD' OR f.counted THEN f.verdict = 'HELD' OR f.fits
         ELSE f.fits
           AND ($9 IS NULL OR (f.tenant_domain, f.digest) IN (SELECT tenant_domain, digest FROM newly_counted))
           AND ($10 IS NULL OR (f.tenant_domain, ''::bytea) IN (SELECT tenant_domain, digest FROM newly_counted)) END
       RETURNING ${deliveryColumns('i')}, i.recipient_domain, i.created_at, i.expires_at, i.data, i.attempt_started_at::text AS started_at,
         CASE WHEN i.failures > 0 THEN ARRAY(SELECT a.relay FROM attempt a WHERE a.event_id = i.event_id AND a.stage = 'dot' AND a.reply LIKE '4%' AND a.relay IS NOT NULL) ELSE '{}' END AS put_off_by
     )
     SELECT (SELECT count(*) FROM due)::int AS seen, ARRAY(SELECT event_id FROM judged WHERE verdict NOT IN ('SENDING', 'HELD')) AS not_worth_sending, written.*
     FROM (SELECT) always LEFT JOIN written ON written.state NOT IN ('PENDING', 'UNCERTAIN')`,
    [limit, owner, leaseSeconds, leastValiditySeconds, toRetire, [...(domains?.of.keys() ?? [])], [...(domains?.of.values() ?? [])], domains?.usual ?? null, caps?.perHourPerRecipient ?? null, caps?.perMinutePerTenant ?? null],
  );
  return {
    rows: rows.flatMap((row) => (row.event_id === null ? [] : [{ ...toDelivery(row), recipientDomain: row.recipient_domain, createdAt: row.created_at, expiresAt: row.expires_at, data: row.data, attemptStartedAt: row.started_at, putOffBy: row.put_off_by }])),
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
type JudgedRow = { readonly seen: number; readonly not_worth_sending: readonly string[] } & ((DeliveryRow & { readonly recipient_domain: string | null; readonly created_at: Date; readonly expires_at: Date; readonly data: unknown; readonly started_at: string; readonly put_off_by: readonly string[] }) | { readonly event_id: null });
