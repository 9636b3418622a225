import { randomUUID } from 'node:crypto';
import type { IncomingRecord } from '@rekey/messaging';
import { CrashCounter } from '../quarantine/crash-counter.ts';
import { InboxUnderTest } from '../testing/inbox-under-test.ts';
import { CarefulReader } from './careful-reader.ts';

describe('reading carefully', () => {
  let service: InboxUnderTest;
  beforeAll(async () => (service = await InboxUnderTest.open()));
  afterAll(() => service.close());
  beforeEach(() => service.empty());

  const batch = async (size: number): Promise<IncomingRecord[]> => (await Promise.all(Array.from({ length: size }, () => service.publisher.recoveryRequested()))).map(({ record }) => record);
  /** A process of its own, which ends at `poison` where there is one. */
  function aReader(poison?: IncomingRecord): { reader: CarefulReader; batches: number[] } {
    const [inbox, batches] = [service.inbox(), [] as number[]];
    const accept = async (records: readonly IncomingRecord[]): Promise<void> => {
      if (records.some(({ key, value }) => key === poison?.key && value === poison?.value)) throw new Error('this process has died');
      batches.push(records.length);
      await inbox.accept(records);
    };
    return { reader: new CarefulReader(service.database, { accept, putAside: (...record) => inbox.putAside(...record) }), batches };
  }
  const deaths = async (records: readonly IncomingRecord[], poison: IncomingRecord | undefined, times: number): Promise<void> => {
    for (let death = 0; death < times; death++) await expect(aReader(poison).reader.accept(records)).rejects.toThrow('died');
  };
  const dead = () => service.database.query('SELECT reason, times_seen FROM dead');
  const quarantined = { reason: 'crashed the reader three times', times_seen: 1 };

  it('takes whole batches where the reader before came to a clean end', async () => {
    const before = aReader();
    await before.reader.accept(await batch(1));
    await before.reader.end();
    const { reader, batches } = aReader();
    await reader.accept(await batch(3));
    await reader.accept(await batch(2));
    expect(batches).toEqual([3, 2]);
    expect(await service.database.query('SELECT FROM crash_count')).toEqual([]);
  });

  it('takes the first batch one by one where it did not, and whole batches after it, each partition for itself', async () => {
    await aReader().reader.accept(await batch(1));
    const { reader, batches } = aReader();
    const elsewhere = (await batch(2)).map((record) => ({ ...record, partition: 1 }));
    for (const records of [await batch(3), elsewhere, await batch(2)]) await reader.accept(records);
    expect(batches).toEqual([1, 1, 1, 2, 2]);
    expect(await service.database.query('SELECT FROM crash_count')).toEqual([]);
  });

  it('puts aside what crashed three readers, and takes what stands around it (F37)', async () => {
    const records = await batch(5);
    await deaths(records, records[2], 3);
    expect(await dead()).toEqual([]);
    await aReader(records[2]).reader.accept(records);
    expect(await dead()).toEqual([quarantined]);
    expect(await service.states()).toEqual({ PENDING: 4 });
  });

  it('does not read it again where it is published again, in this process or a later one', async () => {
    const records = await batch(2);
    const [poison] = records;
    await deaths(records, poison, 3);
    const { reader } = aReader(poison);
    await reader.accept(records);
    await reader.accept(records);
    await reader.end();
    await aReader(poison).reader.accept(records);
    expect(await dead()).toEqual([{ ...quarantined, times_seen: 3 }]);
  });

  it('blames nothing that one living process tries again and again, while its database is away', async () => {
    const records = await batch(1);
    await deaths(records, records[0], 1);
    const { reader } = aReader(records[0]);
    for (let attempt = 0; attempt < 5; attempt++) await expect(reader.accept(records)).rejects.toThrow('died');
    await aReader().reader.accept(records);
    expect([await dead(), await service.states()]).toEqual([[], { PENDING: 1 }]);
  });

  it('counts no crash twice, and none of what has come to its end since', async () => {
    const id = randomUUID();
    const begin = async (process = randomUUID()) => new CrashCounter(service.database, process).begin(id);
    const living = randomUUID();
    expect([await begin(), await begin(living), await begin(living), await begin()]).toEqual(['innocent', 'innocent', 'innocent', 'guilty']);
    await new CrashCounter(service.database, living).forget(id);
    expect([await begin(), await begin(), await begin()]).toEqual(['innocent', 'innocent', 'guilty']);
  });
});
