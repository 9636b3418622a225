import { jest } from '@jest/globals';
import { HashQueueFullError, type User } from '@rekey/identity';
import type { UserManager, UserOperationListener } from '../index.ts';
import { publishedListeners, UsersUnderTest } from '../testing/users-under-test.ts';

let test: UsersUnderTest;
beforeAll(async () => (test = await UsersUnderTest.open()));
afterAll(() => test.close());
afterEach(() => jest.restoreAllMocks());

const on = (count: number) => ({ passwordHistory: { enable: true, count } });
const off = { passwordHistory: { enable: false, count: 5 } };
const byKey = (users: UserManager, user: User, password: string) => users.updateCredentialByAdmin(user, password, async () => true);
const kept = async ({ id }: User) => (await test.database.query('SELECT FROM password_history WHERE user_id = $1', [id])).length;

describe('the password history', () => {
  it('refuses the last passwords with 22001, the present one among them, to whoever changes it and whoever recovers', async () => {
    const users = test.manager(on(3));
    const user = await test.aUser(users, 'password one');
    expect(await byKey(users, user, 'password one')).toEqual({ kind: 'refused', code: '22001', message: 'Use another password than the last 3.', reasons: [{ code: 'used-before', message: 'Use another password than the last 3.' }] });
    expect(await byKey(users, user, 'password two')).toEqual({ kind: 'updated' });
    expect(await users.updateCredential(user, 'password two', 'password three')).toEqual({ kind: 'updated' });
    for (const password of ['password one', 'password two', 'password three']) {
      expect(await byKey(users, user, password)).toMatchObject({ code: '22001' });
      expect(await users.updateCredential(user, 'password three', password)).toMatchObject({ code: '22001' });
    }
    expect(await byKey(users, user, 'password four')).toEqual({ kind: 'updated' });
    expect(await byKey(users, user, 'password one')).toEqual({ kind: 'updated' });
    expect(await users.authenticate(user, 'password one')).toMatchObject({ kind: 'authenticated' });
  });

  it('tells nothing of the present password to who does not know it: a wrong one gets 17002, whatever the new one is', async () => {
    const users = test.manager(on(5));
    const user = await test.aUser(users, 'password one');
    const compared = jest.spyOn(test.hasher, 'verifyAny');
    const answers = [await users.updateCredential(user, 'password zero', 'password one'), await users.updateCredential(user, 'password zero', 'password two')];
    expect(answers).toEqual([0, 1].map(() => expect.objectContaining({ kind: 'refused', code: '17002' })));
    expect(compared).not.toHaveBeenCalled();
    expect(await users.updateCredential(user, 'password one', 'password one')).toMatchObject({ code: '22001' });
  });

  it('comes after the policy, whose reasons cost no hashing', async () => {
    const users = test.manager(on(5));
    const user = await test.aUser(users, 'password one');
    const compared = jest.spyOn(test.hasher, 'verifyAny');
    expect(await byKey(users, user, 'short')).toMatchObject({ code: '20035' });
    expect(compared).not.toHaveBeenCalled();
    expect(await byKey(users, user, 'password two')).toEqual({ kind: 'updated' });
    expect(compared).toHaveBeenCalledTimes(1);
  });

  it('is off by default: nothing is kept, nothing refused', async () => {
    const users = test.manager();
    const user = await test.aUser(users, 'password one');
    expect([await byKey(users, user, 'password two'), await byKey(users, user, 'password one')]).toEqual([{ kind: 'updated' }, { kind: 'updated' }]);
    expect(await kept(user)).toBe(0);
  });

  it('knows, switched on, the password that is there, and those replaced from then on; switched off, it lets everything pass', async () => {
    const users = test.manager();
    const user = await test.aUser(users, 'password one');
    await users.reconfigure(test.config(on(5)));
    expect(await byKey(users, user, 'password one')).toMatchObject({ code: '22001' });
    await byKey(users, user, 'password two');
    expect(await byKey(users, user, 'password one')).toMatchObject({ code: '22001' });
    await users.reconfigure(test.config(off));
    expect(await byKey(users, user, 'password one')).toEqual({ kind: 'updated' });
  });

  it('asks nobody where governance_identity_mgt is off', async () => {
    const users = test.manager({ ...on(5), listeners: { ...publishedListeners, governance_identity_mgt: { priority: 95, enable: false } } });
    const user = await test.aUser(users, 'password one');
    expect(await byKey(users, user, 'password one')).toEqual({ kind: 'updated' });
  });

  it('keeps nothing of a change that was not made', async () => {
    const breaker: UserOperationListener = { name: 'breaker', within: { updateCredential: async () => Promise.reject(new Error('undone')) } };
    const users = test.manager({ ...on(5), listeners: { ...publishedListeners, breaker: { priority: 100, enable: true } }, more: [breaker] });
    const user = await test.aUser(users, 'password one');
    expect(await users.updateCredentialByAdmin(user, 'password two', async () => false)).toEqual({ kind: 'not-done' });
    await expect(users.updateCredential(user, 'password one', 'password three')).rejects.toThrow('undone');
    expect(await kept(user)).toBe(0);
  });

  it('goes with the user', async () => {
    const users = test.manager(on(5));
    const user = await test.aUser(users, 'password one');
    await byKey(users, user, 'password two');
    expect(await kept(user)).toBe(1);
    await users.deleteUser(user);
    expect(await kept(user)).toBe(0);
  });

  it('compares as many passwords as can be remembered, 24', async () => {
    const users = test.manager(on(24));
    const user = await test.aUser(users, 'password 0');
    for (let number = 1; number < 24; number++) await byKey(users, user, `password ${number}`);
    expect(await byKey(users, user, 'password 0')).toMatchObject({ code: '22001' });
    expect(await byKey(users, user, 'password 24')).toEqual({ kind: 'updated' });
    expect(await byKey(users, user, 'password 0')).toEqual({ kind: 'updated' });
  });

  it('is in no hurry to refuse: where the hashing queue is full, it says to come back later, and nothing is changed', async () => {
    const users = test.manager(on(5));
    const user = await test.aUser(users, 'password one');
    jest.spyOn(test.hasher, 'verifyAny').mockRejectedValueOnce(new HashQueueFullError(64));
    expect(await byKey(users, user, 'password two')).toMatchObject({ kind: 'refused', code: 'RKY-10007' });
    expect(await users.authenticate(user, 'password one')).toMatchObject({ kind: 'authenticated' });
  });
});
