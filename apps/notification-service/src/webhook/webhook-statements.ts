import { createHash } from 'node:crypto';
import type { WebhookSettings } from '@rekey/deployment-config';
import type { EventRecord, KnownWebhook } from '@rekey/events';
import type { SqlExecutor } from '@rekey/messaging';

/** An outcome that this process may tell one webhook of now. */
export interface WebhookDelivery extends EventRecord {
  readonly webhook: string;
  readonly outcomeId: string;
  /** With this one. Names the claim: whoever does not hold it any more changes nothing. */
  readonly attempts: number;
}

/** So long a webhook is asked to take an event; then it is not told of it any more. */
const giveUpAfterHours = 24;
/** So long it may take nothing that it is asked to take; then it is told nothing more. */
const offAfterHours = 72;
/** So many rows are changed by one statement: none holds locks for long. */
const givenUpAtOnce = 1_000;
const prunedAtOnce = 5_000;

/** Invariant: nobody else claims these rows before the lease, by the database's clock, has run out. */
export async function claimForWebhook(database: SqlExecutor, { webhook, limit, leaseSeconds }: { readonly webhook: string; readonly limit: number; readonly leaseSeconds: number }): Promise<WebhookDelivery[]> {
  const rows = await database.query<{ outcome_id: string; attempts: number; key: string; headers: Record<string, string>; payload: Buffer }>(
    `WITH due AS (
       SELECT outcome_id FROM webhook_delivery
       WHERE webhook = $1 AND state = 'WAITING' AND next_at <= now()
       ORDER BY next_at LIMIT $2 FOR UPDATE SKIP LOCKED
     )
     UPDATE webhook_delivery d SET attempts = attempts + 1, next_at = now() + make_interval(secs => $3)
     FROM due JOIN outbox o ON o.id = due.outcome_id
     WHERE d.webhook = $1 AND d.outcome_id = due.outcome_id
     RETURNING d.outcome_id, d.attempts, o.key, o.headers, o.payload`,
    [webhook, limit, leaseSeconds],
  );
  return rows.map(({ outcome_id: outcomeId, attempts, key, headers, payload }) => ({ webhook, outcomeId, attempts, key, headers, value: payload }));
}

type Claim = Pick<WebhookDelivery, 'webhook' | 'outcomeId' | 'attempts'>;

export async function noteTaken(database: SqlExecutor, { webhook, outcomeId, attempts }: Claim): Promise<void> {
  await database.query(
    `WITH well AS (UPDATE webhook_state SET failing_since = NULL, last_error = NULL WHERE webhook = $1 AND failing_since IS NOT NULL AND off_at IS NULL)
     UPDATE webhook_delivery SET state = 'TAKEN', finished_at = now() WHERE webhook = $1 AND outcome_id = $2 AND attempts = $3 AND state = 'WAITING'`,
    [webhook, outcomeId, attempts],
  );
}

export async function notePutOff(database: SqlExecutor, { webhook, outcomeId, attempts }: Claim, reason: string, afterSeconds: number): Promise<void> {
  await database.query(
    `UPDATE webhook_delivery SET next_at = now() + make_interval(secs => $4), last_error = $5 WHERE webhook = $1 AND outcome_id = $2 AND attempts = $3 AND state = 'WAITING'`,
    [webhook, outcomeId, attempts, afterSeconds, reason],
  );
}

/** It wants to be told nothing more, under this URL. */
export async function noteGone(database: SqlExecutor, webhook: Pick<WebhookSettings, 'name' | 'url'>): Promise<void> {
  await database.query(
    `INSERT INTO webhook_state (webhook, url_digest, off_at, off_because) VALUES ($1, $2, now(), 'gone')
     ON CONFLICT (webhook) DO UPDATE SET url_digest = excluded.url_digest, failing_since = NULL, last_error = NULL, off_at = now(), off_because = 'gone'`,
    [webhook.name, digestOf(webhook)],
  );
}

/** It takes nothing, whatever it is told. @returns whether that has lasted so long, under this URL, that it is told nothing more */
export async function noteFailing(database: SqlExecutor, webhook: Pick<WebhookSettings, 'name' | 'url'>, reason: string): Promise<boolean> {
  const [row] = await database.query<{ is_off: boolean }>(
    `INSERT INTO webhook_state AS s (webhook, url_digest, failing_since, last_error) VALUES ($1, $2, now(), $3)
     ON CONFLICT (webhook) DO UPDATE SET url_digest = excluded.url_digest, last_error = excluded.last_error,
       failing_since = CASE WHEN s.url_digest = excluded.url_digest THEN coalesce(s.failing_since, now()) ELSE now() END,
       off_at = CASE WHEN s.url_digest = excluded.url_digest THEN coalesce(s.off_at, CASE WHEN s.failing_since < now() - make_interval(hours => $4) THEN now() END) END,
       off_because = CASE WHEN s.url_digest = excluded.url_digest THEN coalesce(s.off_because, CASE WHEN s.failing_since < now() - make_interval(hours => $4) THEN 'failing' END) END
     RETURNING off_at IS NOT NULL AS is_off`,
    [webhook.name, digestOf(webhook), reason, offAfterHours],
  );
  return row?.is_off ?? false;
}

/** @returns the names of those that are told nothing more, under the URL that they have */
export async function offAmong(database: SqlExecutor, webhooks: readonly Pick<WebhookSettings, 'name' | 'url'>[]): Promise<ReadonlySet<string>> {
  const rows = await database.query<{ webhook: string }>(
    `SELECT webhook FROM webhook_state JOIN unnest($1::text[], $2::bytea[]) AS w (webhook, url_digest) USING (webhook, url_digest) WHERE off_at IS NOT NULL`,
    [webhooks.map(({ name }) => name), webhooks.map(digestOf)],
  );
  return new Set(rows.map(({ webhook }) => webhook));
}

/** It is told again, from its next outcome on. */
export async function forgetGone(database: SqlExecutor, webhook: string): Promise<void> {
  await database.query(`DELETE FROM webhook_state WHERE webhook = $1`, [webhook]);
}

type WebhookFigures = Pick<KnownWebhook, 'goneSince' | 'waiting' | 'oldestWaitingAt' | 'lastError' | 'lastTakenAt' | 'takenInLastHour' | 'givenUpInLastDay'>;
type FigureTimes = 'goneSince' | 'oldestWaitingAt' | 'lastTakenAt';

/** @returns by name */
export async function webhookFigures(database: SqlExecutor, webhooks: readonly Pick<WebhookSettings, 'name' | 'url'>[]): Promise<ReadonlyMap<string, WebhookFigures>> {
  const rows = await database.query<Omit<WebhookFigures, FigureTimes> & Readonly<Record<FigureTimes, Date | null>> & { readonly name: string }>(
    `SELECT w.name, s.off_at AS "goneSince", waiting.waiting, waiting."oldestWaitingAt", coalesce(waiting."lastError", s.last_error) AS "lastError", finished.*,
       (SELECT max(finished_at) FROM webhook_delivery d WHERE d.webhook = w.name AND state = 'TAKEN') AS "lastTakenAt"
     FROM unnest($1::text[], $2::bytea[]) AS w (name, url_digest)
     LEFT JOIN webhook_state s ON s.webhook = w.name AND s.url_digest = w.url_digest,
     LATERAL (
       SELECT count(*)::integer AS waiting, min(created_at) AS "oldestWaitingAt", (array_agg(last_error ORDER BY next_at) FILTER (WHERE last_error IS NOT NULL))[1] AS "lastError"
       FROM (SELECT created_at, last_error, next_at FROM webhook_delivery d WHERE d.webhook = w.name AND state = 'WAITING' ORDER BY next_at LIMIT 10000) AS due
     ) AS waiting,
     LATERAL (
       SELECT (count(*) FILTER (WHERE state = 'TAKEN' AND finished_at > now() - interval '1 hour'))::integer AS "takenInLastHour", (count(*) FILTER (WHERE state = 'GIVEN_UP'))::integer AS "givenUpInLastDay"
       FROM webhook_delivery d WHERE d.webhook = w.name AND state <> 'WAITING' AND finished_at > now() - interval '1 day'
     ) AS finished`,
    [webhooks.map(({ name }) => name), webhooks.map(digestOf)],
  );
  return new Map(
    rows.map(({ name, goneSince, oldestWaitingAt, lastTakenAt, ...figures }) => [name, { ...figures, goneSince: goneSince?.toISOString() ?? null, oldestWaitingAt: oldestWaitingAt?.toISOString() ?? null, lastTakenAt: lastTakenAt?.toISOString() ?? null }]),
  );
}

/** Also of webhooks that the file does not name any more. @returns of how many events each is not told any more, by name */
export async function giveUpLate(database: SqlExecutor, off: ReadonlySet<string>): Promise<ReadonlyMap<string, number>> {
  const rows = await database.query<{ webhook: string; events: number }>(
    `WITH late AS (
       SELECT webhook, outcome_id FROM webhook_delivery
       WHERE state = 'WAITING' AND (created_at < now() - make_interval(hours => $1) OR webhook = ANY($2::text[]))
       LIMIT $3 FOR UPDATE SKIP LOCKED
     ), given_up AS (
       UPDATE webhook_delivery d SET state = 'GIVEN_UP', finished_at = now()
       FROM late WHERE d.webhook = late.webhook AND d.outcome_id = late.outcome_id
       RETURNING d.webhook
     )
     SELECT webhook, count(*)::integer AS events FROM given_up GROUP BY webhook`,
    [giveUpAfterHours, [...off], givenUpAtOnce],
  );
  return new Map(rows.map(({ webhook, events }) => [webhook, events]));
}

/** @returns whether there may be more to remove */
export async function pruneWebhookDeliveries(database: SqlExecutor, retentionDays: number): Promise<boolean> {
  const rows = await database.query(
    `DELETE FROM webhook_delivery WHERE (webhook, outcome_id) IN (
       SELECT webhook, outcome_id FROM webhook_delivery WHERE state <> 'WAITING' AND finished_at < now() - make_interval(days => $1) LIMIT $2)
     RETURNING outcome_id`,
    [retentionDays, prunedAtOnce],
  );
  return rows.length === prunedAtOnce;
}

/** The database knows no URL: there may be a secret in it. */
function digestOf({ url }: Pick<WebhookSettings, 'url'>): Buffer {
  return createHash('sha256').update(url).digest();
}
