import type { Database, SqlExecutor } from '@rekey/messaging';

/** A database whose line can be cut: as for a process that was killed (nothing ever comes back), or while PostgreSQL is away (errors). */
export class SeverableDatabase implements Pick<Database, 'query' | 'transaction'> {
  state: 'up' | 'silent' | 'away' = 'up';
  /** The statements that were tried while it was away. */
  readonly refused: string[] = [];

  constructor(private readonly database: Database) {}

  async query<Row = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<Row[]> {
    if (this.state === 'away') this.refused.push(sql);
    await this.line();
    return this.database.query<Row>(sql, parameters);
  }

  async transaction<Result>(work: (tx: SqlExecutor) => Promise<Result>): Promise<Result> {
    await this.line();
    return this.database.transaction(work);
  }

  private async line(): Promise<void> {
    if (this.state === 'away') throw new Error('Connection terminated unexpectedly');
    if (this.state === 'silent') await new Promise(() => undefined);
  }
}
