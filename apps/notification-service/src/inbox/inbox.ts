import { topics, type EventReader } from '@rekey/events';
import { appendToOutbox, isPostgresError, type Database, type IncomingRecord } from '@rekey/messaging';
import { tracedEach, type Logger, type MailMetrics, type SpanSubject } from '@rekey/observability';
import { crashPoint, crashPointIn } from '@rekey/lifecycle';
import type { Delivery } from '../delivery/delivery.ts';
import { appendReports, type OutcomeReports } from '../delivery/outcome-reports.ts';
import { deadEntry, deadRecord, mergeDead, type DeadRecord } from './dead-record.ts';
import { insertDead, insertWanted, notifyWorkers, raiseHeads, retireOvertaken } from './inbox-statements.ts';
import { mergeHeads, readIncoming, type Reading } from './incoming-event.ts';

export interface InboxOptions {
  readonly messageIdOf: (eventId: string) => string;
  readonly log: Logger;
  /** Called after commit: there are events to publish. */
  readonly onReported: () => void;
  readonly metrics?: MailMetrics | undefined;
}

/**
 * Makes incoming events safe: once `accept` has returned, each is a row here, or in the dead table, and its offset may be
 * committed. Nothing is sent from here, so a slow relay can neither block a partition nor cause a rebalance.
 */
export class Inbox {
  constructor(
    private readonly database: Pick<Database, 'transaction'>,
    private readonly reader: EventReader,
    private readonly reports: OutcomeReports,
    private readonly options: InboxOptions,
  ) {}

  /** @throws where the database does not take them: the same records are to be handed over again */
  async accept(records: readonly IncomingRecord[]): Promise<void> {
    if (records.length === 0) return;
    const readings = records.map((record) => this.read(record));
    await tracedEach(`process ${topics.recovery}`, readings.flatMap(accepting), async () => this.store(readings));
    crashPoint('K8');
    crashPointIn(2_000, 'K9');
  }

  /** @param reason why the record is not even to be read */
  async putAside(record: IncomingRecord, reason: string): Promise<void> {
    await this.store([{ kind: 'unreadable', record, by: 'malformed', reason }]);
  }

  private read(record: IncomingRecord): Reading {
    crashPoint('K7', record.headers['ce_id']);
    return readIncoming(record, this.reader);
  }

  /** A value that passes the schema and still fits no column must not hold up the others: the batch is halved until it stands alone. */
  private async store(readings: readonly Reading[]): Promise<void> {
    try {
      await this.storeTogether(readings);
    } catch (error) {
      const [first] = readings;
      if (!first || !isDataException(error)) throw error;
      if (readings.length > 1) {
        const middle = Math.ceil(readings.length / 2);
        await this.store(readings.slice(0, middle));
        await this.store(readings.slice(middle));
      } else if (first.kind === 'event') {
        await this.storeTogether([{ kind: 'unreadable', record: first.record, by: 'malformed', reason: `PostgreSQL does not take a value of it: ${error.message}` }]);
      } else {
        throw error;
      }
    }
  }

  private async storeTogether(readings: readonly Reading[]): Promise<void> {
    const events = readings.filter((reading) => reading.kind === 'event');
    const mails = events.flatMap(({ mail }) => (mail ? [mail] : []));
    const heads = mergeHeads(events.map(({ head }) => head));
    const passwordsSet = events.flatMap(({ passwordSet }) => (passwordSet ? [passwordSet] : []));
    const dead = mergeDead(readings.filter((reading) => reading.kind === 'unreadable').map(({ record, by, reason }) => deadRecord(record, by, reason)));

    const { added, retired, reported, newDead } = await this.database.transaction(async (tx) => {
      if (heads.length > 0) await raiseHeads(tx, heads, passwordsSet);
      const added = mails.length > 0 ? await insertWanted(tx, mails, this.options.messageIdOf) : 0;
      const retired = heads.length > 0 ? await retireOvertaken(tx, heads.map(({ holderId }) => holderId)) : [];
      const known = dead.length > 0 ? await insertDead(tx, dead) : new Set<string>();
      const newDead = dead.filter(({ id }) => known.has(id));
      await appendReports(tx, retired.map((delivery) => this.reports.entry(delivery)));
      await appendToOutbox(tx, newDead.map(deadEntry));
      if (added > 0) await notifyWorkers(tx);
      return { added, retired, reported: retired.length + newDead.length, newDead };
    });
    this.count(added, retired, newDead);
    this.logDead(newDead);
    if (reported > 0) this.options.onReported();
  }

  private count(added: number, retired: readonly Delivery[], dead: readonly DeadRecord[]): void {
    const { metrics } = this.options;
    metrics?.accepted(added);
    for (const mail of retired) metrics?.finished(mail);
    for (const { by } of dead) metrics?.dead(by, 1);
  }

  private logDead(records: readonly DeadRecord[]): void {
    const [first] = records;
    if (!first) return;
    const { topic, partition, offset } = first.record;
    this.options.log.warn({ records: records.length, first: { topic, partition, offset, reason: first.reason } }, 'events that cannot be used were put aside in the dead table');
  }
}

/** What is not believed writes into nobody's trace. */
function accepting(reading: Reading): SpanSubject[] {
  if (reading.kind === 'unreadable') return [];
  const { topic, partition, offset, headers } = reading.record;
  const attributes = { 'messaging.operation.type': 'process', 'messaging.destination.name': topic, 'messaging.destination.partition.id': String(partition), 'messaging.kafka.offset': Number(offset), 'messaging.message.id': headers['ce_id'] ?? '' };
  return [{ kind: 'consumer', traceparent: headers['traceparent'] ?? null, attributes }];
}

/** Class 22 of PostgreSQL's error codes: a NUL in a text, a year zero, a lone surrogate in JSON. */
function isDataException(error: unknown): error is Error {
  return isPostgresError(error) && error.code.startsWith('22');
}
