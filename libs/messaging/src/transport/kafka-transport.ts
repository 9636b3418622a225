import { topics, type EventRecord, type Topic } from '@rekey/events';
import type { Logger, Readiness } from '@rekey/observability';
import { Kafka, logLevel, type Consumer, type EachBatchPayload, type KafkaMessage, type Producer, type SASLOptions } from 'kafkajs';
import type { BatchHandler, EventTransport, IncomingRecord } from './event-transport.ts';

export interface KafkaSettings {
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Partitions and replication factor of topics that do not exist yet. */
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly ssl: boolean;
  readonly sasl: { readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; readonly username: string; readonly password: string } | null;
}

export interface KafkaTransportOptions {
  readonly log: Logger;
  /** The client has given up for good: the process should end and be started again, not stay alive and idle (F55). */
  readonly onFatal: (error: Error) => void;
}

interface Subscription {
  readonly topic: Topic;
  readonly group: string;
  readonly handler: BatchHandler;
  consumer: Consumer | null;
  joined: boolean;
}

const longestRestMs = 5_000;

/**
 * The bus over Kafka. Connecting goes on in the background for as long as it takes: a service starts, and takes requests, with the
 * broker down. Offsets are committed after the handler has made the batch safe, never before and never by a timer.
 */
export class KafkaTransport implements EventTransport {
  private readonly kafka: Kafka;
  private producer: Producer | null = null;
  private topicsExist = false;
  private readonly subscriptions: Subscription[] = [];
  private closing = false;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly options: KafkaTransportOptions,
  ) {
    this.kafka = new Kafka({
      clientId: settings.clientId,
      brokers: [...settings.brokers],
      ssl: settings.ssl,
      ...(settings.sasl ? { sasl: saslOptions(settings.sasl) } : {}),
      connectionTimeout: 5_000,
      requestTimeout: 15_000,
      retry: { initialRetryTime: 100, maxRetryTime: longestRestMs, retries: 5 },
      logLevel: logLevel.ERROR,
      logCreator: () => ({ log }) => options.log.debug({ kafkajs: log['message'] }, 'kafka client'),
    });
  }

  async publish(topic: Topic, records: readonly EventRecord[]): Promise<void> {
    if (this.closing) throw new Error('the event bus is closed');
    await this.ensureTopics();
    const producer = await this.connectedProducer();
    try {
      await producer.send({ topic, acks: -1, messages: records.map(({ key, headers, value }) => ({ key, headers: { ...headers }, value })) });
    } catch (error) {
      // An idempotent producer whose sequence the broker no longer knows (restart, wiped topic) never recovers: the next publish makes a new one.
      this.producer = null;
      this.topicsExist = false;
      await producer.disconnect().catch(() => undefined);
      throw error;
    }
  }

  async subscribe(topic: Topic, group: string, handler: BatchHandler): Promise<void> {
    const subscription: Subscription = { topic, group, handler, consumer: null, joined: false };
    this.subscriptions.push(subscription);
    void this.join(subscription);
    return Promise.resolve();
  }

  readiness(): Readiness {
    const absent = this.subscriptions.find(({ joined }) => !joined);
    if (absent) return { ready: false, waitingFor: `Kafka at ${this.settings.brokers.join(', ')}: not yet a member of the group "${absent.group}"` };
    return { ready: true };
  }

  async close(): Promise<void> {
    this.closing = true;
    await Promise.all(this.subscriptions.map(async ({ consumer }) => consumer?.disconnect()).map(settled));
    await settled(this.producer?.disconnect());
  }

  /** Tries until it is a member, or until closed. */
  private async join(subscription: Subscription): Promise<void> {
    for (let attempt = 0; !this.closing; attempt++) {
      const consumer = this.kafka.consumer({ groupId: subscription.group, allowAutoTopicCreation: false, sessionTimeout: 30_000, rebalanceTimeout: 30_000, maxWaitTimeInMs: 500 });
      try {
        await this.ensureTopics();
        this.watch(consumer, subscription);
        await consumer.connect();
        await consumer.subscribe({ topics: [subscription.topic], fromBeginning: true });
        subscription.consumer = consumer;
        await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, partitionsConsumedConcurrently: 3, eachBatch: (payload) => this.deliver(payload, consumer, subscription) });
        return;
      } catch (error) {
        subscription.consumer = null;
        await consumer.disconnect().catch(() => undefined);
        if (attempt === 0) this.options.log.warn({ reason: messageOf(error) }, `waiting for Kafka at ${this.settings.brokers.join(', ')}`);
        await rest(attempt);
      }
    }
  }

  private watch(consumer: Consumer, subscription: Subscription): void {
    consumer.on(consumer.events.GROUP_JOIN, () => (subscription.joined = true));
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      subscription.joined = false;
      if (this.closing) return;
      this.options.log.warn({ reason: payload.error.message, restart: payload.restart }, 'the Kafka consumer stopped');
      if (!payload.restart) this.options.onFatal(payload.error);
    });
  }

  /** Holds the partition until the handler has taken the batch: a database that is down makes it wait, never skip. */
  private async deliver({ batch, resolveOffset, heartbeat, isRunning, isStale }: EachBatchPayload, consumer: Consumer, { handler }: Subscription): Promise<void> {
    const records = batch.messages.map((message) => incoming(batch.topic, batch.partition, message));
    const last = records.at(-1);
    if (!last) return;
    for (let attempt = 0; ; attempt++) {
      if (!isRunning() || isStale()) return;
      try {
        await handler(records);
        break;
      } catch (error) {
        this.options.log.warn({ reason: messageOf(error), topic: batch.topic, partition: batch.partition, offset: records[0]?.offset }, 'events could not be stored; they are tried again');
        await rest(attempt);
        await heartbeat();
      }
    }
    resolveOffset(last.offset);
    await consumer.commitOffsets([{ topic: batch.topic, partition: batch.partition, offset: String(BigInt(last.offset) + 1n) }]);
  }

  /** Topics are made with the configured partitions; a broker never makes them by itself. */
  private async ensureTopics(): Promise<void> {
    if (this.topicsExist) return;
    const admin = this.kafka.admin();
    try {
      await admin.connect();
      const existing = new Set(await admin.listTopics());
      const missing = Object.values(topics).filter((topic) => !existing.has(topic));
      if (missing.length > 0) {
        const { partitions: numPartitions, replicationFactor } = this.settings;
        await admin.createTopics({ waitForLeaders: true, topics: missing.map((topic) => ({ topic, numPartitions, replicationFactor })) });
        this.options.log.info({ topics: missing, partitions: numPartitions, replicationFactor }, 'topics made');
      }
      this.topicsExist = true;
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }

  private async connectedProducer(): Promise<Producer> {
    if (this.producer) return this.producer;
    const producer = this.kafka.producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false });
    await producer.connect();
    this.producer = producer;
    return producer;
  }
}

function incoming(topic: string, partition: number, { offset, key, headers, value }: KafkaMessage): IncomingRecord {
  const texts = Object.entries(headers ?? {}).map(([name, header]) => [name, String(Array.isArray(header) ? header[0] : header)]);
  return { topic, partition, offset, key: key?.toString('utf8') ?? null, headers: Object.fromEntries(texts) as Record<string, string>, value };
}

function saslOptions({ mechanism, username, password }: NonNullable<KafkaSettings['sasl']>): SASLOptions {
  return { mechanism, username, password };
}

async function rest(attempt: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, Math.min(longestRestMs, 100 * 2 ** attempt)));
}

async function settled(work: Promise<unknown> | undefined): Promise<void> {
  await work?.catch(() => undefined);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
