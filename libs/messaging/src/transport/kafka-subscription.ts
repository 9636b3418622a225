import { setTimeout as pause } from 'node:timers/promises';
import type { Topic } from '@rekey/events';
import { reasonOf, type Logger } from '@rekey/observability';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { BatchHandler } from './event-transport.ts';
import { incoming } from './kafka-records.ts';
import type { KafkaTopics } from './kafka-topics.ts';

export interface KafkaSubscriptionOptions {
  readonly topic: Topic;
  readonly group: string;
  readonly handler: BatchHandler;
  readonly log: Logger;
  readonly onFatal: (error: Error) => void;
  /** A member that has not been heard of for this long is given up by the group. */
  readonly sessionTimeoutSeconds: number;
}

/** A handler that takes longer loses its partitions to others, who get the same records: they are known by their ids. */
const rebalanceTimeoutMs = 15_000;
const longestHeartbeatMs = 2_000;
/** One that is late, and one that is lost, are no reason to be given up. */
const heartbeatsInSession = 3;
const metadataMaxAgeMs = 30_000;
const firstRestMs = 100;
const longestRestMs = 5_000;
/** A cluster that cannot be reached holds up nobody who is closing. */
const longestWaitForJoiningMs = 5_000;

/** One membership in a consumer group: joins in the background for as long as it takes, and again after whatever ended it. */
export class KafkaSubscription {
  private readonly closing = new AbortController();
  private consumer: Consumer | null = null;
  private joined = false;
  /** By partition, how often in a row the handler has not taken what came. */
  private readonly refusals = new Map<number, number>();
  /** How often in a row the client has given up, with no membership in between. */
  private ends = 0;
  private joining: Promise<void>;

  constructor(
    private readonly kafka: Kafka,
    private readonly topics: KafkaTopics,
    readonly options: KafkaSubscriptionOptions,
  ) {
    this.joining = this.join();
  }

  get isMember(): boolean {
    return this.joined;
  }

  /** Partitions of which nothing is fetched at the moment, because the handler takes nothing. */
  get paused(): readonly number[] {
    return [...this.refusals.keys()];
  }

  /** Finishes and commits the batches in hand, and leaves the group. */
  async close(): Promise<void> {
    this.closing.abort();
    this.joined = false;
    await this.consumer?.disconnect().catch(() => undefined);
    await Promise.race([this.joining, pause(longestWaitForJoiningMs, undefined, { ref: false })]);
  }

  private get heartbeatEveryMs(): number {
    return Math.min(longestHeartbeatMs, (this.options.sessionTimeoutSeconds * 1_000) / heartbeatsInSession);
  }

  private async join(): Promise<void> {
    const { group, topic, log, sessionTimeoutSeconds } = this.options;
    for (let attempt = 0; !this.closing.signal.aborted; attempt++) {
      const consumer = this.kafka.consumer({
        groupId: group,
        allowAutoTopicCreation: false,
        sessionTimeout: sessionTimeoutSeconds * 1_000,
        rebalanceTimeout: rebalanceTimeoutMs,
        heartbeatInterval: this.heartbeatEveryMs,
        metadataMaxAge: metadataMaxAgeMs,
        maxWaitTimeInMs: 500,
        // It may notice that the broker is away after it was told to end, and would come back then.
        retry: { restartOnFailure: () => Promise.resolve(!this.closing.signal.aborted) },
      });
      this.consumer = consumer;
      try {
        await this.topics.ensure();
        this.watch(consumer);
        await consumer.connect();
        await consumer.subscribe({ topics: [topic], fromBeginning: true });
        if (!this.closing.signal.aborted) await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, partitionsConsumedConcurrently: 3, eachBatch: (payload) => this.deliver(payload, consumer) });
        // Closed while it was joining: disconnecting then found nothing to stop.
        if (this.closing.signal.aborted) await consumer.disconnect();
        return;
      } catch (error) {
        await consumer.disconnect().catch(() => undefined);
        if (attempt === 0) log.warn({ group, reason: reasonOf(error) }, 'waiting for Kafka');
        await this.rest(attempt);
      }
    }
  }

  private watch(consumer: Consumer): void {
    const { group, topic, log, onFatal } = this.options;
    consumer.on(consumer.events.GROUP_JOIN, ({ payload: { memberAssignment } }) => {
      this.joined = !this.closing.signal.aborted;
      this.ends = 0;
      for (const partition of this.refusals.keys()) if (!memberAssignment[topic]?.includes(partition)) this.refusals.delete(partition);
    });
    consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
      const wasMember = this.joined;
      this.joined = false;
      if (this.closing.signal.aborted) return;
      const isOver = !restart && !lacksCoordinator(error);
      // While the broker stays away the client stops again and again: once is enough to be told.
      if (wasMember || isOver || (!restart && this.ends === 0)) log.warn({ group, reason: error.message, restart: !isOver }, 'the Kafka consumer stopped');
      if (isOver) return onFatal(error);
      // The client joins again by itself, but not where the topic was deleted.
      this.topics.forget();
      this.topics.ensure().catch(() => undefined);
      if (!restart) this.joining = this.rest(this.ends++).then(() => this.join());
    });
  }

  /** Holds the partition until the handler has taken the batch: a database that is down makes it wait, never skip. */
  private async deliver(payload: EachBatchPayload, consumer: Consumer): Promise<void> {
    const { batch, resolveOffset, isRunning } = payload;
    const last = batch.messages.at(-1);
    if (!last || !(await this.handOver(payload))) return;
    resolveOffset(last.offset);
    const offset = String(BigInt(last.offset) + 1n);
    // A consumer that is stopping ignores the one, and does not repeat the other.
    if (isRunning()) await consumer.commitOffsets([{ topic: batch.topic, partition: batch.partition, offset }]).catch(unlessOusted);
    else await payload.commitOffsetsIfNecessary({ topics: [{ topic: batch.topic, partitions: [{ partition: batch.partition, offset }] }] });
  }

  /**
   * Stays a member meanwhile, however long the handler takes.
   * @returns whether the handler has taken the batch; false where it is to be fetched again
   */
  private async handOver({ batch, heartbeat, isRunning, isStale, pause: pausePartition }: EachBatchPayload): Promise<boolean> {
    const { handler, log } = this.options;
    if (!isRunning() || isStale()) return false;
    const records = batch.messages.map((message) => incoming(batch.topic, batch.partition, message));
    // A beat that fails is the client's to notice: it sends one itself behind each batch.
    const beating = setInterval(() => void heartbeat().catch(() => undefined), this.heartbeatEveryMs);
    try {
      await handler(records);
      if (this.refusals.delete(batch.partition)) log.info({ topic: batch.topic, partition: batch.partition }, 'events are taken again');
      return true;
    } catch (error) {
      this.hold(batch.partition, pausePartition(), error);
      return false;
    } finally {
      clearInterval(beating);
    }
  }

  /** Nothing more of the partition is fetched, and other partitions go on, until it is time to try again. */
  private hold(partition: number, resume: () => void, error: unknown): void {
    const { topic, log } = this.options;
    const refusals = this.refusals.get(partition) ?? 0;
    if (refusals === 0) log.warn({ reason: reasonOf(error), topic, partition }, 'events could not be taken: their partition is paused, and they are tried again');
    this.refusals.set(partition, refusals + 1);
    void this.rest(refusals).then(resume);
  }

  /** Longer after each attempt; cut short by closing. */
  private async rest(attempt: number): Promise<void> {
    await pause(Math.min(longestRestMs, firstRestMs * 2 ** attempt), undefined, { signal: this.closing.signal }).catch(() => undefined);
  }
}

const membershipLost: ReadonlySet<string> = new Set(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'REBALANCE_IN_PROGRESS']);

/** Others have its partitions by now, and get what it could not commit: it joins again at its next sign of life. The client would end the consumer for good. */
function unlessOusted(error: unknown): void {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof Error && 'type' in cause && membershipLost.has(String(cause.type)))) throw error;
}

/** No broker has named the group's coordinator, as while a cluster starts, elects or hangs: the client takes that for its end, but it is an outage as any other. */
function lacksCoordinator(error: unknown): boolean {
  return error instanceof Error && (error.name === 'KafkaJSGroupCoordinatorNotFound' || lacksCoordinator(error.cause));
}
