import { randomUUID } from 'node:crypto';
import { Database } from '@rekey/messaging';
import { aDatabase, type TestDatabase } from '@rekey/test-kit';
import { identityMigrations, IdentityDataStore, Sessions, UserStore, type Claims, type User, type UserName } from '../index.ts';

const email = 'http://wso2.org/claims/emailaddress';
const givenName = 'http://wso2.org/claims/givenname';
const locked = 'http://wso2.org/claims/identity/accountLocked';

describe('the user store', () => {
  const store = new UserStore();
  let test: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    test = await aDatabase();
    database = await Database.open({ ...test.settings, poolSize: 8 }, identityMigrations);
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  const nobody: User = { id: randomUUID(), tenantDomain: 'carbon.super', realm: 'PRIMARY', username: 'nobody' };
  const name = (username: string, tenantDomain = 'carbon.super'): UserName => ({ tenantDomain, realm: 'PRIMARY', username });
  async function aUser(username = `user-${randomUUID()}`, claims = {}): Promise<User> {
    const user = await store.add(database, name(username), 'hash 0', claims);
    if (!user) throw new Error(`${username} is taken`);
    return user;
  }

  it('finds a user by every spelling with the same canonical form, and keeps the spelling it was given', async () => {
    const user = await aUser('Åsa.Öberg');
    expect(user.username).toBe('Åsa.Öberg');
    expect(await store.find(database, name('åSA.ÖBERG'.normalize('NFD')))).toEqual(user);
    expect(await store.findById(database, user.id)).toEqual(user);
    expect(await store.find(database, name('asa.oberg'))).toBeNull();
    expect(await store.find(database, name('åsa.öberg', 'other.example'))).toBeNull();
  });

  it('finds nobody for a name that nobody may have', async () => {
    expect(await store.find(database, name('kim\0'))).toBeNull();
    expect(await store.find(database, name(' kim'))).toBeNull();
  });

  it('has one user of a name, however many add it at once', async () => {
    const username = `Racer-${randomUUID()}`;
    const added = await Promise.all(Array.from({ length: 12 }, (_, index) => store.add(database, name(index % 2 ? username : username.toUpperCase()), null, {})));
    expect(added.filter((user) => user !== null)).toHaveLength(1);
  });

  it('sets the claims it is given, leaves the others, and removes blank ones', async () => {
    const user = await aUser(undefined, { [email]: 'kim@example.com', [givenName]: 'Kim' });
    expect(await store.setClaims(database, user.id, { [givenName]: '', [locked]: 'true' })).toEqual({ [email]: 'kim@example.com', [givenName]: 'Kim' });
    expect(await store.claimsOf(database, user.id)).toEqual({ [email]: 'kim@example.com', [locked]: 'true' });
    expect(await store.setClaims(database, randomUUID(), { [givenName]: 'Nobody' })).toBeNull();
  });

  describe('asked who has some claims', () => {
    const mobile = 'http://wso2.org/claims/mobile';
    const found = async (claims: Claims, tenantDomain = 'carbon.super') => (await store.seekRecordsByClaims(database, tenantDomain, claims, { [locked]: 'true' }, nobody)).flatMap(({ exists, user }) => (exists ? [user.id] : []));

    it('finds nobody of a tenant that is not active', async () => {
      const tenantDomain = `${randomUUID()}.example`;
      await database.query(`INSERT INTO tenant (domain) VALUES ($1)`, [tenantDomain]);
      const user = await store.add(database, { tenantDomain, realm: 'PRIMARY', username: 'kim' }, null, { [mobile]: '4711' });
      expect(await found({ [mobile]: '4711' }, tenantDomain)).toEqual([user?.id]);
      await database.query(`UPDATE tenant SET active = false WHERE domain = $1`, [tenantDomain]);
      expect(await found({ [mobile]: '4711' }, tenantDomain)).toEqual([]);
    });

    it('finds whoever has all of them, in whatever spelling has the same canonical form, and two at most', async () => {
      const users = [await aUser(undefined, { [email]: 'Zoë@example.com', [givenName]: 'Zoë' }), await aUser(undefined, { [givenName]: 'ZOË' }), await aUser(undefined, { [givenName]: 'Zoe' })];
      expect(await found({ [email]: 'ZOË@EXAMPLE.COM'.normalize('NFD') })).toEqual([users[0]?.id]);
      expect(await found({ [email]: 'zoë@example.com', [givenName]: 'zoë' })).toEqual([users[0]?.id]);
      expect(await found({ [email]: 'zoë@example.com', [givenName]: 'zoe' })).toEqual([]);
      expect(await found({ [givenName]: 'zoë' })).toHaveLength(2);
      expect(await found({ [email]: 'zoë@example.com' }, 'other.example')).toEqual([]);
      expect(await found({ [email]: 'zoë@example.com', [mobile]: '' })).toEqual([]);
    });

    it('knows what was set last, by however many at once, and nothing that was removed', async () => {
      const user = await aUser(undefined, { [email]: 'first@example.com', [mobile]: '+44 1' });
      await Promise.all(Array.from({ length: 10 }, (_, turn) => store.setClaims(database, user.id, { [email]: `turn-${turn}@example.com` })));
      const [row] = await database.query<{ claims: Claims }>('SELECT claims FROM user_account WHERE id = $1', [user.id]);
      const addresses = ['first@example.com', ...Array.from({ length: 10 }, (_, turn) => `turn-${turn}@example.com`)];
      for (const value of addresses) expect([value, await found({ [email]: value, [mobile]: '+44 1' })]).toEqual([value, value === row?.claims[email] ? [user.id] : []]);
      await store.setClaims(database, user.id, { [mobile]: '' });
      expect(await found({ [mobile]: '+44 1' })).toEqual([]);
    });

    it('leaves out whoever has certain others, in whichever store they are', async () => {
      const [open, inUserStore, inIdentityData] = [await aUser(undefined, { [givenName]: 'Robin' }), await aUser(undefined, { [givenName]: 'Robin', [locked]: 'true' }), await aUser(undefined, { [givenName]: 'Robin' })];
      expect(await found({ [givenName]: 'robin' })).toHaveLength(2);
      await new IdentityDataStore().setClaims(database, inIdentityData.id, { [locked]: 'true' });
      expect(await found({ [givenName]: 'robin' })).toEqual([open.id]);
      await store.setClaims(database, inUserStore.id, { [locked]: '' });
      expect(await found({ [givenName]: 'robin' })).toHaveLength(2);
    });

    it('finds those who were there before there were keys, by an index', async () => {
      const older = await aDatabase();
      const upTo = identityMigrations.findIndex((migration) => migration.name.startsWith('KeepClaimKeys'));
      const before = await Database.open({ ...older.settings, poolSize: 2 }, identityMigrations.slice(0, upTo));
      await before.query(
        `INSERT INTO user_account (id, tenant_domain, realm, username, username_key, claims)
         SELECT gen_random_uuid(), 'carbon.super', 'PRIMARY', 'user ' || n, 'user ' || n, jsonb_build_object($1::text, 'User' || n || '@example.com') FROM generate_series(1, 2500) AS n`,
        [email],
      );
      await before.close();
      const after = await Database.open({ ...older.settings, poolSize: 2 }, identityMigrations);
      for (const n of [1, 1_000, 2_500]) expect((await store.seekRecordsByClaims(after, 'carbon.super', { [email]: `user${n}@example.com` }, { [locked]: 'true' }, nobody)).map(({ user }) => user.username)).toEqual([`user ${n}`]);
      await after.query('ANALYZE user_account');
      const plan = await after.query(`EXPLAIN SELECT FROM user_account WHERE tenant_domain = 'carbon.super' AND claim_keys @> '{"${email} user7@example.com"}' LIMIT 2`);
      expect(JSON.stringify(plan)).toContain('user_account_claim_keys');
      await after.close();
      await older.drop();
    });
  });

  it('tells each of ten who set a claim at once what the one before has left', async () => {
    const user = await aUser(undefined, { [givenName]: 'first' });
    const values = Array.from({ length: 10 }, (_, turn) => `given name ${turn}`);
    const before = await Promise.all(values.map(async (value) => (await store.setClaims(database, user.id, { [givenName]: value }))?.[givenName]));
    const last = (await store.claimsOf(database, user.id))[givenName];
    expect(new Set([...before, last])).toEqual(new Set(['first', ...values]));
  });

  it('counts how often claims were set, be they the same or none', async () => {
    const user = await aUser(undefined, { [givenName]: 'Kim' });
    for (const claims of [{ [givenName]: 'Kim' }, {}]) await store.setClaims(database, user.id, claims);
    expect(await store.seekRecord(database, user, nobody)).toEqual({ exists: true, user, claims: { [givenName]: 'Kim' }, identityData: {}, claimsGeneration: 2 });
  });

  it('reads a record like any other where there is nobody, even for a name that nobody may have', async () => {
    const user = await aUser('Somebody', { [email]: 'somebody@example.com', [givenName]: 'Kim' });
    const theirs = await store.seekRecord(database, user, nobody);
    for (const none of [await store.seekRecord(database, name('kim\0'), nobody), await store.seekRecordById(database, randomUUID(), nobody), ...(await store.seekRecordsByClaims(database, 'carbon.super', { [email]: 'no@example.com' }, {}, nobody))]) {
      expect(none).toEqual({ ...theirs, exists: false, user: nobody, claims: { [email]: expect.stringMatching(/\.invalid$/), [givenName]: 'Nobody' } });
    }
  });

  it('counts the passwords of a user', async () => {
    const user = await aUser();
    expect(await store.credentialOf(database, user.id)).toEqual({ passwordHash: 'hash 0', generation: 0 });
    expect(await store.setPasswordHash(database, user.id, 'hash 1')).toBe(true);
    expect(await store.credentialOf(database, user.id)).toEqual({ passwordHash: 'hash 1', generation: 1 });
    expect(await store.setPasswordHash(database, randomUUID(), 'hash')).toBe(false);
    expect(await store.credentialOf(database, randomUUID())).toBeNull();
  });

  it('replaces one certain password only while it is the user’s', async () => {
    const user = await aUser();
    await store.setPasswordHash(database, user.id, 'hash of a recovery');
    expect(await store.setPasswordHash(database, user.id, 'hash of a change that began before', 0)).toBe(false);
    expect(await store.credentialOf(database, user.id)).toMatchObject({ passwordHash: 'hash of a recovery' });
  });

  it('never brings an old password back by renewing its hash', async () => {
    const user = await aUser();
    await store.setPasswordHash(database, user.id, 'hash of a recovery');
    await store.renewPasswordHash(database, user.id, 'better hash of the old one', 0);
    expect(await store.credentialOf(database, user.id)).toEqual({ passwordHash: 'hash of a recovery', generation: 1 });
    await store.renewPasswordHash(database, user.id, 'better hash of the new one', 1);
    expect(await store.credentialOf(database, user.id)).toEqual({ passwordHash: 'better hash of the new one', generation: 1 });
  });

  describe('and the identity data store', () => {
    const identityData = new IdentityDataStore();

    it('keep their claims apart, and lose them together', async () => {
      const user = await aUser(undefined, { [email]: 'kim@example.com' });
      const session = await new Sessions(database).open({ user, credentialGeneration: 0 }, 1);
      expect(session).not.toBeNull();
      await identityData.setClaims(database, user.id, { [locked]: 'true' });
      expect(await store.claimsOf(database, user.id)).toEqual({ [email]: 'kim@example.com' });
      expect(await identityData.claimsOf(database, user.id)).toEqual({ [locked]: 'true' });

      expect(await store.remove(database, user.id)).toBe(true);
      expect(await identityData.claimsOf(database, user.id)).toEqual({});
      expect(await new Sessions(database).find(session ?? '')).toBeNull();
      expect(await store.remove(database, user.id)).toBe(false);
    });

    it('forget blank claims', async () => {
      const user = await aUser();
      await identityData.setClaims(database, user.id, { [locked]: '', [`${locked}Reason`]: 'too many' });
      expect(await identityData.claimsOf(database, user.id)).toEqual({ [`${locked}Reason`]: 'too many' });
      await identityData.setClaims(database, user.id, { [`${locked}Reason`]: '' });
      expect(await identityData.claimsOf(database, user.id)).toEqual({});
    });

    it('keep nothing for nobody', async () => {
      const nobody = randomUUID();
      await identityData.setClaims(database, nobody, { [locked]: 'true' });
      expect(await identityData.claimsOf(database, nobody)).toEqual({});
      expect(await database.transaction((tx) => store.hold(tx, nobody))).toBeNull();
    });

    it('give whoever holds a user what the last holder left: of twenty at once each adds one', async () => {
      const user = await aUser();
      const addOne = () =>
        database.transaction(async (tx) => {
          const held = await store.hold(tx, user.id);
          await identityData.setClaims(tx, user.id, { [givenName]: String(Number(held?.identityData[givenName] ?? 0) + 1) });
        });
      await Promise.all(Array.from({ length: 20 }, addOne));
      expect(await identityData.claimsOf(database, user.id)).toEqual({ [givenName]: '20' });
    });
  });

  it('lets a sign-in that is under way open no session, once it was overtaken', async () => {
    const user = await aUser();
    await store.overtakeSignIns(database, user.id);
    expect(await new Sessions(database).open({ user, credentialGeneration: 0 }, 1)).toBeNull();
    expect(await new Sessions(database).open({ user, credentialGeneration: 1 }, 1)).not.toBeNull();
  });
});
