import { jest } from '@jest/globals';
import { Database } from '@rekey/messaging';
import { until } from '@rekey/test-kit';
import { ServiceUnderTest, type ErrorBody } from '../testing/service-under-test.ts';

const api = '/api/server/v1/identity-governance';
const idOf = (name: string) => Buffer.from(name).toString('base64url');
const minutes = 60_000;
const forced = 'http://wso2.org/claims/identity/adminForcedPasswordReset';

let service: ServiceUnderTest;
beforeAll(async () => {
  service = await ServiceUnderTest.start('[identity_mgt.password_reset_email]\ncooldown = "0s"');
  await service.database.query(`INSERT INTO tenant (domain) VALUES ('acme.example')`);
});
afterAll(() => service.stop());
afterEach(() => jest.restoreAllMocks());

async function set(category: string, connector: string, values: Record<string, string>, prefix = ''): Promise<void> {
  const address = `${prefix}${api}/${idOf(category)}/connectors/${idOf(connector)}`;
  const answer = await service.ask(address, { method: 'PATCH', body: { operation: 'UPDATE', properties: Object.entries(values).map(([name, value]) => ({ name, value })) } });
  expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
}

const setRecovery = (values: Record<string, string>) => set('Account Management', 'account-recovery', values);
const setForced = (values: Record<string, string>) => set('Account Management', 'admin-forced-password-reset', values);

describe('what a tenant’s administrators set', () => {
  it('is asked for once in a while: neither a recovery nor a sign-in waits for it', async () => {
    await service.aUser('quick');
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 10 * minutes);
    await service.recover('quick');
    const asked = jest.spyOn(Database.prototype, 'query');
    expect([(await service.recover('quick')).status, await service.mayGo('quick', 'first password of 5'), await service.mayGo('quick', 'a wrong one')]).toEqual([202, true, false]);
    expect(asked.mock.calls.length).toBeGreaterThan(0);
    expect(asked.mock.calls.filter(([sql]) => sql.includes('governance_setting'))).toEqual([]);
  });

  it('says how long a link works', async () => {
    await setRecovery({ 'Recovery.ExpiryTime': '7' });
    await service.recover(await service.aUser('short'));
    await until(() => service.eventsOf('PasswordRecoveryRequested', 'short').length === 1);
    const { requestedAt, expiresAt } = service.eventsOf('PasswordRecoveryRequested', 'short')[0]?.data ?? {};
    expect(new Date(expiresAt ?? 0).getTime() - new Date(requestedAt ?? 0).getTime()).toBe(7 * minutes);
  });

  it('says how often a link is mailed again', async () => {
    await setRecovery({ 'Recovery.Notification.Password.MaxResendAttempts': '1' });
    await service.recover(await service.aUser('again'));
    const resend = () => service.ask('/api/identity/user/v1.0/resend-code', { body: { user: { username: 'again' }, properties: [{ key: 'RecoveryScenario', value: 'NOTIFICATION_BASED_PW_RECOVERY' }] } });
    for (let turn = 0; turn < 3; turn++) expect((await resend()).status).toBe(201);
    await service.setPassword(await service.keyOf('again'), 'a password nobody has guessed');
    await until(() => service.eventsOf('PasswordRecovered', 'again').length === 1);
    expect(service.eventsOf('PasswordRecoveryRequested', 'again')).toHaveLength(2);
  });

  it.each(['true', 'false'])('says whether a person is told of a recovery: %s', async (notify) => {
    await setRecovery({ 'Recovery.NotifySuccess': notify });
    const user = await service.aUser(`told-${notify}`);
    await service.recover(user);
    await service.setPassword(await service.keyOf(user), 'a password nobody has guessed');
    await until(() => service.eventsOf('PasswordRecovered', user).length === 1);
    expect(service.eventsOf('PasswordRecovered', user)[0]?.data.recipient !== null).toBe(notify === 'true');
  });

  it('says which callbacks are allowed', async () => {
    await setRecovery({ 'Recovery.CallbackRegex': 'https://portal\\.test/.*' });
    await service.aUser('caller');
    const ask = (value: string) => service.recover('caller', 'type=email&notify=true', { properties: [{ key: 'callback', value }] });
    expect((await ask('https://portal.test/back')).status).toBe(202);
    for (const evil of ['https://id.example.com/myaccount', 'https://portal.test.evil.test/', 'https://evil.test/https://portal.test/']) expect(((await ask(evil)).body as ErrorBody).code).toBe('20044');
  });

  it('says whether a forced reset mails a link, and how long that works', async () => {
    const [user, unmailed] = [await service.aUser('forced'), await service.aUser('unmailed')];
    const force = async (username: string) => {
      const found = await service.users.findUser({ tenantDomain: 'carbon.super', realm: 'PRIMARY', username });
      if (found) await service.users.setClaims(found, { [forced]: 'true' });
    };
    await setForced({ 'Recovery.AdminPasswordReset.RecoveryLink': 'false' });
    await force(unmailed);
    await setForced({ 'Recovery.AdminPasswordReset.RecoveryLink': 'true', 'Recovery.AdminPasswordReset.ExpiryTime': '11' });
    await force(user);
    await until(() => service.eventsOf('PasswordRecoveryRequested', user).length === 1);
    const { requestedAt, expiresAt, templateType } = service.eventsOf('PasswordRecoveryRequested', user)[0]?.data ?? {};
    expect([templateType, new Date(expiresAt ?? 0).getTime() - new Date(requestedAt ?? 0).getTime()]).toEqual(['adminforcedpasswordreset', 11 * minutes]);
    expect(service.eventsOf('PasswordRecoveryRequested', unmailed)).toEqual([]);
  });

  it('is what My Account tells a person beforehand who has a link, of the person’s tenant', async () => {
    while ((await service.ask(`/t/acme.example${api}`)).status !== 200) await new Promise((resolve) => setTimeout(resolve, 50));
    await set('Password Policies', 'passwordPolicy', { 'passwordPolicy.min.length': '21', 'passwordPolicy.max.length': '99', 'passwordPolicy.pattern': '^(?=.*\\d)(?=.*[a-z]).{22,}$' }, '/t/acme.example');
    const policyOf = async (username: string, prefix: string) => {
      await service.ask(`${prefix}/scim2/Users`, { body: { userName: username, emails: [`${username}@example.com`] } });
      await service.ask(`${prefix}/api/identity/recovery/v0.9/recover-password`, { body: { user: { username } } });
      return (await service.ask(`${prefix}/api/rekey/v1/recovery/key`, { as: null, body: { key: await service.keyOf(username) } })).body;
    };
    expect(await policyOf('reader', '/t/acme.example')).toMatchObject({ passwordPolicy: { minLength: 22, maxLength: 99, requirements: [{ kind: 'digit', characters: '\\d' }, { kind: 'lowercase', characters: '[a-z]' }], patternMessage: null } });
    expect(await policyOf('other-reader', '')).toMatchObject({ passwordPolicy: { minLength: 15, maxLength: 128 } });
    await set('Password Policies', 'passwordPolicy', { 'passwordPolicy.enable': 'false' }, '/t/acme.example');
    expect((await service.ask('/t/acme.example/api/rekey/v1/recovery/key', { as: null, body: { key: await service.keyOf('reader') } })).body).toMatchObject({ passwordPolicy: { minLength: 1, maxLength: 4_096 } });
  });
});
