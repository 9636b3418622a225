import { jest } from '@jest/globals';
import type { DefaultHandlerName } from '@rekey/deployment-config';
import type { User } from '@rekey/identity';
import { proceed, type AccountChange, type UserManager, type UserOperationListener } from './index.ts';
import { claim, disabled, locked, publishedConfig, publishedListeners, UsersUnderTest, type Setting } from './testing/users-under-test.ts';

let test: UsersUnderTest;
beforeAll(async () => (test = await UsersUnderTest.open()));
afterAll(() => test.close());
afterEach(() => jest.restoreAllMocks());

const right = 'correct horse';
const better = 'battery staple';
const email = claim('emailaddress');
const forced = claim('identity/adminForcedPasswordReset');
const off = { priority: null, enable: false } as const;
const without = (name: DefaultHandlerName): Setting => ({ handlers: { [name]: off } });
const withoutManager: Setting = { listeners: { ...publishedListeners, governance_identity_mgt: { priority: 95, enable: false } } };
const recover = (users: UserManager, user: User) => users.updateCredentialByAdmin(user, better, async () => Promise.resolve(true));
const codeOf = async (users: UserManager, user: User, password: string) => {
  const outcome = await users.authenticate(user, password);
  return outcome.kind === 'refused' ? outcome.code : 'in';
};

async function aUserWatched(setting: Setting = {}): Promise<{ users: UserManager; user: User; told: AccountChange['kind'][] }> {
  const users = test.manager(setting);
  const told: AccountChange['kind'][] = [];
  users.onAccountChanged(async (_, __, { kind }) => Promise.resolve(void told.push(kind)));
  return { users, user: await test.aUser(users, right, { [email]: 'kim@example.com' }), told };
}

describe('the handlers of governance_identity_mgt', () => {
  const order = (setting: Setting) => test.manager(setting).handlers.map(({ name, enable }) => (enable ? name : `(${name})`));

  it('run in the order that is published, where nothing is said of them', () => {
    expect(order({})).toEqual(['account.lock.handler', 'account.disable.handler', 'passwordPolicy', 'passwordHistory', 'adminForcedPasswordReset', 'codeInvalidation', 'userEmailVerification']);
  });

  it('have the priority and the flag that [[event_handler]] gives them', () => {
    const handlers = { 'account.lock.handler': { priority: 25, enable: true }, passwordPolicy: { priority: 1, enable: true }, codeInvalidation: off };
    expect(order({ handlers })).toEqual(['passwordPolicy', 'account.disable.handler', 'account.lock.handler', 'passwordHistory', 'adminForcedPasswordReset', '(codeInvalidation)', 'userEmailVerification']);
  });

  it('decide who speaks first of an account that is locked and disabled', async () => {
    const claims = { [locked]: 'true', [disabled]: 'true' };
    const lockFirst = test.manager();
    const disableFirst = test.manager({ handlers: { 'account.disable.handler': { priority: 5, enable: true } } });
    const user = await test.aUser(lockFirst, right, claims);
    expect([await codeOf(lockFirst, user, right), await codeOf(disableFirst, user, right)]).toEqual(['17003', '17004']);
  });

  it.each([
    ['account.lock.handler', { [locked]: 'true' }],
    ['account.disable.handler', { [disabled]: 'true' }],
    ['adminForcedPasswordReset', { [forced]: 'true' }],
  ] as const)('let everybody in whom %s alone would refuse, once it is off', async (name, claims) => {
    const user = await test.aUser(test.manager(), right, claims);
    expect(await codeOf(test.manager(), user, right)).toMatch(/^1700[346]$/);
    expect(await codeOf(test.manager(without(name)), user, right)).toBe('in');
  });

  it('take any password where passwordPolicy is off', async () => {
    const users = test.manager(without('passwordPolicy'));
    expect(await users.updateCredentialByAdmin(await test.aUser(users, right), 'x', async () => Promise.resolve(true))).toEqual({ kind: 'updated' });
  });
});

describe('disabling an account', () => {
  it('signs everybody out, in the same transaction, and lets nobody in (S32)', async () => {
    const { users, user } = await aUserWatched();
    const session = await test.aSession(user);
    await users.setClaims(user, { [disabled]: 'True' });
    expect(await test.sessions.find(session)).toBeNull();
    expect(await codeOf(users, user, right)).toBe('17004');
  });

  it('is not outrun by a sign-in that is under way', async () => {
    const { users, user } = await aUserWatched();
    const proved = await users.authenticate(user, right);
    if (proved.kind !== 'authenticated') throw new Error('the right password was refused');
    await users.setClaims(user, { [disabled]: 'true' });
    expect(await test.sessions.open(proved, 8, null)).toBeNull();
  });

  it('signs everybody out where the older manager alone is enabled, too', async () => {
    const { users, user } = await aUserWatched({ listeners: { ...publishedListeners, identity_mgt: { priority: 50, enable: true }, governance_identity_mgt: { priority: 95, enable: false } } });
    const session = await test.aSession(user);
    await users.setClaims(user, { [disabled]: 'true' });
    expect(await test.sessions.find(session)).toBeNull();
  });

  it('signs nobody out where its handler is off', async () => {
    const { users, user } = await aUserWatched(without('account.disable.handler'));
    const session = await test.aSession(user);
    await users.setClaims(user, { [disabled]: 'true' });
    expect(await test.sessions.find(session)).not.toBeNull();
  });

  it('does nothing where a listener of the same transaction fails', async () => {
    const { users, user } = await aUserWatched();
    const session = await test.aSession(user);
    users.onAccountChanged(async () => Promise.reject(new Error('the outbox is away')));
    await expect(users.setClaims(user, { [disabled]: 'true' })).rejects.toThrow('the outbox is away');
    expect(await test.sessions.find(session)).not.toBeNull();
    expect(await codeOf(users, user, right)).toBe('in');
  });
});

describe('what makes recovery keys void', () => {
  const changes: readonly [string, AccountChange['kind'], (users: UserManager, user: User) => Promise<unknown>][] = [
    ['another address', 'address-changed', async (users, user) => users.setClaims(user, { [email]: 'other@example.com' })],
    ['no address any more', 'address-changed', async (users, user) => users.setClaims(user, { [email]: '' })],
    ['an account that an administrator locks', 'account-locked', async (users, user) => users.setClaims(user, { [locked]: 'true' })],
    ['a disabled account', 'account-disabled', async (users, user) => users.setClaims(user, { [disabled]: 'true' })],
    ['a deleted user', 'user-deleted', async (users, user) => users.deleteUser(user)],
  ];

  /** Mails about locks are another matter. */
  const quiet: Setting = { accountLocking: { ...publishedConfig.accountLocking, notify: false } };

  it.each(changes)('is %s', async (_, kind, change) => {
    const { users, user, told } = await aUserWatched(quiet);
    await change(users, user);
    expect(told).toEqual([kind]);
  });

  it.each(changes)('is not told where codeInvalidation or governance_identity_mgt is off: %s', async (_, __, change) => {
    for (const setting of [without('codeInvalidation'), withoutManager]) {
      const { users, user, told } = await aUserWatched({ ...quiet, ...setting });
      await change(users, user);
      expect(told).toEqual([]);
    }
  });

  it('is another password in any case', async () => {
    const { users, user, told } = await aUserWatched(withoutManager);
    await recover(users, user);
    expect(told).toEqual(['password-changed']);
  });

  it('is neither the same address again nor anything else about a person', async () => {
    const { users, user, told } = await aUserWatched();
    await users.setClaims(user, { [email]: 'kim@example.com', [claim('givenname')]: 'Kim', [disabled]: 'false' });
    expect(told).toEqual([]);
  });

  it('is the address that is stored, whichever listener had the last word', async () => {
    const mover: UserOperationListener = { name: 'mover', pre: { setClaims: ({ claims }) => ({ kind: 'continue', claims: { ...claims, [email]: 'moved@example.com' } }) } };
    const { users, user, told } = await aUserWatched({ listeners: { ...publishedListeners, mover: { priority: 120, enable: true } }, more: [mover] });
    await users.setClaims(user, { [claim('givenname')]: 'Kim' });
    expect(told).toEqual(['address-changed']);
  });

  it('is each of two changes at once, though the second sets what the first replaced', async () => {
    const { users, user, told } = await aUserWatched();
    const overtaken: UserOperationListener = { name: 'overtaken', pre: { setClaims: async () => users.setClaims(user, { [email]: 'b@example.com' }).then(() => proceed) } };
    const others = await aUserWatched({ listeners: { ...publishedListeners, overtaken: { priority: 120, enable: true } }, more: [overtaken] });
    await others.users.setClaims(user, { [email]: 'kim@example.com' });
    expect([told, others.told]).toEqual([['address-changed'], ['address-changed']]);
  });

  const store = (priority: number, enable = true) => ({ ...publishedListeners, governance_identity_store: { priority, enable } });
  it.each<[string, Setting]>([
    ['in front of the handlers', { listeners: store(1) }],
    ['behind them', { listeners: store(200) }],
    ['nowhere', { listeners: store(97, false) }],
    ['behind them, hybrid', { listeners: store(200), hybridDataStore: true }],
    ['in front of them, hybrid', { listeners: store(1), hybridDataStore: true }],
  ])('is seen wherever the identity store stands in the chain: %s', async (_, setting) => {
    const { users, user, told } = await aUserWatched(setting);
    await users.setClaims(user, { [disabled]: 'true', [forced]: 'true' });
    expect(told).toEqual(['reset-forced', 'account-disabled']);
  });
});

describe('a reset that an administrator forces', () => {
  it('signs everybody out and lets nobody in until the password has been reset', async () => {
    const { users, user, told } = await aUserWatched();
    const session = await test.aSession(user);
    await users.setClaims(user, { [forced]: 'true' });
    expect(await test.sessions.find(session)).toBeNull();
    expect(await codeOf(users, user, right)).toBe('17006');
    await recover(users, user);
    expect(await codeOf(users, user, better)).toBe('in');
    expect(await users.getClaims(user, [forced])).toEqual({ [forced]: 'false' });
    expect(told).toEqual(['reset-forced', 'password-changed']);
  });

  it('hashes for a refused sign-in all the same', async () => {
    const { users, user } = await aUserWatched();
    await users.setClaims(user, { [forced]: 'true' });
    const hashings = jest.spyOn(test.hasher, 'verify');
    await users.authenticate(user, right);
    expect(hashings).toHaveBeenCalledTimes(1);
  });

  it('is nothing but a claim where its handler is off', async () => {
    const { users, user, told } = await aUserWatched(without('adminForcedPasswordReset'));
    const session = await test.aSession(user);
    await users.setClaims(user, { [forced]: 'true' });
    expect(await test.sessions.find(session)).not.toBeNull();
    expect(await codeOf(users, user, right)).toBe('in');
    expect(told).toEqual([]);
  });
});

describe('a handler that is switched on or off in a running service', () => {
  it('counts from the next operation on', async () => {
    const { users, user } = await aUserWatched();
    await users.setClaims(user, { [locked]: 'true' });
    await users.reconfigure(test.config(without('account.lock.handler')));
    expect(await codeOf(users, user, right)).toBe('in');
    await users.reconfigure(publishedConfig);
    expect(await codeOf(users, user, right)).toBe('17003');
  });
});
