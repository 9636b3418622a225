import { failedStates, type DeliveryRequest, type MailFigures } from '@rekey/events';
import type { SqlExecutor } from '@rekey/messaging';

interface Row extends Omit<MailFigures, 'medianMs' | 'p95Ms'> {
  readonly bucket: number;
  readonly percentiles: readonly [number, number] | null;
}

const none: MailFigures = { accepted: 0, sent: 0, failed: 0, medianMs: null, p95Ms: null };

/** What became of the mails that came in, in parts of equal length, the oldest first. */
export async function mailFigures(database: SqlExecutor, { tenantDomain, from, to, buckets }: Extract<DeliveryRequest, { ask: 'figures' }>): Promise<readonly MailFigures[]> {
  const rows = await database.query<Row>(
    `SELECT width_bucket(extract(epoch FROM received_at), extract(epoch FROM $2::timestamptz), extract(epoch FROM $3::timestamptz), $4::integer) - 1 AS bucket,
       count(*)::integer AS accepted, (count(*) FILTER (WHERE state = 'SENT'))::integer AS sent, (count(*) FILTER (WHERE state = ANY ($5::text[])))::integer AS failed,
       percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY (extract(epoch FROM sent_at - received_at) * 1000)::float8) FILTER (WHERE sent_at IS NOT NULL) AS percentiles
     FROM inbox WHERE tenant_domain = $1 AND received_at >= $2::timestamptz AND received_at < $3::timestamptz GROUP BY bucket`,
    [tenantDomain, from, to, buckets, failedStates],
  );
  const figures = new Map(rows.map(({ bucket, percentiles, ...counts }) => [bucket, { ...counts, medianMs: percentiles?.[0] ?? null, p95Ms: percentiles?.[1] ?? null }]));
  return Array.from({ length: buckets }, (_, bucket) => figures.get(bucket) ?? none);
}

/** Those that are still to be sent, whenever they came in. */
export async function openMails(database: SqlExecutor, tenantDomain: string): Promise<{ readonly open: number; readonly oldestOpenAt: string | null }> {
  const [row] = await database.query<{ open: number; oldestAt: Date | null }>(
    `SELECT count(*)::integer AS open, min(received_at) AS "oldestAt" FROM inbox WHERE tenant_domain = $1 AND state IN ('PENDING', 'UNCERTAIN', 'SENDING')`,
    [tenantDomain],
  );
  return { open: row?.open ?? 0, oldestOpenAt: row?.oldestAt?.toISOString() ?? null };
}
