import { randomUUID } from 'node:crypto';
import { topics, type EventRecord, type Topic } from '@rekey/events';
import { aKafkaBroker, kafkaUnavailable, until } from '@rekey/test-kit';
import { gate } from '../testing/gate.ts';
import { KafkaUnderTest } from '../testing/kafka-under-test.ts';
import { idOf } from '../testing/outbox-entries.ts';
import { aRecord, records } from '../testing/records.ts';
import { EmbeddedTransport } from './embedded-transport.ts';
import type { EventTransport, IncomingRecord } from './event-transport.ts';

const missing = kafkaUnavailable();
if (missing !== null) console.warn(`SKIPPED: the event bus over a real Kafka (${missing})`);

const kafka = new KafkaUnderTest();
const buses: readonly { readonly name: string; readonly make: () => Promise<EventTransport> }[] = [
  { name: 'embedded', make: () => Promise.resolve(new EmbeddedTransport()) },
  ...(missing === null ? [{ name: 'over Kafka', make: async () => kafka.transport((await aKafkaBroker()).brokers) }] : []),
];

describe.each(buses)('the event bus, $name', ({ make }) => {
  let bus: EventTransport;
  /** Others use the broker too: what they publish has other keys. */
  let key: string;

  beforeEach(async () => {
    bus = await make();
    key = `user ${randomUUID()}`;
  }, 120_000); // of which the first may start the broker
  afterEach(async () => {
    await bus.close();
  });

  /** @param take gets what was published under this test's key */
  async function subscribed(take: (records: readonly IncomingRecord[]) => Promise<void> | void, { topic = topics.recovery, group = randomUUID() }: { topic?: Topic; group?: string } = {}): Promise<void> {
    await bus.subscribe(topic, group, async (all) => {
      const own = all.filter((record) => record.key?.startsWith(key));
      if (own.length > 0) await take(own);
    });
    await until(() => bus.readiness(), ({ ready }) => ready);
  }

  /** As the outbox's relay does: what was not taken is published again. */
  async function publish(published: readonly EventRecord[], topic: Topic = topics.recovery): Promise<void> {
    await until(() => bus.publish(topic, published).then(() => true, () => false), (taken) => taken);
  }

  it('delivers a record as it was published', async () => {
    const received: IncomingRecord[] = [];
    await subscribed((all) => void received.push(...all));
    const record: EventRecord = { key: `${key} ü`, headers: { ce_id: '1', ce_type: 'Ünïcode' }, value: Buffer.from([0, 255, 10, 13, 0xc3]) };
    await publish([record]);
    const [delivered] = await until(() => received, (all) => all.length > 0);
    expect(delivered).toMatchObject({ ...record, topic: topics.recovery });
    expect(delivered?.offset).toMatch(/^\d+$/);
  });

  it('delivers to every group, and to nobody on other topics', async () => {
    const received: Record<string, string[]> = { one: [], other: [], elsewhere: [] };
    const into = (name: string) => (all: readonly IncomingRecord[]) => void received[name]?.push(...all.map(idOf));
    await subscribed(into('one'));
    await subscribed(into('other'));
    await subscribed(into('elsewhere'), { topic: topics.notification });
    const [record, elsewhere] = [aRecord({ key }), aRecord({ key })];
    await publish([record]);
    await publish([elsewhere], topics.notification);
    await until(() => received, (all) => Object.values(all).every((ids) => ids.length > 0));
    expect(received).toEqual({ one: [idOf(record)], other: [idOf(record)], elsewhere: [idOf(elsewhere)] });
  });

  it('keeps the order of a key', async () => {
    const received: IncomingRecord[] = [];
    await subscribed((all) => void received.push(...all));
    const published = Array.from({ length: 60 }, (_, i) => aRecord({ key: `${key} ${i % 4}` }));
    for (let i = 0; i < published.length; i += 5) await publish(published.slice(i, i + 5));
    await until(() => received.length, (n) => n === published.length);
    for (let user = 0; user < 4; user++) {
      const own = ({ key: its }: { readonly key: string | null }): boolean => its === `${key} ${user}`;
      expect(received.filter(own).map(idOf)).toEqual(published.filter(own).map(idOf));
    }
  });

  it('delivers again what a handler did not take, in order, and skips nothing', async () => {
    const received: string[] = [];
    let refusals = 2;
    const group = randomUUID();
    const pausedBefore: unknown[] = [];
    await subscribed((all) => {
      pausedBefore.push(bus.paused().map(({ partition: _partition, ...paused }) => paused));
      if (refusals-- > 0) throw new Error('the database is away');
      received.push(...all.map(idOf));
    }, { group });
    const [first, second] = [records(5, { key }), records(5, { key })];
    await publish(first);
    await publish(second);
    await until(() => received.length, (n) => n >= 10);
    expect(received).toEqual([...first, ...second].map(idOf));
    expect(pausedBefore.slice(0, 3)).toEqual([[], [{ group, topic: topics.recovery }], [{ group, topic: topics.recovery }]]);
    await until(() => bus.paused(), ({ length }) => length === 0);
  });

  it('has no group wait for one whose handler fails', async () => {
    const received = new Set<string>();
    let failing = true;
    await subscribed(() => {
      if (failing) throw new Error('the database is away');
    });
    await subscribed((all) => all.forEach((record) => received.add(idOf(record))));
    const record = aRecord({ key });
    const published = publish([record]);
    await until(() => received, (ids) => ids.has(idOf(record)));
    failing = false;
    await published;
  });

  it('finishes the batch in hand when closed, and delivers and takes no more', async () => {
    const [entered, leave] = [gate(), gate()];
    let finished = 0;
    await subscribed(async (all) => {
      entered.open();
      await leave.opened;
      finished += all.length;
    });
    const published = publish([aRecord({ key })]);
    await entered.opened;
    const closed = bus.close();
    await expect(bus.publish(topics.recovery, [aRecord({ key })])).rejects.toThrow('closed');
    leave.open();
    await closed;
    await published;
    expect(finished).toBe(1);
    expect(bus.readiness()).toEqual({ ready: false, waitingFor: 'the event bus is closed' });
  });

  it('can be closed before anything has come of a subscription, and twice', async () => {
    await bus.subscribe(topics.recovery, randomUUID(), () => Promise.reject(new Error('not to be called')));
    await bus.close();
    await bus.close();
  });
});

describe('the embedded event bus', () => {
  it('has taken records when every group has made them safe: the publisher’s outbox is the log', async () => {
    const bus = new EmbeddedTransport();
    const leave = gate();
    const safe: string[] = [];
    await bus.subscribe(topics.recovery, 'quick', async () => void safe.push('quick'));
    await bus.subscribe(topics.recovery, 'slow', async () => {
      await leave.opened;
      safe.push('slow');
    });
    const published = bus.publish(topics.recovery, [aRecord()]);
    await until(() => safe, ({ length }) => length === 1);
    leave.open();
    await published;
    expect(safe).toEqual(['quick', 'slow']);
  });

  it('finishes what a group has in hand although another one has failed', async () => {
    const bus = new EmbeddedTransport();
    const leave = gate();
    let finished = false;
    await bus.subscribe(topics.recovery, 'failing', () => Promise.reject(new Error('the database is away')));
    await bus.subscribe(topics.recovery, 'slow', async () => {
      await leave.opened;
      finished = true;
    });
    const published = bus.publish(topics.recovery, [aRecord()]);
    const closed = bus.close();
    leave.open();
    await closed;
    expect(finished).toBe(true);
    await expect(published).rejects.toThrow('the database is away');
  });

  it('takes nothing before somebody has subscribed, except for the dead, whom nobody reads', async () => {
    const bus = new EmbeddedTransport();
    await expect(bus.publish(topics.recovery, [aRecord()])).rejects.toThrow('nobody has subscribed to recovery.events.v1');
    await bus.publish(topics.dead, [aRecord()]);
  });
});
