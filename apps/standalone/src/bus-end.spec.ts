import { EventEmitter, once } from 'node:events';
import { topics, type EventRecord } from '@rekey/events';
import { EmbeddedTransport, type IncomingRecord } from '@rekey/messaging';
import { BusEnd } from './bus-end.ts';

const record: EventRecord = { key: 'kim', headers: {}, value: Buffer.from('{}') };

describe('one end of a shared bus', () => {
  it('hands over and gets as the bus itself does', async () => {
    const bus = new EmbeddedTransport();
    const got: IncomingRecord[] = [];
    await new BusEnd(bus).subscribe(topics.recovery, 'receiver', async (records) => void got.push(...records));
    await new BusEnd(bus).publish(topics.recovery, [record]);
    expect(got).toEqual([expect.objectContaining({ key: 'kim', topic: topics.recovery })]);
  });

  it('leaves the others theirs when it is closed', async () => {
    const bus = new EmbeddedTransport();
    const [closing, other] = [new BusEnd(bus), new BusEnd(bus)];
    const got: IncomingRecord[] = [];
    await other.subscribe(topics.notification, 'receiver', async (records) => void got.push(...records));
    await closing.close();
    await other.publish(topics.notification, [record]);
    expect(got).toHaveLength(1);
    expect([closing.readiness().ready, other.readiness().ready]).toEqual([false, true]);
    await expect(closing.publish(topics.notification, [record])).rejects.toThrow('closed');
  });

  it('takes no more once it is closed: the publisher keeps what comes later', async () => {
    const bus = new EmbeddedTransport();
    const receiving = new BusEnd(bus);
    const got: unknown[] = [];
    await receiving.subscribe(topics.recovery, 'receiver', async (records) => void got.push(...records));
    await receiving.close();
    await expect(new BusEnd(bus).publish(topics.recovery, [record])).rejects.toThrow('closed');
    expect(got).toEqual([]);
  });

  it('waits for the batch in hand before it is closed', async () => {
    const bus = new EmbeddedTransport();
    const receiving = new BusEnd(bus);
    const steps: string[] = [];
    const gate = new EventEmitter();
    const opened = once(gate, 'open');
    await receiving.subscribe(topics.recovery, 'receiver', async () => {
      await opened;
      steps.push('handled');
    });
    const published = bus.publish(topics.recovery, [record]);
    const closed = receiving.close().then(() => steps.push('closed'));
    gate.emit('open');
    await Promise.all([published, closed]);
    expect(steps).toEqual(['handled', 'closed']);
  });
});
