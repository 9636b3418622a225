import { until } from '@rekey/test-kit';
import { ServiceUnderTest, type Answer, type ErrorBody } from '../testing/service-under-test.ts';

const password = 'a password nobody has guessed';
const other = 'another one nobody has guessed';
const guesses = 3;

let service: ServiceUnderTest;
const toml = `[identity_mgt.password_history]\nenable = true\n[rate_limit]\nfailed_sign_ins_per_account_per_hour = ${guesses}\nrequests_per_address_per_minute = 1000000`;
beforeAll(async () => (service = await ServiceUnderTest.start(toml)));
afterAll(() => service.stop());

/** @returns the cookie, as a browser sends it back */
async function signedIn(username: string, given = password): Promise<string> {
  const answer = await service.ask('/api/rekey/v1/session', { as: null, body: { username, password: given } });
  expect([username, answer.status]).toEqual([username, 200]);
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

const change = (cookie: string, body: unknown, headers: Readonly<Record<string, string>> = {}) => service.ask('/api/rekey/v1/me/password', { as: null, body, headers: { cookie, ...headers } });
const isOpen = async (cookie: string) => (await service.ask('/api/rekey/v1/session', { as: null, headers: { cookie } })).status === 200;
const shown = ({ status, body }: Answer) => [status, (body as ErrorBody | null)?.code];

describe('changing one’s own password', () => {
  it('ends every session, this one too, whose cookie goes; from then on the new one signs in (S32)', async () => {
    await service.aUser('kim', { password });
    const [here, there] = [await signedIn('kim'), await signedIn('kim')];
    const answer = await change(here, { oldPassword: password, password: other });
    expect([answer.status, answer.text, answer.headers.getSetCookie()[0]]).toEqual([204, '', expect.stringContaining('Expires=Thu, 01 Jan 1970')]);
    expect([await isOpen(here), await isOpen(there)]).toEqual([false, false]);
    expect([await service.mayGo('kim', password), await service.mayGo('kim', other)]).toEqual([false, true]);
  });

  it('leaves the session open that it came through, and no other, where preserve_logged_in_session is on', async () => {
    await service.reconfigure('[identity_mgt.password_update]\npreserve_logged_in_session = true\n');
    await service.aUser('kept', { password });
    const [here, there] = [await signedIn('kept'), await signedIn('kept')];
    const answer = await change(here, { oldPassword: password, password: other });
    await service.reconfigure(toml);
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([204, []]);
    expect([await isOpen(here), await isOpen(there)]).toEqual([true, false]);
  });

  it('takes the old one to prove who asks: with another one 401, and all stays as it was', async () => {
    await service.aUser('lee', { password });
    const cookie = await signedIn('lee');
    for (const wanted of [other, password, 'short']) {
      const answer = await change(cookie, { oldPassword: 'not the one of lee', password: wanted });
      expect([...shown(answer), answer.headers.get('www-authenticate')]).toEqual([401, '17002', 'Session realm="Rekey"']);
    }
    expect(await isOpen(cookie)).toBe(true);
  });

  it('counts wrong old ones as sign-ins: whoever found a browser signed in cannot guess on', async () => {
    await service.aUser('robbed', { password });
    const cookie = await signedIn('robbed');
    for (let guess = 0; guess < guesses; guess++) expect(shown(await change(cookie, { oldPassword: `guess ${guess}`, password: other }))).toEqual([401, '17002']);
    expect(shown(await change(cookie, { oldPassword: password, password: other }))).toEqual([401, '17002']);
    expect([await service.mayGo('robbed', password), await service.mayGo('robbed', other)]).toEqual([false, false]);
  });

  it('forgets wrong ones once the right one has come', async () => {
    await service.aUser('forgetful', { password });
    const cookie = await signedIn('forgetful');
    for (let guess = 1; guess < guesses; guess++) await change(cookie, { oldPassword: `guess ${guess}`, password: other });
    expect((await change(cookie, { oldPassword: password, password: other })).status).toBe(204);
    for (let guess = 1; guess < guesses; guess++) expect(await service.mayGo('forgetful', password)).toBe(false);
    expect(await service.mayGo('forgetful', other)).toBe(true);
  });

  it.each([
    ['too short a one', 'short', '20035', ['too-short']],
    ['an empty one', '', '20035', ['too-short', 'predictable']],
    ['the present one', password, '22001', ['used-before']],
  ])('refuses %s with 412 and the reasons, and goes on (S28)', async (title, wanted, code, broken) => {
    const username = await service.aUser(title.replaceAll(' ', '-'), { password });
    const cookie = await signedIn(username);
    const answer = await change(cookie, { oldPassword: password, password: wanted });
    const { reasons, key } = answer.body as ErrorBody;
    expect([...shown(answer), reasons?.map((reason) => reason.code), key]).toEqual([412, code, broken, undefined]);
    expect(await isOpen(cookie)).toBe(true);
    expect((await change(cookie, { oldPassword: password, password: other })).status).toBe(204);
  });

  it('is nobody’s without a session, and no other site’s page’s (S37)', async () => {
    await service.aUser('guarded', { password });
    const cookie = await signedIn('guarded');
    const body = { oldPassword: password, password: other };
    const nobody = await change('', body);
    expect([...shown(nobody), nobody.headers.get('www-authenticate')]).toEqual([401, '17002', 'Session realm="Rekey"']);
    const credentials = await service.ask('/api/rekey/v1/me/password', { as: `guarded:${password}`, body });
    expect(shown(credentials)).toEqual([401, '17002']);
    expect(shown(await change(cookie, body, { 'sec-fetch-site': 'cross-site' }))).toEqual([403, 'RKY-10009']);
    expect([await isOpen(cookie), await service.mayGo('guarded', password)]).toEqual([true, true]);
  });

  it('takes text for both, and nothing else (S23)', async () => {
    await service.aUser('typed', { password });
    const cookie = await signedIn('typed');
    for (const body of [{}, { password: other }, { oldPassword: password }, { oldPassword: [password], password: other }, { oldPassword: password, password: { $ne: 1 } }, { oldPassword: password, password: other, username: 'kim' }, { oldPassword: '', password: other }, { oldPassword: password, password: 'x'.repeat(4_097) }]) {
      expect([body, ...shown(await change(cookie, body))]).toEqual([body, 400, 'RKY-10001']);
    }
  });

  it('is in the audit, with the person as who did it (S34)', async () => {
    await service.aUser('noted', { password });
    await change(await signedIn('noted'), { oldPassword: password, password: other });
    const records = () => service.database.query<Record<string, unknown>>(`SELECT outcome, actor, request_id IS NOT NULL AS traced FROM audit_record WHERE operation = 'updateCredential' AND username = 'noted'`);
    await until(async () => (await records()).length > 0);
    expect(await records()).toEqual([{ outcome: 'done', actor: 'noted@carbon.super', traced: true }]);
  });
});
