import type { Topic } from '@rekey/events';
import { crashPoint } from '@rekey/lifecycle';
import { reasonOf, tracedEach, type Logger, type OutboxMetrics, type Readiness, type SpanSubject } from '@rekey/observability';
import type { Database } from '../database/database.ts';
import { RecordRefusedError, type EventTransport } from '../transport/event-transport.ts';
import { claimUnpublished, handBack, markPublished, prune, republishUnconfirmed, setAside, type ClaimedEntry } from './outbox-statements.ts';
import { RepeatingTask } from '../repeating-task.ts';
import type { OutboxEntry } from './outbox.ts';

export interface OutboxRelayOptions {
  /** How often the table is looked at without being woken. */
  readonly pollMs?: number;
  /** Default 0: the shortest time between two looks, however often it is woken: then more entries go together. */
  readonly leastMsApart?: number;
  /** Entries taken, and records produced, at once. */
  readonly batchSize?: number;
  /** After this long without an outcome an event is published again, and then after longer and longer. */
  readonly reconcileAfterSeconds?: number;
  /** How often that is looked for. */
  readonly reconcileEveryMs?: number;
  /** How long finished entries are kept for an operator. */
  readonly retentionDays?: number;
  readonly metrics?: OutboxMetrics | undefined;
}

/**
 * Publishes what the outbox holds, at least once: an entry is claimed under a lease, produced, and marked. Any number of relays
 * may work on one outbox (`SKIP LOCKED`); one that dies leaves its claim to run out. One relay keeps the order of a key; several may
 * overtake each other within a batch, and so may an entry that is published again: receivers go by its generation.
 */
export class OutboxRelay {
  private readonly publishing: RepeatingTask;
  private readonly reconciling: RepeatingTask;
  private readonly written: ClaimedEntry[] = [];
  private failure: string | null = null;
  private reconcileDue = false;

  constructor(
    private readonly database: Database,
    private readonly transport: EventTransport,
    private readonly log: Logger,
    private readonly options: OutboxRelayOptions = {},
  ) {
    this.publishing = new RepeatingTask(() => this.publishSome(), { everyMs: options.pollMs ?? 1_000, leastMsApart: options.leastMsApart ?? 0, onError: (error) => this.reportFailure(error) });
    this.reconciling = new RepeatingTask(() => this.reconcile(), { everyMs: options.reconcileEveryMs ?? 15_000, onError: (error) => this.reportFailure(error) });
  }

  start(): void {
    this.publishing.start();
    this.reconciling.start();
  }

  /** What was just written goes out at once. */
  wake(): void {
    this.publishing.wake();
  }

  /**
   * Publishes what this process has just committed with `claimedByWriter`: nobody has to read it again. What is too much to be kept in hand, or comes while nothing
   * can be published, is read when that claim has run out.
   */
  publishWritten(entries: readonly OutboxEntry[]): void {
    if (this.failure === null && this.written.length < mostWritten) this.written.push(...entries.map(({ id, topic, record }) => ({ id, topic, ...record })));
    this.wake();
  }

  readiness(): Readiness {
    return this.failure === null ? { ready: true } : { ready: false, waitingFor: this.failure };
  }

  /** Finishes the batch in hand. */
  async stop(): Promise<void> {
    await Promise.all([this.publishing.stop(), this.reconciling.stop()]);
  }

  /** What waits comes first; what brought no outcome follows in portions, so that nothing new waits behind more than one. @returns whether there may be more to do at once */
  private async publishSome(): Promise<boolean> {
    return (await this.publishOneBatch()) || (this.reconcileDue && (await this.republish()));
  }

  private async publishOneBatch(): Promise<boolean> {
    const batchSize = this.options.batchSize ?? 500;
    const claimed = await claimUnpublished(this.database, batchSize);
    // Where the bus is slow the claim of what is in hand may have run out, and just been taken anew.
    const ids = new Set(claimed.map(({ id }) => id));
    const entries = [...claimed, ...this.written.splice(0).filter(({ id }) => !ids.has(id))];
    if (entries.length > 0) await this.publish(entries);
    if (this.failure !== null) this.log.info('publishing events again');
    this.failure = null;
    return claimed.length === batchSize;
  }

  /** A topic, or an entry, that cannot be published holds up no other. */
  private async publish(entries: readonly ClaimedEntry[]): Promise<void> {
    let failed: { readonly error: unknown } | null = null;
    for (const [topic, group] of byTopic(entries)) {
      try {
        await this.publishTo(topic, group);
      } catch (error) {
        failed ??= { error };
      }
    }
    if (failed) throw failed.error;
  }

  private async publishTo(topic: Topic, entries: readonly ClaimedEntry[]): Promise<void> {
    let refused: readonly ClaimedEntry[];
    crashPoint('K4');
    try {
      refused = await tracedEach(`publish ${topic}`, entries.map((entry) => publishing(entry)), async () => this.offer(topic, entries));
    } catch (error) {
      // Where that fails too, the lease runs out.
      await handBack(this.database, entries).catch(() => undefined);
      throw error;
    }
    if (refused.length > 0) await setAside(this.database, refused, refusedRestSeconds);
    crashPoint('K6');
    const taken = entries.filter((entry) => !refused.includes(entry));
    this.options.metrics?.published(taken.length);
    await markPublished(this.database, taken);
  }

  /** Halves what the bus refuses until the one that it does not take stands alone. @returns those that it does not take */
  private async offer(topic: Topic, entries: readonly ClaimedEntry[]): Promise<readonly ClaimedEntry[]> {
    try {
      const publishing = this.transport.publish(topic, entries);
      crashPoint('K5');
      await publishing;
      return [];
    } catch (error) {
      if (!(error instanceof RecordRefusedError)) throw error;
      if (entries.length === 1) {
        this.log.error({ topic, eventId: entries[0]?.id, reason: error.message }, 'the event bus does not take this event: it is offered again in an hour');
        return entries;
      }
      const middle = Math.ceil(entries.length / 2);
      return [...(await this.offer(topic, entries.slice(0, middle))), ...(await this.offer(topic, entries.slice(middle)))];
    }
  }

  private async republish(): Promise<boolean> {
    const { events, mayBeMore } = await republishUnconfirmed(this.database, this.options.reconcileAfterSeconds ?? 60);
    this.reconcileDue = mayBeMore;
    this.options.metrics?.republished(events);
    if (events > 0) this.log.info({ events }, 'no outcome reported yet: publishing these events again');
    return events > 0;
  }

  /** @returns whether there may be more to do at once */
  private async reconcile(): Promise<boolean> {
    this.reconcileDue = true;
    this.wake();
    return prune(this.database, this.options.retentionDays ?? 7);
  }

  private reportFailure(error: unknown): void {
    const reason = reasonOf(error);
    if (this.failure !== reason) this.log.warn({ reason }, 'events cannot be published; they wait in the outbox');
    this.failure = reason;
  }
}

function publishing({ id, topic, headers }: ClaimedEntry): SpanSubject {
  return { kind: 'producer', traceparent: headers['traceparent'] ?? null, attributes: { 'messaging.operation.type': 'send', 'messaging.destination.name': topic, 'messaging.message.id': id } };
}

/** Some megabytes, and the work of a moment. */
const mostWritten = 1_000;

/** A broker's limit may be raised meanwhile. */
const refusedRestSeconds = 3_600;

function byTopic(entries: readonly ClaimedEntry[]): Map<Topic, ClaimedEntry[]> {
  const groups = new Map<Topic, ClaimedEntry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.topic);
    if (group) group.push(entry);
    else groups.set(entry.topic, [entry]);
  }
  return groups;
}
