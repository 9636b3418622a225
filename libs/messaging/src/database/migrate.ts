import { DataSource, type MigrationInterface } from 'typeorm';
import type { DatabaseSettings } from './database.ts';

export type MigrationClass = new () => MigrationInterface;

/** Any constant: the two services' databases each have locks of their own. */
const migrationLock = 7_350_431;

/**
 * Applies the migrations that are missing, each in a transaction of its own. Processes that start at once take turns. Done on
 * connections of its own that know no time limit: building an index over a million rows, or waiting for whoever does, may take its time.
 */
export async function migrate({ host, port, name, username, password, ssl }: DatabaseSettings, migrations: readonly MigrationClass[], connectTimeoutMS: number): Promise<void> {
  const dataSource = await new DataSource({
    type: 'postgres',
    host,
    port,
    database: name,
    username,
    password,
    ssl,
    connectTimeoutMS,
    poolSize: 2, // one holds the lock, the other migrates
    migrations: [...migrations],
    migrationsTransactionMode: 'each',
  }).initialize();
  const turn = dataSource.createQueryRunner();
  try {
    await turn.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    await dataSource.runMigrations();
  } finally {
    await turn.release();
    await dataSource.destroy(); // ends the session, and the lock with it
  }
}
