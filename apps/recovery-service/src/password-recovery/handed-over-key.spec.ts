import { Steps, bodyOf, started, type StepBody, type Version } from '../recovery-flow/testing/steps.ts';
import { ServiceUnderTest } from '../testing/service-under-test.ts';

const password = 'a password nobody has guessed';
const administrator = 'admin:admin';
const portal = `portal:${password}`;
const properties = [{ key: 'RecoveryScenario', value: 'NOTIFICATION_BASED_PW_RECOVERY' }];

let service: ServiceUnderTest;
beforeAll(async () => {
  service = await ServiceUnderTest.start('[identity_mgt.recovery.notification]\nmanage_internally = false\n');
  for (const userName of ['portal', 'colleague']) await aUserWithRole(userName, 'recovery-client');
  await aUserWithRole('boss', 'administrator');
  await service.aUser('kim', { password });
});
afterAll(() => service.stop());

async function aUserWithRole(userName: string, role: string): Promise<void> {
  await service.aUser(userName, { password });
  const { Resources: [made] } = (await service.ask(`/scim2/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`)).body as { Resources: { id: string }[] };
  await service.ask(`/api/rekey/v1/users/${made?.id}/roles`, { method: 'PUT', body: { roles: [role] } });
}

/** What a recovery client is handed for a name at each door that hands over, and the same door for whoever asks. */
const doors: [door: string, keyFor: (username: string, as: string) => Promise<string>][] = [
  ['recover-password with notify=false', async (username, as) => (await service.ask('/api/identity/recovery/v0.9/recover-password?notify=false', { as, body: { user: { username } } })).text],
  ['recover-password of a tenant that notifies', async (username, as) => (await service.ask('/api/identity/recovery/v0.9/recover-password', { as, body: { user: { username } } })).text],
  ['resend-code', async (username, as) => (await service.ask('/api/identity/user/v1.0/resend-code', { as, body: { user: { username }, properties } })).text],
  ['v1', async (username, as) => (await stepsTo('v1', username, as)).confirmationCode],
  ['v2', async (username, as) => (await stepsTo('v2', username, as)).confirmationCode],
  ['resend of v1', async (username, as) => resentBy('v1', username, as)],
  ['resend of v2', async (username, as) => resentBy('v2', username, as)],
];

async function stepsTo(version: Version, username: string, as: string): Promise<StepBody> {
  const steps = new Steps(service, version);
  const { recoveryCode } = started(await steps.call('password/init', { claims: [{ uri: 'http://wso2.org/claims/username', value: username }] }, as));
  return bodyOf(await steps.call('password/recover', { recoveryCode, channelId: '1' }, as));
}

async function resentBy(version: Version, username: string, as: string, begunBy = as): Promise<string> {
  const { resendCode } = await stepsTo(version, username, begunBy);
  return bodyOf(await new Steps(service, version).call('password/resend', { resendCode }, as)).confirmationCode;
}

describe.each(doors)('a key that is handed over at %s', (_door, keyFor) => {
  it.each(['admin', 'boss', 'colleague', 'portal'])('opens nothing where a recovery client asked for %s, who has a role; it looks like any other (S34)', async (username) => {
    const key = await keyFor(username, portal);
    expect(key).toMatch(/^[\w-]{43}$/);
    expect((await service.setPassword(key, 'the portal owns this account now')).status).toBe(400);
    expect((await service.ask('/api/rekey/v1/recovery/reset', { as: null, body: { key, password: 'the portal owns this account now' } })).status).toBe(400);
  });

  it('opens an account that has one for an administrator, and never for the recovery client who gets hold of it', async () => {
    const key = await keyFor('colleague', administrator);
    const set = (as: string) => service.ask('/api/identity/recovery/v0.9/set-password', { as, body: { key, password: `a password by ${as} at this door` } });
    expect([(await set(portal)).status, (await set(administrator)).status]).toEqual([400, 200]);
  });

  it('opens an account that has none, for a recovery client and for an administrator alike', async () => {
    for (const as of [portal, administrator]) expect((await service.setPassword(await keyFor('kim', as), `another password, as good as that: ${as}`)).status).toBe(200);
  });

  it('costs the same for every name: as many rows of recoveries each, and nothing of the live one', async () => {
    const live = `SELECT recovery_id FROM recovery WHERE NOT decoy AND user_id = (SELECT id FROM user_account WHERE username = 'boss')`;
    const before = await service.database.query(live);
    const written = async (username: string) => {
      const count = async () => Number((await service.database.query<{ generations: string }>('SELECT sum(generation) AS generations FROM recovery'))[0]?.generations ?? 0);
      const then = await count();
      await keyFor(username, portal);
      return (await count()) - then;
    };
    const rows = [await written('boss'), await written('kim'), await written('nobody-at-all')];
    expect([new Set(rows).size, rows.includes(0)]).toEqual([1, false]);
    expect(await service.database.query(live)).toEqual(before);
  });
});

it.each(['v1', 'v2'] as const)('a key of a flow of %s that an administrator began opens nothing for the recovery client who goes on with it (S34)', async (version) => {
  expect((await service.setPassword(await resentBy(version, 'colleague', portal, administrator), 'the portal owns this account now')).status).toBe(400);
});

describe.each(['ADMIN_FORCED_PASSWORD_RESET_VIA_EMAIL_LINK', 'ADMIN_FORCED_PASSWORD_RESET_VIA_OTP'])('a key of %s, handed over again', (scenario) => {
  it('opens an account that has a role for an administrator, and nothing for a recovery client (S34)', async () => {
    const username = `helper-${scenario.slice(-3).toLowerCase()}`;
    await aUserWithRole(username, 'recovery-client');
    const user = await service.users.findUser({ tenantDomain: 'carbon.super', realm: 'PRIMARY', username });
    if (user) await service.users.setClaims(user, { 'http://wso2.org/claims/identity/adminForcedPasswordReset': 'true' });
    const keyFor = async (as: string) => (await service.ask('/api/identity/user/v1.0/resend-code', { as, body: { user: { username }, properties: [{ key: 'RecoveryScenario', value: scenario }] } })).text;
    const statuses: number[] = [];
    for (const as of [portal, administrator]) statuses.push((await service.setPassword(await keyFor(as), 'what they choose themselves')).status);
    expect(statuses).toEqual([400, 200]);
  });
});

describe('an account that deployment.toml makes an administrator at a start', () => {
  it('is not opened by a key that was handed to a recovery client before, and by one that an administrator was handed since (S22)', async () => {
    const boss = `boss:${password}`;
    const recover = async (as: string) => (await service.ask('/api/identity/recovery/v0.9/recover-password', { as, body: { user: { username: 'admin' } } })).text;
    const set = async (key: string) => (await service.ask('/api/identity/recovery/v0.9/set-password', { as: boss, body: { key, password: 'what they choose themselves' } })).status;
    const startOne = async () => (await service.anotherInstance()).service.stop();
    const admin = await service.users.findUser({ tenantDomain: 'carbon.super', realm: 'PRIMARY', username: 'admin' });
    expect((await service.ask(`/api/rekey/v1/users/${admin?.id}/roles`, { method: 'PUT', as: boss, body: { roles: [] } })).status).toBe(200);

    const early = await recover(portal);
    await startOne();
    expect(await set(early)).toBe(400);
    const late = await recover(boss);
    await startOne();
    expect(await set(late)).toBe(200);
  });
});
