import { until } from '@rekey/test-kit';
import { ServiceUnderTest, type Answer, type ErrorBody } from '../testing/service-under-test.ts';

const password = 'a password nobody has guessed';
const guesses = 3;
const verifying = `[identity_mgt.user_claim_update.email]\nenable_verification = true\n[rate_limit]\nfailed_sign_ins_per_account_per_hour = ${guesses}\nrequests_per_address_per_minute = 1000000\n`;

let service: ServiceUnderTest;
beforeAll(async () => void (service = await ServiceUnderTest.start(verifying)));
afterAll(() => service.stop());

/** @returns the cookie of a browser that somebody new has signed in with */
async function aSession(username: string, more: object = {}): Promise<string> {
  await service.aUser(username, { password, ...more });
  return service.cookieOf(`${username}:${password}`);
}

const mine = (cookie: string, path: string, method = 'GET', body?: unknown, headers = {}) => service.ask(`/api/rekey/v1/me/${path}`, { as: null, method, headers: { cookie, ...headers }, ...(body === undefined ? {} : { body }) });
const profile = async (cookie: string) => (await mine(cookie, 'profile')).body as Readonly<Record<string, unknown>>;
const change = (cookie: string, body: unknown) => mine(cookie, 'profile', 'PATCH', body);
const move = (cookie: string, email: unknown, given: unknown = password) => mine(cookie, 'address', 'PUT', { email, password: given });
const shown = ({ status, body }: Answer) => [status, (body as ErrorBody | null)?.code];
const confirmations = (username: string) => service.eventsOf('AccountConfirmationRequested', username);

describe('one’s own profile', () => {
  it('is shown to whoever is signed in, and to nobody else', async () => {
    const cookie = await aSession('kim', { name: { givenName: 'Kim', familyName: 'Okafor' }, locale: 'fr_FR' });
    expect(await profile(cookie)).toEqual({ username: 'kim', givenName: 'Kim', familyName: 'Okafor', locale: 'fr_FR', email: 'kim@example.com', emailVerified: false, pendingEmail: null });
    expect(shown(await mine('', 'profile'))).toEqual([401, '17002']);
  });

  it('is changed in what is given, and mails are in its language from then on', async () => {
    const cookie = await aSession('lee', { name: { givenName: 'Lee', familyName: 'Wrong' } });
    const answer = await change(cookie, { familyName: ' 李 ', locale: 'de_DE' });
    expect([answer.status, answer.body]).toEqual([200, { ...(await profile(cookie)), givenName: 'Lee', familyName: '李', locale: 'de_DE' }]);
    await service.recover('lee');
    await until(() => service.eventsOf('PasswordRecoveryRequested', 'lee').length === 1);
    expect(service.eventsOf('PasswordRecoveryRequested', 'lee')[0]?.data).toMatchObject({ recipient: { locale: 'de_DE', claims: { givenname: 'Lee', lastname: '李' } } });
    expect((await change(cookie, { givenName: '', locale: '' })).body).toMatchObject({ givenName: null, familyName: '李', locale: null });
    expect((await change(cookie, {})).status).toBe(200);
  });

  it.each([
    [{ username: 'admin' }],
    [{ email: 'eve@evil.test' }],
    [{ 'http://wso2.org/claims/identity/accountLocked': 'false' }],
    [{ givenName: ['Kim'] }],
    [{ givenName: 'K'.repeat(256) }],
    [{ givenName: 'Kim\0' }],
    [{ locale: '../../etc' }],
    [{ locale: 'de_DE\r\nBcc: eve@evil.test' }],
    ['Kim'],
  ])('takes nothing else: %j (S4, S23)', async (body) => {
    const cookie = await aSession(`strict-${Math.random()}`);
    expect(shown(await change(cookie, body))).toEqual([400, 'RKY-10001']);
  });

  it('keeps text as text, whatever it looks like (S40)', async () => {
    const cookie = await aSession('hostile');
    const names = { givenName: '<img src=x onerror=alert(1)>', familyName: '{{7*7}}${x}\u202e' };
    expect((await change(cookie, names)).body).toMatchObject(names);
  });

  it('is changed by no page of another site (S37)', async () => {
    const cookie = await aSession('framed');
    const asked = [['profile', 'PATCH', { givenName: 'Eve' }], ['address', 'PUT', { email: 'eve@evil.test', password }], ['address/resend', 'POST', undefined], ['address/pending', 'DELETE', undefined]] as const;
    for (const [path, method, body] of asked) {
      expect([path, ...shown(await mine(cookie, path, method, body, { 'sec-fetch-site': 'cross-site' }))]).toEqual([path, 403, 'RKY-10009']);
      expect([path, ...shown(await mine('', path, method, body))]).toEqual([path, 401, '17002']);
    }
    expect(await profile(cookie)).toMatchObject({ givenName: null, email: 'framed@example.com' });
  });
});

describe('one’s own mail address', () => {
  it('waits until the link that is mailed to it is used, where the tenant has addresses verified', async () => {
    const cookie = await aSession('mover');
    expect((await move(cookie, 'moved@example.com')).body).toMatchObject({ email: 'mover@example.com', pendingEmail: 'moved@example.com' });
    const key = await service.keyOf('mover', 1, 'AccountConfirmationRequested');
    expect((await service.ask('/api/rekey/v1/address/confirm', { as: null, body: { key } })).status).toBe(200);
    expect(await profile(cookie)).toMatchObject({ email: 'moved@example.com', emailVerified: true, pendingEmail: null });
  });

  it('counts at once where the tenant does not', async () => {
    await service.reconfigure('');
    const cookie = await aSession('quick');
    expect((await move(cookie, 'quicker@example.com')).body).toMatchObject({ email: 'quicker@example.com', pendingEmail: null });
    await service.reconfigure(verifying);
  });

  it('takes the password: a browser that was left signed in is not enough, and guesses count as sign-ins', async () => {
    const cookie = await aSession('robbed');
    for (let guess = 0; guess < guesses; guess++) expect(shown(await move(cookie, 'eve@evil.test', `guess ${guess}`))).toEqual([401, '17002']);
    expect(shown(await move(cookie, 'eve@evil.test'))).toEqual([401, '17002']);
    expect(await profile(cookie)).toMatchObject({ email: 'robbed@example.com', pendingEmail: null });
  });

  it('is one plain address (S4, S7)', async () => {
    const cookie = await aSession('plain');
    for (const email of ['', 'nobody', 'a@x.test,b@y.test', 'a@x.test\r\nBcc: b@y.test', '"a@evil.test x"@ok.test', ['a@x.test'], null]) expect([email, ...shown(await move(cookie, email))]).toEqual([email, 400, 'RKY-10001']);
  });

  it('that waits is mailed its link again, as long as that is live; else one is told to enter it again', async () => {
    const cookie = await aSession('waiting');
    expect(shown(await mine(cookie, 'address/resend', 'POST'))).toEqual([409, 'RKY-10140']);
    await move(cookie, 'awaited@example.com');
    expect((await mine(cookie, 'address/resend', 'POST')).status).toBe(202);
    expect(await service.keyOf('waiting', 2, 'AccountConfirmationRequested')).toBe(await service.keyOf('waiting', 1, 'AccountConfirmationRequested'));
    await service.database.query(`UPDATE recovery SET expires_at = now() WHERE purpose = 'address'`);
    expect(shown(await mine(cookie, 'address/resend', 'POST'))).toEqual([409, 'RKY-10140']);
  });

  it('that waits is given up, and its link is dead then', async () => {
    const cookie = await aSession('wavering');
    await move(cookie, 'regretted@example.com');
    const key = await service.keyOf('wavering', 1, 'AccountConfirmationRequested');
    for (const _ of ['once', 'twice']) expect((await mine(cookie, 'address/pending', 'DELETE')).status).toBe(204);
    expect(shown(await service.ask('/api/rekey/v1/address/confirm', { as: null, body: { key } }))).toEqual([400, '18001']);
    expect(await profile(cookie)).toMatchObject({ email: 'wavering@example.com', pendingEmail: null });
    expect(confirmations('wavering')).toHaveLength(1);
  });

  it('is in the audit, with the person as who changed it (S34)', async () => {
    await move(await aSession('noted'), 'noticed@example.com');
    const records = () => service.database.query(`SELECT outcome, actor FROM audit_record WHERE operation = 'requestAddress' AND username = 'noted'`);
    await until(async () => (await records()).length > 0);
    expect(await records()).toEqual([{ outcome: 'done', actor: 'noted@carbon.super' }]);
  });
});

describe('what happened to one’s own account', () => {
  it('is told to its owner, newest first, with whether it was they, and without the name of who else', async () => {
    const cookie = await aSession('watcher');
    await service.recover('watcher');
    await move(cookie, 'watched@example.com');
    const activity = async (query = '') => (await mine(cookie, `activity${query}`)).body as { recoveries: object[]; records: { operation: string; by: string | null }[]; next: string | null };
    await until(async () => (await activity()).records.length === 4);
    const { recoveries, records, next } = await activity();
    expect(records.map(({ operation, by }) => [operation, by])).toEqual([['requestAddress', 'oneself'], ['authenticate', null], ['authenticate', null], ['addUser', 'somebody else']]);
    expect([recoveries.length, next, JSON.stringify(records).includes('admin')]).toEqual([2, null, false]);
    expect((await activity('?limit=1')).records).toEqual([records[0]]);
  });

  it('is nobody else’s', async () => {
    expect(shown(await mine('', 'activity'))).toEqual([401, '17002']);
  });
});
