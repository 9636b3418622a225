import { Steps, bodyOf, started } from '../recovery-flow/testing/steps.ts';
import { ServiceUnderTest } from '../testing/service-under-test.ts';

const password = 'a password nobody has guessed';
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
  ['v1', async (username, as) => stepsTo('v1', username, as)],
  ['v2', async (username, as) => stepsTo('v2', username, as)],
];

async function stepsTo(version: 'v1' | 'v2', username: string, as: string): Promise<string> {
  const steps = new Steps(service, version);
  const { recoveryCode } = started(await steps.call('password/init', { claims: [{ uri: 'http://wso2.org/claims/username', value: username }] }, as));
  return bodyOf(await steps.call('password/recover', { recoveryCode, channelId: '1' }, as)).confirmationCode;
}

describe.each(doors)('a key that is handed over at %s', (_door, keyFor) => {
  it.each(['admin', 'boss', 'colleague', 'portal'])('opens nothing where a recovery client asked for %s, who has a role; it looks like any other (S34)', async (username) => {
    const key = await keyFor(username, portal);
    expect(key).toMatch(/^[\w-]{43}$/);
    expect((await service.setPassword(key, 'the portal owns this account now')).status).toBe(400);
    expect((await service.ask('/api/rekey/v1/recovery/reset', { as: null, body: { key, password: 'the portal owns this account now' } })).status).toBe(400);
  });

  it('opens an account that has none, for a recovery client and for an administrator alike', async () => {
    for (const as of [portal, 'admin:admin']) expect((await service.setPassword(await keyFor('kim', as), `another password, as good as that: ${as}`)).status).toBe(200);
  });

  it('costs the same for every name: a row of a recovery each, and nothing of the live one', async () => {
    const live = `SELECT recovery_id FROM recovery WHERE NOT decoy AND user_id = (SELECT id FROM user_account WHERE username = 'boss')`;
    const before = await service.database.query(live);
    const written = async (username: string) => {
      const count = async () => Number((await service.database.query<{ generations: string }>('SELECT sum(generation) AS generations FROM recovery'))[0]?.generations ?? 0);
      const then = await count();
      await keyFor(username, portal);
      return (await count()) - then;
    };
    expect([await written('boss'), await written('kim'), await written('nobody-at-all')]).toEqual([1, 1, 1]);
    expect(await service.database.query(live)).toEqual(before);
  });
});
