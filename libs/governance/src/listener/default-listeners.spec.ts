import type { ListenerSettings } from '../index.ts';
import { claim, disabled, locked, UsersUnderTest } from '../testing/users-under-test.ts';

let test: UsersUnderTest;
beforeAll(async () => (test = await UsersUnderTest.open()));
afterAll(() => test.close());

const names = ['identity_mgt', 'governance_identity_mgt', 'governance_identity_store'] as const;
const right = 'correct horse';

/** Every combination of flags, each in every order. */
const settings = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((flags) =>
  [[1, 2, 3], [1, 3, 2], [2, 1, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1]].map((order) => {
    const listeners = Object.fromEntries(names.map((name, index): [string, ListenerSettings] => [name, { priority: order[index] ?? 0, enable: (flags & (1 << index)) !== 0 }]));
    return { title: names.map((name) => `${name} ${listeners[name]?.priority}/${listeners[name]?.enable}`).join(', '), listeners };
  }),
);

describe('the three listeners', () => {
  it.each(settings)('do exactly what their flags say: $title', async ({ listeners }) => {
    const users = test.manager({ listeners });
    const isOn = (name: (typeof names)[number]) => listeners[name]?.enable === true;
    const manages = isOn('identity_mgt') || isOn('governance_identity_mgt');
    const claims = { [claim('givenname')]: 'Kim', [locked]: 'true' };
    const user = await test.aUser(users, right, claims);

    expect(users.chain.names()).toEqual(names.filter(isOn).sort((a, b) => (listeners[a]?.priority ?? 0) - (listeners[b]?.priority ?? 0)));
    expect((await users.authenticate(user, right)).kind).toBe(manages ? 'refused' : 'authenticated');
    expect((await users.updateCredentialByAdmin(user, 'short', async () => Promise.resolve(true))).kind).toBe(manages ? 'refused' : 'updated');
    // Where the claims lie is the store listener's business alone; what is read is the same.
    expect(await test.identityDataOf(user)).toEqual(isOn('governance_identity_store') ? { [locked]: 'true' } : {});
    expect(await test.store.claimsOf(test.database, user.id)).toEqual(isOn('governance_identity_store') ? { [claim('givenname')]: 'Kim' } : claims);
    expect(await users.getClaims(user)).toEqual(claims);
  });
});

describe('the identity store listener', () => {
  it('gives what was asked for, from both stores', async () => {
    const users = test.manager();
    const user = await test.aUser(users, null, { [claim('givenname')]: 'Kim', [claim('lastname')]: 'Meyer', [locked]: 'false', [disabled]: 'true' });
    expect(await users.getClaims(user, [locked])).toEqual({ [locked]: 'false' });
    expect(await users.getClaims(user, [claim('lastname'), disabled])).toEqual({ [claim('lastname')]: 'Meyer', [disabled]: 'true' });
    expect(await users.getClaims(user, [claim('lastname')])).toEqual({ [claim('lastname')]: 'Meyer' });
    expect(await users.getClaims(user, [])).toEqual({});
  });

  it('returns no blank value, and none that was removed', async () => {
    const users = test.manager();
    const user = await test.aUser(users, null, { [locked]: 'true', [disabled]: '' });
    expect(await users.getClaims(user)).toEqual({ [locked]: 'true' });
    await users.setClaims(user, { [locked]: '' });
    expect(await users.getClaims(user)).toEqual({});
  });

  it('does not believe an identity claim that stands in the user store', async () => {
    const users = test.manager();
    const user = await test.aUser(users, right);
    await test.store.setClaims(test.database, user.id, { [locked]: 'true' });
    expect(await users.getClaims(user, [locked])).toEqual({});
    expect(await users.authenticate(user, right)).toMatchObject({ kind: 'authenticated' });
  });

  describe('in hybrid mode', () => {
    it('counts what still stands in the user store, where the identity data store has none', async () => {
      const users = test.manager({ hybridDataStore: true });
      const user = await test.aUser(users, right, { [disabled]: 'false' });
      await test.store.setClaims(test.database, user.id, { [locked]: 'true', [disabled]: 'true' });
      expect(await users.getClaims(user)).toEqual({ [locked]: 'true', [disabled]: 'false' });
      expect(await users.getClaims(user, [locked])).toEqual({ [locked]: 'true' });
      expect(await users.findUserWithClaims(user, user, [locked])).toMatchObject({ claims: { [locked]: 'true' } });
      expect(await users.authenticate(user, right)).toMatchObject({ code: '17003' });
    });

    it.each(['false', ''])('moves what is written again, so that no older value comes back: "%s"', async (value) => {
      const users = test.manager({ hybridDataStore: true });
      const user = await test.aUser(users, right);
      await test.store.setClaims(test.database, user.id, { [locked]: 'true' });
      await users.setClaims(user, { [locked]: value });
      expect(await test.store.claimsOf(test.database, user.id)).toEqual({});
      expect(await users.getClaims(user)).toEqual(value === '' ? {} : { [locked]: value });
      expect(await users.authenticate(user, right)).toMatchObject({ kind: 'authenticated' });
    });
  });

  it('keeps apart what two requests write at once', async () => {
    const users = test.manager();
    const user = await test.aUser(users, null);
    const reasons = Array.from({ length: 10 }, (_, index) => claim(`identity/reason${index}`));
    await Promise.all(reasons.map((uri) => users.setClaims(user, { [uri]: uri })));
    expect(await users.getClaims(user)).toEqual(Object.fromEntries(reasons.map((uri) => [uri, uri])));
  });
});

describe('the governance listener', () => {
  it('leaves a trace of what its handlers decided', async () => {
    const users = test.manager();
    const user = await test.aUser(users, right, { [locked]: 'true' });
    await users.authenticate(user, right);
    const trace = users.chain.traces.latest().findLast(({ operation }) => operation === 'authenticate');
    expect(trace).toMatchObject({ userId: user.id, steps: ['governance_identity_mgt/account.lock.handler', 'governance_identity_mgt'].map((listener) => ({ listener, hook: 'pre', verdict: '17003' })) });
  });
});
