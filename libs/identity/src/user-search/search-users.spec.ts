import { randomUUID } from 'node:crypto';
import { Database } from '@rekey/messaging';
import { aDatabase, type TestDatabase } from '@rekey/test-kit';
import { addressClaims, identityMigrations, IdentityDataStore, searchUsers, UserStore, type ClaimPlace, type Comparison, type UserCondition, type UserField, type UserSearch } from '../index.ts';

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
      const { records, total } = await searchUsers(database, { tenantDomain, realm: 'PRIMARY' }, { condition, sortBy: null, offset: 0, limit: 100, totalUpTo: null, ...search }, (uri) => (uri === locked ? place : 'user-store'));
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

  it('counts no further than is asked, and says by one more that there are others', async () => {
    const search = await aTenant(...['a', 'b', 'c', 'd'].map((username) => ({ username })));
    expect(await search(null, { totalUpTo: 2, limit: 0 })).toEqual([3]);
    expect(await search(compare(name, 'ge', 'c'), { totalUpTo: 2 })).toEqual([2, 'c', 'd']);
    expect(await search(null, { totalUpTo: 2, offset: 2, limit: 1 })).toEqual([3, 'c']);
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

  const name = { kind: 'username' } as const;
  const givenName = { kind: 'text', uri: 'http://wso2.org/claims/givenname' } as const;
  const compare = (field: UserField, operator: Comparison, value: string): UserCondition => ({ kind: 'test', test: { kind: 'compare', field, operator, value } });
  const someAddress = (operator: Comparison, value: string): UserCondition => ({ kind: 'test', test: { kind: 'some-contact', of: 'emails', is: { kind: 'test', test: { kind: 'compare', field: { kind: 'value' }, operator, value } } } });

  it.each<[string, UserCondition, string[]]>([
    ['in the name', compare(name, 'co', 'IM.K'), ['Kim.Kay']],
    ['at the beginning of the name', compare(name, 'sw', 'kim'), ['kim%_\\', 'Kim.Kay']],
    ['at its end', compare(name, 'ew', 'kay'), ['Kim.Kay']],
    ['that is too short for an index', compare(name, 'co', 'm.'), ['Kim.Kay']],
    ['that looks like a pattern', compare(name, 'co', '%_\\'), ['kim%_\\']],
    ['that would be found in another column', compare(name, 'co', 'zoë'), []],
    ['of a name in any case', compare(givenName, 'co', 'ZOË'), ['Kim.Kay']],
    ['of an address', someAddress('co', 'post.exam'), ['Kim.Kay']],
    ['at the end of an address', someAddress('ew', 'example.org'), ['kim%_\\']],
    ['of an address that is one of several', someAddress('sw', 'third'), ['kim%_\\']],
    ['that none but somebody else’s address has', { kind: 'not', of: someAddress('co', 'example') }, []],
  ])('finds who has a part %s', async (_, condition, found) => {
    const search = await aTenant(
      { username: 'Kim.Kay', claims: { [addressClaims.primary]: 'k@Post.Example.com', [givenName.uri]: 'Zoë' } },
      { username: 'kim%_\\', claims: { [addressClaims.primary]: 'second@example.com', [addressClaims.others]: 'a@example.com,Third@example.org' } },
    );
    expect((await search(condition)).slice(1)).toEqual(found);
  });

  it('knows by an index who may have a part, where the server has pg_trgm', async () => {
    const plan = await database.transaction(async (tx) => {
      await tx.query('SET LOCAL enable_seqscan TO off');
      return tx.query(`EXPLAIN SELECT FROM user_account WHERE found_by LIKE '%' || lower('okafor'::text) || '%'`);
    });
    expect(JSON.stringify(plan)).toContain('user_found_by');
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
