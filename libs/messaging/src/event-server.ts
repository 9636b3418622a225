import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { lastValueFrom, isObservable } from 'rxjs';
import type { Topic } from '@rekey/events';
import type { EventTransport, IncomingRecord } from './transport/event-transport.ts';

/**
 * Connects `@EventPattern('<topic>')` handlers to the bus. A handler gets a whole batch (`IncomingRecord[]`), and the batch counts
 * as delivered when the handler has returned: Nest's own Kafka server handles a partition's messages one after another, commits by
 * itself, and stays stuck on one that throws.
 */
export class EventServer extends Server implements CustomTransportStrategy {
  override readonly propagatesEventHandlerErrors = true;

  constructor(
    private readonly transport: EventTransport,
    private readonly group: string,
  ) {
    super();
  }

  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      for (const [topic, handler] of this.messageHandlers) {
        // The patterns of this server are topics: whoever writes another one never gets a message, and a test would tell.
        await this.transport.subscribe(topic as Topic, this.group, async (records: readonly IncomingRecord[]) => {
          const result: unknown = await handler(records, {});
          if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
        });
      }
      callback();
    } catch (error) {
      callback(error);
    }
  }

  async close(): Promise<void> {
    await this.transport.close();
  }

  on(): never {
    throw new Error('the event bus has no server events');
  }

  unwrap<T>(): T {
    return this.transport as T; // Nest's signature leaves the type to the caller
  }
}
