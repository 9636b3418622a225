import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { topics } from '@rekey/events';
import { missingForKafka, startKafka, type LocalKafka } from '@rekey/kafka';
import { freePort } from '@rekey/local-stack';
import { until } from '@rekey/test-kit';
import { Kafka, logLevel, type Admin, type ITopicMetadata } from 'kafkajs';
import { gate } from '../testing/gate.ts';
import { KafkaUnderTest } from '../testing/kafka-under-test.ts';
import { aBrokerWithoutCoordinator } from '../testing/no-coordinator.ts';
import { idOf } from '../testing/outbox-entries.ts';
import { aRecord, records } from '../testing/records.ts';
import { RecordRefusedError, type IncomingRecord } from './event-transport.ts';
import type { KafkaTransport } from './kafka-transport.ts';

const missing = missingForKafka();
if (missing !== null && process.env['REQUIRE_KAFKA'] === '1') throw new Error(`REQUIRE_KAFKA=1, but ${missing}`);
if (missing !== null) console.warn(`SKIPPED: the event bus over a Kafka that is stopped and started (${missing})`);

const topic = topics.recovery;
const sessionTimeoutSeconds = 8; // less than that, and a machine that stands still for a moment ends it

/** On a broker of its own: it is killed, and its topics are deleted. */
(missing === null ? describe : describe.skip)('the event bus over Kafka', () => {
  const under = new KafkaUnderTest();
  let folder: string;
  let port: number;
  let broker: LocalKafka;
  let admin: Admin;
  let group: string;

  const start = async (): Promise<void> => {
    broker = await startKafka({ folder, port, controllerPort: await freePort() });
  };
  const client = (): Kafka => new Kafka({ brokers: broker.brokers, logLevel: logLevel.NOTHING });

  beforeAll(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'rekey-kafka-')), 'kafka');
    port = await freePort();
    await start();
    admin = client().admin();
    await admin.connect();
  });
  beforeEach(() => {
    group = `group ${randomUUID()}`;
  });
  afterEach(async () => {
    await under.close();
    await withoutTopics();
  });
  afterAll(async () => {
    await admin?.disconnect();
    await broker?.stop();
    await rm(join(folder, '..'), { recursive: true, force: true });
  });

  async function withoutTopics(): Promise<void> {
    await admin.deleteTopics({ topics: (await admin.listTopics()).filter((name) => !name.startsWith('__')) });
    await until(() => admin.listTopics(), (names) => names.every((name) => name.startsWith('__')));
  }
  const partitionsOf = async (name: string): Promise<number | undefined> => {
    const { topics: found }: { topics: ITopicMetadata[] } = await admin.fetchTopicMetadata();
    return found.find((one) => one.name === name)?.partitions.length;
  };
  /** @returns the sum of the group's committed offsets: so many of the records count as delivered */
  const committed = async (): Promise<number> => {
    const [offsets] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
    return (offsets?.partitions ?? []).reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
  };
  const ready = (transport: KafkaTransport): Promise<unknown> => until(() => transport.readiness(), (seen) => seen.ready, 60_000);
  /** A member that keeps what it gets. */
  const member = async (options: Parameters<KafkaUnderTest['transport']>[1] = {}): Promise<{ transport: KafkaTransport; received: IncomingRecord[] }> => {
    const transport = under.transport(broker.brokers, options);
    const received: IncomingRecord[] = [];
    await transport.subscribe(topic, group, async (all) => void received.push(...all));
    return { transport, received };
  };
  /** As the outbox's relay does: again until it is taken. */
  const publish = async (transport: KafkaTransport, published: ReturnType<typeof records>): Promise<void> => {
    await until(() => transport.publish(topic, published).then(() => true, () => false), (taken) => taken, 60_000);
  };

  describe('its topics', () => {
    it('are made with the configured partitions, by however many start at once, and left as they are later', async () => {
      const starting = Array.from({ length: 3 }, () => under.transport(broker.brokers, { partitions: 5 }));
      await Promise.all(starting.map((transport) => transport.publish(topic, [aRecord()])));
      await under.transport(broker.brokers, { partitions: 2 }).publish(topic, [aRecord()]);
      expect(await Promise.all(Object.values(topics).map(partitionsOf))).toEqual([5, 5, 5]);
    });

    it('are made again when they were deleted: what is published then arrives, with nobody started anew (F13, F14)', async () => {
      const { transport, received } = await member();
      await publish(transport, [aRecord()]);
      await until(() => received, (all) => all.length === 1);
      await withoutTopics();
      const after = records(3);
      await publish(transport, after);
      const arrived = (): boolean => after.every((record) => received.some((one) => idOf(one) === idOf(record)));
      await until(arrived, (all) => all, 60_000);
      expect(await partitionsOf(topic)).toBe(3);
      expect(under.fatal).toEqual([]);
    }, 90_000);
  });

  describe('how far a group is behind', () => {
    const behind = (transport: KafkaTransport) => transport.lag().then((partitions) => partitions.filter((one) => one.group === group).reduce((sum, one) => sum + one.records, 0));

    it('is told by the cluster, also while what came is not taken', async () => {
      const { opened, open } = gate();
      const transport = under.transport(broker.brokers);
      await transport.subscribe(topic, group, () => opened);
      await publish(transport, records(7));
      expect(await behind(transport)).toBe(7);
      open();
      await until(() => behind(transport), (sum) => sum === 0, 60_000);
      expect((await transport.lag()).map(({ partition }) => partition).sort()).toEqual([0, 1, 2]);
    }, 90_000);
  });

  describe('a broker that is away', () => {
    it('keeps nobody from closing or starting: what comes in is waited for by name, what goes out fails soon, and all is well once it is there (F11)', async () => {
      const { transport: closing } = await member();
      await ready(closing);
      await broker.stop();
      await closing.close();

      const { transport, received } = await member();
      expect(transport.readiness()).toEqual({ ready: false, waitingFor: `Kafka at 127.0.0.1:${port}: not yet a member of the group "${group}"` });
      const publisher = under.transport(broker.brokers);
      await expect(publisher.publish(topic, [aRecord()])).rejects.toThrow();
      expect(publisher.readiness()).toEqual({ ready: true });
      await start();
      await ready(transport);
      const record = aRecord();
      await publish(publisher, [record]);
      await until(() => received.map(idOf), (ids) => ids.includes(idOf(record)));
    }, 90_000);

    it('is waited for when it is killed at work: each record arrives, and nobody is started anew (F12)', async () => {
      const { transport, received } = await member();
      const [before, meanwhile] = [records(20), records(20)];
      await publish(transport, before);
      await until(() => received.length, (n) => n === before.length);
      await broker.kill();
      await until(() => transport.readiness(), (seen) => !seen.ready);
      const publishing = publish(transport, meanwhile);
      await start();
      await publishing;
      await until(() => new Set(received.map(idOf)).size, (n) => n === before.length + meanwhile.length, 60_000);
      await ready(transport);
      expect(under.fatal).toEqual([]);
    }, 90_000);
  });

  describe('a record’s offset', () => {
    it('is committed when the handler has made it safe, and not before', async () => {
      const [entered, leave] = [gate(), gate()];
      const transport = under.transport(broker.brokers);
      await transport.subscribe(topic, group, async () => {
        entered.open();
        await leave.opened;
      });
      await publish(transport, records(4, { key: 'kim' }));
      await entered.opened;
      expect(await committed()).toBe(0);
      leave.open();
      expect(await until(committed, (offset) => offset > 0)).toBe(4);
    });

    it('is not passed while the handler fails; other partitions go on meanwhile', async () => {
      let failing = true;
      const taken: string[] = [];
      const transport = under.transport(broker.brokers);
      await transport.subscribe(topic, group, async (all) => {
        if (failing && all.some(({ key }) => key === 'unlucky')) throw new Error('the database is away');
        taken.push(...all.map(idOf));
      });
      const unlucky = records(3, { key: 'unlucky' });
      await publish(transport, unlucky);
      const others = records(20);
      await publish(transport, others);
      await until(() => taken.length, (n) => n > 0);
      expect(taken).not.toContain(idOf(unlucky[0] ?? aRecord()));
      const [paused] = await until(() => transport.paused(), ({ length }) => length > 0);
      expect(transport.paused()).toEqual([{ group, topic, partition: paused?.partition }]);
      failing = false;
      await until(() => taken.length, (n) => n === 23);
      expect(transport.paused()).toEqual([]);
      expect(taken.filter((id) => unlucky.some((record) => idOf(record) === id))).toEqual(unlucky.map(idOf));
    });

    it('is committed for the batch in hand when closing: the next member begins behind it', async () => {
      const [entered, leave] = [gate(), gate()];
      const transport = under.transport(broker.brokers);
      await transport.subscribe(topic, group, async () => {
        entered.open();
        await leave.opened;
      });
      await publish(transport, records(3, { key: 'kim' }));
      await entered.opened;
      const closed = transport.close();
      leave.open();
      await closed;
      expect(await committed()).toBe(3);
      const { transport: next, received } = await member();
      const record = aRecord({ key: 'kim' });
      await publish(next, [record]);
      expect((await until(() => received, (all) => all.length > 0)).map(idOf)).toEqual([idOf(record)]);
    });

    it('that the topic no longer has begins at its oldest record (F15)', async () => {
      const publisher = under.transport(broker.brokers, { partitions: 1 });
      const published = records(3);
      await publish(publisher, published);
      await admin.setOffsets({ groupId: group, topic, partitions: [{ partition: 0, offset: '1000000' }] });
      const { received } = await member();
      expect((await until(() => received, (all) => all.length === 3, 60_000)).map(idOf)).toEqual(published.map(idOf));
    }, 90_000);
  });

  describe('a membership', () => {
    const membersOf = async (): Promise<string[]> => {
      const { groups } = await admin.describeGroups([group]);
      return (groups[0]?.members ?? []).map(({ memberId }) => memberId);
    };
    /** Looks for longer than a session lasts without a sign of life. @returns whoever was a member meanwhile */
    const membersMeanwhile = async (): Promise<Set<string>> => {
      const seen = new Set<string>();
      const endsAt = performance.now() + 1_250 * sessionTimeoutSeconds;
      await until(
        async () => (await membersOf()).forEach((id) => seen.add(id)),
        () => performance.now() > endsAt,
      );
      return seen;
    };

    /** A member in a process of its own, which can be stopped: it prints what it gets, and holds it until it is told to go on. */
    const aMemberProcess = (ofGroup: string) => {
      const settings = { brokers: broker.brokers, clientId: 'frozen', partitions: 1, replicationFactor: 1, sessionTimeoutSeconds, ssl: false, sasl: null };
      const program = `
        import { KafkaTransport } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)};
        import { createLogger } from '@rekey/observability';
        import { once } from 'node:events';
        const goOn = once(process.stdin, 'data');
        const transport = new KafkaTransport(${JSON.stringify(settings)}, { log: createLogger('frozen', { level: 'silent' }), onFatal: (error) => { throw error; } });
        await transport.subscribe(${JSON.stringify(topic)}, ${JSON.stringify(ofGroup)}, async (all) => {
          for (const { headers } of all) console.log(headers.ce_id);
          await goOn;
          console.log('taken');
        });`;
      const child = spawn(process.execPath, ['--input-type=module', '-e', program], { env: { PATH: process.env['PATH'] } });
      let printed = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
      return { output: () => printed, goOn: () => child.stdin.write('go on\n'), signal: (signal: NodeJS.Signals) => child.kill(signal), ended: once(child, 'close') };
    };

    it('outlasts a handler that takes longer than a session', async () => {
      const [entered, leave] = [gate(), gate()];
      const taken: string[] = [];
      const transport = under.transport(broker.brokers, { sessionTimeoutSeconds, partitions: 1 });
      await transport.subscribe(topic, group, async (all) => {
        entered.open();
        await leave.opened;
        taken.push(...all.map(idOf));
      });
      const record = aRecord();
      await publish(transport, [record]);
      await entered.opened;
      const [before] = await membersOf();
      expect(await membersMeanwhile()).toEqual(new Set([before]));
      leave.open();
      await until(committed, (offset) => offset === 1);
      expect(taken).toEqual([idOf(record)]);
    });

    it('outlasts a database that is away for longer than a session (F20)', async () => {
      const failed = gate();
      let away = true;
      const taken: string[] = [];
      const transport = under.transport(broker.brokers, { sessionTimeoutSeconds, partitions: 1 });
      await transport.subscribe(topic, group, async (all) => {
        if (away) {
          failed.open();
          throw new Error('the database is away');
        }
        taken.push(...all.map(idOf));
      });
      const record = aRecord();
      await publish(transport, [record]);
      await failed.opened;
      const [before] = await membersOf();
      expect(await membersMeanwhile()).toEqual(new Set([before]));
      away = false;
      await until(committed, (offset) => offset === 1);
      expect(taken).toEqual([idOf(record)]);
    });

    it('ends when its process stands still for longer than a session: others get its records, its late commit counts for nothing, and none is lost (F10)', async () => {
      const [first, second, third] = [aRecord(), aRecord(), aRecord()];
      await publish(under.transport(broker.brokers, { partitions: 1 }), [first]);
      const frozen = aMemberProcess(group);
      try {
        await until(frozen.output, (text) => text.includes(idOf(first)), 60_000);
        frozen.signal('SIGSTOP');
        const { transport, received } = await member({ sessionTimeoutSeconds });
        await publish(transport, [second]);
        await until(() => received.length, (n) => n === 2, 60_000);
        await until(committed, (offset) => offset === 2);

        frozen.signal('SIGCONT');
        frozen.goOn();
        await until(frozen.output, (text) => text.includes('taken'));
        await until(membersOf, (members) => members.length === 2, 30_000);
        await publish(transport, [third]);
        await until(committed, (offset) => offset === 3, 60_000);
        const arrivedAt = (id: string): boolean => received.some((one) => idOf(one) === id) || frozen.output().includes(id);
        expect([first, second, third].map(idOf).map(arrivedAt)).toEqual([true, true, true]);
      } finally {
        frozen.signal('SIGKILL');
        await frozen.ended;
      }
    }, 120_000);

    it('is shared with those who come, and handed on by those who go: each record arrives (F42)', async () => {
      const [first, second] = [await member(), await member()];
      await Promise.all([ready(first.transport), ready(second.transport)]);
      await until(membersOf, (members) => members.length === 2);
      const published = records(200);
      await publish(first.transport, published.slice(0, 100));
      await until(() => first.received.length > 0 && second.received.length > 0, (both) => both);
      await first.transport.close();
      await publish(second.transport, published.slice(100));
      const arrived = (): number => new Set([...first.received, ...second.received].map(idOf)).size;
      await until(arrived, (n) => n === published.length, 60_000);
    }, 90_000);

    it('is asked for again where no broker names the group’s coordinator, which the client takes for its end (F11, F14)', async () => {
      await under.transport(broker.brokers).publish(topic, [aRecord()]);
      const cluster = await aBrokerWithoutCoordinator(port);
      const transport = under.transport(cluster.brokers);
      await transport.subscribe(topic, group, () => Promise.resolve());
      await until(() => cluster.refused, (times) => times > 2);
      expect([transport.readiness().ready, under.fatal]).toEqual([false, []]);
      cluster.elect();
      await ready(transport);
      await transport.close();
      await cluster.close();
    });

    it('that can never come about ends the process, which would be alive and idle otherwise (F55)', async () => {
      await under.transport(broker.brokers).publish(topic, [aRecord()]);
      const other = client().consumer({
        groupId: group,
        partitionAssigners: [() => ({ name: 'another protocol', version: 1, assign: () => Promise.resolve([]), protocol: () => ({ name: 'another protocol', metadata: Buffer.alloc(0) }) })],
      });
      const joined = new Promise((resolve) => other.on(other.events.GROUP_JOIN, resolve));
      await other.subscribe({ topics: [topic] });
      await other.run({ eachMessage: () => Promise.resolve() });
      await joined;
      const { transport } = await member();
      const [error] = await until(() => under.fatal.splice(0), (all) => all.length > 0);
      expect(error?.message).toMatch(/protocol/);
      expect(transport.readiness().ready).toBe(false);
      await other.disconnect();
    });
  });

  describe('what strangers write to the topic', () => {
    const write = async (message: { key?: Buffer | null; value: Buffer | null; headers?: Record<string, Buffer | string> }): Promise<void> => {
      const producer = client().producer();
      await producer.connect();
      await producer.send({ topic, messages: [message] });
      await producer.disconnect();
    };

    it('arrives, whatever it is: no key, no value, bytes that are no text (F34)', async () => {
      const { transport, received } = await member({ partitions: 1 });
      await ready(transport);
      await write({ key: null, value: null });
      await write({ key: Buffer.from([0xff, 0xfe]), value: Buffer.from([0xff]), headers: { ce_id: Buffer.from([0x61, 0xff, 0x62]), __proto__x: 'odd' } });
      const [nothing, odd] = await until(() => received, (all) => all.length === 2);
      expect(nothing).toMatchObject({ key: null, value: null, headers: {} });
      expect(odd).toMatchObject({ key: '\ufffd\ufffd', value: Buffer.from([0xff]), headers: { ce_id: 'a\ufffdb', __proto__x: 'odd' } });
    });

    it('is passed although it has ten megabytes (F36)', async () => {
      await admin.createTopics({ topics: [{ topic, numPartitions: 1, configEntries: [{ name: 'max.message.bytes', value: String(16 * 1024 * 1024) }] }] });
      await write({ value: Buffer.alloc(10 * 1024 * 1024) });
      const { transport, received } = await member();
      const record = aRecord();
      await publish(transport, [record]);
      await until(() => received.map(idOf), (ids) => ids.includes(idOf(record)));
      expect(received.map(({ value }) => value?.length)).toEqual([10 * 1024 * 1024, record.value.length]);
    });
  });

  it('publishes more at once than a broker takes at once, in order, and delivers it in bounded batches', async () => {
    const transport = under.transport(broker.brokers, { partitions: 1 });
    const published = records(1_500, { value: Buffer.alloc(4 * 1024) });
    await transport.publish(topic, published);
    const received: IncomingRecord[] = [];
    const batchBytes: number[] = [];
    await transport.subscribe(topic, group, async (all) => {
      received.push(...all);
      batchBytes.push(all.reduce((sum, { value }) => sum + (value?.length ?? 0), 0));
    });
    await until(() => received.length, (n) => n >= published.length);
    expect(received.map(idOf)).toEqual(published.map(idOf));
    expect(Math.max(...batchBytes)).toBeLessThanOrEqual(2 * 1024 * 1024);
  });

  it('refuses one record that no broker takes, and takes others afterwards (F36)', async () => {
    const transport = under.transport(broker.brokers);
    await expect(transport.publish(topic, [aRecord({ value: Buffer.alloc(2 * 1024 * 1024) })])).rejects.toThrow(RecordRefusedError);
    await transport.publish(topic, [aRecord()]);
  });
});
