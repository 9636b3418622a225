import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import type { User, UserName } from '@rekey/identity';
import type { SqlExecutor } from '@rekey/messaging';
import { confirmed, unconfirmed, withoutPassword, type AccountChange, type UserManager } from '../index.ts';
import { claim, disabled, locked, publishedConfig, publishedListeners, UsersUnderTest, type Setting } from '../testing/users-under-test.ts';

let test: UsersUnderTest;
beforeAll(async () => (test = await UsersUnderTest.open()));
afterAll(() => test.close());
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

const everythingButDate = ['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const;
const right = 'correct horse';
const wrong = 'wrong horse';
const better = 'battery staple';
const attempts = claim('identity/failedLoginAttempts');
const lockouts = claim('identity/failedLoginLockoutCount');
const unlockTime = claim('identity/unlockTime');
const locking = (more: Partial<typeof publishedConfig.accountLocking> = {}) => ({ accountLocking: { ...publishedConfig.accountLocking, enable: true, allowedFailedAttempts: 3, ...more } });
const recover = (users: UserManager, user: User) => users.updateCredentialByAdmin(user, better, async () => Promise.resolve(true));
const codeOf = async (users: UserManager, user: User, password: string) => {
  const outcome = await users.authenticate(user, password);
  return outcome.kind === 'refused' ? outcome.code : 'in';
};
const fail = async (users: UserManager, user: User, times: number) => {
  for (let turn = 0; turn < times; turn++) await users.authenticate(user, wrong);
};

/** The lock's time is over, as far as the database's clock can tell. */
const timePasses = async ({ id }: User) => test.database.query(`UPDATE identity_data SET claims = claims || jsonb_build_object($2::text, (extract(epoch FROM now()) * 1000 - 1)::bigint::text) WHERE user_id = $1`, [id, unlockTime]);

const secondsLocked = async (users: UserManager, user: User) => Math.round((Number((await users.getClaims(user, [unlockTime]))[unlockTime]) - Date.now()) / 1_000);

/** What is asked of the database and of the hasher from here on: settings aside, which are read once in a while for whoever comes then. */
function recordedWork() {
  const statements: string[] = [];
  const [query, transaction] = [test.database.query.bind(test.database), test.database.transaction.bind(test.database)];
  const recorded = (executor: SqlExecutor['query']): SqlExecutor['query'] => async (sql, parameters) => {
    if (!sql.includes('governance_setting')) statements.push(sql);
    return executor(sql, parameters);
  };
  jest.spyOn(test.database, 'query').mockImplementation(recorded(query));
  jest.spyOn(test.database, 'transaction').mockImplementation(async (work) => (statements.push('BEGIN'), transaction(async (tx) => work({ query: recorded(tx.query) }))));
  return { statements, hashings: jest.spyOn(test.hasher, 'verify') };
}

async function aLocked(setting: Setting = locking()): Promise<{ users: UserManager; user: User; told: AccountChange[] }> {
  const users = test.manager(setting);
  const told: AccountChange[] = [];
  users.onAccountChanged(async (_, __, change) => Promise.resolve(void told.push(change)));
  const user = await test.aUser(users, right, { [claim('emailaddress')]: 'kim@example.com' });
  await fail(users, user, 3);
  return { users, user, told };
}

describe('wrong passwords', () => {
  it('lock the account at the limit, for as long as configured, and the right one is of no use then', async () => {
    const users = test.manager(locking());
    const user = await test.aUser(users, right);
    await fail(users, user, 2);
    expect(await users.getClaims(user)).toEqual({ [attempts]: '2' });
    expect(await codeOf(users, user, wrong)).toBe('17002');
    expect(await codeOf(users, user, right)).toBe('17003');
    expect(await users.getClaims(user)).toMatchObject({ [locked]: 'true', [attempts]: '0', [lockouts]: '1', [claim('identity/lockedReason')]: 'MAX_ATTEMPTS_EXCEEDED' });
    expect(await secondsLocked(users, user)).toBeCloseTo(300, -2);
  });

  it('are each counted, of fifty at once', async () => {
    const users = test.manager(locking({ allowedFailedAttempts: 100 }));
    const user = await test.aUser(users, right);
    await Promise.all(Array.from({ length: 50 }, () => users.authenticate(user, wrong)));
    expect(await users.getClaims(user)).toEqual({ [attempts]: '50' });
  });

  it('lock once, however many come at once, and the right one among the many is refused', async () => {
    const { users, user, told } = await aLocked(locking({ allowedFailedAttempts: 5 }));
    const verify = test.hasher.verify.bind(test.hasher);
    let guesses: Promise<readonly string[]> = Promise.resolve([]);
    jest.spyOn(test.hasher, 'verify').mockImplementation(async (password, hash) => {
      const proved = await verify(password, hash);
      if (password === right) await guesses;
      return proved;
    });
    const theRightOne = codeOf(users, user, right);
    guesses = Promise.all(Array.from({ length: 42 }, () => codeOf(users, user, wrong)));
    expect(await theRightOne).toBe('17003');
    for (const code of await guesses) expect(['17002', '17003']).toContain(code);
    expect(await users.getClaims(user, [locked, lockouts])).toEqual({ [locked]: 'true', [lockouts]: '1' });
    expect(told).toMatchObject([{ kind: 'locked', reason: 'failed-attempts' }]);
  });

  it('of the account let no right one in that was looked at before the lock and comes after it', async () => {
    const users = test.manager(locking());
    const user = await test.aUser(users, right);
    const verify = test.hasher.verify.bind(test.hasher);
    jest.spyOn(test.hasher, 'verify').mockImplementationOnce(async (password, hash) => {
      await fail(users, user, 3);
      return verify(password, hash);
    });
    expect(await codeOf(users, user, right)).toBe('17003');
  });

  it('are forgiven by the right one', async () => {
    const users = test.manager(locking());
    const user = await test.aUser(users, right);
    await fail(users, user, 2);
    expect(await codeOf(users, user, right)).toBe('in');
    await fail(users, user, 2);
    expect(await codeOf(users, user, right)).toBe('in');
    expect(await users.getClaims(user)).toMatchObject({ [attempts]: '0', [lockouts]: '0' });
  });

  it.each<[string, Setting]>([
    ['locking is on', locking({ allowedFailedAttempts: 100 })],
    ['locking is off', {}],
    ['account.lock.handler is off', { ...locking(), handlers: { 'account.lock.handler': { priority: null, enable: false } } }],
    ['the older manager alone is enabled', { ...locking({ allowedFailedAttempts: 100 }), listeners: { ...publishedListeners, identity_mgt: { priority: 50, enable: true }, governance_identity_mgt: { priority: 95, enable: false } } }],
    ['the store is hybrid', { ...locking({ allowedFailedAttempts: 100 }), hybridDataStore: true }],
  ])('cost the same statements and the same hashing, whose name it is and whatever refuses it, where %s', async (_, setting) => {
    const users = test.manager(setting);
    const inAnHour = String(Date.now() + 3_600_000);
    const accounts = { open: {}, locked: { [locked]: 'true' }, 'locked for an hour': { [locked]: 'true', [unlockTime]: inAnHour }, disabled: { [disabled]: 'true' }, 'to be reset': { [claim('identity/adminForcedPasswordReset')]: 'true' } };
    const names: [string, UserName][] = [['nobody', { tenantDomain: 'carbon.super', realm: 'PRIMARY', username: `nobody-${randomUUID()}` }]];
    for (const [kind, claims] of Object.entries(accounts)) names.push([kind, await test.aUser(users, right, claims)]);
    const { statements, hashings } = recordedWork();
    const works: { kind: string; statements: readonly string[]; hashings: number }[] = [];
    for (const [kind, name] of names) {
      statements.length = 0;
      hashings.mockClear();
      await users.authenticate(name, wrong);
      works.push({ kind, statements: [...statements], hashings: hashings.mock.calls.length });
    }
    expect(works).toEqual(works.map(({ kind }) => ({ ...works[0], kind })));
    expect(works[0]?.hashings).toBe(1);
  });

  it.each([
    ['switched off', { accountLocking: { ...publishedConfig.accountLocking, allowedFailedAttempts: 3 } }],
    ['without account.lock.handler', { ...locking(), handlers: { 'account.lock.handler': { priority: null, enable: false } } }],
    ['without governance_identity_mgt', { ...locking(), listeners: { ...publishedListeners, governance_identity_mgt: { priority: 95, enable: false } } }],
  ])('are not counted where locking is %s', async (_, setting) => {
    const { users, user } = await aLocked(setting);
    expect(await codeOf(users, user, right)).toBe('in');
    expect(await users.getClaims(user, [attempts, locked])).toEqual({});
  });

  it.each([
    ['both managers are', { ...publishedListeners, identity_mgt: { priority: 50, enable: true } }],
    ['the older manager alone is', { ...publishedListeners, identity_mgt: { priority: 50, enable: true }, governance_identity_mgt: { priority: 95, enable: false } }],
  ])('count once where %s enabled', async (_, listeners) => {
    const users = test.manager({ ...locking(), listeners });
    const user = await test.aUser(users, right);
    await fail(users, user, 2);
    expect(await users.getClaims(user)).toEqual({ [attempts]: '2' });
    await fail(users, user, 1);
    expect(await codeOf(users, user, right)).toBe('17003');
    await users.setClaims(user, { [locked]: 'false' });
    expect(await codeOf(users, user, right)).toBe('in');
  });

  it.each([
    ['the identity data store', publishedListeners, 1],
    ['the user store, where identity claims are kept there', { ...publishedListeners, governance_identity_store: { priority: 97, enable: false } }, 0],
    ['the identity data store, wherever it stands in the chain', { ...publishedListeners, governance_identity_store: { priority: 9, enable: true } }, 1],
  ])('are counted in %s', async (_, listeners, apart) => {
    const { users, user } = await aLocked({ ...locking(), listeners });
    expect(Object.keys(await test.identityDataOf(user)).length > 0).toBe(apart === 1);
    expect(await codeOf(users, user, right)).toBe('17003');
    await users.setClaims(user, { [locked]: 'false' });
    expect(await codeOf(users, user, right)).toBe('in');
  });

  it('go on from what the user store says in a hybrid store, and so does its lock', async () => {
    const [apart, hybrid] = [test.manager(locking()), test.manager({ ...locking(), hybridDataStore: true })];
    const [counted, over] = [await test.aUser(apart, right), await test.aUser(apart, right)];
    await test.store.setClaims(test.database, counted.id, { [attempts]: '2' });
    await test.store.setClaims(test.database, over.id, { [locked]: 'true', [unlockTime]: '1' });
    await fail(hybrid, counted, 1);
    expect([await codeOf(hybrid, counted, right), await codeOf(hybrid, over, right)]).toEqual(['17003', 'in']);
  });

  it('go on from what a claim says, and from nothing where it says no number', async () => {
    const users = test.manager(locking());
    const [counted, odd] = [await test.aUser(users, right, { [attempts]: '2' }), await test.aUser(users, right, { [attempts]: 'many', [lockouts]: '-1' })];
    await Promise.all([fail(users, counted, 1), fail(users, odd, 1)]);
    expect([await codeOf(users, counted, right), await codeOf(users, odd, right)]).toEqual(['17003', 'in']);
  });
});

describe('a lock for wrong passwords', () => {
  it('ends at the first sign-in after its time, with a clean count', async () => {
    const { users, user, told } = await aLocked();
    expect(await codeOf(users, user, right)).toBe('17003');
    await timePasses(user);
    expect(await codeOf(users, user, wrong)).toBe('17002');
    expect(await users.getClaims(user, [locked, attempts])).toEqual({ [locked]: 'false', [attempts]: '1' });
    expect(await codeOf(users, user, right)).toBe('in');
    expect(told).toMatchObject([{ kind: 'locked' }, { kind: 'unlocked', reason: 'time' }]);
  });

  it('ends once, however many sign in at once', async () => {
    const { users, user, told } = await aLocked();
    await timePasses(user);
    expect(new Set(await Promise.all(Array.from({ length: 20 }, () => codeOf(users, user, right))))).toEqual(new Set(['in']));
    expect(told.map(({ kind }) => kind)).toEqual(['locked', 'unlocked']);
  });

  it('ends by the database’s clock, however fast this machine’s is', async () => {
    const { users, user } = await aLocked();
    jest.useFakeTimers({ now: Date.now() + 3_600_000, doNotFake: [...everythingButDate] });
    expect(await codeOf(users, user, right)).toBe('17003');
  });

  it('lasts twice as long each time, until somebody signs in', async () => {
    const { users, user } = await aLocked();
    const seconds = [await secondsLocked(users, user)];
    for (let turn = 0; turn < 2; turn++) {
      await timePasses(user);
      await fail(users, user, 3);
      seconds.push(await secondsLocked(users, user));
    }
    expect(seconds.map((time) => Math.round(time / 100) * 100)).toEqual([300, 600, 1_200]);
    await timePasses(user);
    expect(await codeOf(users, user, right)).toBe('in');
    await fail(users, user, 3);
    expect(await secondsLocked(users, user)).toBeCloseTo(300, -2);
  });

  it('has an end however often it has grown, unless none is configured', async () => {
    const endAfter = async (autoUnlockAfterSeconds: number) => {
      const users = test.manager(locking({ autoUnlockAfterSeconds, autoUnlockTimeIncrementRatio: 100 }));
      const user = await test.aUser(users, right, { [lockouts]: '999999999' });
      await fail(users, user, 3);
      return { seconds: await secondsLocked(users, user), unlockTime: (await users.getClaims(user))[unlockTime] };
    };
    expect((await endAfter(300)).seconds).toBeCloseTo(366 * 24 * 3_600, -2);
    expect((await endAfter(0)).unlockTime).toBe('0');
  });

  it('has none where none is configured: then a recovery or an administrator ends it', async () => {
    const { users, user } = await aLocked(locking({ autoUnlockAfterSeconds: 0 }));
    expect((await users.getClaims(user))[unlockTime]).toBe('0');
    expect(await codeOf(users, user, right)).toBe('17003');
    await recover(users, user);
    expect(await codeOf(users, user, better)).toBe('in');
  });

  it('is lifted by a recovery, with all that was counted', async () => {
    const { users, user, told } = await aLocked();
    await recover(users, user);
    expect(await codeOf(users, user, better)).toBe('in');
    expect(await users.getClaims(user)).toMatchObject({ [locked]: 'false', [attempts]: '0', [lockouts]: '0', [unlockTime]: '0' });
    expect(told).toMatchObject([{ kind: 'locked' }, { kind: 'password-changed' }, { kind: 'unlocked', reason: 'recovery' }]);
  });

  it('is lifted by an administrator', async () => {
    const { users, user, told } = await aLocked();
    await users.setClaims(user, { [locked]: 'false' });
    expect(await codeOf(users, user, right)).toBe('in');
    expect(told).toMatchObject([{ kind: 'locked' }, { kind: 'unlocked', reason: 'administrator' }]);
  });

  it('that an older WSO2 made is one too: it has an end, and no reason', async () => {
    const users = test.manager();
    const user = await test.aUser(users, right, { [locked]: 'true', [unlockTime]: '1' });
    expect(await codeOf(users, user, right)).toBe('in');
  });

  it('does not end because somebody asks what would happen', async () => {
    const { users, user } = await aLocked();
    await timePasses(user);
    const operation = { user, exists: true, authenticated: false, dryRun: true } as const;
    expect((await users.chain.rehearse('authenticate', operation)).refusal).toBeNull();
    expect(await users.getClaims(user, [locked])).toEqual({ [locked]: 'true' });
  });
});

describe('an administrator’s lock', () => {
  it.each([
    ['of an account that was open', 0, false],
    ['of one that wrong passwords had locked', 3, false],
    ['of one that wrong passwords had locked, in a hybrid store', 3, true],
  ])('%s stays, whatever time passes and whoever recovers, until an administrator lifts it', async (_, failures, hybridDataStore) => {
    const users = test.manager({ ...locking(), hybridDataStore });
    const user = await test.aUser(users, right);
    await fail(users, user, failures);
    await users.setClaims(user, { [locked]: 'true' });
    expect(await codeOf(users, user, right)).toBe('17003');
    await recover(users, user);
    expect(await codeOf(users, user, better)).toBe('17003');
    await users.setClaims(user, { [locked]: 'false' });
    expect(await codeOf(users, user, better)).toBe('in');
  });

  it('may have an end of the administrator’s choice', async () => {
    const users = test.manager(locking());
    const user = await test.aUser(users, right);
    await users.setClaims(user, { [locked]: 'true', [unlockTime]: String(Date.now() + 60_000) });
    expect(await codeOf(users, user, right)).toBe('17003');
    await timePasses(user);
    expect(await codeOf(users, user, right)).toBe('in');
  });

  it('is told of once, and so is its end', async () => {
    const users = test.manager();
    const told: AccountChange[] = [];
    users.onAccountChanged(async (_, __, change) => Promise.resolve(void told.push(change)));
    const user = await test.aUser(users, right);
    const news = () => told.filter(({ kind }) => kind !== 'account-locked');
    for (const value of ['true', 'true', 'false', 'false']) await users.setClaims(user, { [locked]: value });
    expect(news()).toMatchObject([{ kind: 'locked', reason: 'administrator', until: null }, { kind: 'unlocked', reason: 'administrator' }]);
  });
});

describe('an account that its owner has still to confirm', () => {
  async function anUnconfirmed() {
    const users = test.manager(locking());
    const told: AccountChange['kind'][] = [];
    users.onAccountChanged(async (_, __, { kind }) => Promise.resolve(void told.push(kind)));
    return { users, told, user: await test.aUser(users, right, { ...unconfirmed, [claim('emailaddress')]: 'kim@example.com' }) };
  }
  const stateOf = async (users: UserManager, user: User) => (await users.getClaims(user))[claim('identity/accountState')];

  it('lets nobody in, counts no wrong password, and is not unlocked by a recovery', async () => {
    const { users, user } = await anUnconfirmed();
    await fail(users, user, 3);
    await recover(users, user);
    expect([await codeOf(users, user, right), await codeOf(users, user, better)]).toEqual(['17005', '17005']);
    expect((await users.getClaims(user))[attempts]).toBeUndefined();
  });

  it('is open once it is confirmed, and nobody is told of a lock', async () => {
    const { users, user, told } = await anUnconfirmed();
    await users.setClaims(user, confirmed);
    expect([await codeOf(users, user, right), await stateOf(users, user), told]).toEqual(['in', 'UNLOCKED', []]);
  });

  it('can be opened by an administrator, or locked for good', async () => {
    const { users, user } = await anUnconfirmed();
    await users.setClaims(user, { [locked]: 'true' });
    expect([await codeOf(users, user, right), await stateOf(users, user)]).toEqual(['17003', 'LOCKED']);
    await users.setClaims(user, { [locked]: 'false' });
    expect([await codeOf(users, user, right), await stateOf(users, user)]).toEqual(['in', 'UNLOCKED']);
  });

  it('is confirmed only with what happens alongside', async () => {
    const { users, user } = await anUnconfirmed();
    expect(await users.setClaims(user, confirmed, async () => Promise.resolve(false))).toEqual({ kind: 'no-such-user' });
    expect(await codeOf(users, user, right)).toBe('17005');
  });
});

describe('an account whose owner has still to set the first password', () => {
  async function anInvited() {
    const users = test.manager(locking());
    const told: AccountChange['kind'][] = [];
    users.onAccountChanged(async (_, __, { kind }) => Promise.resolve(void told.push(kind)));
    return { users, told, user: await test.aUser(users, right, withoutPassword) };
  }

  it('lets nobody in, until a recovery has set it, of which nobody is told as of an unlocked account', async () => {
    const { users, user, told } = await anInvited();
    await fail(users, user, 3);
    expect(await codeOf(users, user, right)).toBe('17005');
    await recover(users, user);
    expect([await codeOf(users, user, better), told]).toEqual(['in', ['password-changed']]);
  });

  it('stays locked where an administrator has locked it since', async () => {
    const { users, user } = await anInvited();
    await users.setClaims(user, { [locked]: 'true' });
    await recover(users, user);
    expect(await codeOf(users, user, better)).toBe('17003');
  });
});

describe('news of a lock', () => {
  it.each([
    ['notify is off', locking({ notify: false })],
    ['emailSend is off', { ...locking(), handlers: { emailSend: { priority: null, enable: false } } }],
    ['the older manager alone locks', { ...locking(), listeners: { ...publishedListeners, identity_mgt: { priority: 50, enable: true }, governance_identity_mgt: { priority: 95, enable: false } } }],
  ])('is not told where %s', async (_, setting) => {
    const { users, user, told } = await aLocked(setting);
    expect(await codeOf(users, user, right)).toBe('17003');
    await users.setClaims(user, { [locked]: 'false' });
    expect(told).toEqual([]);
  });

  it('that cannot be written undoes the lock', async () => {
    const users = test.manager(locking());
    users.onAccountChanged(async () => Promise.reject(new Error('the outbox is away')));
    const user = await test.aUser(users, right);
    await fail(users, user, 3);
    expect(await users.getClaims(user)).toEqual({ [attempts]: '2' });
    expect(await codeOf(users, user, right)).toBe('in');
  });
});
