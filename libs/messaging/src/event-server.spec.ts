import 'reflect-metadata';
import { Controller, UseFilters, type INestMicroservice, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, Payload } from '@nestjs/microservices';
import { topics } from '@rekey/events';
import { EventServer } from './event-server.ts';
import { FailureAsItIs } from './failure-as-it-is.ts';
import { gate } from './testing/gate.ts';
import { idOf } from './testing/outbox-entries.ts';
import { aRecord, records } from './testing/records.ts';
import { EmbeddedTransport } from './transport/embedded-transport.ts';
import type { EventTransport, IncomingRecord } from './transport/event-transport.ts';

/** A door that hands each batch to `take`. */
function consumer(take: (records: readonly IncomingRecord[]) => Promise<void> | void): Type {
  @Controller()
  @UseFilters(new FailureAsItIs())
  class Consumer {
    @EventPattern(topics.recovery)
    async take(@Payload() records: readonly IncomingRecord[]): Promise<void> {
      await take(records);
    }
  }
  return Consumer;
}

describe('the event server', () => {
  let bus: EmbeddedTransport;
  let service: INestMicroservice | undefined;
  beforeEach(() => {
    bus = new EmbeddedTransport();
  });
  afterEach(async () => service?.close());

  async function listening(...controllers: Type[]): Promise<void> {
    class Door {}
    service = await NestFactory.createMicroservice({ module: Door, controllers }, { strategy: new EventServer(bus, 'group'), logger: false });
    await service.listen();
  }

  it('hands a handler whole batches of the topic it names, and nothing of others', async () => {
    const batches: string[][] = [];
    await listening(consumer((taken) => void batches.push(taken.map(idOf))));
    const [first, second] = [records(3), records(2)];
    await bus.publish(topics.recovery, first);
    await bus.publish(topics.recovery, second);
    await expect(bus.publish(topics.notification, [aRecord()])).rejects.toThrow('nobody has subscribed');
    expect(batches).toEqual([first.map(idOf), second.map(idOf)]);
  });

  it('counts a batch as delivered when the handler has returned, and not before', async () => {
    const leave = gate();
    const order: string[] = [];
    await listening(
      consumer(async () => {
        await leave.opened;
        order.push('safe');
      }),
    );
    const published = bus.publish(topics.recovery, [aRecord()]).then(() => order.push('delivered'));
    leave.open();
    await published;
    expect(order).toEqual(['safe', 'delivered']);
  });

  it('has the bus deliver again what a handler threw at', async () => {
    await listening(consumer(() => Promise.reject(new Error('the database is away'))));
    await expect(bus.publish(topics.recovery, [aRecord()])).rejects.toThrow('the database is away');
  });

  it('leaves out no handler where several name one topic', async () => {
    const taken: string[] = [];
    await listening(
      consumer(() => void taken.push('one')),
      consumer(() => void taken.push('other')),
    );
    await bus.publish(topics.recovery, [aRecord()]);
    expect(taken.sort()).toEqual(['one', 'other']);
  });

  it('fails to start where the bus refuses, and closes the bus with itself', async () => {
    const refusing: EventTransport = Object.assign(new EmbeddedTransport(), { subscribe: () => Promise.reject(new Error('no such topic')) });
    const server = new EventServer(refusing, 'group');
    server.addHandler(topics.recovery, () => Promise.resolve(undefined as never), true);
    expect(await new Promise((resolve) => void server.listen(resolve))).toEqual(new Error('no such topic'));
    await server.close();
    expect(refusing.readiness().ready).toBe(false);
  });
});
