import type { KafkaSettings } from '@rekey/deployment-config';
import type { EventRecord, Topic } from '@rekey/events';
import type { Logger, PartitionLag, PausedPartition, Readiness } from '@rekey/observability';
import { Kafka, logLevel, type KafkaJSProtocolError, type Producer, type SASLOptions } from 'kafkajs';
import { RecordRefusedError, type BatchHandler, type EventTransport } from './event-transport.ts';
import { KafkaLag } from './kafka-lag.ts';
import { partsOf } from './kafka-records.ts';
import { KafkaSubscription } from './kafka-subscription.ts';
import { KafkaTopics } from './kafka-topics.ts';

export interface KafkaTransportOptions {
  readonly log: Logger;
  /** The client has given up for good: the process should end and be started again, not stay alive and idle (F55). */
  readonly onFatal: (error: Error) => void;
}

/**
 * The bus over Kafka. Connecting goes on in the background for as long as it takes: a service starts, and takes requests, with the
 * broker down. Offsets are committed after the handler has made the batch safe, never before and never by a timer.
 */
export class KafkaTransport implements EventTransport {
  private readonly kafka: Kafka;
  private readonly topics: KafkaTopics;
  private readonly lags: KafkaLag;
  private readonly subscriptions: KafkaSubscription[] = [];
  private readonly publishing = new Set<Promise<void>>();
  private producer: Promise<Producer> | null = null;
  private closed = false;

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
      retry: { initialRetryTime: 100, maxRetryTime: 5_000, retries: 5 },
      logLevel: logLevel.ERROR,
      logCreator: () => ({ log }) => options.log.debug({ kafkajs: log['message'], reason: log['error'] }, 'kafka client'),
    });
    this.topics = new KafkaTopics(this.kafka, settings, options.log);
    this.lags = new KafkaLag(this.kafka);
  }

  async publish(topic: Topic, records: readonly EventRecord[]): Promise<void> {
    if (this.closed) throw new Error('the event bus is closed');
    const publishing = this.send(topic, records);
    this.publishing.add(publishing);
    try {
      await publishing;
    } finally {
      this.publishing.delete(publishing);
    }
  }

  async subscribe(topic: Topic, group: string, handler: BatchHandler): Promise<void> {
    const { sessionTimeoutSeconds } = this.settings;
    this.subscriptions.push(new KafkaSubscription(this.kafka, this.topics, { ...this.options, topic, group, handler, sessionTimeoutSeconds }));
    return Promise.resolve();
  }

  /** Whether events come in. That none go out is no reason to take no requests: they wait in the outbox, whose relay tells of it (F11). */
  readiness(): Readiness {
    if (this.closed) return { ready: false, waitingFor: 'the event bus is closed' };
    const absent = this.subscriptions.find(({ isMember }) => !isMember);
    if (absent) return { ready: false, waitingFor: `Kafka at ${this.settings.brokers.join(', ')}: not yet a member of the group "${absent.options.group}"` };
    return { ready: true };
  }

  async lag(): Promise<readonly PartitionLag[]> {
    return this.lags.of(this.subscriptions.map(({ options }) => options));
  }

  paused(): readonly PausedPartition[] {
    return this.subscriptions.flatMap(({ options: { group, topic }, paused }) => paused.map((partition) => ({ group, topic, partition })));
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.lags.close();
    await Promise.all(this.subscriptions.map((subscription) => subscription.close()));
    await Promise.allSettled(this.publishing);
    await this.dropProducer();
  }

  private async send(topic: Topic, records: readonly EventRecord[]): Promise<void> {
    await this.topics.ensure();
    this.producer ??= this.connectProducer();
    const current = this.producer;
    try {
      const producer = await current;
      for (const part of partsOf(records)) await producer.send({ topic, acks: -1, messages: part.map(({ key, headers, value }) => ({ key, headers: { ...headers }, value })) });
    } catch (error) {
      // An idempotent producer whose sequence the broker no longer knows (restart, wiped topic) never recovers: the next publish makes a new one.
      if (this.producer === current) await this.dropProducer();
      this.topics.forget();
      throw isRefusal(error) ? new RecordRefusedError(error.message, { cause: error }) : error;
    }
  }

  private async connectProducer(): Promise<Producer> {
    const producer = this.kafka.producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false, metadataMaxAge: 30_000 });
    await producer.connect();
    return producer;
  }

  private async dropProducer(): Promise<void> {
    const dropped = this.producer;
    this.producer = null;
    await dropped?.then((producer) => producer.disconnect()).catch(() => undefined);
  }
}

const refusals: ReadonlySet<string> = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD']);

/** Whether the broker is well, and what it was given is the fault. */
function isRefusal(error: unknown): error is KafkaJSProtocolError {
  // By its name: kafkajs is CommonJS, and Node does not find the class among its exports.
  return error instanceof Error && error.name === 'KafkaJSProtocolError' && 'type' in error && refusals.has(String(error.type));
}

function saslOptions({ mechanism, username, password }: NonNullable<KafkaSettings['sasl']>): SASLOptions {
  return { mechanism, username, password };
}
