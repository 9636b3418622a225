import type { Database, SqlExecutor } from '@rekey/messaging';

/** A database whose line can be cut: as for a process that was killed (nothing ever comes back), or while PostgreSQL is away (errors). */
export class SeverableDatabase implements Pick<Database, 'query' | 'transaction'> {
  state: 'up' | 'silent' | 'away' = 'up';

  constructor(private readonly database: Database) {}

  async query<Row = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<Row[]> {
    await this.line();
    return this.database.query<Row>(sql, parameters);
  }

  async transaction<Result>(work: (tx: SqlExecutor) => Promise<Result>): Promise<Result> {
    await this.line();
    return this.database.transaction(work);
  }

  private async line(): Promise<void> {
    if (this.state === 'away') throw new Error('the database is away');
    if (this.state === 'silent') await new Promise(() => undefined);
  }
}
