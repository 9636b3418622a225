import type { Database } from '../database/database.ts';
import { DatabaseUnderTest } from '../testing/database-under-test.ts';
import { anEntry, entries } from '../testing/outbox-entries.ts';
import { CreateOutbox1764000000000 } from './create-outbox.ts';
import { appendToOutbox, confirmOutbox, maxRecordBytes, type OutboxEntry } from './outbox.ts';
import { claimUnpublished, markPublished, prune, republishUnconfirmed } from './outbox-statements.ts';

let under: DatabaseUnderTest;
let database: Database;
beforeAll(async () => {
  under = await DatabaseUnderTest.make();
  database = await under.open({ migrations: [CreateOutbox1764000000000], poolSize: 10 });
});
beforeEach(async () => {
  await database.query('TRUNCATE outbox');
});
afterAll(async () => {
  await under.drop();
});

const ids = async (): Promise<string[]> => (await database.query<{ id: string }>('SELECT id FROM outbox ORDER BY position')).map(({ id }) => id);
const claimedIds = async (limit = 100): Promise<string[]> => (await claimUnpublished(database, limit)).map(({ id }) => id);
const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toISOString();

describe('appending to the outbox', () => {
  it('is part of the transaction: rolled back with it, committed with it', async () => {
    const [lost, kept] = [anEntry(), anEntry()];
    const failing = database.transaction(async (tx) => {
      await appendToOutbox(tx, [lost]);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    await database.transaction((tx) => appendToOutbox(tx, [kept]));
    expect(await ids()).toEqual([kept.id]);
  });

  it('keeps every byte of an event, and the order of several', async () => {
    const odd = anEntry({ key: 'ключ "quoted"', value: Buffer.from([0, 255, 10, 39, 92]) });
    const all = [odd, ...entries(3)];
    await appendToOutbox(database, all);
    const claimed = await claimUnpublished(database, 10);
    expect(claimed).toEqual(all.map(({ id, topic, record }) => ({ id, topic, ...record })));
  });

  it('takes none as none, and one id only once', async () => {
    await appendToOutbox(database, []);
    const entry = anEntry();
    await appendToOutbox(database, [entry]);
    await expect(appendToOutbox(database, [entry])).rejects.toMatchObject({ code: '23505' });
    expect(await ids()).toEqual([entry.id]);
  });

  it('refuses what no broker would take, for it would hold up all behind it', async () => {
    const ofBytes = (bytes: number, headers: Record<string, string> = {}): OutboxEntry => anEntry({ record: { key: 'kim', headers, value: Buffer.alloc(bytes - 3) } });
    await appendToOutbox(database, [ofBytes(maxRecordBytes)]);
    await expect(appendToOutbox(database, [ofBytes(maxRecordBytes + 1)])).rejects.toThrow(RangeError);
    await expect(appendToOutbox(database, [ofBytes(maxRecordBytes - 5, { ce_id: 'é' })])).rejects.toThrow(RangeError);
    expect(await ids()).toHaveLength(1);
  });
});

describe('claiming what is unpublished', () => {
  it('gives each entry to one of many who claim at once', async () => {
    await appendToOutbox(database, entries(200));
    const claims = await Promise.all(Array.from({ length: 25 }, () => claimedIds(10)));
    expect(claims.flat().sort()).toEqual((await ids()).sort());
  });

  it('takes the oldest first, and no more than asked for', async () => {
    const all = entries(5);
    await appendToOutbox(database, all);
    expect(await claimedIds(2)).toEqual(all.slice(0, 2).map(({ id }) => id));
    expect(await claimedIds(9)).toEqual(all.slice(2).map(({ id }) => id));
  });

  it('finds an entry whose transaction commits after that of a later one', async () => {
    const [early, late] = [anEntry(), anEntry()];
    await database.transaction(async (slow) => {
      await appendToOutbox(slow, [early]);
      await appendToOutbox(database, [late]);
      expect(await claimedIds()).toEqual([late.id]);
    });
    expect(await claimedIds()).toEqual([early.id]);
  });

  it('leaves a claimed entry alone until its lease has run out', async () => {
    const entry = anEntry();
    await appendToOutbox(database, [entry]);
    expect(await claimedIds()).toEqual([entry.id]);
    expect(await claimedIds()).toEqual([]);
    await database.query(`UPDATE outbox SET claimed_until = now() - interval '1 ms'`);
    expect(await claimedIds()).toEqual([entry.id]);
  });
});

describe('reconciling', () => {
  const published = async (entry: OutboxEntry, secondsAgo: number): Promise<OutboxEntry> => {
    await appendToOutbox(database, [entry]);
    await database.query('UPDATE outbox SET published_at = now() - make_interval(secs => $2) WHERE id = $1', [entry.id, secondsAgo]);
    return entry;
  };

  it('publishes again what has brought no outcome for a minute and has not expired', async () => {
    const forgotten = [await published(anEntry({ awaitsOutcome: true, expiresAt: inSeconds(60) }), 61), await published(anEntry({ awaitsOutcome: true }), 61)];
    expect(await republishUnconfirmed(database, 60)).toEqual({ events: 2, mayBeMore: false });
    expect(await claimedIds()).toEqual(forgotten.map(({ id }) => id));
  });

  it('does not publish again what is confirmed, expired, awaited by nobody, or just published', async () => {
    const confirmed = await published(anEntry({ awaitsOutcome: true }), 61);
    await confirmOutbox(database, [confirmed.id]);
    await published(anEntry({ awaitsOutcome: true, expiresAt: inSeconds(-1) }), 61);
    await published(anEntry(), 61);
    await published(anEntry({ awaitsOutcome: true }), 59);
    expect(await republishUnconfirmed(database, 60)).toEqual({ events: 0, mayBeMore: false });
    expect(await claimedIds()).toEqual([]);
  });

  it('counts from the last time it was published', async () => {
    await published(anEntry({ awaitsOutcome: true }), 61);
    await republishUnconfirmed(database, 60);
    await markPublished(database, await claimUnpublished(database, 1));
    expect(await republishUnconfirmed(database, 60)).toEqual({ events: 0, mayBeMore: false });
  });

  it.each([
    { ageWhenPublished: 0, again: 60 },
    { ageWhenPublished: 61, again: 61 },
    { ageWhenPublished: 240, again: 240 },
    { ageWhenPublished: 40_000, again: 900 },
  ])('waits $again s for what was $ageWhenPublished s old when it was published last: ever longer, up to a quarter of an hour', async ({ ageWhenPublished, again }) => {
    const aged = async (secondsAgo: number): Promise<string> => {
      const { id } = await published(anEntry({ awaitsOutcome: true }), secondsAgo);
      await database.query('UPDATE outbox SET created_at = published_at - make_interval(secs => $2) WHERE id = $1', [id, ageWhenPublished]);
      return id;
    };
    await aged(again - 5);
    const due = await aged(again + 1);
    await republishUnconfirmed(database, 60);
    expect(await claimedIds()).toEqual([due]);
  });
});

describe('pruning', () => {
  const aged = async (entry: OutboxEntry, state: { published?: boolean; confirmed?: boolean; days?: number } = {}): Promise<string> => {
    const { published = true, confirmed = false, days = 8 } = state;
    await appendToOutbox(database, [entry]);
    if (confirmed) await confirmOutbox(database, [entry.id]);
    await database.query(
      'UPDATE outbox SET created_at = now() - make_interval(days => $2), published_at = CASE WHEN $3 THEN now() END WHERE id = $1',
      [entry.id, days, published],
    );
    return entry.id;
  };

  it('removes what is old and done with', async () => {
    await aged(anEntry());
    await aged(anEntry({ awaitsOutcome: true }), { confirmed: true });
    await aged(anEntry({ awaitsOutcome: true, expiresAt: inSeconds(-1) }));
    await prune(database, 7);
    expect(await ids()).toEqual([]);
  });

  it('keeps what is young, unpublished, or still awaits its outcome', async () => {
    const kept = [
      await aged(anEntry(), { days: 6 }),
      await aged(anEntry(), { published: false }),
      await aged(anEntry({ awaitsOutcome: true, expiresAt: inSeconds(60) })),
      await aged(anEntry({ awaitsOutcome: true })),
    ];
    await prune(database, 7);
    expect(await ids()).toEqual(kept);
  });
});
