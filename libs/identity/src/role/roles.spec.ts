import { randomUUID } from 'node:crypto';
import { Database } from '@rekey/messaging';
import { aDatabase, type TestDatabase } from '@rekey/test-kit';
import { IdentityDataStore, identityMigrations, Roles, superTenant, UserStore, type AssignOutcome, type Role, type User } from '../index.ts';

describe('roles', () => {
  const store = new UserStore();
  let test: TestDatabase;
  let database: Database;
  let roles: Roles;
  let root: User;
  beforeAll(async () => {
    test = await aDatabase();
    database = await Database.open({ ...test.settings, poolSize: 10 }, identityMigrations);
    roles = new Roles(database);
    root = await aUser(superTenant);
    await roles.grant(root.id, 'administrator');
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

  const nothingMore = async (): Promise<void> => Promise.resolve();

  /** By an administrator of the super tenant, whose own role is nobody's concern. */
  async function assign(user: User, wanted: readonly Role[], by?: User): Promise<AssignOutcome['kind']> {
    return (await roles.assign(user, wanted, by ?? root, nothingMore)).kind;
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
    for (const wanted of [['administrator', 'recovery-client'], ['recovery-client'], ['administrator'], []] as const) {
      expect(await assign(user, wanted)).toBe('assigned');
      expect(await roles.of(user.id)).toEqual(new Set(wanted));
    }
  });

  it('show who holds them, tenant by tenant, each with all of theirs', async () => {
    const [one, other, elsewhere] = [await aUser(), await aUser(), await aUser()];
    await assign(one, ['administrator', 'recovery-client']);
    await roles.grant(other.id, 'recovery-client');
    await roles.grant(elsewhere.id, 'administrator');
    expect(await roles.holders([one.tenantDomain])).toEqual([{ user: one, roles: ['administrator', 'recovery-client'] }]);
    expect(await roles.holders([one.tenantDomain, other.tenantDomain])).toHaveLength(2);
  });

  it('are not taken from the last administrator but by one of the super tenant, who is never without', async () => {
    const user = await aUser();
    await roles.grant(user.id, 'administrator');
    expect(await assign(user, [], user)).toBe('last-administrator');
    expect(await roles.of(user.id)).toEqual(new Set(['administrator']));
    expect(await assign(user, [])).toBe('assigned');
    expect(await assign(root, [], root)).toBe('last-administrator');
  });

  it.each(['accountDisabled', 'accountLocked'])('count no administrator who cannot sign in, wherever %s is kept', async (name) => {
    const claims = { [`http://wso2.org/claims/identity/${name}`]: 'True' };
    for (const keep of [(id: string) => store.setClaims(database, id, claims), (id: string) => new IdentityDataStore().setClaims(database, id, claims)]) {
      const [user, barred] = await twoAdministrators();
      await keep(barred.id);
      expect(await assign(user, [], user)).toBe('last-administrator');
    }
  });

  it('leave one of two administrators who take each other’s at once', async () => {
    for (let round = 0; round < 10; round++) {
      const both = await twoAdministrators();
      const outcomes = await Promise.all([assign(both[0], [], both[1]), assign(both[1], [], both[0])]);
      expect(outcomes).toContain('assigned');
      expect(await roles.holders([both[0].tenantDomain])).toHaveLength(1);
    }
  });

  it('are given by nobody to themselves, nor by whose own was taken a moment ago', async () => {
    const [one, other] = await twoAdministrators();
    expect(await assign(one, ['administrator', 'recovery-client'], one)).toBe('own-role');
    expect(await assign(one, [], other)).toBe('assigned');
    expect(await assign(one, ['administrator'], one)).toBe('not-permitted');
    expect(await assign(await aUser(one.tenantDomain), ['administrator'], one)).toBe('not-permitted');
    expect(await roles.of(one.id)).toEqual(new Set());
  });

  it('tell in the transaction that there are more, and of nothing else', async () => {
    const user = await aUser();
    let told = 0;
    const granted = async () => Promise.resolve(void told++);
    for (const wanted of [['recovery-client'], ['recovery-client'], ['administrator'], []] as const) await roles.assign(user, wanted, root, granted);
    expect(told).toBe(2);
    await expect(roles.assign(user, ['administrator'], root, async () => Promise.reject(new Error('not told')))).rejects.toThrow('not told');
    expect(await roles.of(user.id)).toEqual(new Set());
  });

  it('are for nobody who is not there', async () => {
    const user = await aUser();
    await store.remove(database, user.id);
    expect(await assign(user, ['administrator'])).toBe('no-such-user');
  });

  /** Of a tenant of their own. */
  async function twoAdministrators(): Promise<[User, User]> {
    const one = await aUser();
    const other = await aUser(one.tenantDomain);
    for (const { id } of [one, other]) await roles.grant(id, 'administrator');
    return [one, other];
  }
});
