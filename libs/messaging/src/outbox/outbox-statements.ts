import type { EventRecord, Topic } from '@rekey/events';
import type { WaitingEvents } from '@rekey/observability';
import type { SqlExecutor } from '../database/database.ts';

export interface ClaimedEntry extends EventRecord {
  readonly id: string;
  readonly topic: Topic;
}

/** A relay that dies after claiming holds its entries no longer than this. */
const leaseSeconds = 30;
/** So many rows are changed by one statement: none holds locks for long. */
const republishedAtOnce = 1_000;
const longestWaitSeconds = 900;
const prunedAtOnce = 5_000;
const mostCounted = 100_000;

/** Oldest first. Never `position > last`: that loses entries whose transaction commits late. */
export async function claimUnpublished(database: SqlExecutor, limit: number): Promise<ClaimedEntry[]> {
  const rows = await database.query<{ id: string; position: string; topic: Topic; key: string; headers: Record<string, string>; payload: Buffer }>(
    `UPDATE outbox SET claimed_until = now() + make_interval(secs => $2)
     WHERE position IN (
       SELECT position FROM outbox
       WHERE published_at IS NULL AND (claimed_until IS NULL OR claimed_until < now())
       ORDER BY position LIMIT $1 FOR UPDATE SKIP LOCKED)
     RETURNING id, position, topic, key, headers, payload`,
    [limit, leaseSeconds],
  );
  return rows
    .sort((a, b) => Number(BigInt(a.position) - BigInt(b.position)))
    .map(({ id, topic, key, headers, payload }) => ({ id, topic, key, headers, value: payload }));
}

/** What waits to be published, in one look along `outbox_unpublished`, the oldest first: of more than `mostCounted` only so many. */
export async function waitingEvents(database: SqlExecutor): Promise<WaitingEvents> {
  const [row] = await database.query<{ events: number; age: number | null }>(
    `SELECT count(*)::integer AS events, extract(epoch FROM clock_timestamp() - min(created_at))::float8 AS age
     FROM (SELECT created_at FROM outbox WHERE published_at IS NULL ORDER BY position LIMIT $1) AS waiting`,
    [mostCounted],
  );
  return { events: row?.events ?? 0, oldestAgeSeconds: row?.age ?? null };
}

export async function markPublished(database: SqlExecutor, entries: readonly ClaimedEntry[]): Promise<void> {
  await database.query(`UPDATE outbox SET published_at = now(), claimed_until = NULL WHERE id = ANY($1::uuid[])`, [entries.map(({ id }) => id)]);
}

export async function handBack(database: SqlExecutor, entries: readonly ClaimedEntry[]): Promise<void> {
  await database.query(`UPDATE outbox SET claimed_until = NULL WHERE id = ANY($1::uuid[])`, [entries.map(({ id }) => id)]);
}

/** For what the bus refuses: nobody looks at it again until it has rested. */
export async function setAside(database: SqlExecutor, entries: readonly ClaimedEntry[], restSeconds: number): Promise<void> {
  await database.query(`UPDATE outbox SET claimed_until = now() + make_interval(secs => $2) WHERE id = ANY($1::uuid[])`, [entries.map(({ id }) => id), restSeconds]);
}

/**
 * Even a wiped topic loses no mail: what was published and brought no outcome goes out again until it expires. Receivers know it by its id.
 * Each wait is as long as the event is old, within bounds: while no receiver runs, an event is published a few times, not every minute.
 * @param afterSeconds the shortest wait
 */
export async function republishUnconfirmed(database: SqlExecutor, afterSeconds: number): Promise<{ readonly events: number; readonly mayBeMore: boolean }> {
  const rows = await database.query(
    `UPDATE outbox SET published_at = NULL
     WHERE position IN (
       SELECT position FROM outbox
       WHERE awaits_outcome AND confirmed_at IS NULL AND published_at < now() - make_interval(secs => $1)
         AND published_at < now() - least(published_at - created_at, make_interval(secs => $3))
         AND (expires_at IS NULL OR expires_at > now())
       ORDER BY published_at LIMIT $2 FOR UPDATE SKIP LOCKED)
     RETURNING position`,
    [afterSeconds, republishedAtOnce, longestWaitSeconds],
  );
  return { events: rows.length, mayBeMore: rows.length === republishedAtOnce };
}

/** @returns whether there may be more to remove */
export async function prune(database: SqlExecutor, retentionDays: number): Promise<boolean> {
  const rows = await database.query(
    `DELETE FROM outbox WHERE position IN (
       SELECT position FROM outbox
       WHERE created_at < now() - make_interval(days => $1) AND published_at IS NOT NULL
         AND (confirmed_at IS NOT NULL OR NOT awaits_outcome OR expires_at < now())
       LIMIT $2)
     RETURNING position`,
    [retentionDays, prunedAtOnce],
  );
  return rows.length === prunedAtOnce;
}
