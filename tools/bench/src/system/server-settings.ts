import type { Client } from 'pg';

const names = ['server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'max_connections', 'wal_sync_method'];

/** Of PostgreSQL, and of the service where a figure depends on it. */
export async function serverSettings(database: Client): Promise<Record<string, string>> {
  const { rows } = await database.query<{ name: string; setting: string; unit: string | null }>('SELECT name, setting, unit FROM pg_settings WHERE name = ANY($1)', [names]);
  const { rows: pool } = await database.query<{ connections: number }>(`SELECT count(*)::int AS connections FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`);
  return {
    ...Object.fromEntries(rows.map(({ name, setting, unit }) => [name, unit === null ? setting : `${setting} × ${unit}`])),
    connectionsOfTheService: String(pool[0]?.connections ?? 0),
    passwordHash: 'argon2id, 19 MiB, 2 passes, 1 lane',
    cooldown: '60s',
  };
}
