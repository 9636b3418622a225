import type { SqlExecutor } from '@rekey/messaging';

/** The database's clock: the only one that keys and mails are dated by. */
export async function databaseNow(executor: SqlExecutor): Promise<Date> {
  const [clock] = await executor.query<{ now: Date }>('SELECT now() AS now');
  if (!clock) throw new Error('the database has no clock');
  return clock.now;
}
