import { randomUUID } from 'node:crypto';
import type { IncomingRecord, SqlExecutor } from '@rekey/messaging';
import { causeOf } from '../delivery/cause.ts';
import { CrashCounter, crashedOften } from '../quarantine/crash-counter.ts';
import { recordId } from './dead-record.ts';
import type { Inbox } from './inbox.ts';

/**
 * Hands events to the inbox so that none can kill one reader after another, for ever: where the reader before did not come to a clean end, what it may have
 * had in hand, which is the first batch of its partition, is read one record at a time, each counted before. One that crashed three of them goes to the dead
 * table unread. At all other times it costs nothing.
 */
export class CarefulReader {
  private readonly process = randomUUID();
  private readonly crashes: CrashCounter;
  /** Partitions whose first batch has been taken. */
  private readonly opened = new Set<string>();
  /** Records that are not read again, although the outbox may publish them again. */
  private readonly quarantined = new Set<string>();

  constructor(
    private readonly database: SqlExecutor,
    private readonly inbox: Pick<Inbox, 'accept' | 'putAside'>,
  ) {
    this.crashes = new CrashCounter(database, this.process);
  }

  /** @param records of one partition @throws where the database does not take them: the same records are to be handed over again */
  async accept(records: readonly IncomingRecord[]): Promise<void> {
    const [first] = records;
    if (!first) return;
    const partition = `${first.topic}/${first.partition}`;
    if (this.opened.has(partition)) return this.acceptTogether(records);
    await this.recallQuarantined();
    if (await this.open(first)) await this.acceptTogether(records);
    else for (const record of records) await this.acceptAlone(record);
    this.opened.add(partition);
  }

  /** A clean end: all that was handed over has been taken. */
  async end(): Promise<void> {
    // Where the database is away, the next reader is careful without need.
    await this.database.query(`DELETE FROM open_reading WHERE reader = $1`, [this.process]).catch(() => undefined);
  }

  private async acceptTogether(records: readonly IncomingRecord[]): Promise<void> {
    if (this.quarantined.size === 0) return this.inbox.accept(records);
    const aside = new Set(records.filter((record) => this.quarantined.has(recordId(record))));
    for (const record of aside) await this.inbox.putAside(record, crashedOften('reader'));
    await this.inbox.accept(records.filter((record) => !aside.has(record)));
  }

  private async acceptAlone(record: IncomingRecord): Promise<void> {
    const id = recordId(record);
    if (!this.quarantined.has(id) && (await this.crashes.begin(id)) === 'guilty') this.quarantined.add(id);
    await this.acceptTogether([record]);
    await this.crashes.forget(id);
  }

  /** @returns whether nobody else has left it open: a reader that died, or one that lives and has lost the partition to this one */
  private async open({ topic, partition }: IncomingRecord): Promise<boolean> {
    const rows = await this.database.query<{ new: boolean }>(
      `INSERT INTO open_reading (topic, "partition", reader) VALUES ($1, $2, $3)
       ON CONFLICT (topic, "partition") DO UPDATE SET reader = excluded.reader
       RETURNING xmax = 0 AS new`,
      [topic, partition, this.process],
    );
    return rows[0]?.new === true;
  }

  private async recallQuarantined(): Promise<void> {
    const rows = await this.database.query<{ id: string }>(`SELECT id FROM dead WHERE cause = $1 AND replayed_at IS NULL`, [causeOf('read', crashedOften('reader'))]);
    for (const { id } of rows) this.quarantined.add(id);
  }
}
