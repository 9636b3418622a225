import { topics, type EventRecord, type Topic } from '@rekey/events';
import type { PartitionLag, PausedPartition, Readiness } from '@rekey/observability';
import type { BatchHandler, EventTransport, IncomingRecord } from './event-transport.ts';

/**
 * The bus inside one process. It keeps nothing: publishing *is* handing the records to every group, and resolves when all have
 * made them safe. What could not be handed over stays in the publisher's outbox, which is the log here.
 */
export class EmbeddedTransport implements EventTransport {
  private readonly handlers = new Map<string, Map<string, BatchHandler>>();
  private readonly inHand = new Set<Promise<void>>();
  /** By topic and group: its handler has not taken what was offered last. The outbox's relay rests, and offers it again. */
  private readonly refusing = new Map<string, PausedPartition>();
  private closed = false;
  private nextOffset = 0n;

  async publish(topic: Topic, records: readonly EventRecord[]): Promise<void> {
    if (this.closed) throw new Error('the event bus is closed');
    const groups = this.handlers.get(topic);
    // Nobody reads dead events on the bus: the dead table is where an operator looks.
    if (topic === topics.dead) return;
    if (!groups) throw new Error(`nobody has subscribed to ${topic} yet`);
    const incoming = records.map((record): IncomingRecord => ({ ...record, topic, partition: 0, offset: String(this.nextOffset++) }));
    const delivery = this.toEveryGroup(topic, groups, incoming);
    this.inHand.add(delivery);
    try {
      await delivery;
    } finally {
      this.inHand.delete(delivery);
    }
  }

  async subscribe(topic: Topic, group: string, handler: BatchHandler): Promise<void> {
    const groups = this.handlers.get(topic) ?? new Map<string, BatchHandler>();
    groups.set(group, handler);
    this.handlers.set(topic, groups);
    return Promise.resolve();
  }

  readiness(): Readiness {
    return this.closed ? { ready: false, waitingFor: 'the event bus is closed' } : { ready: true };
  }

  async lag(): Promise<readonly PartitionLag[]> {
    return Promise.resolve([]);
  }

  paused(): readonly PausedPartition[] {
    return [...this.refusing.values()];
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.allSettled(this.inHand);
  }

  /** Settles when every group has, also where one of them fails: only then is nothing in hand any more. */
  private async toEveryGroup(topic: Topic, groups: ReadonlyMap<string, BatchHandler>, records: readonly IncomingRecord[]): Promise<void> {
    const outcomes = await Promise.allSettled([...groups].map(async ([group, handler]) => this.toGroup({ group, topic, partition: 0 }, handler, records)));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  private async toGroup(receiver: PausedPartition, handler: BatchHandler, records: readonly IncomingRecord[]): Promise<void> {
    const name = `${receiver.topic}/${receiver.group}`;
    try {
      await handler(records);
      this.refusing.delete(name);
    } catch (error) {
      this.refusing.set(name, receiver);
      throw error;
    }
  }
}
