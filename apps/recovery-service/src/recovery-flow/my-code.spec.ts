import { until } from '@rekey/test-kit';
import { ServiceUnderTest, type Answer, type ErrorBody } from '../testing/service-under-test.ts';

const password = 'a password nobody has guessed';
const other = 'another one nobody has guessed';
const byCode = '[identity_mgt.password_reset_email]\ncooldown = "0s"\n[identity_mgt.password_reset_email.otp]\nsend_otp_in_email = true\n';

let service: ServiceUnderTest;
beforeAll(async () => void (service = await ServiceUnderTest.start(byCode)));
afterAll(() => service.stop());

type Body = ErrorBody & { readonly flow: string; readonly resetCode: string; readonly username: string; readonly passwordPolicy: object };

const call = (step: string, body: unknown, headers = {}) => service.ask(`/api/rekey/v1/recovery/code${step}`, { as: null, body, headers });
const bodyOf = (answer: Answer) => answer.body as Body;
const codeOf = (answer: Answer) => [answer.status, bodyOf(answer).code];
const askFor = async (username: string) => bodyOf(await call('', { username })).flow;
const confirm = (flow: unknown, code: unknown) => call('/confirm', { flow, code });
const reset = (flow: unknown, resetCode: unknown, wanted: unknown = other) => call('/reset', { flow, resetCode, password: wanted });
const wrongOf = (code: string) => (code === '111111' ? '222222' : '111111');

describe('a forgotten password at My Account, by a code', () => {
  it('is recovered by the code of the mail, once, and signs nobody in (S18, S31)', async () => {
    await service.aUser('kim', { password });
    const flow = await askFor('kim');
    const code = await service.keyOf('kim');
    expect(service.eventsOf('PasswordRecoveryRequested', 'kim')[0]?.data).toMatchObject({ secretKind: 'code', clientAddress: '127.0.0.1' });
    const right = await confirm(flow, code);
    expect([right.status, right.body]).toEqual([200, { resetCode: expect.any(String), username: 'kim', passwordPolicy: expect.objectContaining({ minLength: 15 }) }]);
    expect(codeOf(await confirm(flow, code))).toEqual([406, 'UAR-10015']);
    const { resetCode } = bodyOf(right);
    const done = await reset(flow, resetCode);
    expect([done.status, done.body, done.headers.get('set-cookie')]).toEqual([200, { username: 'kim' }, null]);
    expect([await service.mayGo('kim', password), await service.mayGo('kim', other)]).toEqual([false, true]);
    expect(codeOf(await reset(flow, resetCode))).toEqual([406, 'UAR-10001']);
  });

  it('shows that the person reads mail at the address', async () => {
    await service.aUser('proved', { password });
    const verified = async () => ((await service.ask('/api/rekey/v1/me/profile', { as: null, headers: { cookie: await service.cookieOf(`proved:${await service.mayGo('proved', password) ? password : other}`) } })).body as { emailVerified: boolean }).emailVerified;
    expect(await verified()).toBe(false);
    const flow = await askFor('proved');
    await reset(flow, bodyOf(await confirm(flow, await service.keyOf('proved'))).resetCode);
    expect(await verified()).toBe(true);
  });

  it('goes on where the password is refused: the same reset code, with the reasons', async () => {
    await service.aUser('picky', { password });
    const flow = await askFor('picky');
    const { resetCode } = bodyOf(await confirm(flow, await service.keyOf('picky')));
    const refused = await reset(flow, resetCode, 'short');
    expect([...codeOf(refused), bodyOf(refused).resetCode, bodyOf(refused).reasons?.map(({ code }) => code)]).toEqual([412, '20035', resetCode, ['too-short']]);
    expect((await reset(flow, resetCode)).status).toBe(200);
  });

  it('is over after three wrong codes, also for the right one; asked anew it goes on (S24)', async () => {
    await service.aUser('typist', { password });
    const flow = await askFor('typist');
    const code = await service.keyOf('typist');
    const answers = [];
    for (let guess = 0; guess < 4; guess++) answers.push(codeOf(await confirm(flow, wrongOf(code))));
    expect(answers).toEqual([[406, 'UAR-10001'], [406, 'UAR-10001'], [406, 'UAR-10015'], [406, 'UAR-10015']]);
    expect(codeOf(await confirm(flow, code))).toEqual([406, 'UAR-10015']);
    expect((await confirm(await askFor('typist'), await service.keyOf('typist', 2))).status).toBe(200);
  });

  it('is all the same for whoever has no account, or may not recover: every step, to the last (S1, S26)', async () => {
    await service.aUser('known', { password });
    await service.aUser('barred', { password, 'urn:scim:wso2:schema': { accountDisabled: true } });
    const told = [];
    for (const username of ['known', 'nobody-of-that-name', 'barred']) {
      const asked = await call('', { username });
      const { flow } = bodyOf(asked);
      const steps = [asked, await confirm(flow, '11111x'), await confirm(flow, '22222x'), await confirm(flow, '33333x'), await confirm(flow, '11111x'), await reset(flow, 'no-such-code')];
      told.push(JSON.stringify(steps.map(({ status, text, headers }) => [status, [...headers.keys()], text.replace(flow, 'FLOW').replace(/"traceId":"[^"]+"/, '')])));
    }
    expect(new Set(told).size).toBe(1);
    expect(service.eventsOf('PasswordRecoveryRequested', 'barred')).toEqual([]);
  });

  it('takes a code with its own flow alone, at these pages alone, of this tenant alone (S17, S27)', async () => {
    for (const username of ['mine', 'theirs']) await service.aUser(username, { password });
    await service.aTenant('apart.example');
    const [flow, theirs] = [await askFor('mine'), await askFor('theirs')];
    const code = await service.keyOf('mine');
    expect(codeOf(await confirm(theirs, code))[0]).toBe(406);
    expect(codeOf(await confirm('no-flow', code))).toEqual([404, 'UAR-10008']);
    expect(codeOf(await service.ask('/t/apart.example/api/rekey/v1/recovery/code/confirm', { as: null, body: { flow, code } }))).toEqual([404, 'UAR-10008']);
    expect(codeOf(await service.ask('/api/users/v2/recovery/password/confirm', { body: { confirmationCode: flow, otp: code } }))).toEqual([404, 'UAR-10008']);
    const { resetCode } = bodyOf(await confirm(flow, code));
    expect(codeOf(await reset(theirs, resetCode))).toEqual([406, 'UAR-10001']);
    expect((await reset(flow, resetCode)).status).toBe(200);
  });

  it('sets one password of fifty at once (S19)', async () => {
    await service.aUser('raced', { password });
    const flow = await askFor('raced');
    const code = await service.keyOf('raced');
    const confirmed = (await Promise.all(Array.from({ length: 10 }, () => confirm(flow, code)))).filter(({ status }) => status === 200);
    expect(confirmed).toHaveLength(1);
    const { resetCode } = bodyOf(confirmed[0] as Answer);
    const statuses = (await Promise.all(Array.from({ length: 10 }, (_, racer) => reset(flow, resetCode, `${other} ${racer}`)))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  });

  it('is refused to pages of other sites, and takes text and nothing else (S23, S37)', async () => {
    const cross = { 'sec-fetch-site': 'cross-site' };
    for (const [step, body] of [['', { username: 'kim' }], ['/confirm', { flow: 'x', code: 'x' }], ['/reset', { flow: 'x', resetCode: 'x', password: other }]] as const) {
      expect([step, ...codeOf(await call(step, body, cross))]).toEqual([step, 403, 'RKY-10009']);
      for (const bad of [{}, [], 'text', { ...body, more: 1 }, Object.fromEntries(Object.keys(body).map((field) => [field, { $ne: 1 }]))]) expect([step, bad, ...codeOf(await call(step, bad))]).toEqual([step, bad, 400, 'RKY-10001']);
    }
  });
});

describe('the ways to recover', () => {
  const ways = async (tenant = '') => (await service.ask(`${tenant}/api/rekey/v1/recovery/ways`, { as: null })).body;
  const set = (name: string, value: string) => service.ask('/api/server/v1/identity-governance/QWNjb3VudCBNYW5hZ2VtZW50/connectors/YWNjb3VudC1yZWNvdmVyeQ', { method: 'PATCH', body: { operation: 'UPDATE', properties: [{ name, value }] } });

  it('are those that the tenant has turned on, the link first', async () => {
    expect(await ways()).toEqual({ password: ['link', 'code'], username: [], forcedCode: false, code: { length: 6, isNumeric: false }, cooldownSeconds: 0 });
    await set('Recovery.Notification.Password.OTP.SendOTPInEmail', 'false');
    expect(await ways()).toMatchObject({ password: ['link'] });
    expect(codeOf(await call('', { username: 'kim' }))).toEqual([400, '20017']);
    await set('Recovery.Notification.Password.OTP.SendOTPInEmail', 'true');
    await set('Recovery.Notification.Password.emailLink.Enable', 'false');
    expect(await ways()).toMatchObject({ password: ['code'] });
    await set('Recovery.Notification.InternallyManage', 'false');
    expect(await ways()).toMatchObject({ password: [] });
    expect(codeOf(await call('', { username: 'kim' }))).toEqual([400, '20017']);
    await set('Recovery.Notification.InternallyManage', 'true');
    await set('Recovery.Notification.Password.emailLink.Enable', 'true');
  });

  it('are nobody’s where there is no such tenant', async () => {
    expect(await ways('/t/nowhere.example')).toMatchObject({ code: '18016' });
  });
});

describe('the mails with a code', () => {
  it('are none more for who has had enough of them within the hour, with the same answer', async () => {
    await service.reconfigure(`${byCode}[rate_limit]\nmails_per_account_per_hour = 2\nrequests_per_address_per_minute = 1000000\n`);
    await service.aUser('often', { password });
    for (let turn = 0; turn < 4; turn++) expect((await call('', { username: 'often' })).status).toBe(202);
    await until(async () => (await service.database.query(`SELECT FROM outbox WHERE published_at IS NULL`)).length === 0);
    expect(service.eventsOf('PasswordRecoveryRequested', 'often')).toHaveLength(2);
    await service.reconfigure(byCode);
  });
});
