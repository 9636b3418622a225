import { isOfTimeToCome, topics, type EventReader, type EventRecord, type RecoveryEvent, type UnreadableBy } from '@rekey/events';
import { appendToOutbox, isPostgresError, type SqlExecutor } from '@rekey/messaging';
import { databaseNow } from '../recovery/database-now.ts';

/** For a publisher's clock that differs from the database's. */
const mayBeAheadMs = 5 * 60_000;

export type Taken =
  /** It is in the outbox, from now on or already. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'unreadable'; readonly by: UnreadableBy; readonly reason: string }
  /** Its id is that of another event. */
  | { readonly kind: 'id is taken' };

/**
 * Puts another service's event into the outbox, as it came and with its publisher's own signature: whoever reads it from the topic checks it
 * again. One id is one event, however often it comes.
 */
export async function takeEvent(database: SqlExecutor, reader: EventReader, record: EventRecord): Promise<Taken> {
  const result = reader.read(record);
  if (result.kind === 'unreadable') return result;
  const { event } = result;
  if (isOfTimeToCome(event, (await databaseNow(database)).getTime(), mayBeAheadMs)) return { kind: 'unreadable', by: 'malformed', reason: 'the event is of a time to come' };
  const { expiresAt, wantsMail } = mailOf(event);
  if (wantsMail === null) return { kind: 'unreadable', by: 'not allowed', reason: `a ${event.type} is the notification service’s own to say` };
  try {
    await appendToOutbox(database, [{ id: event.id, topic: topics.recovery, record, expiresAt, awaitsOutcome: wantsMail }]);
    return { kind: 'taken' };
  } catch (error) {
    if (!isPostgresError(error) || error.code !== uniqueViolation) throw error;
    return (await isInOutbox(database, event, record)) ? { kind: 'taken' } : { kind: 'id is taken' };
  }
}

/** https://www.postgresql.org/docs/18/errcodes-appendix.html */
const uniqueViolation = '23505';

/** @returns wantsMail: whether an outcome will be told of it; null where the event is itself an outcome */
function mailOf({ data }: RecoveryEvent): { readonly expiresAt: string | null; readonly wantsMail: boolean | null } {
  if ('eventId' in data) return { expiresAt: null, wantsMail: null };
  if (!('recipient' in data)) return { expiresAt: null, wantsMail: false };
  return { expiresAt: data.expiresAt, wantsMail: data.recipient !== null };
}

async function isInOutbox(database: SqlExecutor, { id, source }: RecoveryEvent, { value }: EventRecord): Promise<boolean> {
  const rows = await database.query(`SELECT 1 FROM outbox WHERE id = $1 AND headers ->> 'ce_source' = $2 AND payload = $3`, [id, source, value]);
  return rows.length === 1;
}
