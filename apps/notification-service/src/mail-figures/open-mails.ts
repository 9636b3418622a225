import type { SqlExecutor } from '@rekey/messaging';

/** Of more, those that are due first. */
const mostCounted = 100_000;

/** The mails of all tenants that have not come to their end, along the indexes of open rows. */
export const openMails = `
  (SELECT tenant_domain, received_at FROM inbox WHERE state IN ('PENDING', 'UNCERTAIN') ORDER BY next_at LIMIT ${mostCounted})
  UNION ALL
  SELECT tenant_domain, received_at FROM inbox WHERE state = 'SENDING'`;

/** Those that are still to be sent, whenever they came in. */
export async function openMailsOf(database: SqlExecutor, tenantDomain: string): Promise<{ readonly open: number; readonly oldestOpenAt: string | null }> {
  const [row] = await database.query<{ open: number; oldestAt: Date | null }>(`SELECT count(*)::integer AS open, min(received_at) AS "oldestAt" FROM (${openMails}) AS open WHERE tenant_domain = $1`, [tenantDomain]);
  return { open: row?.open ?? 0, oldestOpenAt: row?.oldestAt?.toISOString() ?? null };
}
