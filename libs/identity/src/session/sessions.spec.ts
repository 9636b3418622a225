import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Database } from '@rekey/messaging';
import { aDatabase, type TestDatabase } from '@rekey/test-kit';
import { identityMigrations, Sessions, UserStore, type User } from '../index.ts';

describe('sessions', () => {
  const store = new UserStore();
  let test: TestDatabase;
  let database: Database;
  let sessions: Sessions;
  beforeAll(async () => {
    test = await aDatabase();
    database = await Database.open({ ...test.settings, poolSize: 12 }, identityMigrations);
    sessions = new Sessions(database);
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  async function aUser(): Promise<User> {
    const user = await store.add(database, { tenantDomain: 'carbon.super', realm: 'PRIMARY', username: `user-${randomUUID()}` }, 'hash', {});
    if (!user) throw new Error('a random name is taken');
    return user;
  }

  async function opened(user: User): Promise<string> {
    const token = await sessions.open({ user, credentialGeneration: 0 }, 8);
    if (token === null) throw new Error('the session of a user whose password never changed is open');
    return token;
  }

  it('are found by their token, of 256 bits, of which the database has the SHA-256', async () => {
    const user = await aUser();
    const token = await opened(user);
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(await sessions.find(token)).toBe(user.id);
    const rows = await database.query<{ hash: Buffer }>('SELECT id_hash AS hash FROM session WHERE user_id = $1', [user.id]);
    expect(rows.map(({ hash }) => hash)).toEqual([createHash('sha256').update(token).digest()]);
  });

  it('are not found by the hash that the database has, nor by anything else', async () => {
    const token = await opened(await aUser());
    expect(await sessions.find(createHash('sha256').update(token).digest('base64url'))).toBeNull();
    expect(await sessions.find('')).toBeNull();
    expect(await sessions.find(`${token} `)).toBeNull();
  });

  it('end one by one, or all of a user’s at once', async () => {
    const [kim, lee] = [await aUser(), await aUser()];
    const [one, two, other] = [await opened(kim), await opened(kim), await opened(lee)];
    await sessions.end(one);
    expect([await sessions.find(one), await sessions.find(two)]).toEqual([null, kim.id]);
    await sessions.endAll(database, kim.id);
    expect([await sessions.find(two), await sessions.find(other)]).toEqual([null, lee.id]);
  });

  it('expire by the database’s clock, and are then removed', async () => {
    const user = await aUser();
    const token = await opened(user);
    await database.query(`UPDATE session SET expires_at = now() WHERE user_id = $1`, [user.id]);
    expect(await sessions.find(token)).toBeNull();
    await sessions.prune();
    expect(await database.query('SELECT FROM session WHERE user_id = $1', [user.id])).toEqual([]);
  });

  it('are shown to their user by ids that open nothing, newest first, and which one asks', async () => {
    const [kim, lee] = [await aUser(), await aUser()];
    const first = await opened(kim);
    const second = await sessions.open({ user: kim, credentialGeneration: 0 }, 8, `Firefox${'!'.repeat(1_000)}`);
    await opened(lee);
    const shown = await sessions.list(kim.id, first);
    expect(shown).toMatchObject([
      { userAgent: `Firefox${'!'.repeat(248)}`, current: false },
      { userAgent: null, current: true, createdAt: expect.any(Date), lastSeenAt: expect.any(Date), expiresAt: expect.any(Date) },
    ]);
    for (const { id } of shown) expect(await sessions.find(id)).toBeNull();
    expect(JSON.stringify(shown)).not.toContain(second);
    await database.query('UPDATE session SET expires_at = now() WHERE id = $1', [shown[0]?.id]);
    expect(await sessions.list(kim.id, first)).toEqual([shown[1]]);
  });

  it('end by that id, for their own user alone, or all but one', async () => {
    const [kim, lee] = [await aUser(), await aUser()];
    const [one, two, three, other] = [await opened(kim), await opened(kim), await opened(kim), await opened(lee)];
    const idOf = async (user: User, token: string) => (await sessions.list(user.id, token)).find(({ current }) => current)?.id ?? '';
    expect([await sessions.endById(lee.id, await idOf(kim, one)), await sessions.endById(kim.id, randomUUID()), await sessions.endById(kim.id, await idOf(kim, one))]).toEqual([false, false, true]);
    expect(await sessions.find(one)).toBeNull();
    await sessions.endOthers(kim.id, three);
    expect([await sessions.find(two), await sessions.find(three), await sessions.find(other)]).toEqual([null, kim.id, lee.id]);
  });

  it('remember to the minute when they were seen last', async () => {
    const user = await aUser();
    const token = await opened(user);
    const lastSeen = async () => (await sessions.list(user.id, token))[0]?.lastSeenAt.getTime() ?? NaN;
    const opening = await lastSeen();
    await sessions.find(token);
    expect(await lastSeen()).toBe(opening);
    await database.query(`UPDATE session SET last_seen_at = last_seen_at - interval '61 seconds' WHERE user_id = $1`, [user.id]);
    await sessions.find(token);
    expect(await lastSeen()).toBeGreaterThanOrEqual(opening);
  });

  describe('of a password that was proved', () => {
    it('open while it is the user’s password, and not once it was changed', async () => {
      const user = await aUser();
      const proved = { user, credentialGeneration: 0 };
      expect(await sessions.find((await sessions.open(proved, 8)) ?? '')).toBe(user.id);
      await store.setPasswordHash(database, user.id, 'another hash');
      expect(await sessions.open(proved, 8)).toBeNull();
      expect(await sessions.open({ user, credentialGeneration: 1 }, 8)).not.toBeNull();
      expect(await sessions.open({ user: { id: randomUUID() }, credentialGeneration: 0 }, 8)).toBeNull();
    });

    it('wait for a change that is under way, and then do not open', async () => {
      const user = await aUser();
      let opening: Promise<string | null> | undefined;
      await database.transaction(async (tx) => {
        await store.setPasswordHash(tx, user.id, 'another hash');
        await sessions.endAll(tx, user.id);
        opening = sessions.open({ user, credentialGeneration: 0 }, 8);
        await Promise.race([opening, somebodyWaits()]);
      });
      expect(await opening).toBeNull();
      expect(await database.query('SELECT FROM session WHERE user_id = $1', [user.id])).toEqual([]);
    });
  });

  /** Resolves when a statement of this database stands before a lock. */
  async function somebodyWaits(): Promise<void> {
    while ((await database.query(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)).length === 0) await pause(5);
  }
});
