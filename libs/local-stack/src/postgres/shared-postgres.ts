import { silent } from '../local-stack-log.ts';
import { freePort } from '../ports.ts';
import { runPostgres } from './embedded-postgres.ts';
import type { PostgresAddress } from './databases.ts';

export { dropDatabase, ensureDatabase, settingsOf, type DatabaseSettings, type PostgresAddress } from './databases.ts';

export interface SharedPostgres extends PostgresAddress {
  pid: number;
}

/**
 * Starts a PostgreSQL that outlives the process which starts it, for the workers of one test run. It may lose data in a power cut.
 * Whoever starts it sees to it that nobody else does in this folder, and that it gets a SIGINT in the end.
 */
export async function startSharedPostgres(dataFolder: string): Promise<SharedPostgres> {
  const port = await freePort();
  const settings = { fsync: 'off', full_page_writes: 'off', max_connections: '400' };
  const { pid, cluster } = await runPostgres({ dataFolder, port, log: silent, settings });
  return { pid, port, secret: cluster.secret };
}
