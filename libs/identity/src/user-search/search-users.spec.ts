import { randomUUID } from 'node:crypto';
import { Database } from '@rekey/messaging';
import { aDatabase, type TestDatabase } from '@rekey/test-kit';
import { addressClaims, identityMigrations, IdentityDataStore, searchUsers, UserStore, type ClaimPlace, type UserCondition, type UserSearch } from '../index.ts';

const title = 'http://wso2.org/claims/title';
const locked = 'http://wso2.org/claims/identity/accountLocked';

describe('searching users', () => {
  const store = new UserStore();
  let test: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    test = await aDatabase();
    database = await Database.open({ ...test.settings, poolSize: 4 }, identityMigrations);
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  async function aTenant(...users: readonly { readonly username: string; readonly claims?: object; readonly identityData?: Record<string, string> }[]) {
    const tenantDomain = `${randomUUID()}.example`;
    await database.query(`INSERT INTO tenant (domain) VALUES ($1)`, [tenantDomain]);
    for (const { username, claims = {}, identityData } of users) {
      const user = await store.add(database, { tenantDomain, realm: 'PRIMARY', username }, null, { ...claims });
      if (user && identityData) await new IdentityDataStore().setClaims(database, user.id, identityData);
    }
    return async (condition: UserCondition | null, search: Partial<UserSearch> = {}, place: ClaimPlace = 'user-store') => {
      const { records, total } = await searchUsers(database, { tenantDomain, realm: 'PRIMARY' }, { condition, sortBy: null, offset: 0, limit: 100, ...search }, (uri) => (uri === locked ? place : 'user-store'));
      return [total, ...records.map(({ user }) => user.username)];
    };
  }
  const isOn = (uri: string): UserCondition => ({ kind: 'test', test: { kind: 'compare', field: { kind: 'switch', uri }, operator: 'eq', value: true } });

  it('looks for a claim where it is kept', async () => {
    const search = await aTenant(
      { username: 'apart', identityData: { [locked]: 'true' } },
      { username: 'both', claims: { [locked]: 'true' }, identityData: { [locked]: 'false' } },
      { username: 'inside', claims: { [locked]: 'True' } },
    );
    expect(await search(isOn(locked), {}, 'identity-data')).toEqual([1, 'apart']);
    expect(await search(isOn(locked), {}, 'user-store')).toEqual([2, 'both', 'inside']);
    expect(await search(isOn(locked), {}, 'either')).toEqual([2, 'apart', 'inside']);
  });

  it('counts all, and returns those of one page', async () => {
    const search = await aTenant(...['a', 'B', 'c', 'd'].map((username) => ({ username })));
    expect(await search(null, { offset: 1, limit: 2 })).toEqual([4, 'B', 'c']);
    expect(await search(null, { limit: 0 })).toEqual([4]);
    expect(await search(null, { offset: 4 })).toEqual([4]);
  });

  it('puts who has no value last, and in descending order first', async () => {
    const search = await aTenant({ username: 'none' }, { username: 'x', claims: { [title]: 'b' } }, { username: 'y', claims: { [title]: 'A' } });
    const by = (descending: boolean) => ({ sortBy: { field: { kind: 'text', uri: title } as const, descending } });
    expect(await search(null, by(false))).toEqual([3, 'y', 'x', 'none']);
    expect(await search(null, by(true))).toEqual([3, 'none', 'x', 'y']);
  });

  it('finds by ne who has another address, and who has none', async () => {
    const search = await aTenant({ username: 'both', claims: { [addressClaims.primary]: 'a@x', [addressClaims.others]: 'b@x' } }, { username: 'none' }, { username: 'only', claims: { [addressClaims.primary]: 'A@x' } });
    expect(await search({ kind: 'test', test: { kind: 'some-contact', of: 'emails', is: { kind: 'test', test: { kind: 'compare', field: { kind: 'value' }, operator: 'ne', value: 'a@x' } } } })).toEqual([2, 'both', 'none']);
  });

  it('finds who has an address by an index, among as many as there are', async () => {
    const search = await aTenant({ username: 'kim', claims: { [addressClaims.primary]: 'Kim@Example.com', [addressClaims.others]: 'a@x,B@x' } });
    const has = (value: string): UserCondition => ({ kind: 'test', test: { kind: 'some-contact', of: 'emails', is: { kind: 'test', test: { kind: 'compare', field: { kind: 'value' }, operator: 'eq', value } } } });
    for (const address of ['kim@example.COM', 'b@x']) expect(await search(has(address))).toEqual([1, 'kim']);
    expect(await search(has('x'))).toEqual([0]);
    const plan = await database.transaction(async (tx) => {
      await tx.query('SET LOCAL enable_seqscan TO off');
      return tx.query(`EXPLAIN SELECT FROM user_account WHERE addresses @> ARRAY[lower('b@x'::text)]`);
    });
    expect(JSON.stringify(plan)).toContain('user_of_address');
  });
});
