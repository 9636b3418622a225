import type { SqlExecutor } from '@rekey/messaging';
import type { OpenMails } from '@rekey/observability';
import { causeOf } from '../delivery/cause.ts';
import { deliveryColumns, toDelivery, type Delivery, type DeliveryRow } from '../delivery/delivery.ts';
import { referenceOf } from '../reference.ts';
import type { DeadRecord } from './dead-record.ts';
import type { HeadChange, PasswordSet, WantedMail } from './incoming-event.ts';

/**
 * Invariant: a head only ever rises. Every accepted user has one, and locking it (here, and in the claim) is what makes accepting
 * and claiming take turns for one person. Callers pass each user once, in the order of their ids.
 * @param passwordsSet noted by the way
 */
export async function raiseHeads(tx: SqlExecutor, changes: readonly HeadChange[], passwordsSet: readonly PasswordSet[]): Promise<void> {
  await tx.query(
    `WITH noted AS (
       INSERT INTO password_set (recovery_id, set_at) SELECT * FROM unnest($4::uuid[], $5::timestamptz[]) ON CONFLICT DO NOTHING
     )
     INSERT INTO user_head AS h (user_id, generation, voided_generation, voided_at)
     SELECT user_id, generation, voided, CASE WHEN voided > 0 THEN now() END
     FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS u (user_id, generation, voided, turn)
     ORDER BY turn
     ON CONFLICT (user_id) DO UPDATE SET
       generation = greatest(h.generation, excluded.generation),
       voided_generation = greatest(h.voided_generation, excluded.voided_generation),
       voided_at = CASE WHEN excluded.voided_generation > h.voided_generation THEN now() ELSE h.voided_at END
     WHERE excluded.generation > h.generation OR excluded.voided_generation > h.voided_generation`,
    [
      changes.map(({ holderId }) => holderId),
      changes.map(({ generation }) => generation),
      changes.map(({ voidedGeneration }) => voidedGeneration),
      passwordsSet.map(({ recoveryId }) => recoveryId),
      passwordsSet.map(({ at }) => at),
    ],
  );
}

/** Of an event, or of what asks for a mail in the place of one. */
type InsertedMail = Omit<WantedMail, 'record' | 'eventType' | 'source'> & { readonly record: Pick<WantedMail['record'], 'topic' | 'partition' | 'offset'>; readonly eventType: string; readonly source: string | null };

/**
 * Invariant: one row per event id, for ever; an event that comes again, under whatever offset, changes nothing.
 * @returns how many were new
 */
export async function insertWanted(tx: SqlExecutor, mails: readonly InsertedMail[], messageIdOf: (eventId: string) => string): Promise<number> {
  const rows = await tx.query(
    `WITH wanted AS (
       SELECT DISTINCT ON (event_id) * FROM unnest($1::uuid[], $2::text[], $3::integer[], $4::bigint[], $5::text[], $6::text[], $7::uuid[], $8::text[], $9::bigint[], $10::jsonb[], $11::text[], $12::text[], $13::timestamptz[], $14::timestamptz[], $15::text[], $16::text[], $17::text[], $18::text[])
         WITH ORDINALITY AS m (event_id, topic, "partition", "offset", event_type, kind, user_id, tenant_domain, generation, data, traceparent, message_id, created_at, expires_at, reference, recipient, username, source, turn)
       ORDER BY event_id, turn
     ), added AS (
       INSERT INTO inbox (event_id, topic, "partition", "offset", event_type, kind, user_id, tenant_domain, generation, data, traceparent, message_id, created_at, expires_at, source)
       SELECT event_id, topic, "partition", "offset", event_type, kind, user_id, tenant_domain, generation, data, traceparent, message_id, created_at, expires_at, source
       FROM wanted WHERE NOT EXISTS (SELECT FROM past_event p WHERE p.event_id = wanted.event_id) ORDER BY turn
       ON CONFLICT (event_id) DO NOTHING
       RETURNING event_id, tenant_domain, received_at, position
     )
     INSERT INTO filed_mail (tenant_domain, received_at, position, event_id, reference, recipient, username)
     SELECT added.tenant_domain, received_at, position, event_id, reference, recipient, username FROM added JOIN wanted USING (event_id)
     RETURNING event_id`,
    [
      mails.map((mail) => mail.eventId),
      mails.map((mail) => mail.record.topic),
      mails.map((mail) => mail.record.partition),
      mails.map((mail) => mail.record.offset),
      mails.map((mail) => mail.eventType),
      mails.map((mail) => mail.kind),
      mails.map((mail) => mail.holderId),
      mails.map((mail) => mail.tenantDomain),
      mails.map((mail) => mail.generation),
      mails.map((mail) => JSON.stringify(mail.data)),
      mails.map((mail) => mail.traceparent),
      mails.map((mail) => messageIdOf(mail.eventId)),
      mails.map((mail) => mail.createdAt),
      mails.map((mail) => mail.expiresAt),
      mails.map((mail) => referenceOf(mail.eventId)),
      mails.map((mail) => mail.recipient),
      mails.map((mail) => mail.username),
      mails.map((mail) => mail.source),
    ],
  );
  return rows.length;
}

/**
 * Invariant: after this no open recovery row of these users is older than its head or void. Rows being sent are left alone: they
 * look at the head themselves before DATA.
 */
export async function retireOvertaken(tx: SqlExecutor, holderIds: readonly string[]): Promise<Delivery[]> {
  const rows = await tx.query<DeliveryRow>(
    `UPDATE inbox i SET
       state = CASE WHEN h.voided_generation >= i.generation THEN 'CANCELLED' ELSE 'SUPERSEDED' END,
       finished_at = now()
     FROM user_head h
     WHERE h.user_id = i.user_id AND i.user_id = ANY($1::uuid[]) AND i.kind = 'recovery' AND i.state IN ('PENDING', 'UNCERTAIN')
       AND (h.voided_generation >= i.generation OR h.generation > i.generation)
     RETURNING ${deliveryColumns('i')}`,
    [holderIds],
  );
  return rows.map(toDelivery);
}

/** @returns the ids that were not known before: only those are published to the dead topic */
export async function insertDead(tx: SqlExecutor, records: readonly DeadRecord[]): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ id: string; new: boolean }>(
    `INSERT INTO dead AS d (id, topic, "partition", "offset", key, headers, raw, reason, times_seen, cause)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::integer[], $4::bigint[], $5::text[], $6::json[], $7::bytea[], $8::text[], $9::integer[], $10::text[])
     ON CONFLICT (id) DO UPDATE SET times_seen = d.times_seen + excluded.times_seen, last_at = now()
     RETURNING id, xmax = 0 AS new`,
    [
      records.map(({ id }) => id),
      records.map(({ record }) => record.topic),
      records.map(({ record }) => record.partition),
      records.map(({ record }) => record.offset),
      records.map(({ key }) => key),
      records.map(({ headers }) => JSON.stringify(headers)),
      records.map(({ raw }) => raw),
      records.map(({ reason }) => reason),
      records.map(({ timesSeen }) => timesSeen),
      records.map(({ reason }) => causeOf('read', reason)),
    ],
  );
  return new Set(rows.filter((row) => row.new).map(({ id }) => id));
}

/** Wakes every worker at commit. */
export async function notifyWorkers(tx: SqlExecutor): Promise<void> {
  await tx.query(`SELECT pg_notify('inbox', '')`);
}

const mostCounted = 100_000;

/** How many are to be sent now or later, in one look along `inbox_due`. @param mostCounted of more only so many */
export async function waitingMails(database: SqlExecutor, mostCounted: number): Promise<number> {
  const [row] = await database.query<{ mails: number }>(`SELECT count(*)::integer AS mails FROM (SELECT FROM inbox WHERE state IN ('PENDING', 'UNCERTAIN') LIMIT $1) AS waiting`, [mostCounted]);
  return row?.mails ?? 0;
}

/** What has not come to its end, in one look along the indexes of open rows: of more than `mostCounted` only those that are due first. */
export async function openMails(database: SqlExecutor): Promise<OpenMails> {
  const rows = await database.query<{ state: keyof OpenMails['byState']; mails: number; age: number }>(
    `WITH open AS (
       (SELECT state, created_at FROM inbox WHERE state IN ('PENDING', 'UNCERTAIN') ORDER BY next_at LIMIT $1)
       UNION ALL
       SELECT state, created_at FROM inbox WHERE state = 'SENDING'
     )
     SELECT state, count(*)::integer AS mails, greatest(0, extract(epoch FROM now() - min(created_at)))::float8 AS age FROM open GROUP BY state`,
    [mostCounted],
  );
  const counted = { PENDING: 0, UNCERTAIN: 0, SENDING: 0 };
  for (const { state, mails } of rows) counted[state] = mails;
  return { byState: counted, oldestAgeSeconds: rows.length === 0 ? null : Math.max(...rows.map(({ age }) => age)) };
}
