import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { hash as hashWith } from '@node-rs/argon2';
import type { User } from '@rekey/identity';
import type { SqlExecutor } from '@rekey/messaging';
import { inRequest, proceed, type UserOperationListener } from '../index.ts';
import { claim, disabled, locked, publishedListeners, UsersUnderTest } from '../testing/users-under-test.ts';

let test: UsersUnderTest;
beforeAll(async () => (test = await UsersUnderTest.open()));
afterAll(() => test.close());
afterEach(() => jest.restoreAllMocks());

const right = 'correct horse';
const better = 'battery staple';
const spendNothing = async () => Promise.resolve(true);

describe('authenticating', () => {
  it('takes the right password, under any spelling of the name', async () => {
    const users = test.manager();
    const user = await test.aUser(users, right);
    expect(await users.authenticate({ ...user, username: user.username.toUpperCase() }, right)).toEqual({ kind: 'authenticated', user, credentialGeneration: 0 });
  });

  it.each<[string, string, string]>([
    ['a wrong password', right, 'wrong horse'],
    ['none', right, ''],
    ['one of a megabyte', right, 'x'.repeat(1_000_000)],
  ])('answers %s with 17002', async (_, password, given) => {
    const users = test.manager();
    expect(await users.authenticate(await test.aUser(users, password), given)).toMatchObject({ kind: 'refused', code: '17002' });
  });

  it('answers 17002 for a user without a password, and for nobody', async () => {
    const users = test.manager();
    expect(await users.authenticate(await test.aUser(users, null), '')).toMatchObject({ code: '17002' });
    expect(await users.authenticate({ tenantDomain: 'carbon.super', realm: 'PRIMARY', username: `nobody-${randomUUID()}` }, right)).toMatchObject({ code: '17002' });
  });

  it('does for nobody just what it does for a wrong password: the same statements, the same hashing', async () => {
    const users = test.manager();
    const user = await test.aUser(users, right);
    const statements = jest.spyOn(test.database, 'query');
    const hashings = jest.spyOn(test.hasher, 'verify');
    const workFor = async (username: string): Promise<unknown> => {
      statements.mockClear();
      hashings.mockClear();
      await users.authenticate({ ...user, username }, 'wrong horse');
      return { statements: statements.mock.calls.map(([sql]) => sql), hashings: hashings.mock.calls.length };
    };
    const forSomebody = await workFor(user.username);
    expect(forSomebody).toMatchObject({ hashings: 1 });
    expect(await workFor(`nobody-${randomUUID()}`)).toEqual(forSomebody);
    expect(await workFor('no\0body')).toEqual(forSomebody);
  });

  it.each([
    ['locked', locked, '17003'],
    ['disabled', disabled, '17004'],
  ])('refuses a user who is %s, as slowly as a wrong password', async (_, uri, code) => {
    const users = test.manager();
    const user = await test.aUser(users, right, { [uri]: 'true' });
    const hashings = jest.spyOn(test.hasher, 'verify');
    expect(await users.authenticate(user, right)).toMatchObject({ kind: 'refused', code });
    expect(hashings).toHaveBeenCalledTimes(1);
    expect(await users.setClaims(user, { [uri]: 'false' })).toEqual({ kind: 'updated' });
    expect(await users.authenticate(user, right)).toMatchObject({ kind: 'authenticated' });
  });

  it('refuses everybody while nobody can tell who is locked', async () => {
    const users = test.manager();
    const user = await test.aUser(users, right, { [locked]: 'true' });
    await test.database.query('ALTER TABLE identity_data RENAME TO identity_data_away');
    try {
      expect(await users.authenticate(user, right)).toMatchObject({ kind: 'refused', code: '18013' });
      await expect(users.getClaims(user)).rejects.toThrow(/claims may not be read/);
    } finally {
      await test.database.query('ALTER TABLE identity_data_away RENAME TO identity_data');
    }
    expect(await users.authenticate(user, right)).toMatchObject({ code: '17003' });
  });

  it('lets a post hook object to a right password, and shows it whom', async () => {
    const seen: unknown[] = [];
    let user: User;
    const objector: UserOperationListener = {
      name: 'objector',
      post: { authenticate: ({ user: { id }, exists, authenticated }) => (seen.push({ isKnown: id === user.id, exists, authenticated }), authenticated ? { kind: 'refuse', code: '17006', message: 'pending' } : proceed) },
    };
    const users = test.manager({ listeners: { ...publishedListeners, objector: { priority: 100, enable: true } }, more: [objector] });
    user = await test.aUser(users, right);
    expect(await users.authenticate(user, right)).toEqual({ kind: 'refused', code: '17006', message: 'pending' });
    expect(await users.authenticate(user, 'wrong horse')).toMatchObject({ code: '17002' });
    // A whole user as the name, under a name that nobody has: the id says nothing.
    expect(await users.authenticate({ ...user, username: 'nobody' }, right)).toMatchObject({ code: '17002' });
    expect(seen).toEqual([
      { isKnown: true, exists: true, authenticated: true },
      { isKnown: true, exists: true, authenticated: false },
      { isKnown: false, exists: false, authenticated: false },
    ]);
  });

  it('renews a hash of older parameters: same password, same sessions', async () => {
    const users = test.manager();
    const user = await test.aUser(users, right);
    const old = await hashWith(right, { memoryCost: 8_192, timeCost: 1, parallelism: 1 });
    await test.database.query('UPDATE user_account SET password_hash = $2 WHERE id = $1', [user.id, old]);
    expect(await users.authenticate(user, right)).toEqual({ kind: 'authenticated', user, credentialGeneration: 0 });
    const credential = await test.store.credentialOf(test.database, user.id);
    expect(credential).toEqual({ passwordHash: expect.stringMatching(/m=19456,t=2,p=1/), generation: 0 });
    expect(await users.authenticate(user, right)).toMatchObject({ kind: 'authenticated' });
  });

  it('opens no session for a sign-in that a reset has overtaken', async () => {
    const users = test.manager();
    const user = await test.aUser(users, right);
    const proved = await users.authenticate(user, right);
    if (proved.kind !== 'authenticated') throw new Error('the right password was refused');
    await users.updateCredentialByAdmin(user, better, spendNothing);
    expect(await test.sessions.open(proved, 8)).toBeNull();
  });
});

describe('setting a password with a recovery key', () => {
  it('changes it and ends every session', async () => {
    const users = test.manager();
    const user = await test.aUser(users, right);
    const session = await test.aSession(user);
    expect(await users.updateCredentialByAdmin(user, better, spendNothing)).toEqual({ kind: 'updated' });
    expect(await test.sessions.find(session)).toBeNull();
    expect(await users.authenticate(user, right)).toMatchObject({ code: '17002' });
    expect(await users.authenticate(user, better)).toMatchObject({ kind: 'authenticated' });
  });

  it('asks the policy first: a refused password is not hashed, and the key is not touched', async () => {
    const users = test.manager();
    const user = await test.aUser(users, right);
    const hashing = jest.spyOn(test.hasher, 'hash');
    const spend = jest.fn(spendNothing);
    expect(await users.updateCredentialByAdmin(user, 'short', spend)).toMatchObject({ kind: 'refused', code: '20035', reasons: [{ code: 'too-short' }] });
    expect(await users.updateCredentialByAdmin(user, 'x'.repeat(129), spend)).toMatchObject({ kind: 'refused', code: '20035', reasons: [{ code: 'too-long' }] });
    expect(hashing).not.toHaveBeenCalled();
    expect(spend).not.toHaveBeenCalled();
    expect(await users.authenticate(user, right)).toMatchObject({ kind: 'authenticated' });
  });

  it('holds the account before it spends the key: whoever changes an account holds it before its keys are void', async () => {
    const users = test.manager();
    const user = await test.aUser(users, right);
    let others: readonly unknown[] = ['not asked'];
    await users.updateCredentialByAdmin(user, better, async () => {
      others = await test.database.query('SELECT FROM user_account WHERE id = $1 FOR SHARE SKIP LOCKED', [user.id]);
      return true;
    });
    expect(others).toEqual([]);
  });

  it('does nothing where the key was not spent, and undoes what was written alongside', async () => {
    const users = test.manager();
    const user = await test.aUser(users, right);
    const session = await test.aSession(user);
    const writeAndSayNo = async (tx: SqlExecutor) => {
      await tx.query(`UPDATE user_account SET claims = '{"written": "alongside"}' WHERE id = $1`, [user.id]);
      return false;
    };
    expect(await users.updateCredentialByAdmin(user, better, writeAndSayNo)).toEqual({ kind: 'not-done' });
    expect(await users.getClaims(user)).toEqual({});
    expect(await test.sessions.find(session)).toBe(user.id);
    expect(await users.authenticate(user, right)).toMatchObject({ kind: 'authenticated' });
  });

  it('does nothing for a user who was deleted meanwhile, and leaves the key', async () => {
    const users = test.manager();
    const [user, other] = [await test.aUser(users, right), await test.aUser(users, right)];
    await users.deleteUser(user);
    const spend = async (tx: SqlExecutor) => (await tx.query(`UPDATE user_account SET claims = '{"spent": "yes"}' WHERE id = $1 RETURNING id`, [other.id])).length === 1;
    expect(await users.updateCredentialByAdmin(user, better, spend)).toEqual({ kind: 'not-done' });
    expect(await users.getClaims(other)).toEqual({});
  });

  it('lets exactly one of fifty racers with one key win', async () => {
    const users = test.manager();
    const user = await test.aUser(users, right);
    await test.database.query('CREATE TABLE IF NOT EXISTS test_key (user_id uuid PRIMARY KEY, used boolean NOT NULL DEFAULT false)');
    await test.database.query('INSERT INTO test_key (user_id) VALUES ($1)', [user.id]);
    const spend = async (tx: SqlExecutor) => (await tx.query('UPDATE test_key SET used = true WHERE user_id = $1 AND NOT used RETURNING user_id', [user.id])).length === 1;
    const passwords = Array.from({ length: 50 }, (_, index) => `racer number ${index}`);
    const outcomes = await Promise.all(passwords.map((password) => users.updateCredentialByAdmin(user, password, spend)));
    const winners = passwords.filter((_, index) => outcomes[index]?.kind === 'updated');
    expect(winners).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'not-done')).toHaveLength(49);
    expect(await users.authenticate(user, winners[0] ?? '')).toMatchObject({ kind: 'authenticated', credentialGeneration: 1 });
  });

  it('tells those who asked, in the same transaction: what one of them throws undoes it all', async () => {
    const users = test.manager();
    const user = await test.aUser(users, right);
    const told: string[] = [];
    users.onAccountChanged(async (tx, { id }, { kind }) => {
      told.push(...(await tx.query<{ generation: number }>('SELECT credential_generation AS generation FROM user_account WHERE id = $1', [id])).map(({ generation }) => `${kind} ${id} ${generation}`));
    });
    await users.updateCredentialByAdmin(user, better, spendNothing);
    await users.updateCredential(user, better, right);
    expect(told).toEqual([`password-changed ${user.id} 1`, `password-changed ${user.id} 2`]);

    users.onAccountChanged(async () => Promise.reject(new Error('keys could not be voided')));
    await expect(users.updateCredentialByAdmin(user, better, spendNothing)).rejects.toThrow('keys could not be voided');
    expect(await users.authenticate(user, right)).toMatchObject({ kind: 'authenticated', credentialGeneration: 2 });
  });

  it('refuses what cannot be a password, policy or not', async () => {
    const users = test.manager({ policy: { enable: false } });
    const user = await test.aUser(users, right);
    for (const password of ['', 'x'.repeat(4_097)]) expect(await users.updateCredentialByAdmin(user, password, spendNothing)).toMatchObject({ kind: 'refused', code: '20035' });
    expect(await users.updateCredentialByAdmin(user, 'x', spendNothing)).toEqual({ kind: 'updated' });
  });
});

describe('changing one’s own password', () => {
  it('takes the old one, and ends every session', async () => {
    const users = test.manager();
    const user = await test.aUser(users, right);
    const session = await test.aSession(user);
    expect(await users.updateCredential(user, 'wrong horse', better)).toMatchObject({ kind: 'refused', code: '17002' });
    expect(await test.sessions.find(session)).toBe(user.id);
    expect(await users.updateCredential(user, right, 'short')).toMatchObject({ kind: 'refused', code: '20035' });
    expect(await users.updateCredential(user, right, better)).toEqual({ kind: 'updated' });
    expect(await test.sessions.find(session)).toBeNull();
    expect(await users.authenticate(user, better)).toMatchObject({ kind: 'authenticated' });
  });

  it('loses to a recovery that came in between', async () => {
    const users = test.manager();
    const user = await test.aUser(users, right);
    const hash = test.hasher.hash.bind(test.hasher);
    jest.spyOn(test.hasher, 'hash').mockImplementationOnce(async (password) => {
      await users.updateCredentialByAdmin(user, 'set by recovery', spendNothing);
      return hash(password);
    });
    expect(await users.updateCredential(user, right, better)).toMatchObject({ kind: 'refused', code: '17002' });
    expect(await users.authenticate(user, 'set by recovery')).toMatchObject({ kind: 'authenticated' });
  });
});

describe('adding a user', () => {
  const name = () => ({ tenantDomain: 'carbon.super', realm: 'PRIMARY', username: `user-${randomUUID()}` }) as const;

  it('is refused by the policy, for a name that nobody may have, and for a name that is taken', async () => {
    const users = test.manager();
    const user = await test.aUser(users, right);
    expect(await users.addUser(name(), 'short', {})).toMatchObject({ kind: 'refused', code: '20035', reasons: [{ code: 'too-short' }] });
    expect(await users.addUser({ ...name(), username: 'kim\u200B' }, right, {})).toMatchObject({ kind: 'refused', code: '18003' });
    expect(await users.addUser({ ...user, username: user.username.toUpperCase() }, right, {})).toEqual({ kind: 'exists' });
  });

  it('adds nobody where identity data could not be written: a user without their lock', async () => {
    const users = test.manager();
    const wanted = name();
    await test.database.query('ALTER TABLE identity_data RENAME TO identity_data_away');
    try {
      await expect(users.addUser(wanted, right, { [locked]: 'true' })).rejects.toThrow(/identity_data/);
    } finally {
      await test.database.query('ALTER TABLE identity_data_away RENAME TO identity_data');
    }
    expect(await users.findUser(wanted)).toBeNull();
  });

  it('lets a listener change the claims that are stored, and not the password', async () => {
    const meddler: UserOperationListener = {
      name: 'meddler',
      pre: {
        addUser(operation) {
          operation.claims = { ...operation.claims, [claim('givenname')]: 'Kim' };
          return proceed;
        },
        updateCredentialByAdmin(operation) {
          (operation as { password: string }).password = 'known to the meddler'; // as a listener in plain JavaScript could
          return proceed;
        },
      },
    };
    const users = test.manager({ listeners: { ...publishedListeners, meddler: { priority: 1, enable: true } }, more: [meddler] });
    const user = await test.aUser(users, right);
    expect(await users.getClaims(user)).toEqual({ [claim('givenname')]: 'Kim' });
    expect(await users.updateCredentialByAdmin(user, better, spendNothing)).toMatchObject({ kind: 'refused', code: '18013' });
    expect(await users.authenticate(user, right)).toMatchObject({ kind: 'authenticated' });
  });
});

describe('deleting a user', () => {
  it('takes sessions and identity data along', async () => {
    const users = test.manager();
    const user = await test.aUser(users, right, { [locked]: 'true' });
    const session = await test.aSession(user);
    expect(await users.deleteUser(user)).toEqual({ kind: 'deleted' });
    expect([await users.findUserById(user.id), await test.sessions.find(session), await test.identityDataOf(user)]).toEqual([null, null, {}]);
    expect(await users.deleteUser(user)).toEqual({ kind: 'no-such-user' });
    expect(await users.setClaims(user, {})).toEqual({ kind: 'no-such-user' });
  });
});

describe('finding a user together with claims', () => {
  const nobody = { id: randomUUID(), tenantDomain: 'carbon.super', realm: 'PRIMARY', username: 'nobody' } as const;

  it.each([true, false])('comes to what finding and then reading comes to, identity data store on: %s', async (enable) => {
    const users = test.manager({ listeners: { ...publishedListeners, governance_identity_store: { priority: 97, enable } } });
    const user = await test.aUser(users, right, { [claim('givenname')]: 'Kim', [claim('country')]: 'NO', [locked]: 'true' });
    for (const wanted of [[claim('givenname'), locked], [locked], [claim('country')], []]) {
      expect(await users.findUserWithClaims(user, nobody, wanted)).toEqual({ user, claims: await users.getClaims(user, wanted), claimsGeneration: 0 });
    }
  });

  it('runs the chain for a name that nobody has too, and finds claims like anybody’s', async () => {
    const users = test.manager();
    expect(await users.findUserWithClaims(nobody, nobody, [claim('givenname'), locked])).toEqual({ user: null, claims: { [claim('givenname')]: 'Nobody' }, claimsGeneration: 0 });
    expect(users.chain.traces.latest().at(-1)).toMatchObject({ operation: 'getClaims', userId: nobody.id });
  });
});

async function anotherTenant(): Promise<string> {
  const domain = `${randomUUID()}.example`;
  await test.database.query('INSERT INTO tenant (domain) VALUES ($1)', [domain]);
  return domain;
}

describe('listing users', () => {
  it('gives those of one tenant by name, so many at a time, until there are no more', async () => {
    const users = test.manager();
    const of = { tenantDomain: await anotherTenant(), realm: 'PRIMARY' } as const;
    for (const username of ['Lee', 'åke', 'kim', 'zoe', 'Max']) await users.addUser({ ...of, username }, null, {});
    const names: string[] = [];
    let after: string | null = null;
    do {
      const list = await users.listUsers(of, after, 2);
      if (list.kind !== 'listed') throw new Error('expected a list');
      names.push(...list.users.map(({ username }) => username));
      after = list.next;
    } while (after !== null);
    expect(names).toHaveLength(5);
    expect(new Set(names)).toEqual(new Set(['kim', 'Lee', 'Max', 'zoe', 'åke']));
    expect(names.slice(0, 3)).toEqual(['kim', 'Lee', 'Max']);
  });

  it('runs the chain: a listener may refuse it, and is told whom it showed', async () => {
    const of = { tenantDomain: await anotherTenant(), realm: 'PRIMARY' } as const;
    const told: (readonly string[])[] = [];
    const watcher: UserOperationListener = { name: 'watcher', post: { listUsers: ({ users: shown }) => (told.push(shown.map(({ username }) => username)), proceed) } };
    const users = test.manager({ listeners: { ...publishedListeners, watcher: { priority: 1, enable: true } }, more: [watcher] });
    await users.addUser({ ...of, username: 'kim' }, null, {});
    await users.listUsers(of, null, 10);
    expect(told).toEqual([['kim']]);

    const refuses: UserOperationListener = { name: 'watcher', pre: { listUsers: () => ({ kind: 'refuse', code: 'NO-LISTS', message: 'no' }) } };
    const guarded = test.manager({ listeners: { ...publishedListeners, watcher: { priority: 1, enable: true } }, more: [refuses] });
    expect(await guarded.listUsers(of, null, 10)).toMatchObject({ kind: 'refused', code: 'NO-LISTS' });
  });
});

describe('searching users', () => {
  it('runs the chain: a listener may refuse it, is told whom it showed, and reads each one’s claims', async () => {
    const of = { tenantDomain: await anotherTenant(), realm: 'PRIMARY' } as const;
    const everybody = { condition: null, sortBy: null, offset: 0, limit: 10, totalUpTo: null };
    const told: (readonly string[])[] = [];
    const hidesTitle: UserOperationListener = {
      name: 'watcher',
      post: {
        listUsers: ({ users: shown }) => (told.push(shown.map(({ username }) => username)), proceed),
        getClaims: (operation) => ((operation.claims = { ...operation.claims, [claim('title')]: 'hidden' }), proceed),
      },
    };
    const users = test.manager({ listeners: { ...publishedListeners, watcher: { priority: 1, enable: true } }, more: [hidesTitle] });
    await users.addUser({ ...of, username: 'kim' }, null, { [claim('title')]: 'Engineer', [locked]: 'true' });
    expect(await users.searchUsers(of, everybody)).toMatchObject({ kind: 'found', total: 1, profiles: [{ user: { username: 'kim' }, claims: { [claim('title')]: 'hidden', [locked]: 'true' } }] });
    expect(told).toEqual([['kim']]);

    const refuses: UserOperationListener = { name: 'watcher', pre: { listUsers: () => ({ kind: 'refuse', code: 'NO-LISTS', message: 'no' }) } };
    const guarded = test.manager({ listeners: { ...publishedListeners, watcher: { priority: 1, enable: true } }, more: [refuses] });
    expect(await guarded.searchUsers(of, everybody)).toMatchObject({ kind: 'refused', code: 'NO-LISTS' });
  });
});

describe('changing claims that were read before', () => {
  it('lets exactly one of ten win who have read the same', async () => {
    const users = test.manager();
    const profile = await users.profileOf((await test.aUser(users, null)).id);
    if (!profile) throw new Error('expected a user');
    const outcomes = await Promise.all(Array.from({ length: 10 }, (_, turn) => users.changeClaims(profile, { [claim('title')]: `title ${turn}`, [locked]: String(turn % 2 === 0) })));
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual([...Array.from({ length: 9 }, () => 'no-such-user'), 'updated']);
    const winner = outcomes.findIndex(({ kind }) => kind === 'updated');
    expect((await users.profileOf(profile.user.id))?.claims).toMatchObject({ [claim('title')]: `title ${winner}`, [locked]: String(winner % 2 === 0) });
  });
});

describe('reconfiguring', () => {
  it('counts from the next operation on; one under way keeps the chain that it began with', async () => {
    const began = new EventTarget();
    let goOn = (): void => undefined;
    const slow: UserOperationListener = {
      name: 'slow',
      pre: {
        authenticate: async () => {
          began.dispatchEvent(new Event('began'));
          await new Promise<void>((resolve) => (goOn = resolve));
          return proceed;
        },
      },
    };
    const before = { ...publishedListeners, governance_identity_mgt: { priority: 95, enable: true }, slow: { priority: 1, enable: true } };
    const users = test.manager({ listeners: before, more: [slow] });
    const user = await test.aUser(users, right, { [locked]: 'true' });

    const hasBegun = new Promise((resolve) => began.addEventListener('began', resolve));
    const underWay = users.authenticate(user, right);
    await hasBegun;
    const off = (priority: number) => ({ priority, enable: false });
    await users.reconfigure(test.config({ listeners: { identity_mgt: off(50), governance_identity_mgt: off(95), governance_identity_store: off(97), slow: off(1) } }));
    expect(await users.authenticate(user, right)).toMatchObject({ kind: 'authenticated' });
    goOn();
    expect(await underWay).toMatchObject({ kind: 'refused', code: '17003' });
  });

  it('changes nothing of a password change under way, what is kept of the old password neither', async () => {
    const users = test.manager({ passwordHistory: { enable: true, count: 5 } });
    const user = await test.aUser(users, right);
    const turnOff = async () => users.reconfigure(test.config({ passwordHistory: { enable: false, count: 5 } })).then(() => true);
    expect(await users.updateCredentialByAdmin(user, better, turnOff)).toEqual({ kind: 'updated' });
    expect(await test.database.query('SELECT FROM password_history WHERE user_id = $1', [user.id])).toHaveLength(1);
  });

  it('counts from the next request on: all that one asks for is governed alike', async () => {
    const users = test.manager();
    const user = await test.aUser(users, right, { [locked]: 'true' });
    const unguarded = test.config({ listeners: { ...publishedListeners, governance_identity_mgt: { priority: 95, enable: false } } });
    const before = users.config;
    await inRequest('one', async () => {
      await users.getClaims(user);
      await users.reconfigure(unguarded);
      expect(await users.authenticate(user, right)).toMatchObject({ code: '17003' });
      expect(users.config).toBe(before);
    });
    await inRequest('another', async () => expect(await users.authenticate(user, right)).toMatchObject({ kind: 'authenticated' }));
    expect(users.config).toBe(unguarded);
  });

  it('leaves the chain as it is where the other one cannot be built', async () => {
    const users = test.manager();
    const user = await test.aUser(users, right, { [locked]: 'true' });
    const { chain } = users;
    const twice = { priority: 95, enable: true };
    const alongside = jest.fn();
    await expect(users.reconfigure(test.config({ listeners: { ...publishedListeners, identity_mgt: twice } }), alongside)).rejects.toThrow(/same priority 95/);
    expect(users.chain).toBe(chain);
    expect(alongside).not.toHaveBeenCalled();
    expect(await users.authenticate(user, right)).toMatchObject({ code: '17003' });
  });
});
