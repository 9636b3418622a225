import { until } from '@rekey/test-kit';
import { pruneUnconfirmed } from '../self-registration/unconfirmed-accounts.ts';
import { ServiceUnderTest, baseUrl, type Answer, type ErrorBody } from '../testing/service-under-test.ts';

const password = 'a password nobody has guessed';
const wso2 = 'urn:scim:wso2:schema';
const on = '[identity_mgt.user_onboarding]\nenable_email_verification = true\nask_password_email_validity = "30m"\n';
const api = '/api/identity/user/v1.0';

let service: ServiceUnderTest;
beforeAll(async () => void (service = await ServiceUnderTest.start(on)));
afterAll(() => service.stop());

const codeOf = ({ body }: Answer) => (body as ErrorBody | null)?.code;
const invite = async (userName: string, more: object = {}, asked: object = { askPassword: true }) => service.ask('/scim2/Users', { body: { userName, emails: [`${userName}@example.com`], [wso2]: asked, ...more } });
const verify = async (userName: string, more: object = {}) => invite(userName, { password, ...more }, { verifyEmail: 'true' });
const idOf = ({ body }: Answer) => (body as { id: string }).id;
const change = (id: string, path: string, value: unknown) => service.ask(`/scim2/Users/${id}`, { method: 'PATCH', body: { Operations: [{ op: 'replace', path, value }] } });
const resend = (username: string, scenario: string) => service.ask(`${api}/resend-code`, { body: { user: { username }, properties: [{ key: 'RecoveryScenario', value: scenario }] } });
const confirm = (code: string) => service.ask(`${api}/validate-code`, { body: { code } });
const keyToConfirm = (username: string, nth = 1) => service.keyOf(username, nth, 'AccountConfirmationRequested');
const invitations = (username: string) => service.eventsOf('PasswordRecoveryRequested', username).map(({ data }) => [data.scenario, data.templateType]);
const shown = async (id: string) => (await service.ask(`/scim2/Users/${id}`)).body;
const expire = (id: string, ago = '0 s') => service.database.query(`UPDATE recovery SET expires_at = now() - $2::interval WHERE user_id = $1`, [id, ago]);

describe('a user who is to set the first password (askPassword)', () => {
  it('is made without one, whatever was given, and mailed a link to the page that sets it', async () => {
    const answer = await invite('kim', { password, name: { givenName: 'Kim' }, locale: 'de_DE' });
    expect([answer.status, answer.body]).toEqual([201, expect.objectContaining({ [wso2]: expect.objectContaining({ accountLocked: true, accountState: 'PENDING_AP', lockedReason: 'PENDING_ASK_PASSWORD' }) })]);
    expect(answer.text).not.toContain('askPassword');
    expect(await service.mayGo('kim', password)).toBe(false);
    await service.keyOf('kim');
    const [mail] = service.eventsOf('PasswordRecoveryRequested', 'kim');
    expect(mail?.data).toMatchObject({ scenario: 'ASK_PASSWORD', templateType: 'askPassword', linkBase: `${baseUrl}/myaccount/reset`, recipient: { address: 'kim@example.com', locale: 'de_DE', claims: { givenname: 'Kim' } } });
    expect(Date.parse(mail?.data.expiresAt ?? '') - Date.parse(mail?.data.requestedAt ?? '')).toBe(30 * 60_000);
  });

  it('signs in with the password that the link has set, once, and nobody is told of an unlocked account', async () => {
    const id = idOf(await invite('lee'));
    const key = await service.keyOf('lee');
    const use = await service.ask(`${api}/introspect-code`, { body: { code: key } });
    expect(use.body).toMatchObject({ user: { username: 'lee' }, recoveryScenario: 'ASK_PASSWORD', recoveryStep: 'UPDATE_PASSWORD', isExpired: false });
    expect((await service.ask('/api/rekey/v1/recovery/key', { as: null, body: { key } })).body).toMatchObject({ username: 'lee', isFirst: true });
    expect([(await service.setPassword(key, password)).status, codeOf(await service.setPassword(key, password))]).toEqual([200, '18001']);
    expect(await service.mayGo('lee', password)).toBe(true);
    expect(await shown(id)).toMatchObject({ [wso2]: { accountLocked: false, accountState: 'UNLOCKED' } });
    // By the link, which shows that the person reads mail there.
    const cookie = await service.cookieOf(`lee:${password}`);
    expect((await service.ask('/api/rekey/v1/me/profile', { as: null, headers: { cookie } })).body).toMatchObject({ emailVerified: true });
    await until(() => service.eventsOf('PasswordRecovered', 'lee').length === 1);
    expect(service.eventsOf('AccountUnlocked', 'lee')).toEqual([]);
  });

  it('is mailed the link again, a new one once the old one has died, and none of any scenario but this', async () => {
    const id = idOf(await invite('again'));
    const first = await service.keyOf('again');
    for (const other of ['NOTIFICATION_BASED_PW_RECOVERY', 'ADMIN_FORCED_PASSWORD_RESET_VIA_EMAIL_LINK', 'SELF_SIGN_UP']) await resend('again', other);
    expect((await resend('again', 'ASK_PASSWORD')).status).toBe(201);
    await until(() => invitations('again').some(([, type]) => type === 'resendAskPassword'));
    await expire(id);
    await resend('again', 'ASK_PASSWORD');
    await until(() => invitations('again').filter(([, type]) => type === 'resendAskPassword').length === 2);
    const renewed = await service.keyOf('again', invitations('again').length);
    expect([codeOf(await service.setPassword(first, password)), (await service.setPassword(renewed, password)).status]).toEqual(['18001', 200]);
    const before = invitations('again').length;
    expect((await resend('again', 'ASK_PASSWORD')).status).toBe(201);
    expect((await service.recover('again')).status).toBe(202);
    await until(() => invitations('again').length > before);
    expect(invitations('again').slice(before)).toEqual([['NOTIFICATION_BASED_PW_RECOVERY', 'passwordreset']]);
  });

  it('recovers like anybody, where the invitation was lost: nobody can tell that there is none yet (S1)', async () => {
    const id = idOf(await invite('lost'));
    await service.keyOf('lost');
    await expire(id);
    const same = ({ status, headers, text }: Answer) => ({ status, text, headers: [...headers].filter(([name]) => name !== 'date') });
    expect(same(await service.recover('lost'))).toEqual(same(await service.recover('nobody-at-all')));
    expect((await service.setPassword(await service.keyOf('lost', 2), password)).status).toBe(200);
    expect(await service.mayGo('lost', password)).toBe(true);
  });

  it('gives who waits, who does not and who does not exist the same answer and the same work, asked to send it again (S1)', async () => {
    await invite('waiting');
    await service.aUser('settled');
    const events = async () => (await service.database.query<{ count: number }>('SELECT count(*)::int FROM outbox'))[0]?.count ?? 0;
    const outcomes: unknown[] = [];
    for (const username of ['waiting', 'settled', 'nobody-here', 'waiting', 'settled', 'nobody-here']) {
      const before = await events();
      const { status, text } = await resend(username, 'ASK_PASSWORD');
      outcomes.push([status, text, (await events()) - before]);
    }
    expect(outcomes).toEqual(outcomes.map(() => [201, '', 1]));
    expect(invitations('settled')).toEqual([]);
  });

  it.each<[what: string, path: string, value: unknown]>([
    ['another address', 'emails', ['other@example.com']],
    ['a disabled account', 'active', false],
    ['an administrator’s lock', `${wso2}:accountLocked`, true],
  ])('has a link that is dead with %s (S22)', async (what, path, value) => {
    const username = `dead-${path.at(-1)}-${what.length}`;
    const id = idOf(await invite(username));
    const key = await service.keyOf(username);
    expect((await change(id, path, value)).status).toBe(200);
    expect(codeOf(await service.setPassword(key, password))).toBe('18001');
    expect(await service.mayGo(username, password)).toBe(false);
  });

  it('gets the next link at the address that an administrator has mended', async () => {
    const id = idOf(await invite('mended'));
    await service.keyOf('mended');
    await change(id, 'emails', ['right@example.com']);
    await resend('mended', 'ASK_PASSWORD');
    expect((await service.setPassword(await service.keyOf('mended', 2), password)).status).toBe(200);
    expect(service.eventsOf('PasswordRecoveryRequested', 'mended')[1]?.data.recipient.address).toBe('right@example.com');
  });

  it('has nothing to wait for where changed addresses are verified: a link that went astray dies at once (S5, S22)', async () => {
    await service.reconfigure(`${on}[identity_mgt.user_claim_update.email]\nenable_verification = true\n`);
    const id = idOf(await invite('astray'));
    const key = await service.keyOf('astray');
    const strayed = idOf(await verify('strayed'));
    const confirmation = await keyToConfirm('strayed');
    const mended = [await change(id, 'emails', ['right@example.com']), await change(strayed, 'emails', ['right@example.com'])];
    await service.reconfigure(on);
    expect(mended.map(({ body }) => body)).toMatchObject(mended.map(() => ({ emails: [{ value: 'right@example.com' }] })));
    expect([codeOf(await service.setPassword(key, password)), codeOf(await confirm(confirmation))]).toEqual(['18001', '18001']);
    await resend('strayed', 'SELF_SIGN_UP');
    expect((await confirm(await keyToConfirm('strayed', 2))).status).toBe(202);
  });

  it('is mailed nothing while disabled, and the link once enabled and asked for', async () => {
    const id = idOf(await invite('asleep', { active: false }));
    await resend('asleep', 'ASK_PASSWORD');
    await change(id, 'active', true);
    await resend('asleep', 'ASK_PASSWORD');
    expect((await service.setPassword(await service.keyOf('asleep'), password)).status).toBe(200);
    expect(invitations('asleep')).toEqual([['ASK_PASSWORD', 'resendAskPassword']]);
  });
});

describe('a user who is to prove the address (verifyEmail)', () => {
  it('signs in with the password that was given once the link was used', async () => {
    const id = idOf(await verify('ada'));
    expect(await service.mayGo('ada', password)).toBe(false);
    const key = await keyToConfirm('ada');
    expect(service.eventsOf('AccountConfirmationRequested', 'ada')[0]?.data).toMatchObject({ scenario: 'SELF_SIGN_UP', templateType: 'emailconfirm', linkBase: `${baseUrl}/myaccount/confirm`, recipient: { address: 'ada@example.com' } });
    expect(await shown(id)).toMatchObject({ [wso2]: { accountLocked: true, accountState: 'PENDING_EV', lockedReason: 'PENDING_EMAIL_VERIFICATION' } });
    expect((await confirm(key)).body).toEqual({ username: 'ada', realm: 'PRIMARY' });
    expect(await service.mayGo('ada', password)).toBe(true);
  });

  it('gets the link again as a registration does, and no link to another password before (S22)', async () => {
    const id = idOf(await verify('bea'));
    const first = await keyToConfirm('bea');
    await service.recover('bea');
    await change(id, 'emails', ['bea@elsewhere.example']);
    await resend('bea', 'SELF_SIGN_UP');
    const second = await keyToConfirm('bea', 2);
    expect([codeOf(await confirm(first)), (await confirm(second)).status]).toEqual(['18001', 202]);
    expect(invitations('bea')).toEqual([]);
  });

  it('stays where nobody has used the link: an administrator has made it, not whoever has the address', async () => {
    const id = idOf(await verify('kept'));
    await expire(id, '30 days');
    await pruneUnconfirmed(service.database, service.users);
    expect(await shown(id)).toMatchObject({ userName: 'kept', [wso2]: { accountState: 'PENDING_EV' } });
  });
});

describe('what an administrator asks of a new user', () => {
  it('is one mail where both are asked: whoever sets the password has proved the address', async () => {
    await invite('both', { password }, { askPassword: true, verifyEmail: true });
    await service.setPassword(await service.keyOf('both'), password);
    expect([await service.mayGo('both', password), service.eventsOf('AccountConfirmationRequested', 'both')]).toEqual([true, []]);
  });

  it('may stand under the older schema, be a word, and part of a bulk', async () => {
    const data = { userName: 'older', emails: ['older@example.com'], 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { askPassword: 'true' } };
    const bulk = await service.ask('/scim2/Bulk', { body: { Operations: [{ method: 'POST', path: '/Users', bulkId: 'a', data }, { method: 'POST', path: '/Users', bulkId: 'b', data: { userName: 'addressless', [wso2]: { askPassword: true } } }] } });
    expect((bulk.body as { Operations: { status: string }[] }).Operations.map(({ status }) => status)).toEqual(['201', '400']);
    await service.keyOf('older');
    expect(invitations('older')).toEqual([['ASK_PASSWORD', 'askPassword']]);
  });

  it('is nothing where it says false', async () => {
    await invite('plain', { password }, { askPassword: false, verifyEmail: 'false' });
    expect(await service.mayGo('plain', password)).toBe(true);
  });

  it('needs an address, and makes nobody without one', async () => {
    const answers = [await invite('without', { emails: undefined }), await verify('without', { emails: undefined })];
    expect(answers.map(({ status, body }) => [status, body])).toEqual(['askPassword', 'verifyEmail'].map((name) => [400, expect.objectContaining({ scimType: 'invalidValue', detail: expect.stringMatching(`emails: expected an address.*${name}`) as string })]));
    expect((await service.ask('/scim2/Users?filter=userName%20eq%20%22without%22')).body).toMatchObject({ totalResults: 0 });
  });

  it('counts when the user is made, and is refused by name of one who is there', async () => {
    const id = idOf(await service.ask('/scim2/Users', { body: { userName: 'there', password } }));
    const answers = [await change(id, `${wso2}:askPassword`, true), await change(id, `${wso2}:verifyEmail`, 'true'), await service.ask(`/scim2/Users/${id}`, { method: 'PUT', body: { userName: 'there', [wso2]: { askPassword: true } } })];
    expect(answers.map(({ body }) => body)).toEqual(answers.map(() => expect.objectContaining({ status: '400', scimType: 'mutability' })));
    expect(await service.mayGo('there', password)).toBe(true);
    const own = await service.ask('/scim2/Me', { method: 'PATCH', as: `there:${password}`, body: { Operations: [{ op: 'replace', path: `${wso2}:askPassword`, value: true }] } });
    expect([own.status, own.body]).toEqual([400, expect.objectContaining({ scimType: 'mutability' })]);
  });

  it('is refused by name in a tenant that has not turned it on, as it is by default, and makes nobody', async () => {
    await service.reconfigure('');
    const answers = [await invite('too-early'), await verify('too-early')];
    expect(answers.map(({ status, body }) => [status, (body as ErrorBody).description])).toEqual([[400, expect.stringContaining('askPassword')], [400, expect.stringContaining('verifyEmail')]]);
    const address = '/api/server/v1/identity-governance/VXNlciBPbmJvYXJkaW5n/connectors/dXNlci1lbWFpbC12ZXJpZmljYXRpb24';
    expect((await service.ask(address, { method: 'PATCH', body: { operation: 'UPDATE', properties: [{ name: 'EmailVerification.Enable', value: 'true' }] } })).status).toBe(200);
    expect((await invite('too-early')).status).toBe(201);
    await service.keyOf('too-early');
  });

  it('is described as what is written and never read', async () => {
    const { body } = await service.ask(`/scim2/Schemas/${wso2}`);
    const described = (body as { attributes: { name: string }[] }).attributes.filter(({ name }) => ['askPassword', 'verifyEmail'].includes(name));
    expect(described).toEqual(['verifyEmail', 'askPassword'].map((name) => expect.objectContaining({ name, type: 'boolean', mutability: 'writeOnly', returned: 'never' })));
  });
});
