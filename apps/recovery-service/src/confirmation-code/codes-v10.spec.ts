import type { User } from '@rekey/identity';
import { until } from '@rekey/test-kit';
import { ServiceUnderTest, type Answer, type ErrorBody } from '../testing/service-under-test.ts';

const password = 'a password nobody has guessed';
const api = '/api/identity/user/v1.0';
const forced = 'http://wso2.org/claims/identity/adminForcedPasswordReset';

let service: ServiceUnderTest;
beforeAll(async () => void (service = await ServiceUnderTest.start('[identity_mgt.user_self_registration]\nallow_self_registration = true\n')));
afterAll(() => service.stop());

const codeOf = ({ body }: Answer) => (body as ErrorBody | null)?.code;
const scenario = (value: string) => ({ properties: [{ key: 'RecoveryScenario', value }] });
const resend = (username: string, value: string) => service.ask(`${api}/resend-code`, { body: { user: { username }, ...scenario(value) } });
const introspect = (code: unknown, prefix = '') => service.ask(`${prefix}${api}/introspect-code`, { body: { code } });
const mailsTo = (username: string) => service.eventsOf('PasswordRecoveryRequested', username).map(({ data }) => [data.templateType, data.scenario]);

async function userOf(username: string): Promise<User> {
  const user = await service.users.findUser({ tenantDomain: 'carbon.super', realm: 'PRIMARY', username });
  if (!user) throw new Error(`there is no user ${username}`);
  return user;
}

async function aKeyOf(username: string): Promise<string> {
  await service.aUser(username, { password });
  await service.recover(username);
  return service.keyOf(username);
}

async function aForced(username: string): Promise<string> {
  await service.aUser(username);
  await service.users.setClaims(await userOf(username), { [forced]: 'true' });
  return service.keyOf(username);
}

describe('sending the link of a forced reset again', () => {
  it('mails the same key, in words of its own', async () => {
    const key = await aForced('forced');
    expect((await resend('forced', 'ADMIN_FORCED_PASSWORD_RESET_VIA_EMAIL_LINK')).status).toBe(201);
    expect(await service.keyOf('forced', 2)).toBe(key);
    expect(mailsTo('forced')).toEqual([['adminforcedpasswordreset', 'ADMIN_FORCED_PASSWORD_RESET_VIA_EMAIL_LINK'], ['resendAdminForcedPasswordReset', 'ADMIN_FORCED_PASSWORD_RESET_VIA_EMAIL_LINK']]);
    expect((await service.setPassword(key, password)).status).toBe(200);
  });

  it('answers the same, and mails nothing, where no reset is forced (S1)', async () => {
    await aKeyOf('not-forced');
    await aForced('still-forced');
    const same = ({ status, headers, text }: Answer) => ({ status, text, headers: [...headers].filter(([name]) => name !== 'date') });
    const answers: unknown[] = [];
    for (const username of ['still-forced', 'not-forced', 'no-such-user']) answers.push(same(await resend(username, 'ADMIN_FORCED_PASSWORD_RESET_VIA_EMAIL_LINK')));
    expect(answers).toEqual(answers.map(() => answers[0]));
    await service.keyOf('still-forced', 2);
    expect(mailsTo('not-forced')).toHaveLength(1);
  });

  it('goes on where people may not ask for links themselves', async () => {
    const key = await aForced('forced-only');
    await service.reconfigure('[identity_mgt.password_reset_email]\nenable_password_reset_email = false\n');
    const answers = [await resend('forced-only', 'ADMIN_FORCED_PASSWORD_RESET_VIA_EMAIL_LINK'), await resend('forced-only', 'NOTIFICATION_BASED_PW_RECOVERY')];
    await service.reconfigure('[identity_mgt.user_self_registration]\nallow_self_registration = true\n');
    expect(answers.map(({ status }) => status)).toEqual([201, 400]);
    expect(await service.keyOf('forced-only', 2)).toBe(key);
  });
});

describe('a RecoveryScenario', () => {
  it('that is unknown, or one of several, is refused by name', async () => {
    const twice = { properties: [...scenario('SELF_SIGN_UP').properties, ...scenario('NOTIFICATION_BASED_PW_RECOVERY').properties] };
    const answers = [await resend('kim', 'MOBILE_VERIFICATION_ON_UPDATE'), await service.ask(`${api}/resend-code`, { body: { user: { username: 'kim' }, ...twice } }), await service.ask(`${api}/me/resend-code`, { body: scenario('LITE_SIGN_UP') })];
    expect(answers.map(({ status, body }) => [status, (body as ErrorBody).description])).toEqual(answers.map(() => [400, expect.stringContaining('expected one RecoveryScenario of NOTIFICATION_BASED_PW_RECOVERY')]));
  });
});

describe('introspecting a code', () => {
  it('says whose it is, what for, and what is to be done, and leaves it as it is', async () => {
    const key = await aKeyOf('kim');
    for (let turn = 0; turn < 3; turn++) {
      const answer = await introspect(key);
      expect([answer.status, answer.body]).toEqual([200, { user: { username: 'kim', realm: 'PRIMARY', 'tenant-domain': 'carbon.super' }, recoveryScenario: 'NOTIFICATION_BASED_PW_RECOVERY', recoveryStep: 'UPDATE_PASSWORD', isExpired: false }]);
    }
    expect((await service.setPassword(key, 'another password, as good as that')).status).toBe(200);
    expect(codeOf(await introspect(key))).toBe('18001');
  });

  it('tells a forced reset and a registration from a link that somebody asked for', async () => {
    await service.ask(`${api}/me`, { body: { user: { username: 'registered', password, claims: [{ uri: 'http://wso2.org/claims/emailaddress', value: 'r@example.com' }] } } });
    const keys = [await aForced('forced-known'), await service.keyOf('registered', 1, 'AccountConfirmationRequested')];
    const uses = await Promise.all(keys.map(async (key) => (await introspect(key)).body));
    expect(uses).toMatchObject([
      { recoveryScenario: 'ADMIN_FORCED_PASSWORD_RESET_VIA_EMAIL_LINK', recoveryStep: 'UPDATE_PASSWORD' },
      { recoveryScenario: 'SELF_SIGN_UP', recoveryStep: 'CONFIRM_SIGN_UP' },
    ]);
  });

  it('says how it came to be, whatever the account’s claims say by now, and so does the event of the new password', async () => {
    const key = await aForced('released');
    await service.users.setClaims(await userOf('released'), { [forced]: 'false' });
    expect((await introspect(key)).body).toMatchObject({ recoveryScenario: 'ADMIN_FORCED_PASSWORD_RESET_VIA_EMAIL_LINK' });
    expect((await service.setPassword(key, password)).status).toBe(200);
    await until(() => service.eventsOf('PasswordRecovered', 'released').length === 1);
    expect(service.eventsOf('PasswordRecovered', 'released')[0]?.data.scenario).toBe('ADMIN_FORCED_PASSWORD_RESET_VIA_EMAIL_LINK');
  });

  it('says of one that has expired that it has, by the database’s clock (S21)', async () => {
    const key = await aKeyOf('late');
    await service.database.query(`UPDATE recovery SET expires_at = now() FROM user_account WHERE id = user_id AND username = 'late'`);
    expect((await introspect(key)).body).toMatchObject({ user: { username: 'late' }, isExpired: true });
    expect(codeOf(await service.setPassword(key, password))).toBe('18001');
  });

  it('knows none that is void, superseded, another tenant’s, or of an account that nothing opens', async () => {
    const [voided, superseded, elsewhere] = [await aKeyOf('voided'), await aKeyOf('superseded'), await aKeyOf('elsewhere')];
    await service.users.setClaims(await userOf('voided'), { 'http://wso2.org/claims/emailaddress': 'new@example.com' });
    await service.database.query(`UPDATE recovery SET issued_at = issued_at - interval '61 seconds'`);
    await service.recover('superseded');
    await service.database.query(`INSERT INTO tenant (domain) VALUES ('acme.example') ON CONFLICT DO NOTHING`);
    await until(async () => codeOf(await introspect(elsewhere, '/t/acme.example')) === '18001');
    for (const key of [voided, superseded, 'A'.repeat(43), 'x']) expect([key, codeOf(await introspect(key))]).toEqual([key, '18001']);
    for (const code of [null, '', [], {}, true]) expect([code, (await introspect(code)).status]).toEqual([code, 400]);
  });
});

describe('one’s own codes', () => {
  const mine = (path: string, body: object, username: string) => service.ask(`${api}/me/${path}`, { body, as: `${username}:${password}` });

  it('are sent again to whoever asks with their own credentials', async () => {
    const key = await aKeyOf('own');
    const answer = await mine('resend-code', scenario('NOTIFICATION_BASED_PW_RECOVERY'), 'own');
    expect([answer.status, answer.text]).toEqual([201, '']);
    expect(await service.keyOf('own', 2)).toBe(key);
  });

  it('are found valid for their owner alone, and stay live', async () => {
    const [key, other] = [await aKeyOf('owner'), await aKeyOf('neighbour')];
    const answer = await mine('validate-code', { code: key, properties: [] }, 'owner');
    expect([answer.status, answer.text]).toEqual([202, '']);
    for (const code of [other, 'x']) expect([(await mine('validate-code', { code }, 'owner')).status, codeOf(await mine('validate-code', { code }, 'owner'))]).toEqual([400, '18001']);
    expect((await service.setPassword(other, 'another password, as good as that')).status).toBe(200);
    expect((await service.setPassword(key, 'another password, as good as that')).status).toBe(200);
  });

  it('do not confirm an account that somebody else registered', async () => {
    await service.aUser('meddler', { password });
    await service.ask(`${api}/me`, { body: { user: { username: 'meddled', password, claims: [{ uri: 'http://wso2.org/claims/emailaddress', value: 'm@example.com' }] } } });
    const key = await service.keyOf('meddled', 1, 'AccountConfirmationRequested');
    expect(codeOf(await mine('validate-code', { code: key }, 'meddler'))).toBe('18001');
    expect(await service.mayGo('meddled', password)).toBe(false);
    expect((await service.ask(`${api}/validate-code`, { body: { code: key } })).status).toBe(202);
  });

  it('are for whoever has credentials', async () => {
    for (const path of ['resend-code', 'validate-code']) expect([path, (await service.ask(`${api}/me/${path}`, { body: {}, as: null })).status]).toEqual([path, 401]);
  });
});
