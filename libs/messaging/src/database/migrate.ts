import type { DatabaseSettings } from '@rekey/deployment-config';
import { Client } from 'pg';
import type { MigrationInterface } from 'typeorm';
import { isPostgresError } from './postgres-error.ts';

export type MigrationClass = new () => MigrationInterface;

/** Any constant: the two services' databases each have locks of their own. */
const migrationLock = 7_350_431;

/** Where TypeORM keeps the names of those that were applied, each written in the transaction that did. */
const table = 'migrations';

/**
 * Applies the migrations that are missing, each in a transaction of its own. Processes that start at once take turns. Done on
 * connections of its own that know no time limit: building an index over a million rows, or waiting for whoever does, may take its time.
 * Where none is missing, which is nearly always, TypeORM is not even loaded: it takes 12 MB, and a tenth of a second.
 */
export async function migrate(settings: DatabaseSettings, migrations: readonly MigrationClass[], connectTimeoutMS: number): Promise<void> {
  const applied = await appliedMigrations(settings, connectTimeoutMS);
  if (migrations.some((migration) => !applied.has(new migration().name ?? migration.name))) await applyMissing(settings, migrations, connectTimeoutMS);
}

async function appliedMigrations({ host, port, name, username, password, ssl }: DatabaseSettings, connectionTimeoutMillis: number): Promise<ReadonlySet<string>> {
  const client = new Client({ host, port, database: name, user: username, password, ssl, connectionTimeoutMillis });
  // A connection that breaks fails the statement it runs; with nobody listening the process would end for it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${table}`);
    return new Set(rows.map((row) => row.name));
  } catch (error) {
    if (isPostgresError(error) && error.code === undefinedTable) return new Set();
    throw error;
  } finally {
    await client.end();
  }
}

const undefinedTable = '42P01';

async function applyMissing({ host, port, name, username, password, ssl }: DatabaseSettings, migrations: readonly MigrationClass[], connectTimeoutMS: number): Promise<void> {
  const { DataSource } = await import('typeorm');
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
    migrationsTableName: table,
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
