import type { BatchHandler, EventTransport } from '@rekey/messaging';

/**
 * One service's end of the bus that several share. A service closes the transport that it was given: here that ends what is delivered
 * to this service and published by it, and leaves the bus to the others and to whoever made it.
 */
export class BusEnd implements EventTransport {
  private readonly inHand = new Set<Promise<void>>();
  private closed = false;

  constructor(private readonly bus: EventTransport) {}

  async publish(...[topic, records]: Parameters<EventTransport['publish']>): Promise<void> {
    this.assertOpen();
    await this.bus.publish(topic, records);
  }

  async subscribe(...[topic, group, handler]: Parameters<EventTransport['subscribe']>): Promise<void> {
    await this.bus.subscribe(topic, group, async (records) => this.deliver(handler, records));
  }

  readiness(): ReturnType<EventTransport['readiness']> {
    return this.closed ? { ready: false, waitingFor: closedEnd } : this.bus.readiness();
  }

  async lag(): ReturnType<EventTransport['lag']> {
    return this.bus.lag();
  }

  paused(): ReturnType<EventTransport['paused']> {
    return this.bus.paused();
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.allSettled(this.inHand);
  }

  private async deliver(handler: BatchHandler, records: Parameters<BatchHandler>[0]): Promise<void> {
    this.assertOpen();
    const delivery = handler(records);
    this.inHand.add(delivery);
    try {
      await delivery;
    } finally {
      this.inHand.delete(delivery);
    }
  }

  private assertOpen(): void {
    if (this.closed) throw new Error(closedEnd);
  }
}

const closedEnd = 'this end of the event bus is closed';
