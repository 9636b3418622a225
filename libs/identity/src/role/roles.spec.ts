import { randomUUID } from 'node:crypto';
import { Database } from '@rekey/messaging';
import { aDatabase, type TestDatabase } from '@rekey/test-kit';
import { identityMigrations, Roles, UserStore, type User } from '../index.ts';

describe('roles', () => {
  const store = new UserStore();
  let test: TestDatabase;
  let database: Database;
  let roles: Roles;
  beforeAll(async () => {
    test = await aDatabase();
    database = await Database.open({ ...test.settings, poolSize: 10 }, identityMigrations);
    roles = new Roles(database);
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  /** In a tenant of its own, unless one is named. */
  async function aUser(tenantDomain = `${randomUUID()}.example`): Promise<User> {
    await database.query(`INSERT INTO tenant (domain) VALUES ($1) ON CONFLICT DO NOTHING`, [tenantDomain]);
    const user = await store.add(database, { tenantDomain, realm: 'PRIMARY', username: randomUUID() }, null, {});
    if (!user) throw new Error('the name was taken');
    return user;
  }

  it('are none at first, those that were granted after that, and gone with the user', async () => {
    const user = await aUser();
    expect(await roles.of(user.id)).toEqual(new Set());
    await roles.grant(user.id, 'administrator');
    await roles.grant(user.id, 'administrator');
    expect(await roles.of(user.id)).toEqual(new Set(['administrator']));
    await store.remove(database, user.id);
    expect(await roles.of(user.id)).toEqual(new Set());
  });

  it('are exactly those that are assigned', async () => {
    const user = await aUser();
    await roles.grant((await aUser(user.tenantDomain)).id, 'administrator');
    for (const wanted of [['administrator', 'recovery-client'], ['recovery-client'], ['administrator'], []] as const) {
      expect(await roles.assign(user, wanted, false)).toEqual({ kind: 'assigned' });
      expect(await roles.of(user.id)).toEqual(new Set(wanted));
    }
  });

  it('show who holds them, tenant by tenant, each with all of theirs', async () => {
    const [one, other, elsewhere] = [await aUser(), await aUser(), await aUser()];
    await roles.assign(one, ['administrator', 'recovery-client'], false);
    await roles.grant(other.id, 'recovery-client');
    await roles.grant(elsewhere.id, 'administrator');
    expect(await roles.holders([one.tenantDomain])).toEqual([{ user: one, roles: ['administrator', 'recovery-client'] }]);
    expect(await roles.holders([one.tenantDomain, other.tenantDomain])).toHaveLength(2);
  });

  it('are not taken from the last administrator, unless the tenant may be left without', async () => {
    const user = await aUser();
    await roles.grant(user.id, 'administrator');
    expect(await roles.assign(user, ['recovery-client'], false)).toEqual({ kind: 'last-administrator' });
    expect(await roles.of(user.id)).toEqual(new Set(['administrator']));
    expect(await roles.assign(user, [], true)).toEqual({ kind: 'assigned' });
  });

  it('leave one of two administrators who take each other’s at once', async () => {
    for (let round = 0; round < 10; round++) {
      const one = await aUser();
      const two = await aUser(one.tenantDomain);
      await roles.grant(one.id, 'administrator');
      await roles.grant(two.id, 'administrator');
      const outcomes = await Promise.all([one, two].map((user) => roles.assign(user, [], false)));
      expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['assigned', 'last-administrator']);
      expect(await roles.holders([one.tenantDomain])).toHaveLength(1);
    }
  });

  it('are for nobody who is not there', async () => {
    const user = await aUser();
    await store.remove(database, user.id);
    expect(await roles.assign(user, ['administrator'], false)).toEqual({ kind: 'no-such-user' });
  });
});
