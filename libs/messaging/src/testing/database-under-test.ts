import { aDatabase } from '@rekey/test-kit';
import { Database, type DatabaseLimits } from '../database/database.ts';
import type { MigrationClass } from '../database/migrate.ts';

/** A real, empty database, opened as often as a test has processes. */
export class DatabaseUnderTest {
  private readonly opened: Database[] = [];

  private constructor(private readonly made: Awaited<ReturnType<typeof aDatabase>>) {}

  static async make(): Promise<DatabaseUnderTest> {
    return new DatabaseUnderTest(await aDatabase());
  }

  get address(): { readonly host: string; readonly port: number } {
    return this.made.settings;
  }

  async open(options: { migrations?: readonly MigrationClass[]; limits?: Partial<DatabaseLimits>; poolSize?: number; port?: number } = {}): Promise<Database> {
    const { migrations = [], limits = {}, poolSize = 5, port = this.made.settings.port } = options;
    const database = await Database.open({ ...this.made.settings, port, poolSize }, migrations, { connectionTimeoutMs: 20_000, ...limits });
    this.opened.push(database);
    return database;
  }

  async drop(): Promise<void> {
    await Promise.all(this.opened.map((database) => database.close()));
    await this.made.drop();
  }
}
