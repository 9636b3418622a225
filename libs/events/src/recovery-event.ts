import type { EventData, EventType } from './event-data.ts';

/** A CloudEvents 1.0 event, read and checked: what handlers get and publishers build. */
export type RecoveryEvent = { readonly [T in EventType]: RecoveryEventOf<T> }[EventType];

export interface RecoveryEventOf<T extends EventType> {
  /** UUID; the same event published twice keeps it, so receivers can tell. */
  readonly id: string;
  /** Who says so: must be a listed publisher. */
  readonly source: string;
  readonly type: T;
  /** The user id: also the partition key. */
  readonly subject: string;
  /** RFC 3339, UTC. */
  readonly time: string;
  /** W3C trace context, so that both services' traces join. */
  readonly traceparent?: string;
  readonly data: EventData<T>;
}

/** One record of a topic, as it travels: CloudEvents' Kafka binary mode. Header names are lower case. */
export interface EventRecord {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Buffer;
}
