import { randomUUID } from 'node:crypto';
import { Database } from '@rekey/messaging';
import { aDatabase, type TestDatabase } from '@rekey/test-kit';
import { identityMigrations, PasswordHasher, PasswordHistory, UserStore, type User } from '../index.ts';

describe('the history of passwords', () => {
  const store = new UserStore();
  const hasher = new PasswordHasher({ queueLength: 500 });
  let test: TestDatabase;
  let database: Database;
  let history: PasswordHistory;
  beforeAll(async () => {
    test = await aDatabase();
    database = await Database.open({ ...test.settings, poolSize: 10 }, identityMigrations);
    history = new PasswordHistory(database, hasher);
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  async function aUser(password: string | null): Promise<User> {
    const user = await store.add(database, { tenantDomain: 'carbon.super', realm: 'PRIMARY', username: `user-${randomUUID()}` }, password === null ? null : await hasher.hash(password), {});
    if (!user) throw new Error('a random name is taken');
    return user;
  }

  async function change({ id }: User, password: string, count: number): Promise<void> {
    const hash = await hasher.hash(password);
    await database.transaction(async (tx) => {
      await history.keepPresent(tx, id, count);
      await store.setPasswordHash(tx, id, hash);
    });
  }

  const known = async ({ id }: User, passwords: readonly string[], count: number) => {
    const answers = await Promise.all(passwords.map(async (password) => ((await history.contains(id, password, count)) ? [password] : [])));
    return answers.flat();
  };
  const kept = async ({ id }: User) => (await database.query(`SELECT FROM password_history WHERE user_id = $1`, [id])).length;

  it('knows the present password and those before it, as many as count, in whatever way they are composed', async () => {
    const user = await aUser('scho\u0308n');
    for (const password of ['two', 'three', 'four']) await change(user, password, 24);
    const all = ['sch\u00F6n', 'two', 'three', 'four', 'five'];
    expect(await known(user, all, 24)).toEqual(all.slice(0, 4));
    expect(await known(user, all, 3)).toEqual(['two', 'three', 'four']);
    expect(await known(user, all, 1)).toEqual(['four']);
  });

  it('keeps no more hashes than count, and none of a user who is gone', async () => {
    const user = await aUser('one');
    for (const password of ['two', 'three', 'four']) await change(user, password, 3);
    expect(await kept(user)).toBe(2);
    await change(user, 'five', 1);
    expect(await kept(user)).toBe(0);
    await change(user, 'six', 3);
    await store.remove(database, user.id);
    expect(await kept(user)).toBe(0);
  });

  it('of somebody without a password is empty', async () => {
    const user = await aUser(null);
    expect(await known(user, ['', 'one'], 5)).toEqual([]);
    await change(user, 'one', 5);
    expect([await kept(user), await known(user, ['one'], 5)]).toEqual([0, ['one']]);
  });

  it('is as it was where the change is undone', async () => {
    const user = await aUser('one');
    const undone = database.transaction(async (tx) => {
      await history.keepPresent(tx, user.id, 5);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await kept(user)).toBe(0);
  });

  it('loses none of ten passwords that are set at once', async () => {
    const user = await aUser('password 0');
    const passwords = Array.from({ length: 10 }, (_, index) => `password ${index + 1}`);
    await Promise.all(passwords.map((password) => change(user, password, 24)));
    expect(await known(user, ['password 0', ...passwords], 24)).toEqual(['password 0', ...passwords]);
  });
});
