import { until } from '@rekey/test-kit';
import { ServiceUnderTest } from '../testing/service-under-test.ts';
import { bodyOf, outcomeOf, started, Steps } from './testing/steps.ts';

const good = 'a password nobody has guessed';
const forced = 'http://wso2.org/claims/identity/adminForcedPasswordReset';
const byCode = '[identity_mgt.password_reset_by_admin]\nenable_emailed_link_based_reset = false\nenable_emailed_otp_based_reset = true\ncode_validity_period = "11m"\n';

let service: ServiceUnderTest;
let v2: Steps;
beforeAll(async () => {
  service = await ServiceUnderTest.start(byCode);
  v2 = new Steps(service, 'v2');
});
afterAll(() => service.stop());

async function force(username: string): Promise<void> {
  const user = await service.users.findUser({ tenantDomain: 'carbon.super', realm: 'PRIMARY', username });
  if (user) await service.users.setClaims(user, { [forced]: 'true' });
}

/** @returns the code that was mailed */
async function aForced(username: string): Promise<string> {
  await service.aUser(username);
  await force(username);
  return service.keyOf(username);
}

const flowOf = async (username: string) => started(await v2.init(username)).flowConfirmationCode;
const wrong = (code: string) => (code === 'AAAAAA' ? 'BBBBBB' : 'AAAAAA');
const mailsTo = (username: string) => service.eventsOf('PasswordRecoveryRequested', username).map(({ data }) => [data.templateType, data.scenario, data.secretKind]);

describe('a reset that an administrator forces, where the tenant mails codes', () => {
  it('mails one of the tenant’s kind, which works as long as the tenant says', async () => {
    expect(await aForced('coded')).toMatch(/^[A-Za-z0-9]{6}$/);
    expect(mailsTo('coded')).toEqual([['adminforcedpasswordresetwithotp', 'ADMIN_FORCED_PASSWORD_RESET_VIA_OTP', 'code']]);
    const [event] = service.eventsOf('PasswordRecoveryRequested', 'coded');
    expect(new Date(event?.data.expiresAt ?? 0).getTime() - new Date(event?.data.requestedAt ?? 0).getTime()).toBe(11 * 60_000);
  });

  it('is done with by that code, without asking for another; the code is right once', async () => {
    const code = await aForced('typed');
    const flow = await flowOf('typed');
    const { resetCode } = bodyOf(await v2.confirm(flow, code));
    expect(outcomeOf(await v2.confirm(await flowOf('typed'), code))).toEqual([406, 'UAR-10001']);
    expect((await v2.reset(resetCode, good, flow)).status).toBe(200);
    expect(await service.mayGo('typed', good)).toBe(true);
    expect(mailsTo('typed')).toHaveLength(1);
  });

  it('is guessed at three times by a flow, and no guess tells whose password was reset; no stranger’s ends it (S1, S24, S11)', async () => {
    const code = await aForced('guessed');
    await service.aUser('not-forced');
    const answers: unknown[] = [];
    for (const username of ['guessed', 'not-forced', 'no-such-user']) {
      const flow = await flowOf(username);
      for (let guess = 0; guess < 4; guess++) answers.push(outcomeOf(await v2.confirm(flow, wrong(code))));
    }
    expect(answers).toEqual(answers.map(() => [406, 'UAR-10001']));
    const over = await flowOf('guessed');
    for (let guess = 0; guess < 3; guess++) await v2.confirm(over, wrong(code));
    expect(outcomeOf(await v2.confirm(over, code))).toEqual([406, 'UAR-10001']);
    expect((await v2.confirm(await flowOf('guessed'), code)).status).toBe(200);
  });

  it('is not done with by a code that somebody has asked for in another flow', async () => {
    await service.reconfigure(`${byCode}[identity_mgt.password_reset_email]\nenable_password_reset_email = true\n[identity_mgt.password_reset_email.otp]\nsend_otp_in_email = true\n`);
    await service.aUser('asked');
    await v2.toMail('asked');
    expect(outcomeOf(await v2.confirm(await flowOf('asked'), await service.keyOf('asked')))).toEqual([406, 'UAR-10001']);
    await service.reconfigure(byCode);
  });

  it('is mailed again, the same code in words of its own, to who has one and to nobody else', async () => {
    const resend = (username: string, kind: string) => service.ask('/api/identity/user/v1.0/resend-code', { body: { user: { username }, properties: [{ key: 'RecoveryScenario', value: `ADMIN_FORCED_PASSWORD_RESET_VIA_${kind}` }] } });
    const code = await aForced('again');
    await service.aUser('none');
    const answers = [await resend('again', 'EMAIL_LINK'), await resend('none', 'OTP'), await resend('nobody-at-all', 'OTP'), await resend('again', 'OTP')];
    expect(answers.map(({ status, text }) => [status, text])).toEqual(answers.map(() => [201, '']));
    expect(await service.keyOf('again', 2)).toBe(code);
    expect(mailsTo('again')[1]).toEqual(['resendAdminForcedPasswordResetWithOTP', 'ADMIN_FORCED_PASSWORD_RESET_VIA_OTP', 'code']);
    expect(mailsTo('none')).toEqual([]);
  });

  it.each([
    ['both are on: a link, as in WSO2', 'true', 'true', [['adminforcedpasswordreset', 'ADMIN_FORCED_PASSWORD_RESET_VIA_EMAIL_LINK', undefined]]],
    ['neither is: nothing', 'false', 'false', []],
  ])('follows what the tenant’s administrators set; %s', async (what, byLink, byOtp, mails) => {
    const properties = [{ name: 'Recovery.AdminPasswordReset.RecoveryLink', value: byLink }, { name: 'Recovery.AdminPasswordReset.OTP', value: byOtp }];
    const idOf = (name: string) => Buffer.from(name).toString('base64url');
    await service.ask(`/api/server/v1/identity-governance/${idOf('Account Management')}/connectors/${idOf('admin-forced-password-reset')}`, { method: 'PATCH', body: { operation: 'UPDATE', properties } });
    const username = `set-${byLink}-${byOtp}`;
    await service.aUser(username);
    await force(username);
    expect(await service.mayGo(username, `first password of ${username.length}`)).toBe(false);
    await service.aUser(`after-${what.length}`);
    await service.recover(`after-${what.length}`);
    await until(() => service.eventsOf('PasswordRecoveryRequested', `after-${what.length}`).length === 1);
    expect(mailsTo(username)).toEqual(mails);
  });
});
