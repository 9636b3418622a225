import type { EventRecord, Topic } from '@rekey/events';
import { EmbeddedTransport } from '@rekey/messaging';
import type { Bus } from './both-services.ts';

/** The embedded bus, which can be down: then it takes nothing. */
export class InterruptibleBus implements Bus {
  readonly brokers = [];
  readonly dataFolder = null;
  isDown = false;

  connect() {
    const transport = new InterruptibleTransport(() => this.isDown);
    return [transport, transport] as const;
  }

  async stop(): Promise<void> {
    return Promise.resolve();
  }
}

class InterruptibleTransport extends EmbeddedTransport {
  constructor(private readonly isDown: () => boolean) {
    super();
  }

  override async publish(topic: Topic, records: readonly EventRecord[]): Promise<void> {
    if (this.isDown()) throw new Error('the bus is down');
    await super.publish(topic, records);
  }
}
