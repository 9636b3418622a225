import type { DeliveryFilter, DeliverySummary, DeliveryTimeline } from '@rekey/events';
import type { Database, SqlExecutor } from '@rekey/messaging';
import { reasonFor } from '../delivery/outcome-reports.ts';
import { linkHolderOf } from '../inbox/link-holder.ts';
import type { DialogueLine } from '../smtp/transcript.ts';
import type { Rendered } from '../template/composed-mail.ts';
import { maskedAddress } from './masked-address.ts';
import type { Place } from './place.ts';
import { queueIdOf } from './queue-id.ts';
import { isUuid } from './uuid.ts';

const summaryColumns = `i.event_id AS id, f.reference, i.state, i.cause, i.event_type AS "eventType", i.data->>'templateType' AS "templateType", i.data->'user' AS "user", f.recipient,
  i.created_at AS "createdAt", i.received_at AS "receivedAt", i.finished_at AS "finishedAt", i.attempt_no AS attempts`;

interface SummaryRow {
  readonly id: string;
  readonly reference: string;
  readonly state: DeliverySummary['state'];
  readonly cause: string | null;
  readonly eventType: string;
  readonly templateType: string;
  readonly user: DeliverySummary['user'];
  readonly recipient: string;
  readonly createdAt: Date;
  readonly receivedAt: Date;
  readonly finishedAt: Date | null;
  readonly attempts: number;
}

/** Whose mails are looked at, and which publishers may have asked for them. */
export interface MailsOf {
  readonly tenantDomain: string;
  readonly sources: readonly string[];
}

/**
 * The newest first. A mail that comes in meanwhile is on no later page, and none is on two.
 * @param after where the page before ended; null: from the newest on
 */
export async function findDeliveries(database: Pick<Database, 'queryUnprepared'>, of: MailsOf, filter: DeliveryFilter, after: Place | null, limit: number): Promise<readonly (DeliverySummary & { readonly place: Place })[]> {
  const parameters: unknown[] = [];
  const given = (value: unknown): string => `$${parameters.push(value)}`;
  // What is ordered by is what is followed: `inbox_ends` has few mails of a tenant and is in the order of pages; `filed_mail` has all of them.
  const [followed, joined] = isRareEnd(filter) ? ['i', 'inbox i JOIN filed_mail f USING (tenant_domain, received_at, position)'] : ['f', 'filed_mail f JOIN inbox i USING (event_id)'];
  const conditions = [`${followed}.tenant_domain = ${given(of.tenantDomain)}`, ...conditionsOf(of, filter, followed, given)];
  if (after !== null) conditions.push(`(${followed}.received_at, ${followed}.position) < ('epoch'::timestamptz + ${given(after.microseconds)}::bigint * interval '1 microsecond', ${given(after.position)}::bigint)`);
  const rows = await database.queryUnprepared<SummaryRow & Place>(
    `SELECT ${summaryColumns}, (extract(epoch FROM f.received_at) * 1000000)::bigint AS microseconds, f.position
     FROM ${joined}
     WHERE ${conditions.join(' AND ')}
     ORDER BY ${followed}.received_at DESC, ${followed}.position DESC LIMIT ${given(limit)}`,
    parameters,
  );
  return rows.map((row) => ({ ...toSummary(row), place: { microseconds: row.microseconds, position: row.position } }));
}

/** How mails end that are not sent, and that `inbox_ends` finds. */
function isRareEnd({ state }: DeliveryFilter): boolean {
  return state !== undefined && !['PENDING', 'UNCERTAIN', 'SENDING', 'SENT'].includes(state);
}

/** @param followed the table that knows when mails came in @param given puts a value in and says how the statement names it */
function conditionsOf({ tenantDomain, sources }: MailsOf, { state, type, user, recipient, reference, from, to, relay, cause }: DeliveryFilter, followed: string, given: (value: unknown) => string): string[] {
  const conditions: string[] = [];
  if (state !== undefined) conditions.push(`i.state = ${given(state)}`);
  if (type !== undefined) conditions.push(`lower(${given(type)}) IN (lower(i.event_type), lower(i.data->>'templateType'))`);
  if (user !== undefined) conditions.push(isUuid(user) ? `i.user_id = ANY(${given(sources.map((source) => linkHolderOf(source, tenantDomain, user)))}::uuid[])` : `f.username = ${given(user.toLowerCase())}`);
  if (recipient !== undefined) conditions.push(`f.recipient = ${given(recipient.toLowerCase())}`);
  if (reference !== undefined) conditions.push(`f.reference = ${given(reference.toUpperCase())}`);
  if (from !== undefined) conditions.push(`${followed}.received_at >= ${given(from)}::timestamptz`);
  if (to !== undefined) conditions.push(`${followed}.received_at < ${given(to)}::timestamptz`);
  if (relay !== undefined) conditions.push(`EXISTS (SELECT FROM attempt a WHERE a.event_id = i.event_id AND a.relay = ${given(relay)})`);
  if (cause !== undefined) conditions.push(`i.cause = ${given(cause)}`);
  return conditions;
}

interface TimelineRow extends SummaryRow {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly kind: 'recovery' | 'notice';
  readonly generation: string;
  readonly messageId: string;
  readonly traceparent: string | null;
  readonly expiresAt: Date;
  readonly nextAt: Date;
  readonly lastError: string | null;
  readonly sentAt: Date | null;
  readonly uncertainCount: number;
  readonly passwordSetAt: Date | null;
}

interface AttemptRow {
  readonly number: number;
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly stage: string;
  readonly reply: string;
  readonly relay: string | null;
  readonly dialogue: readonly DialogueLine[] | null;
  readonly rendered: Rendered | null;
}

/** While a relay refuses us, one mail may be tried every five seconds, for as long as its link works; each has its dialogue. */
const mostAttempts = 200;

/** @returns null where the tenant has no such mail; of very many attempts the latest */
export async function readTimeline(database: SqlExecutor, tenantDomain: string, id: string): Promise<DeliveryTimeline | null> {
  const [row] = await database.query<TimelineRow>(
    `SELECT ${summaryColumns}, i.topic, i."partition", i."offset", i.kind, i.generation, i.message_id AS "messageId", i.traceparent, i.expires_at AS "expiresAt", i.next_at AS "nextAt",
       i.last_error AS "lastError", i.sent_at AS "sentAt", i.uncertain_count AS "uncertainCount", p.set_at AS "passwordSetAt"
     FROM inbox i JOIN filed_mail f ON f.tenant_domain = i.tenant_domain AND f.received_at = i.received_at AND f.position = i.position
     LEFT JOIN password_set p ON i.event_type = 'PasswordRecoveryRequested' AND p.recovery_id = (i.data->>'recoveryId')::uuid
     WHERE i.event_id = $2 AND i.tenant_domain = $1`,
    [tenantDomain, id],
  );
  if (!row) return null;
  const attempts = await database.query<AttemptRow>(
    `SELECT attempt_no AS number, started_at AS "startedAt", ended_at AS "endedAt", stage, reply, relay, dialogue, rendered FROM attempt WHERE event_id = $1 ORDER BY attempt_no DESC, started_at DESC LIMIT $2`,
    [id, mostAttempts],
  );
  const bounces = await database.query<Omit<DeliveryTimeline['bounces'][number], 'at' | 'reportedAt'> & { at: Date; reportedAt: Date }>(`SELECT bounced_at AS at, kind, reason, reported_by AS by, reported_at AS "reportedAt" FROM bounce WHERE event_id = $1 ORDER BY bounced_at, kind`, [id]);
  const replays = await database.query<{ at: Date; by: string; copy: boolean }>(`SELECT replayed_at AS at, replayed_by AS by, copy FROM replay WHERE event_id = $1 ORDER BY replayed_at`, [id]);
  const { topic, partition, offset, generation, messageId, traceparent, expiresAt, nextAt, lastError, sentAt, uncertainCount, passwordSetAt } = row;
  const isDue = row.state === 'PENDING' || row.state === 'UNCERTAIN';
  const [last] = attempts;
  return {
    ...toSummary(row),
    published: { topic, partition, offset },
    generation: Number(generation),
    messageId,
    traceId: traceparent?.split('-')[1] ?? null,
    expiresAt: expiresAt.toISOString(),
    nextAttemptAt: isDue ? nextAt.toISOString() : null,
    lastError,
    ending: row.finishedAt === null ? null : reasonFor({ state: row.state, lastError, uncertainCount }),
    sentAt: sentAt?.toISOString() ?? null,
    queueId: row.state === 'SENT' && last ? queueIdOf(last.reply) : null,
    possibleCopies: uncertainCount,
    passwordSetAt: passwordSetAt?.toISOString() ?? null,
    attemptsMade: attempts.toReversed().map(({ startedAt, endedAt, dialogue, ...attempt }) => ({ ...attempt, startedAt: startedAt.toISOString(), endedAt: endedAt.toISOString(), dialogue: [...(dialogue ?? [])] })),
    bounces: bounces.map(({ at, reportedAt, ...bounce }) => ({ ...bounce, at: at.toISOString(), reportedAt: reportedAt.toISOString() })),
    replays: replays.map(({ at, ...replay }) => ({ ...replay, at: at.toISOString() })),
  };
}

function toSummary({ id, reference, state, cause, eventType, templateType, user: { id: userId, username, realm }, recipient, createdAt, receivedAt, finishedAt, attempts }: SummaryRow): DeliverySummary {
  return {
    id,
    reference,
    state,
    cause,
    eventType,
    templateType,
    user: { id: userId, username, realm },
    recipient: maskedAddress(recipient),
    requestedAt: createdAt.toISOString(),
    acceptedAt: receivedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    attempts,
  };
}
