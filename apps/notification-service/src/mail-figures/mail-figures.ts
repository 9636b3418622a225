import { failedMailStates, type DeliveryRequest, type MailFigures } from '@rekey/events';
import type { Database, SqlExecutor } from '@rekey/messaging';
import { happenings, msOfClass } from './happenings.ts';

type Asked = Extract<DeliveryRequest, { ask: 'figures' }>;

interface Counted {
  readonly bucket: number;
  readonly happening: string;
  readonly took: number;
  readonly mails: number;
}

/** In which part something begins, counted from 0. @param from as the statement names it, as the others */
const bucketOf = (from: string, to: string, buckets: string): string =>
  `width_bucket(extract(epoch FROM begins_at)::float8, extract(epoch FROM ${from}::timestamptz)::float8, extract(epoch FROM ${to}::timestamptz)::float8, ${buckets}::integer) - 1`;

const hourMs = 3_600_000;

/** What came in and what ended, in parts of equal length, the oldest first; a minute belongs to the part in which it begins. */
export async function mailFigures(database: Pick<Database, 'query' | 'queryUnprepared'>, asked: Asked): Promise<readonly MailFigures[]> {
  const [counted, oldest] = [await countedIn(database, asked), await oldestIn(database, asked)];
  return Array.from({ length: asked.buckets }, (_, bucket) => ({ ...figuresOf(counted.filter((row) => row.bucket === bucket)), oldestSeconds: oldest.get(bucket) ?? null }));
}

/** By the hour as far as parts are of whole hours and those are over, by the minute as far as minutes are, and mail by mail from there. @returns the quickest first */
async function countedIn(database: Pick<Database, 'query' | 'queryUnprepared'>, asked: Asked): Promise<readonly Counted[]> {
  const { tenantDomain, from, to, buckets } = asked;
  // Read first: what was before it is written down whole, whatever is written down meanwhile.
  const [counted] = await database.query<{ hours: Date; minutes: Date }>(
    `SELECT greatest($1, CASE WHEN $2 THEN date_trunc('hour', least(until, $3)) END) AS hours, greatest($1, least(until, $3)) AS minutes FROM counted_until`,
    [from, isOfWholeHours(asked), to],
  );
  // Its plan depends on how little is not counted yet, which a prepared statement would not know.
  return database.queryUnprepared<Counted>(
    `SELECT ${bucketOf('$4', '$2', '$5')} AS bucket, happening, took, sum(mails)::integer AS mails FROM (
       SELECT begins_at, happening, took, mails FROM mail_hour WHERE tenant_domain = $3 AND begins_at >= $4::timestamptz AND begins_at < $6::timestamptz
       UNION ALL
       SELECT begins_at, happening, took, mails FROM mail_minute WHERE tenant_domain = $3 AND begins_at >= $6::timestamptz AND begins_at < $1::timestamptz
       UNION ALL
       SELECT date_trunc('minute', at), happening, took, 1 FROM (${happenings}) AS h WHERE tenant_domain = $3
     ) AS happened GROUP BY 1, 2, 3 ORDER BY took`,
    [counted?.minutes ?? from, to, tenantDomain, from, buckets, counted?.hours ?? from],
  );
}

function isOfWholeHours({ from, to, buckets }: Asked): boolean {
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  return begin % hourMs === 0 && ((end - begin) / buckets) % hourMs === 0;
}

/** How long the one waited that waited longest, by part. */
async function oldestIn(database: SqlExecutor, { tenantDomain, from, to, buckets }: Asked): Promise<ReadonlyMap<number, number>> {
  const rows = await database.query<{ bucket: number; seconds: number }>(
    `SELECT ${bucketOf('$2', '$3', '$4')} AS bucket, max(oldest_seconds) AS seconds FROM waiting_minute WHERE tenant_domain = $1 AND begins_at >= $2::timestamptz AND begins_at < $3::timestamptz GROUP BY 1`,
    [tenantDomain, from, to, buckets],
  );
  return new Map(rows.map(({ bucket, seconds }) => [bucket, seconds]));
}

function figuresOf(counted: readonly Counted[]): Omit<MailFigures, 'oldestSeconds'> {
  const of = (happening: string): number => counted.reduce((sum, row) => sum + (row.happening === happening ? row.mails : 0), 0);
  const failures = Object.fromEntries(failedMailStates.flatMap((state) => (of(state) === 0 ? [] : [[state, of(state)]])));
  const sent = counted.filter(({ happening }) => happening === 'SENT');
  return { accepted: of('ACCEPTED'), sent: of('SENT'), failed: Object.values(failures).reduce((sum, count) => sum + count, 0), failures, medianMs: percentile(sent, 0.5), p95Ms: percentile(sent, 0.95) };
}

/** @param sent the quickest first */
function percentile(sent: readonly Counted[], part: number): number | null {
  const rank = part * sent.reduce((sum, { mails }) => sum + mails, 0);
  let below = 0;
  for (const { took, mails } of sent) {
    below += mails;
    if (below >= rank) return msOfClass(took);
  }
  return null;
}
