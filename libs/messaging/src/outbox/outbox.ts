import type { EventRecord, Topic } from '@rekey/events';
import { traced } from '@rekey/observability';
import type { SqlExecutor } from '../database/database.ts';
import { bytesOf } from '../record-size.ts';

/** An event on its way out: written in the transaction that made it true, published by the relay. */
export interface OutboxEntry {
  /** The event id: published twice, it is still one event. */
  readonly id: string;
  readonly topic: Topic;
  readonly record: EventRecord;
  /** After this nobody needs it published again; null: never expires. RFC 3339. */
  readonly expiresAt: string | null;
  /** Whether a notification event will come back for it; until then the reconciler publishes it again. */
  readonly awaitsOutcome: boolean;
}

/** The columns of one entry, for statements that write it together with something else; `parameters` go with `outboxColumns` in order. */
export const outboxColumns = 'id, topic, key, headers, payload, expires_at, awaits_outcome';

/** What of `claimed_until` stands beside them where the writer's own process publishes the entry: others do so when it has died before. */
export const claimedByWriter = `now() + interval '5 seconds'`;

/** A record that no broker would take (its limit is 1 MiB) would hold up all behind it for ever: it is refused before it is written. */
export const maxRecordBytes = 512 * 1024;

/** @throws RangeError where the event, with its key and headers, is larger than `maxRecordBytes` */
export function outboxParameters(entry: OutboxEntry): readonly unknown[] {
  const { id, topic, record, expiresAt, awaitsOutcome } = entry;
  const bytes = bytesOf(record);
  if (bytes > maxRecordBytes) throw new RangeError(`event ${id} has ${bytes} bytes, more than the ${maxRecordBytes} that fit the bus`);
  return [id, topic, record.key, JSON.stringify(record.headers), record.value, expiresAt, awaitsOutcome];
}

/** The span of a statement that writes entries, with whatever else it writes. */
export async function writing<Result>(entries: readonly OutboxEntry[], write: () => Promise<Result>): Promise<Result> {
  return traced('outbox write', { kind: 'producer', attributes: { 'messaging.batch.message_count': entries.length, 'rekey.event_ids': entries.map(({ id }) => id) } }, write);
}

export async function appendToOutbox(tx: SqlExecutor, entries: readonly OutboxEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map(outboxParameters);
  const columns = Array.from({ length: 7 }, (_, column) => rows.map((row) => row[column]));
  await writing(entries, async () => tx.query(
    `INSERT INTO outbox (${outboxColumns})
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[], $5::bytea[], $6::timestamptz[], $7::boolean[])`,
    columns,
  ));
}

/** A receiver has said what came of these events: they need no publishing again. */
export async function confirmOutbox(tx: SqlExecutor, eventIds: readonly string[]): Promise<void> {
  await tx.query(`UPDATE outbox SET confirmed_at = now() WHERE id = ANY($1::uuid[]) AND confirmed_at IS NULL`, [eventIds]);
}
