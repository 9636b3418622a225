import { until } from '@rekey/test-kit';
import { ServiceUnderTest, type Answer } from '../testing/service-under-test.ts';
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

/** At My Account's pages, without credentials. */
const enter = (username: string, code: string, place = '') => service.ask(`${place}/api/rekey/v1/recovery/code/forced`, { as: null, body: { username, code } });
const given = (answer: Answer) => answer.body as { readonly flow: string; readonly resetCode: string };
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

  it('is done with at My Account by name and code, once, also where people may ask for nothing there; that signs nobody in (S18, S31)', async () => {
    const code = await aForced('visitor');
    const properties = (value: string) => ({ method: 'PATCH', body: { operation: 'UPDATE', properties: [{ name: 'Recovery.Notification.Password.Enable', value }] } });
    const recovery = '/api/server/v1/identity-governance/QWNjb3VudCBNYW5hZ2VtZW50/connectors/YWNjb3VudC1yZWNvdmVyeQ';
    await service.ask(recovery, properties('false'));
    expect((await service.ask('/api/rekey/v1/recovery/ways', { as: null })).body).toMatchObject({ password: [], forcedCode: true });
    const right = await enter('visitor', code);
    expect([right.status, right.body]).toEqual([200, { flow: expect.any(String), resetCode: expect.any(String), username: 'visitor', passwordPolicy: expect.objectContaining({ minLength: 15 }) }]);
    expect(outcomeOf(await enter('visitor', code))).toEqual([406, 'UAR-10001']);
    const { flow, resetCode } = given(right);
    const reset = await service.ask('/api/rekey/v1/recovery/code/reset', { as: null, body: { flow, resetCode, password: good } });
    expect([reset.status, reset.body, reset.headers.get('set-cookie')]).toEqual([200, { username: 'visitor' }, null]);
    expect(await service.mayGo('visitor', good)).toBe(true);
    await service.ask(recovery, properties('true'));
  });

  it('is guessed at ten times an hour at My Account, with one answer for everybody: forced, not forced, mailed a link, disabled, of no such name (S1, S24)', async () => {
    const code = await aForced('guessed-here');
    await service.aUser('never-forced');
    await aForced('forced-and-disabled');
    await service.ask(`/scim2/Users/${(await service.users.findUser({ tenantDomain: 'carbon.super', realm: 'PRIMARY', username: 'forced-and-disabled' }))?.id}`, { method: 'PATCH', body: { Operations: [{ op: 'replace', value: { 'urn:scim:wso2:schema': { accountDisabled: true } } }] } });
    const told = new Set<string>();
    for (const username of ['guessed-here', 'never-forced', 'forced-and-disabled', 'no-such-visitor']) {
      const { status, text, headers } = await enter(username, wrong(code));
      told.add(JSON.stringify([status, [...headers.keys()], text.replace(/"traceId":"[^"]+"/, '')]));
    }
    expect([...told]).toEqual([expect.stringMatching(/^\[406,.*UAR-10001/)]);
    for (let guess = 1; guess < 10; guess++) await enter('guessed-here', wrong(code));
    expect(outcomeOf(await enter('guessed-here', code))).toEqual([406, 'UAR-10001']);
  });

  it('is of its own tenant alone, and refused to pages of other sites (S27, S37)', async () => {
    const code = await aForced('homely');
    await service.aTenant('apart.example');
    expect(outcomeOf(await enter('homely', code, '/t/apart.example'))).toEqual([406, 'UAR-10001']);
    const cross = await service.ask('/api/rekey/v1/recovery/code/forced', { as: null, body: { username: 'homely', code }, headers: { 'sec-fetch-site': 'cross-site' } });
    expect(outcomeOf(cross)).toEqual([403, 'RKY-10009']);
    expect((await enter('homely', code)).status).toBe(200);
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
