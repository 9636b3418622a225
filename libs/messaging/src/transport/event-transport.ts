import type { EventRecord, Topic } from '@rekey/events';
import type { PartitionLag, PausedPartition, Readiness } from '@rekey/observability';

/** A record as it arrived: nothing of it has been believed yet. */
export interface IncomingRecord {
  readonly topic: string;
  readonly partition: number;
  /** A decimal number: Kafka's offsets pass 2^53. */
  readonly offset: string;
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Buffer | null;
}

/** Returns once the records are safe; throws where they are to be delivered again, after a rest in which no more are fetched. */
export type BatchHandler = (records: readonly IncomingRecord[]) => Promise<void>;

/** The bus will not take a record of these, however often it is offered: it is too large for this broker, or not to its liking. */
export class RecordRefusedError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'RecordRefusedError';
  }
}

/** The event bus, as the services see it: Kafka, or the same process. At least once, in order per key. */
export interface EventTransport {
  /**
   * Resolves once every record is durable with its receivers' log; rejects where that is not known, and with a `RecordRefusedError`
   * where the bus works and one of the records is the reason.
   */
  publish(topic: Topic, records: readonly EventRecord[]): Promise<void>;
  /** @param group every group gets each record once; members of a group share them */
  subscribe(topic: Topic, group: string, handler: BatchHandler): Promise<void>;
  readiness(): Readiness;
  /** How far this process's groups are behind; none where the bus keeps nothing. Rejects where the bus does not say. */
  lag(): Promise<readonly PartitionLag[]>;
  /** Of this process's groups, what rests because its handler takes nothing at the moment. */
  paused(): readonly PausedPartition[];
  /** Stops delivering, after the batches in hand are finished. */
  close(): Promise<void>;
}
