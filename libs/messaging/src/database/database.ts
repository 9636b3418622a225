import { createHash } from 'node:crypto';
import { DataSource, type MigrationInterface } from 'typeorm';
import { Client, type Pool, type PoolClient } from 'pg';

export interface DatabaseSettings {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly username: string;
  readonly password: string;
  /** Connections kept at most. */
  readonly poolSize: number;
  readonly ssl: boolean;
}

/** Whatever runs SQL: the pool, or one transaction. Parameters are `$1`, `$2`, …; rows come back as plain objects. */
export interface SqlExecutor {
  query<Row = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

export type MigrationClass = new () => MigrationInterface;

/** No request waits longer than this for a free connection (F22). */
const connectionTimeoutMs = 5_000;
const statementTimeoutMs = 10_000;

/**
 * One service's PostgreSQL database. TypeORM opens it and migrates it; statements go straight to its pool as named, prepared ones:
 * what matters here is single SQL statements that must be right under races, and they are half as fast through a QueryRunner.
 */
export class Database implements SqlExecutor {
  private readonly listeners = new Set<Client>();
  private closing = false;

  private constructor(
    private readonly dataSource: DataSource,
    private readonly pool: Pool,
    private readonly settings: DatabaseSettings,
  ) {}

  /** Connects and applies the migrations that are missing; two processes starting at once take turns. */
  static async open(settings: DatabaseSettings, migrations: readonly MigrationClass[]): Promise<Database> {
    const dataSource = await new DataSource({
      type: 'postgres',
      host: settings.host,
      port: settings.port,
      database: settings.name,
      username: settings.username,
      password: settings.password,
      ssl: settings.ssl,
      poolSize: settings.poolSize,
      connectTimeoutMS: connectionTimeoutMs,
      extra: { statement_timeout: statementTimeoutMs, idle_in_transaction_session_timeout: statementTimeoutMs },
      migrations: [...migrations],
      migrationsTransactionMode: 'each',
    }).initialize();
    const database = new Database(dataSource, poolOf(dataSource), settings);
    try {
      await database.migrate();
    } catch (error) {
      await database.close();
      throw error;
    }
    return database;
  }

  private async migrate(): Promise<void> {
    const turn = this.dataSource.createQueryRunner();
    try {
      await turn.query('SELECT pg_advisory_lock($1)', [migrationLock]);
      await this.dataSource.runMigrations();
    } finally {
      await turn.query('SELECT pg_advisory_unlock($1)', [migrationLock]).catch(() => undefined);
      await turn.release();
    }
  }

  async query<Row = Record<string, unknown>>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return run<Row>(this.pool, sql, parameters);
  }

  /** Commits what `work` did, or nothing of it where it throws. Deadlocks and serialization failures are tried again, three times in all. */
  async transaction<Result>(work: (tx: SqlExecutor) => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.tryTransaction(work);
      } catch (error) {
        if (attempt === 3 || !isTransient(error)) throw error;
      }
    }
  }

  private async tryTransaction<Result>(work: (tx: SqlExecutor) => Promise<Result>): Promise<Result> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      const result = await work({ query: (sql, parameters = []) => run(client, sql, parameters) });
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((rollbackError: Error) => (broken = rollbackError));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /**
   * Calls `woken` at every NOTIFY on the channel, on a connection of its own that is opened again when it breaks. Notifications
   * sent meanwhile are lost: whoever listens also polls.
   * @returns a function that stops listening
   */
  listen(channel: string, woken: () => void): () => Promise<void> {
    const subscription: { client: Client | null; stopped: boolean } = { client: null, stopped: false };
    const connect = async (): Promise<void> => {
      if (subscription.stopped || this.closing) return;
      const { host, port, name, username, password, ssl } = this.settings;
      const client = new Client({ host, port, database: name, user: username, password, ssl });
      const reconnect = once(() => {
        this.listeners.delete(client);
        client.end().catch(() => undefined);
        if (!subscription.stopped && !this.closing) setTimeout(() => void connect(), 1_000).unref();
      });
      client.on('error', reconnect);
      client.on('end', reconnect);
      client.on('notification', woken);
      subscription.client = client;
      this.listeners.add(client);
      try {
        await client.connect();
        await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
        woken();
      } catch {
        reconnect();
      }
    };
    void connect();
    return async () => {
      subscription.stopped = true;
      if (subscription.client) await subscription.client.end().catch(() => undefined);
    };
  }

  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    await Promise.all([...this.listeners].map((client) => client.end().catch(() => undefined)));
    await this.dataSource.destroy();
  }
}

/** Any constant: the two services' databases each have locks of their own. */
const migrationLock = 7_350_431;

/** TypeORM does not type its driver's pool; `master` is the pg.Pool of a Postgres data source. */
function poolOf(dataSource: DataSource): Pool {
  const pool = (dataSource.driver as unknown as { master: Pool }).master;
  pool.on('error', () => undefined); // an idle connection that broke: the pool opens another one
  return pool;
}

const statementNames = new Map<string, string>();

/** A statement's name is its text's hash: PostgreSQL parses and plans it once per connection. */
function nameOf(sql: string): string {
  const known = statementNames.get(sql);
  if (known) return known;
  const name = createHash('sha256').update(sql).digest('base64url').slice(0, 40);
  statementNames.set(sql, name);
  return name;
}

async function run<Row>(executor: Pool | PoolClient, sql: string, parameters: readonly unknown[]): Promise<Row[]> {
  const result = await executor.query({ name: nameOf(sql), text: sql, values: [...parameters] });
  return result.rows as Row[]; // the caller wrote the statement and names its row
}

/** Serialization failure and deadlock: the same transaction may well succeed when run again. */
function isTransient(error: unknown): boolean {
  return isPostgresError(error) && (error.code === '40001' || error.code === '40P01');
}

export function isPostgresError(error: unknown): error is Error & { code: string; constraint?: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && 'severity' in error;
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    work();
  };
}
