import { claimedByWriter, outboxColumns, outboxParameters, type SqlExecutor } from '@rekey/messaging';
import type { DialogueLine } from '../smtp/transcript.ts';
import type { Rendered } from '../template/composed-mail.ts';
import { causeOf } from './cause.ts';
import type { OutcomeReport } from './outcome-reports.ts';

/** What names one attempt: whoever does not hold it any more changes nothing. */
export interface AttemptId {
  readonly eventId: string;
  readonly attemptNo: number;
}

/** One process may have two attempts of one mail in hand: the one it lost by being frozen, and the one it claimed since. */
export function attemptKey({ eventId, attemptNo }: AttemptId): string {
  return `${eventId}/${attemptNo}`;
}

/** How an attempt ended. */
export interface Settlement extends AttemptId {
  /** null: open again, to be tried later. */
  readonly finalState: 'SENT' | 'REJECTED' | 'UNCERTAIN_CLOSED' | null;
  /** Whether the relay may have taken a copy without saying so. */
  readonly uncertain: boolean;
  /** Whether it counts for the retry schedule. */
  readonly failed: boolean;
  readonly retryAfterSeconds: number;
  readonly stage: string;
  readonly reply: string;
  /** null where no relay was asked. */
  readonly relay: string | null;
  readonly dialogue: readonly DialogueLine[];
  /** null where no mail came of it. */
  readonly rendered: Rendered | null;
  /** The outcome event of a final state. */
  readonly report: OutcomeReport | null;
}

/**
 * The last look before the body goes out, when the relay has said 354. Invariant: `phase = data` is durable before the first byte
 * of the body, and only for an attempt that still holds its lease and whose link is, at this moment, the newest, not void and not expired.
 * Takes many at once; settles and marks of one process never touch the same row. The lease is extended only where less than half of it is left: a row
 * that changes in no indexed column needs no new entry in any index.
 * @returns the keys of the attempts that may go on
 */
export async function markData(database: SqlExecutor, owner: string, leaseSeconds: number, attempts: readonly AttemptId[]): Promise<ReadonlySet<string>> {
  const rows = await database.query<AttemptRow>(
    `UPDATE inbox i SET
       phase = 'data',
       lease_until = CASE WHEN i.lease_until > now() + make_interval(secs => $2) / 2 THEN i.lease_until ELSE now() + make_interval(secs => $2) END
     FROM unnest($3::uuid[], $4::integer[]) AS a (event_id, attempt_no), user_head h
     WHERE i.event_id = a.event_id AND i.attempt_no = a.attempt_no AND i.lease_owner = $1
       AND i.state = 'SENDING' AND i.phase = 'pre' AND i.lease_until > now() AND i.expires_at > now()
       AND h.user_id = i.user_id AND (i.kind = 'notice' OR (h.generation <= i.generation AND h.voided_generation < i.generation))
     RETURNING i.event_id, i.attempt_no`,
    [owner, leaseSeconds, ...attemptColumns(attempts)],
  );
  return new Set(rows.map(toAttemptKey));
}

/**
 * Writes how attempts ended, with their outcome events, which this process publishes. Invariant: only the attempt that holds the row settles it, once; its
 * outcome event is written exactly when the row changes. A lease that has run out but that nobody has taken is still held.
 * @returns the keys of the attempts that were settled; the others belong to somebody else by now
 */
export async function settle(database: SqlExecutor, owner: string, settlements: readonly Settlement[]): Promise<ReadonlySet<string>> {
  const reports = settlements.flatMap(({ eventId, attemptNo, report }) => (report ? [[eventId, attemptNo, ...outboxParameters(report)]] : []));
  const tellings = settlements.flatMap(({ eventId, attemptNo, report }) => (report?.webhooks ?? []).map((webhook) => [eventId, attemptNo, webhook, report?.id]));
  const rows = await database.query<AttemptRow>(
    `WITH settled AS (
       UPDATE inbox i SET
         state = coalesce(s.final_state, CASE WHEN i.uncertain_count + s.uncertain > 0 THEN 'UNCERTAIN' ELSE 'PENDING' END),
         uncertain_count = i.uncertain_count + s.uncertain,
         failures = i.failures + s.failed,
         next_at = now() + make_interval(secs => s.retry_after),
         last_error = CASE WHEN s.final_state = 'SENT' THEN i.last_error ELSE s.reply END,
         cause = s.cause,
         sent_at = CASE WHEN s.final_state = 'SENT' THEN now() END,
         finished_at = CASE WHEN s.final_state IS NOT NULL THEN now() END,
         phase = NULL, lease_owner = NULL, lease_until = NULL
       FROM unnest($2::uuid[], $3::integer[], $4::text[], $5::integer[], $6::integer[], $7::double precision[], $8::text[], $9::text[], $10::text[], $11::json[], $12::text[], $22::json[])
         AS s (event_id, attempt_no, final_state, uncertain, failed, retry_after, stage, reply, relay, dialogue, cause, rendered)
       WHERE i.event_id = s.event_id AND i.attempt_no = s.attempt_no AND i.lease_owner = $1 AND i.state = 'SENDING'
       RETURNING i.event_id, i.attempt_no, i.attempt_started_at, s.stage, s.reply, s.relay, s.dialogue, s.rendered
     ), noted AS (
       INSERT INTO attempt (event_id, attempt_no, started_at, stage, reply, ended_at, relay, dialogue, rendered)
       SELECT event_id, attempt_no, attempt_started_at, stage, reply, now(), relay, dialogue, rendered FROM settled
     ), reported AS (
       INSERT INTO outbox (${outboxColumns}, claimed_until)
       SELECT r.id, r.topic, r.key, r.headers, r.payload, r.expires_at, r.awaits_outcome, ${claimedByWriter}
       FROM unnest($13::uuid[], $14::integer[], $15::uuid[], $16::text[], $17::text[], $18::jsonb[], $19::bytea[], $20::timestamptz[], $21::boolean[])
         AS r (event_id, attempt_no, id, topic, key, headers, payload, expires_at, awaits_outcome)
       JOIN settled USING (event_id, attempt_no)
     )${tellings.length === 0 ? '' : tellWebhooks}
     SELECT event_id, attempt_no FROM settled`,
    [
      owner,
      ...attemptColumns(settlements),
      settlements.map(({ finalState }) => finalState),
      settlements.map(({ uncertain }) => Number(uncertain)),
      settlements.map(({ failed }) => Number(failed)),
      settlements.map(({ retryAfterSeconds }) => retryAfterSeconds),
      settlements.map(({ stage }) => stage),
      settlements.map(({ reply }) => reply),
      settlements.map(({ relay }) => relay),
      settlements.map(({ dialogue }) => JSON.stringify(dialogue)),
      settlements.map(({ finalState, stage, reply }) => (finalState === 'SENT' || stage === 'withdrawn' ? null : causeOf(stage, reply))),
      ...Array.from({ length: 9 }, (_, column) => reports.map((report) => report[column])),
      settlements.map(({ rendered }) => rendered && JSON.stringify(rendered)),
      ...(tellings.length === 0 ? [] : Array.from({ length: 4 }, (_, column) => tellings.map((telling) => telling[column]))),
    ],
  );
  return new Set(rows.map(toAttemptKey));
}

/** A part of `settle` only where a webhook wants to be told: nobody else pays for it. */
const tellWebhooks = `, told AS (
       INSERT INTO webhook_delivery (webhook, outcome_id)
       SELECT t.webhook, t.outcome_id
       FROM unnest($23::uuid[], $24::integer[], $25::text[], $26::uuid[]) AS t (event_id, attempt_no, webhook, outcome_id)
       JOIN settled USING (event_id, attempt_no)
     )`;

/** An attempt that came to nothing before any mail was named. */
export interface LetGo extends AttemptId, Pick<Settlement, 'reply' | 'relay' | 'dialogue' | 'rendered'> {
  readonly attemptStartedAt: string;
  /** null: no relay was there to be asked. */
  readonly stage: string | null;
}

/**
 * Undoes a claim that never reached the mail itself: the relay would not talk to us at all. Invariant: the attempt is not counted,
 * and its number may be given again, because whoever held it has just let go of it (every other statement also asks for the owner).
 * Said again, where the answer to the first time was lost, it changes nothing, although the same process may hold that number again.
 * What a relay said all the same is kept for operators.
 */
export async function unclaim(database: SqlExecutor, owner: string, { eventId, attemptNo, attemptStartedAt, stage, reply, relay, dialogue, rendered }: LetGo): Promise<void> {
  await database.query(
    `WITH open AS (UPDATE inbox SET
       state = CASE WHEN uncertain_count > 0 THEN 'UNCERTAIN' ELSE 'PENDING' END,
       attempt_no = attempt_no - 1, next_at = now(), last_error = coalesce($4 || ': ', '') || $5, phase = NULL, lease_owner = NULL, lease_until = NULL
       WHERE event_id = $2 AND attempt_no = $3 AND attempt_started_at = $9 AND lease_owner = $1 AND state = 'SENDING' AND phase = 'pre'
       RETURNING event_id, attempt_started_at
     )
     INSERT INTO attempt (event_id, attempt_no, started_at, stage, reply, ended_at, relay, dialogue, rendered)
     SELECT event_id, $3, attempt_started_at, $4, $5, now(), $6, $7, $8 FROM open WHERE $4 IS NOT NULL`,
    [owner, eventId, attemptNo, stage, reply, relay, JSON.stringify(dialogue), rendered && JSON.stringify(rendered), attemptStartedAt],
  );
}

/** Undoes claims of mails that nobody was asked to send. The same invariant; they keep their place in the queue. */
export async function handBack(database: SqlExecutor, owner: string, attempts: readonly AttemptId[]): Promise<void> {
  await database.query(
    `UPDATE inbox i SET state = CASE WHEN i.uncertain_count > 0 THEN 'UNCERTAIN' ELSE 'PENDING' END, attempt_no = i.attempt_no - 1, phase = NULL, lease_owner = NULL, lease_until = NULL
     FROM unnest($2::uuid[], $3::integer[]) AS a (event_id, attempt_no)
     WHERE i.event_id = a.event_id AND i.attempt_no = a.attempt_no AND i.lease_owner = $1 AND i.state = 'SENDING' AND i.phase = 'pre'`,
    [owner, ...attemptColumns(attempts)],
  );
}

/**
 * At shutdown: what has not reached DATA goes back for others to send. Invariant: an attempt handed back cannot pass `markData`
 * any more, so its body never goes out from here.
 * @returns how many
 */
export async function handBackUnsent(database: SqlExecutor, owner: string): Promise<number> {
  const rows = await database.query(
    `UPDATE inbox SET
       state = CASE WHEN uncertain_count > 0 THEN 'UNCERTAIN' ELSE 'PENDING' END,
       next_at = now(), phase = NULL, lease_owner = NULL, lease_until = NULL
     WHERE lease_owner = $1 AND state = 'SENDING' AND phase = 'pre'
     RETURNING event_id`,
    [owner],
  );
  return rows.length;
}

interface AttemptRow {
  readonly event_id: string;
  readonly attempt_no: number;
}

function toAttemptKey(row: AttemptRow): string {
  return attemptKey({ eventId: row.event_id, attemptNo: row.attempt_no });
}

function attemptColumns(attempts: readonly AttemptId[]): readonly [string[], number[]] {
  return [attempts.map(({ eventId }) => eventId), attempts.map(({ attemptNo }) => attemptNo)];
}
