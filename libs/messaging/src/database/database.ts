import { createHash } from 'node:crypto';
import type { DatabaseSettings } from '@rekey/deployment-config';
import { Pool, type ClientConfig, type PoolClient } from 'pg';
import { ChannelListener } from './channel-listener.ts';
import { migrate, type MigrationClass } from './migrate.ts';
import { isPostgresError } from './postgres-error.ts';

/** How long anybody waits for the database before an error tells so: nothing hangs for as long as it does (F20–F22). */
export interface DatabaseLimits {
  /** For a free connection, or a new one. */
  readonly connectionTimeoutMs: number;
  /** For one statement, and between two of a transaction; the server ends it. */
  readonly statementTimeoutMs: number;
  /** For an answer: longer than the server needs to end a statement, for when it is the server or the network that hangs. */
  readonly answerTimeoutMs: number;
}

const usualLimits: DatabaseLimits = { connectionTimeoutMs: 5_000, statementTimeoutMs: 10_000, answerTimeoutMs: 15_000 };

/** Whatever runs SQL: the pool, or one transaction. Parameters are `$1`, `$2`, …; rows come back as plain objects. */
export interface SqlExecutor {
  query<Row = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

const transactionAttempts = 3;

/**
 * One service's PostgreSQL database. TypeORM migrates it; statements go to a pool as named, prepared ones: what matters here is
 * single SQL statements that must be right under races, and they are half as fast through a QueryRunner.
 */
export class Database implements SqlExecutor {
  private readonly pool: Pool;
  private readonly listeners = new Set<ChannelListener>();
  private closed: Promise<unknown> | null = null;

  private constructor(
    private readonly connection: ClientConfig,
    poolSize: number,
    { statementTimeoutMs, answerTimeoutMs }: DatabaseLimits,
  ) {
    this.pool = new Pool({ ...connection, max: poolSize, statement_timeout: statementTimeoutMs, idle_in_transaction_session_timeout: statementTimeoutMs, query_timeout: answerTimeoutMs });
    // A connection that breaks fails the statement it runs, and is replaced; with nobody listening the process would end for it.
    this.pool.on('error', () => undefined);
    this.pool.on('connect', (client) => client.on('error', () => undefined));
  }

  /**
   * Applies the migrations that are missing, and connects.
   * @throws PostgreSQL's or the network's error where that fails: nothing stays open
   */
  static async open(settings: DatabaseSettings, migrations: readonly MigrationClass[], limits: Partial<DatabaseLimits> = {}): Promise<Database> {
    const allLimits = { ...usualLimits, ...limits };
    const { host, port, name, username, password, ssl, poolSize } = settings;
    await migrate(settings, migrations, allLimits.connectionTimeoutMs);
    return new Database({ host, port, database: name, user: username, password, ssl, connectionTimeoutMillis: allLimits.connectionTimeoutMs, keepAlive: true }, poolSize, allLimits);
  }

  async query<Row = Record<string, unknown>>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return run<Row>(this.pool, sql, parameters);
  }

  /** For a statement whose text depends on what is asked: there is no end of those, and a prepared one is kept for good, here and at the server. */
  async queryUnprepared<Row = Record<string, unknown>>(sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    const result = await this.pool.query({ text: sql, values: [...parameters] });
    return result.rows as Row[]; // as in `run`
  }

  /** Commits what `work` did, or nothing of it where it throws. Deadlocks and serialization failures are tried again, three times in all (F23). */
  async transaction<Result>(work: (tx: SqlExecutor) => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.tryTransaction(work);
      } catch (error) {
        if (attempt === transactionAttempts || !isTransient(error)) throw error;
      }
    }
  }

  private async tryTransaction<Result>(work: (tx: SqlExecutor) => Promise<Result>): Promise<Result> {
    const client = await this.pool.connect();
    let broken = false;
    try {
      await client.query('BEGIN');
      const result = await work({ query: (sql, parameters = []) => run(client, sql, parameters) });
      const { command } = await client.query('COMMIT');
      // PostgreSQL answers so, and not by an error, where a statement had failed and `work` went on as if it had not.
      if (command === 'ROLLBACK') throw new Error('a statement of this transaction failed and its error was swallowed: nothing was committed');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => (broken = true));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /** @returns a function that stops listening. `woken` is called as by `ChannelListener` */
  listen(channel: string, woken: () => void): () => Promise<void> {
    const listener = new ChannelListener(this.connection, channel, woken);
    this.listeners.add(listener);
    return async () => {
      this.listeners.delete(listener);
      await listener.stop();
    };
  }

  /** Waits for the statements in hand, and takes no more. */
  async close(): Promise<void> {
    this.closed ??= Promise.all([this.pool.end(), ...[...this.listeners].map((listener) => listener.stop())]);
    await this.closed;
  }
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
