import type { SqlExecutor } from '@rekey/messaging';

/** How long what became of mails is kept. */
export interface Retention {
  readonly days: number;
  /** Where a tenant keeps it for another time. */
  readonly daysOfTenant: Readonly<Record<string, number>>;
}

/** Longer than any topic keeps its events: as long as one may come again, it must be known. */
const rememberedDays = 30;
/** So many rows go in one statement: none holds locks for long. */
const prunedAtOnce = 5_000;

/**
 * Removes mails that came to their end long ago, with all that is known of them. Invariant: an event that may come again is known as long as its topic may
 * keep it, by its id alone where its tenant keeps no more of it.
 * @returns whether there may be more to remove
 */
export async function pruneInbox(database: SqlExecutor, { days, daysOfTenant }: Retention): Promise<boolean> {
  const [pruned] = await database.query<{ mails: number }>(
    `WITH RECURSIVE tenant (name) AS (
       SELECT min(tenant_domain) FROM filed_mail
       UNION ALL
       SELECT (SELECT min(tenant_domain) FROM filed_mail WHERE tenant_domain > tenant.name) FROM tenant WHERE name IS NOT NULL
     ), kept AS (
       SELECT name, now() - make_interval(days => coalesce(own.days, $1)) AS since
       FROM tenant LEFT JOIN unnest($2::text[], $3::integer[]) AS own (tenant_domain, days) ON own.tenant_domain = name
     ), old AS (
       DELETE FROM inbox WHERE event_id IN (
         SELECT event_id FROM kept, LATERAL (
           SELECT event_id FROM filed_mail f JOIN inbox i USING (event_id) WHERE f.tenant_domain = name AND f.received_at < since AND i.finished_at < since ORDER BY f.received_at LIMIT $4) AS of_tenant
         LIMIT $4)
       RETURNING event_id, tenant_domain, received_at, position
     ), remembered AS (
       INSERT INTO past_event (event_id, received_at) SELECT event_id, received_at FROM old WHERE received_at > now() - make_interval(days => ${rememberedDays}) ON CONFLICT DO NOTHING
     ), attempts AS (
       DELETE FROM attempt WHERE event_id IN (SELECT event_id FROM old)
     ), replays AS (
       DELETE FROM replay WHERE event_id IN (SELECT event_id FROM old)
     ), bounces AS (
       DELETE FROM bounce WHERE event_id IN (SELECT event_id FROM old)
     ), filed AS (
       DELETE FROM filed_mail WHERE (tenant_domain, received_at, position) IN (SELECT tenant_domain, received_at, position FROM old)
     )
     SELECT count(*)::integer AS mails FROM old`,
    [days, Object.keys(daysOfTenant), Object.values(daysOfTenant), prunedAtOnce],
  );
  const longestDays = Math.max(rememberedDays, days, ...Object.values(daysOfTenant));
  const removed = [
    pruned?.mails ?? 0,
    await removeSome(database, 'dead', 'id', 'last_at', longestDays),
    await removeSome(database, 'password_set', 'recovery_id', 'kept_at', longestDays),
    await removeSome(database, 'past_event', 'event_id', 'received_at', rememberedDays),
    await removeSome(database, 'crash_count', 'id', 'counted_at', rememberedDays),
    await removeSome(database, 'bounce_token', 'token', 'taken_at', 1),
    await removeSome(database, 'mail_count', '(tenant_domain, digest)', 'ends_at', 0),
  ];
  return removed.includes(prunedAtOnce);
}

async function removeSome(database: SqlExecutor, table: string, key: string, since: string, olderThanDays: number): Promise<number> {
  const columns = key.replaceAll(/[()]/g, '');
  const rows = await database.query(`DELETE FROM ${table} WHERE ${key} IN (SELECT ${columns} FROM ${table} WHERE ${since} < now() - make_interval(days => $1) LIMIT $2) RETURNING 1`, [olderThanDays, prunedAtOnce]);
  return rows.length;
}
