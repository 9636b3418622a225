import { RepeatingTask, type Database, type SqlExecutor } from '@rekey/messaging';
import { reasonOf, type Logger } from '@rekey/observability';
import { happenings } from './happenings.ts';
import { openMails } from './open-mails.ts';

const everyMs = 15_000;
/** What was never counted, as before an upgrade, is counted by the day: no transaction is long. */
const atOnce = '1 day';
/** A day more than is ever shown. */
const keptDays = 93;
const prunedAtOnce = 5_000;

/** Counts what became of mails, by the minute and by the hour. Any number of processes may; one of them does each minute. */
export class MailCounts {
  private readonly counting: RepeatingTask;

  constructor(
    private readonly database: Pick<Database, 'transaction'>,
    log: Logger,
  ) {
    this.counting = new RepeatingTask(() => this.count(), { everyMs, onError: (error) => log.warn({ reason: reasonOf(error) }, 'the mails of the last minutes are not counted yet') });
  }

  start(): void {
    this.counting.start();
  }

  async stop(): Promise<void> {
    await this.counting.stop();
  }

  /**
   * Invariant: a minute is written down once, and an hour, when nothing can happen in it any more: a transaction says that something happened when it
   * began, and none is under way that began so long ago.
   * @returns whether there may be more to count at once
   */
  async count(): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const [turn] = await tx.query<{ since: Date; until: Date; isBehind: boolean }>(
        `WITH over AS (
           SELECT date_trunc('minute', least(now() - interval '5 seconds', (SELECT min(xact_start) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'))) AS until
         )
         SELECT c.until AS since, least(over.until, c.until + interval '${atOnce}') AS until, over.until > c.until + interval '${atOnce}' AS "isBehind"
         FROM counted_until c, over FOR UPDATE OF c SKIP LOCKED`,
        [],
      );
      if (!turn || turn.until <= turn.since) return false;
      const span = [turn.since, turn.until];
      await tx.query(
        `INSERT INTO mail_minute (tenant_domain, begins_at, happening, took, mails)
         SELECT tenant_domain, date_trunc('minute', at), happening, took, count(*) FROM (${happenings}) AS h GROUP BY 1, 2, 3, 4`,
        span,
      );
      await tx.query(
        `INSERT INTO mail_hour (tenant_domain, begins_at, happening, took, mails)
         SELECT tenant_domain, date_trunc('hour', begins_at), happening, took, sum(mails) FROM mail_minute WHERE begins_at >= date_trunc('hour', $1::timestamptz) AND begins_at < date_trunc('hour', $2::timestamptz) GROUP BY 1, 2, 3, 4`,
        span,
      );
      await tx.query(`UPDATE counted_until SET until = $1`, [turn.until]);
      if (!turn.isBehind) await noteWaiting(tx);
      return turn.isBehind;
    });
  }
}

async function noteWaiting(tx: SqlExecutor): Promise<void> {
  await tx.query(
    `INSERT INTO waiting_minute (tenant_domain, begins_at, oldest_seconds)
     SELECT tenant_domain, date_trunc('minute', now()), max(extract(epoch FROM now() - received_at)) FROM (${openMails}) AS open GROUP BY tenant_domain
     ON CONFLICT DO NOTHING`,
    [],
  );
}

/** @returns whether there may be more to remove */
export async function pruneMailCounts(database: SqlExecutor): Promise<boolean> {
  let isMore = false;
  for (const table of ['mail_minute', 'mail_hour', 'waiting_minute']) {
    const rows = await database.query(`DELETE FROM ${table} WHERE ctid IN (SELECT ctid FROM ${table} WHERE begins_at < now() - make_interval(days => $1) LIMIT $2) RETURNING 1`, [keptDays, prunedAtOnce]);
    isMore ||= rows.length === prunedAtOnce;
  }
  return isMore;
}
