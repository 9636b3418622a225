import type { Client } from 'pg';

/** What PostgreSQL did for each mail. */
export interface DatabaseCosts {
  readonly commits: number;
  readonly walBytes: number;
  /** Inserted, or written anew. */
  readonly rowVersions: number;
  /** Of those written anew, the part that needed no new entry in any index. */
  readonly hotShare: number;
}

interface Counters {
  readonly commits: number;
  readonly wal: number;
  readonly inserted: number;
  readonly updated: number;
  readonly hot: number;
}

/** Counts from the moment it is made. */
export class DatabaseWatch {
  private constructor(
    private readonly database: Client,
    private readonly before: Counters,
  ) {}

  static async begin(database: Client): Promise<DatabaseWatch> {
    return new DatabaseWatch(database, await countersOf(database));
  }

  /** Behind the end of the services' connections: only then has PostgreSQL counted everything. */
  async costs(mails: number): Promise<DatabaseCosts> {
    const after = await countersOf(this.database);
    const { commits, wal, inserted, updated, hot } = this.before;
    const rewritten = after.updated - updated;
    return { commits: (after.commits - commits) / mails, walBytes: (after.wal - wal) / mails, rowVersions: (after.inserted - inserted + rewritten) / mails, hotShare: (after.hot - hot) / rewritten };
  }
}

async function countersOf(database: Client): Promise<Counters> {
  const { rows } = await database.query<Counters>(
    `SELECT d.xact_commit::float8 AS commits, (pg_current_wal_lsn() - '0/0')::float8 AS wal, t.*
     FROM pg_stat_database d, (SELECT sum(n_tup_ins)::float8 AS inserted, sum(n_tup_upd)::float8 AS updated, sum(n_tup_hot_upd)::float8 AS hot FROM pg_stat_user_tables) AS t
     WHERE d.datname = current_database()`,
  );
  return rows[0] ?? { commits: 0, wal: 0, inserted: 0, updated: 0, hot: 0 };
}
