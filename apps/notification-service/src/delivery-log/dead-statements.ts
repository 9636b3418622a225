import type { DeadEvent, DeadSummary, DeliveryFilter } from '@rekey/events';
import type { SqlExecutor } from '@rekey/messaging';

export interface DeadRow {
  readonly id: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly raw: Buffer | null;
  readonly replayed: boolean;
}

export async function findDead(database: SqlExecutor, id: string): Promise<DeadRow | null> {
  const rows = await database.query<DeadRow>(`SELECT id, topic, "partition", "offset", key, headers, raw, replayed_at IS NOT NULL AS replayed FROM dead WHERE id = $1`, [id]);
  return rows[0] ?? null;
}

const summaryColumns = `id, CASE WHEN replayed_at IS NOT NULL THEN 'replayed' WHEN discarded_at IS NOT NULL THEN 'discarded' ELSE 'open' END AS state,
  reason, cause, headers, length(raw) AS bytes, times_seen AS "timesSeen", first_at AS "firstAt", last_at AS "lastAt"`;

interface SummaryRow extends Pick<DeadSummary, 'id' | 'state' | 'reason' | 'cause' | 'bytes' | 'timesSeen'> {
  readonly headers: Readonly<Record<string, string>>;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

const conditionOf: Readonly<Record<DeadSummary['state'], string>> = {
  open: 'replayed_at IS NULL AND discarded_at IS NULL',
  replayed: 'replayed_at IS NOT NULL',
  discarded: 'discarded_at IS NOT NULL AND replayed_at IS NULL',
};

/** The newest first. @param sources of the publishers that are listed @param after the id with which the page before ended */
export async function listDead(database: SqlExecutor, { state, cause }: { readonly state: DeadSummary['state']; readonly cause?: string | undefined }, after: string | null, limit: number, sources: readonly string[]): Promise<readonly DeadSummary[]> {
  const rows = await database.query<SummaryRow>(
    `SELECT ${summaryColumns} FROM dead
     WHERE ${conditionOf[state]} AND ($1::text IS NULL OR cause = $1) AND ($2::uuid IS NULL OR (first_at, id) < (SELECT first_at, id FROM dead WHERE id = $2))
     ORDER BY first_at DESC, id DESC LIMIT $3`,
    [cause ?? null, after, limit],
  );
  return rows.map((row) => toSummary(row, sources));
}

interface DescribedRow extends SummaryRow, Pick<DeadRow, 'topic' | 'partition' | 'offset' | 'key'>, Pick<DeadEvent, 'replayedBy' | 'discardedBy' | 'discardReason'> {
  readonly replayedAt: Date | null;
  readonly discardedAt: Date | null;
}

/** What an operator sees of it: no data, and no signature, by which a record of it could be put on the bus again. */
export async function describeDead(database: SqlExecutor, id: string, sources: readonly string[]): Promise<DeadEvent | null> {
  const [row] = await database.query<DescribedRow>(
    `SELECT ${summaryColumns}, topic, "partition", "offset", key, replayed_at AS "replayedAt", replayed_by AS "replayedBy", discarded_at AS "discardedAt", discarded_by AS "discardedBy", discard_reason AS "discardReason"
     FROM dead WHERE id = $1`,
    [id],
  );
  if (!row) return null;
  const { topic, partition, offset, key, headers, replayedAt, replayedBy, discardedAt, discardedBy, discardReason } = row;
  return {
    ...toSummary(row, sources),
    published: { topic, partition, offset },
    key: key === null ? null : inert(key),
    headers: Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (name.toLowerCase() === 'ce_signature' ? [] : [[inert(name), inert(value)]]))),
    replayedAt: replayedAt?.toISOString() ?? null,
    replayedBy,
    discardedAt: discardedAt?.toISOString() ?? null,
    discardedBy,
    discardReason,
  };
}

function toSummary({ id, state, reason, cause, headers, bytes, timesSeen, firstAt, lastAt }: SummaryRow, sources: readonly string[]): DeadSummary {
  const { ce_type: type, ce_source: source } = headers;
  return {
    id,
    state,
    reason: inert(reason),
    cause,
    type: type === undefined ? null : inert(type),
    publisher: source === undefined ? null : { source: inert(source), listed: sources.includes(source) },
    bytes,
    timesSeen,
    firstAt: firstAt.toISOString(),
    lastAt: lastAt.toISOString(),
  };
}

/** Whatever steers a terminal, turns the direction of a text or is seen by nobody stands there by its number. */
function inert(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** @param after the id behind which they begin */
export async function deadIds(database: SqlExecutor, { cause, from, to }: Pick<DeliveryFilter, 'cause' | 'from' | 'to'>, after: string | null, limit: number): Promise<readonly string[]> {
  const rows = await database.query<{ id: string }>(
    `SELECT id FROM dead WHERE replayed_at IS NULL AND discarded_at IS NULL AND ($1::text IS NULL OR cause = $1) AND ($2::timestamptz IS NULL OR first_at >= $2) AND ($3::timestamptz IS NULL OR first_at < $3)
       AND ($4::uuid IS NULL OR id > $4) ORDER BY id LIMIT $5`,
    [cause ?? null, from ?? null, to ?? null, after, limit],
  );
  return rows.map(({ id }) => id);
}

export async function markReplayed(database: SqlExecutor, id: string, by: string): Promise<void> {
  await database.query(`UPDATE dead SET replayed_at = now(), replayed_by = $2 WHERE id = $1 AND replayed_at IS NULL`, [id, by]);
}

/** Leaves it unread, for a reason. What was decided about it first stays. */
export async function discardDead(database: SqlExecutor, id: string, by: string, reason: string): Promise<void> {
  await database.query(`UPDATE dead SET discarded_at = now(), discarded_by = $2, discard_reason = $3 WHERE id = $1 AND replayed_at IS NULL AND discarded_at IS NULL`, [id, by, reason]);
}
