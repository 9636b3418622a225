import { randomBytes } from 'node:crypto';
import { dropDatabase, ensureDatabase, settingsOf, startSharedPostgres, type DatabaseSettings } from '@rekey/local-stack/shared-postgres';
import { onceInRun } from './test-run/once-in-run.ts';

export interface TestDatabase {
  settings: DatabaseSettings;
  /** Ends whoever is connected and removes it. What is not dropped goes with the run. */
  drop(): Promise<void>;
}

/** A fresh, empty, randomly named database with a role of its own, in the one real PostgreSQL 18 that this test run shares. */
export async function aDatabase(): Promise<TestDatabase> {
  const server = await onceInRun('postgres', async ({ folder, endLater }) => {
    const started = await startSharedPostgres(folder);
    await endLater(started.pid, 'SIGINT');
    return started;
  });
  const name = `test_${randomBytes(8).toString('hex')}`;
  await ensureDatabase(server, name);
  return { settings: settingsOf(server, name), drop: () => dropDatabase(server, name) };
}
