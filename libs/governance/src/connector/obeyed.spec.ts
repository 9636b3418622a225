import { randomUUID } from 'node:crypto';
import type { Claims, User } from '@rekey/identity';
import type { AccountChange, UserManager } from '../index.ts';
import { claim, disabled, publishedConfig, publishedListeners, UsersUnderTest, type Setting } from '../testing/users-under-test.ts';
import { connectorCategories } from './connectors.ts';
import { GovernanceConnectors } from './governance-connectors.ts';

const here = 'here.example';
const there = 'there.example';
const right = 'correct horse';
const email = claim('emailaddress');

let test: UsersUnderTest;
beforeAll(async () => {
  test = await UsersUnderTest.open();
  await test.database.query(`INSERT INTO tenant (domain) VALUES ($1), ($2)`, [here, there]);
});
afterAll(() => test.close());
afterEach(async () => {
  for (const { category, connectors } of connectorCategories) for (const { id, properties } of connectors) await governance().revert(here, category.id, id, properties.map(({ name }) => name));
});

const governance = () => new GovernanceConnectors(test.stored, () => publishedConfig, publishedConfig);

/** Changes one connector of the tenant `here`. */
async function set(connector: string, values: Record<string, string>): Promise<void> {
  const category = connectorCategories.find(({ connectors }) => connectors.some(({ name }) => name === connector))?.category.id ?? '';
  const id = Buffer.from(connector).toString('base64url');
  expect(await governance().update(here, category, [{ id, properties: Object.entries(values).map(([name, value]) => ({ name, value })) }])).toMatchObject({ kind: 'changed' });
}

async function aUserIn(tenantDomain: string, users: UserManager, claims: Claims = {}): Promise<User> {
  const outcome = await users.addUser({ tenantDomain, realm: 'PRIMARY', username: `user-${randomUUID()}` }, right, claims);
  if (outcome.kind !== 'added') throw new Error(`the user was not added: ${JSON.stringify(outcome)}`);
  return outcome.user;
}

const oneInEach = async (users: UserManager, claims: Claims = {}) => [await aUserIn(here, users, claims), await aUserIn(there, users, claims)] as const;

const signIn = async (users: UserManager, user: User, password = right) => {
  const outcome = await users.authenticate(user, password);
  return outcome.kind === 'refused' ? outcome.code : 'in';
};

const setPassword = async (users: UserManager, user: User, password: string) => {
  const outcome = await users.updateCredentialByAdmin(user, password, async () => Promise.resolve(true));
  return outcome.kind === 'refused' ? outcome : { code: outcome.kind, message: '', reasons: [] };
};

const managers: readonly [string, Setting][] = [
  ['governance_identity_mgt', {}],
  ['identity_mgt alone', { listeners: { ...publishedListeners, identity_mgt: { priority: 50, enable: true }, governance_identity_mgt: { priority: 95, enable: false } } }],
];

describe.each(managers)('what a tenant’s administrators set is obeyed at once, in no other tenant, by %s:', (_, setting) => {
  it('whether wrong passwords lock, how many', async () => {
    const users = test.manager(setting);
    const [mine, theirs] = await oneInEach(users);
    await set('account.lock.handler', { 'account.lock.handler.lock.on.max.failed.attempts.enable': 'true', 'account.lock.handler.On.Failure.Max.Attempts': '2' });
    for (const user of [mine, theirs, mine, theirs]) await signIn(users, user, 'wrong horse');
    expect([await signIn(users, mine), await signIn(users, theirs)]).toEqual(['17003', 'in']);
  });

  it('whether a disabled account is kept out, and signed out', async () => {
    const users = test.manager(setting);
    const [mine, theirs] = await oneInEach(users);
    const sessions = [await test.aSession(mine), await test.aSession(theirs)] as const;
    await set('account.disable.handler', { 'account.disable.handler.enable': 'false' });
    for (const user of [mine, theirs]) await users.setClaims(user, { [disabled]: 'true' });
    expect([await signIn(users, mine), await signIn(users, theirs)]).toEqual(['in', '17004']);
    expect(await Promise.all(sessions.map(async (session) => (await test.sessions.find(session)) !== null))).toEqual([true, false]);
    await set('account.disable.handler', { 'account.disable.handler.enable': 'true' });
    expect(await signIn(users, mine)).toBe('17004');
  });

  it.each<[string, Record<string, string>, string, string]>([
    ['how short', { 'passwordPolicy.min.length': '20' }, 'battery staple', '20035'],
    ['how long', { 'passwordPolicy.max.length': '64' }, 'gkpvzbmxhtnlcwdf'.repeat(5), '20035'],
    ['of which form', { 'passwordPolicy.pattern': '.*[0-9].*' }, 'battery staple', '20035'],
    ['whether at all', { 'passwordPolicy.enable': 'false' }, 'short', 'updated'],
  ])('passwords, %s', async (__, values, password, code) => {
    const users = test.manager(setting);
    const [mine, theirs] = await oneInEach(users);
    await set('passwordPolicy', values);
    expect((await setPassword(users, mine, password)).code).toBe(code);
    expect((await setPassword(users, theirs, password)).code).toBe(code === 'updated' ? '20035' : 'updated');
    expect((await users.addUser({ ...mine, username: `user-${randomUUID()}` }, password, {})).kind).toBe(code === 'updated' ? 'added' : 'refused');
  });
});

describe('what a tenant’s administrators set is obeyed at once, in no other tenant:', () => {
  const locking = (more: Record<string, string> = {}) => set('account.lock.handler', { 'account.lock.handler.lock.on.max.failed.attempts.enable': 'true', 'account.lock.handler.On.Failure.Max.Attempts': '1', ...more });
  const unlockTime = claim('identity/unlockTime');

  it('how long a lock lasts, and by how much longer the next', async () => {
    const users = test.manager();
    const user = await aUserIn(here, users);
    await locking({ 'account.lock.handler.Time': '10', 'account.lock.handler.login.fail.timeout.ratio': '3' });
    const minutes: number[] = [];
    for (let turn = 0; turn < 2; turn++) {
      await signIn(users, user, 'wrong horse');
      minutes.push(Math.round((Number((await users.getClaims(user, [unlockTime]))[unlockTime]) - Date.now()) / 60_000));
      await test.database.query(`UPDATE identity_data SET claims = claims || jsonb_build_object($2::text, '1') WHERE user_id = $1`, [user.id, unlockTime]);
    }
    expect(minutes).toEqual([10, 30]);
    await set('account.lock.handler', { 'account.lock.handler.Time': '0' });
    await signIn(users, user, 'wrong horse');
    expect((await users.getClaims(user, [unlockTime]))[unlockTime]).toBe('0');
  });

  it.each(['true', 'false'])('whether people are told of locks: %s', async (notify) => {
    const users = test.manager();
    const told: AccountChange['kind'][] = [];
    users.onAccountChanged(async (__, ___, { kind }) => Promise.resolve(void told.push(kind)));
    const user = await aUserIn(here, users, { [email]: 'kim@example.com' });
    await locking({ 'account.lock.handler.notification.manageInternally': notify });
    await signIn(users, user, 'wrong horse');
    await users.setClaims(user, { [claim('identity/accountLocked')]: 'false' });
    expect(told).toEqual(notify === 'true' ? ['locked', 'unlocked'] : []);
  });

  it('what whoever does not match the pattern is told', async () => {
    const users = test.manager();
    const user = await aUserIn(here, users);
    await set('passwordPolicy', { 'passwordPolicy.pattern': '.*[0-9].*', 'passwordPolicy.errorMsg': 'A digit, please.' });
    expect(await setPassword(users, user, 'battery staple')).toMatchObject({ message: 'A digit, please.', reasons: [{ code: 'pattern', message: 'A digit, please.' }] });
  });

  it('which passwords of before are refused, and how many are kept', async () => {
    const users = test.manager();
    const [mine, theirs] = await oneInEach(users);
    await set('passwordHistory', { 'passwordHistory.enable': 'true', 'passwordHistory.count': '2' });
    for (const user of [mine, theirs]) for (const password of ['battery staple', 'rubber bracket']) expect(await setPassword(users, user, password)).toMatchObject({ code: 'updated' });
    expect([(await setPassword(users, mine, 'battery staple')).code, (await setPassword(users, theirs, 'battery staple')).code]).toEqual(['22001', 'updated']);
    expect((await setPassword(users, mine, right)).code).toBe('updated');
    await set('passwordHistory', { 'passwordHistory.enable': 'false' });
    expect((await setPassword(users, mine, right)).code).toBe('updated');
  });
});
