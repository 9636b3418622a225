import type { SqlExecutor } from '@rekey/messaging';

/** Before the first counted beginning there was a crash of which nobody knew the cause: two more make three. */
const mostBeginnings = 2;

export function crashedOften(who: 'reader' | 'sender'): string {
  return `crashed the ${who} three times`;
}

/** Counts, durably and before each, how many processes began upon the same thing and did not come to the end of it. */
export class CrashCounter {
  /** @param process the one that counts: what it begins again, having lived on, is not counted again */
  constructor(
    private readonly database: SqlExecutor,
    private readonly process: string,
  ) {}

  /** Before each try. @returns guilty: it has killed so many that it is not to be tried again */
  async begin(id: string): Promise<'innocent' | 'guilty'> {
    const [count] = await this.database.query<{ begun: number }>(
      `INSERT INTO crash_count AS c (id, begun, begun_by) VALUES ($1, 1, $2)
       ON CONFLICT (id) DO UPDATE SET begun = c.begun + (c.begun_by <> excluded.begun_by)::integer, begun_by = excluded.begun_by, counted_at = now()
       RETURNING begun`,
      [id, this.process],
    );
    return count !== undefined && count.begun > mostBeginnings ? 'guilty' : 'innocent';
  }

  /** It came to an end, whichever. */
  async forget(id: string): Promise<void> {
    await this.database.query(`DELETE FROM crash_count WHERE id = $1`, [id]);
  }
}
