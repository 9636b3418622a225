import { topics } from '@rekey/events';
import { createLogger } from '@rekey/observability';
import { until } from '@rekey/test-kit';
import type { Database } from '../database/database.ts';
import { DatabaseUnderTest } from '../testing/database-under-test.ts';
import { gate } from '../testing/gate.ts';
import { anEntry, entries, idOf } from '../testing/outbox-entries.ts';
import { EmbeddedTransport } from '../transport/embedded-transport.ts';
import { RecordRefusedError, type BatchHandler, type IncomingRecord } from '../transport/event-transport.ts';
import { CreateOutbox1764000000000 } from './create-outbox.ts';
import { appendToOutbox, confirmOutbox } from './outbox.ts';
import { claimUnpublished } from './outbox-statements.ts';
import { OutboxRelay, type OutboxRelayOptions } from './outbox-relay.ts';

const never = 3_600_000;

describe('the outbox’s relay', () => {
  let under: DatabaseUnderTest;
  let database: Database;
  let received: IncomingRecord[];
  const relays: OutboxRelay[] = [];

  beforeEach(async () => {
    under = await DatabaseUnderTest.make();
    database = await under.open({ migrations: [CreateOutbox1764000000000] });
    received = [];
  });
  afterEach(async () => {
    await Promise.all(relays.splice(0).map((relay) => relay.stop()));
    await under.drop();
  });

  /** A relay as of a process of its own; what it publishes is received, unless `receive` is another one. */
  async function aRelay(options: OutboxRelayOptions & { receive?: BatchHandler; database?: Database } = {}): Promise<OutboxRelay> {
    const { receive = async (records) => void received.push(...records), database: itsDatabase = database, ...relayOptions } = options;
    const transport = new EmbeddedTransport();
    await transport.subscribe(topics.recovery, 'receiver', receive);
    await transport.subscribe(topics.notification, 'receiver', receive);
    const relay = new OutboxRelay(itsDatabase, transport, createLogger('test', { level: 'silent' }), { pollMs: never, reconcileEveryMs: never, ...relayOptions });
    relays.push(relay);
    return relay;
  }
  const unpublished = async (): Promise<number> => (await database.query('SELECT FROM outbox WHERE published_at IS NULL')).length;
  const receivedIds = (): string[] => received.map(idOf);

  /** A bus that takes no batch with such an entry in it. */
  const refusing =
    (isRefused: (id: string) => boolean): BatchHandler =>
    async (records) => {
      if (records.map(idOf).some(isRefused)) throw new RecordRefusedError('too large');
      received.push(...records);
    };

  it('publishes what waits when it starts, what is written when it is woken, and finds the rest by itself', async () => {
    const [before, woken, found] = [anEntry(), anEntry(), anEntry()];
    await appendToOutbox(database, [before]);
    const relay = await aRelay();
    relay.start();
    await until(receivedIds, (ids) => ids.includes(before.id));
    await appendToOutbox(database, [woken]);
    relay.wake();
    await until(receivedIds, (ids) => ids.includes(woken.id));
    await relay.stop();
    const polling = await aRelay({ pollMs: 5 });
    polling.start();
    await until(unpublished, (n) => n === 0);
    await appendToOutbox(database, [found]);
    await until(receivedIds, (ids) => ids.includes(found.id));
    await until(unpublished, (n) => n === 0);
    expect(receivedIds()).toEqual([before.id, woken.id, found.id]);
  });

  it('publishes each entry to its topic, in the order of writing, over many batches', async () => {
    const all = Array.from({ length: 50 }, (_, i) => anEntry({ key: `user ${i % 3}`, topic: i % 10 === 9 ? topics.notification : topics.recovery }));
    await appendToOutbox(database, all);
    (await aRelay({ batchSize: 7 })).start();
    await until(unpublished, (n) => n === 0);
    for (const topic of [topics.recovery, topics.notification]) {
      expect(received.filter((record) => record.topic === topic).map(idOf)).toEqual(all.filter((entry) => entry.topic === topic).map(({ id }) => id));
    }
  });

  it('shares an outbox with others: each entry is published once', async () => {
    const all = entries(300);
    await appendToOutbox(database, all);
    const other = await under.open();
    for (const itsDatabase of [database, other, database, other]) (await aRelay({ database: itsDatabase, batchSize: 7 })).start();
    await until(unpublished, (n) => n === 0);
    expect(receivedIds().sort()).toEqual(all.map(({ id }) => id).sort());
  });

  it('takes over what a dead relay had claimed, once its lease has run out (F2)', async () => {
    const [claimed, free] = [anEntry(), anEntry()];
    await appendToOutbox(database, [claimed]);
    expect(await claimUnpublished(database, 1)).toHaveLength(1);
    await appendToOutbox(database, [free]);
    const relay = await aRelay();
    relay.start();
    await until(receivedIds, (ids) => ids.length > 0);
    expect(receivedIds()).toEqual([free.id]);
    await database.query(`UPDATE outbox SET claimed_until = now() - interval '1 s' WHERE id = $1`, [claimed.id]);
    relay.wake();
    await until(receivedIds, (ids) => ids.includes(claimed.id));
  });

  it('publishes what its own process has written and claimed; others leave that to it until the claim has run out', async () => {
    const [own, ofTheDead] = [anEntry(), anEntry()];
    await appendToOutbox(database, [own, ofTheDead]);
    await database.query(`UPDATE outbox SET claimed_until = now() + interval '1 hour'`);
    const relay = await aRelay();
    relay.start();
    relay.publishWritten([own]);
    await until(unpublished, (n) => n === 1);
    expect(receivedIds()).toEqual([own.id]);
    await database.query(`UPDATE outbox SET claimed_until = now() - interval '1 s' WHERE id = $1`, [ofTheDead.id]);
    relay.wake();
    await until(unpublished, (n) => n === 0);
    expect(receivedIds()).toEqual([own.id, ofTheDead.id]);
  });

  it('publishes once what it still has in hand when the claim has run out', async () => {
    const [late, next] = [anEntry(), anEntry()];
    await appendToOutbox(database, [late, next]);
    await database.query(`UPDATE outbox SET claimed_until = now() - interval '1 s' WHERE id = $1`, [late.id]);
    const relay = await aRelay();
    relay.publishWritten([late]);
    relay.start();
    await until(unpublished, (n) => n === 0);
    expect(receivedIds()).toEqual([late.id, next.id]);
  });

  it('hands back what it could not publish, says so, and publishes it in order when it can', async () => {
    let down = true;
    const all = entries(5, { key: 'kim' });
    await appendToOutbox(database, all);
    const relay = await aRelay({
      receive: async (records) => {
        if (down) throw new Error('the bus is down');
        received.push(...records);
      },
    });
    relay.start();
    expect(await until(() => relay.readiness(), ({ ready }) => !ready)).toEqual({ ready: false, waitingFor: 'the bus is down' });
    expect(await until(() => database.query('SELECT id FROM outbox WHERE claimed_until IS NULL'), (rows) => rows.length === 5)).toHaveLength(5);
    down = false;
    await until(() => relay.readiness(), ({ ready }) => ready);
    expect(receivedIds()).toEqual(all.map(({ id }) => id));
  });

  describe('where the bus refuses one entry for good', () => {
    it('publishes its neighbours in order, and stays ready', async () => {
      const all = entries(9);
      const refused = all[4]?.id;
      await appendToOutbox(database, all);
      const relay = await aRelay({ receive: refusing((id) => id === refused) });
      relay.start();
      await until(unpublished, (n) => n === 1);
      expect(receivedIds()).toEqual(all.map(({ id }) => id).filter((id) => id !== refused));
      expect(relay.readiness()).toEqual({ ready: true });
    });

    it('lets it rest, and publishes it when the bus takes it later: a broker’s limit may have been raised', async () => {
      const entry = anEntry();
      await appendToOutbox(database, [entry]);
      let offers = 0;
      const relay = await aRelay({ pollMs: 1, receive: refusing(() => ++offers === 1) });
      relay.start();
      const restMinutes = async (): Promise<number> => (await database.query<{ minutes: number }>('SELECT extract(epoch FROM claimed_until - now())::float / 60 AS minutes FROM outbox'))[0]?.minutes ?? 0;
      expect(await until(restMinutes, (minutes) => minutes > 1)).toBeLessThanOrEqual(60);
      const after = anEntry();
      await appendToOutbox(database, [after]);
      await until(receivedIds, (ids) => ids.includes(after.id));
      expect(receivedIds()).toEqual([after.id]);
      await database.query(`UPDATE outbox SET claimed_until = now() - interval '1 ms' WHERE id = $1`, [entry.id]);
      await until(receivedIds, (ids) => ids.includes(entry.id));
    });
  });

  it('publishes to the other topics where one takes nothing, and is not ready', async () => {
    const [stuck, free] = [anEntry({ topic: topics.recovery }), anEntry({ topic: topics.notification })];
    await appendToOutbox(database, [stuck, free]);
    const relay = await aRelay({
      receive: async (records) => {
        if (records.some(({ topic }) => topic === topics.recovery)) throw new Error('not allowed');
        received.push(...records);
      },
    });
    relay.start();
    expect(await until(() => relay.readiness(), ({ ready }) => !ready)).toEqual({ ready: false, waitingFor: 'not allowed' });
    expect(receivedIds()).toEqual([free.id]);
    expect(await unpublished()).toBe(1);
  });

  it('is ready again when another relay has published what it could not', async () => {
    await appendToOutbox(database, [anEntry()]);
    const failing = await aRelay({ receive: () => Promise.reject(new Error('no line')), pollMs: 5 });
    failing.start();
    await until(() => failing.readiness(), ({ ready }) => !ready);
    const other = await aRelay({ pollMs: 1 });
    other.start();
    expect(await until(() => failing.readiness(), ({ ready }) => ready)).toEqual({ ready: true });
    expect(received).toHaveLength(1);
  });

  it('finishes the batch in hand when stopped, and takes no other', async () => {
    const [entered, leave] = [gate(), gate()];
    await appendToOutbox(database, entries(4));
    const relay = await aRelay({
      batchSize: 2,
      receive: async (records) => {
        entered.open();
        await leave.opened;
        received.push(...records);
      },
    });
    relay.start();
    await entered.opened;
    const stopped = relay.stop();
    leave.open();
    await stopped;
    expect(received).toHaveLength(2);
    expect(await unpublished()).toBe(2);
  });

  it('publishes again, under the same id, what brought no outcome: a wiped topic loses nothing (F13)', async () => {
    const [lost, confirmed] = [anEntry({ awaitsOutcome: true }), anEntry({ awaitsOutcome: true })];
    await appendToOutbox(database, [lost, confirmed]);
    const relay = await aRelay({ reconcileEveryMs: 5, reconcileAfterSeconds: 60 });
    relay.start();
    await until(unpublished, (n) => n === 0);
    await confirmOutbox(database, [confirmed.id]);
    await database.query(`UPDATE outbox SET published_at = now() - interval '61 s'`);
    await until(receivedIds, (ids) => ids.length === 3);
    await until(unpublished, (n) => n === 0);
    expect(receivedIds()).toEqual([lost.id, confirmed.id, lost.id]);
  });

  it('lets nothing new wait behind all that it publishes again', async () => {
    const portion = 1_000;
    await database.query(
      `INSERT INTO outbox (id, topic, key, headers, payload, published_at, awaits_outcome)
       SELECT gen_random_uuid(), 'recovery.events.v1', 'kim', '{}', '', now() - interval '61 s', true FROM generate_series(1, $1) n`,
      [5 * portion],
    );
    const fresh = anEntry();
    const relay = await aRelay({
      batchSize: 100,
      receive: async (records) => {
        if (received.length === 0) await appendToOutbox(database, [fresh]);
        received.push(...records);
      },
    });
    relay.start();
    await until(() => received.length, (n) => n === 5 * portion + 1);
    expect(receivedIds().indexOf(fresh.id)).toBeLessThanOrEqual(portion);
  });

  it('reconciles, and removes what is old, without a rest until nothing is left to do', async () => {
    await database.query(
      `INSERT INTO outbox (id, topic, key, headers, payload, created_at, published_at, awaits_outcome)
       SELECT gen_random_uuid(), 'recovery.events.v1', 'kim', '{}', '', now() - interval '8 days', now() - interval '901 s', n % 2 = 0 FROM generate_series(1, 10002) n`,
    );
    (await aRelay({ reconcileAfterSeconds: 60 })).start();
    await until(async () => (await database.query<{ old: number; lost: number }>(`SELECT count(*) FILTER (WHERE NOT awaits_outcome)::int AS old, count(*) FILTER (WHERE awaits_outcome AND published_at < now() - interval '900 s')::int AS lost FROM outbox`))[0], (left) => left?.old === 0 && left.lost === 0);
    await until(() => received.length, (n) => n === 5_001);
  });
});
