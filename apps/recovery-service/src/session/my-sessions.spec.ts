import { randomUUID } from 'node:crypto';
import { ServiceUnderTest, type Answer, type ErrorBody } from '../testing/service-under-test.ts';

const password = 'a password nobody has guessed';
const other = 'another one nobody has guessed';

interface ShownSession {
  readonly id: string;
  readonly createdAt: string;
  readonly lastSeenAt: string;
  readonly expiresAt: string;
  readonly userAgent: string;
  readonly current: boolean;
}

let service: ServiceUnderTest;
beforeAll(async () => {
  service = await ServiceUnderTest.start();
  await service.database.query(`INSERT INTO tenant (domain) VALUES ('other.example')`);
});
afterAll(() => service.stop());

/** @returns the cookie, as a browser sends it back */
async function signedIn(username: string, userAgent = 'Firefox', given = password): Promise<string> {
  const answer = await service.ask('/api/rekey/v1/session', { as: null, body: { username, password: given }, headers: { 'user-agent': userAgent } });
  expect([username, answer.status]).toEqual([username, 200]);
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

const ask = (address: string, cookie: string, method = 'GET') => service.ask(address, { as: null, method, headers: { cookie } });
const mine = (cookie: string, method?: string, rest = '') => ask(`/api/rekey/v1/me/sessions${rest}`, cookie, method);
const shown = async (cookie: string) => ((await mine(cookie)).body as { sessions: readonly ShownSession[] }).sessions;
const isOpen = async (cookie: string) => (await ask('/api/rekey/v1/session', cookie)).status === 200;
const idOf = async (username: string) => (await service.database.query<{ id: string }>('SELECT id FROM user_account WHERE username = $1', [username]))[0]?.id ?? '';

describe('one’s own sessions', () => {
  it('are shown, newest first, with nothing in them that opens one', async () => {
    await service.aUser('kim', { password });
    await service.aUser('lee', { password });
    const [phone, laptop] = [await signedIn('kim', 'Phone'), await signedIn('kim', 'L'.repeat(2_000))];
    await signedIn('lee');
    const answer = await mine(phone);
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        sessions: [
          { id: expect.any(String), createdAt: expect.any(String), lastSeenAt: expect.any(String), expiresAt: expect.any(String), userAgent: 'L'.repeat(255), current: false },
          { id: expect.any(String), createdAt: expect.any(String), lastSeenAt: expect.any(String), expiresAt: expect.any(String), userAgent: 'Phone', current: true },
        ],
      },
    ]);
    for (const cookie of [phone, laptop]) expect(answer.text).not.toContain(cookie.split('=')[1]);
    for (const { id } of await shown(phone)) expect(await isOpen(`__Host-rekey-session=${id}`)).toBe(false);
  });

  it('end one by one: another one, and the one that asks, whose cookie goes', async () => {
    await service.aUser('one', { password });
    const [here, there] = [await signedIn('one'), await signedIn('one')];
    const [thereShown, hereShown] = await shown(here);
    expect((await mine(here, 'DELETE', `/${thereShown?.id}`)).headers.getSetCookie()).toEqual([]);
    expect([await isOpen(there), await isOpen(here)]).toEqual([false, true]);
    const answer = await mine(here, 'DELETE', `/${hereShown?.id}`);
    expect([answer.status, answer.headers.getSetCookie()[0]]).toEqual([204, expect.stringContaining('Expires=Thu, 01 Jan 1970')]);
    expect(await isOpen(here)).toBe(false);
  });

  it('of somebody else, and those that there are not, answer 404 alike', async () => {
    await service.aUser('curious', { password });
    await service.aUser('private', { password });
    const [curious, theirs] = [await signedIn('curious'), await signedIn('private')];
    for (const id of [(await shown(theirs))[0]?.id, randomUUID(), 'x', '%00']) {
      const answer = await mine(curious, 'DELETE', `/${id}`);
      expect([id, answer.status, (answer.body as ErrorBody).code]).toEqual([id, 404, 'RKY-10004']);
    }
    expect(await isOpen(theirs)).toBe(true);
  });

  it('are ended by an administrator one by one; not as if they were another user’s', async () => {
    await service.aUser('helped', { password });
    await service.aUser('bystander', { password });
    const [here, there, theirs] = [await signedIn('helped'), await signedIn('helped'), await signedIn('bystander')];
    const end = async (username: string, session = '') => (await service.ask(`/api/rekey/v1/users/${await idOf(username)}/sessions/${session}`, { method: 'DELETE' })).status;
    const [thereShown] = await shown(here);
    for (const id of [(await shown(theirs))[0]?.id, randomUUID(), 'x']) expect([id, await end('helped', id)]).toEqual([id, 404]);
    expect(await end('helped', thereShown?.id)).toBe(204);
    expect([await isOpen(here), await isOpen(there), await isOpen(theirs)]).toEqual([true, false, true]);
  });

  it('end everywhere else, or everywhere', async () => {
    await service.aUser('everywhere', { password });
    const [here, there, elsewhere] = [await signedIn('everywhere'), await signedIn('everywhere'), await signedIn('everywhere')];
    expect((await mine(here, 'DELETE', '?others=true')).status).toBe(204);
    expect([await isOpen(here), await isOpen(there), await isOpen(elsewhere)]).toEqual([true, false, false]);
    const answer = await mine(here, 'DELETE');
    expect([answer.status, answer.headers.getSetCookie()[0]]).toEqual([204, expect.stringContaining('Expires=Thu, 01 Jan 1970')]);
    expect(await isOpen(here)).toBe(false);
    expect((await mine(here, 'DELETE', '?others=yes')).status).toBe(401);
  });

  it('are nobody’s without a session, and no other site’s page’s (S37)', async () => {
    await service.aUser('guarded', { password });
    const cookie = await signedIn('guarded');
    for (const [method, rest] of [['GET', ''], ['DELETE', ''], ['DELETE', `/${randomUUID()}`]] as const) {
      const answer = await mine('', method, rest);
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Session realm="Rekey"']);
      if (method === 'GET') continue;
      const abused = await service.ask(`/api/rekey/v1/me/sessions${rest}`, { as: null, method, headers: { cookie, 'sec-fetch-site': 'cross-site' } });
      expect([abused.status, (abused.body as ErrorBody).code]).toEqual([403, 'RKY-10009']);
    }
    expect(await isOpen(cookie)).toBe(true);
  });
});

describe('a user’s sessions, for an administrator', () => {
  const endAll = (id: string, as: string | null = 'admin@carbon.super:admin', tenant = '') => service.ask(`${tenant}/api/rekey/v1/users/${id}/sessions`, { method: 'DELETE', as });

  it('are shown to whoever helps, without the one that asks', async () => {
    await service.aUser('shown', { password });
    await signedIn('shown');
    const { body } = await service.ask(`/api/rekey/v1/users/${await idOf('shown')}/sessions`);
    expect((body as { sessions: object[] }).sessions).toEqual([{ id: expect.any(String), createdAt: expect.any(String), lastSeenAt: expect.any(String), expiresAt: expect.any(String), userAgent: expect.any(String) }]);
    expect((await service.ask(`/t/other.example/api/rekey/v1/users/${await idOf('shown')}/sessions`)).status).toBe(404);
  });

  it('end all at once', async () => {
    await service.aUser('ended', { password });
    const [one, two] = [await signedIn('ended'), await signedIn('ended')];
    expect((await endAll(await idOf('ended'))).status).toBe(204);
    expect([await isOpen(one), await isOpen(two)]).toEqual([false, false]);
    expect((await endAll(await idOf('ended'))).status).toBe(204);
  });

  it('are not found for somebody whom there is not, nor under another tenant’s path', async () => {
    await service.aUser('elsewhere', { password });
    const cookie = await signedIn('elsewhere');
    const answers = [await endAll(randomUUID()), await endAll('x'), await endAll(await idOf('elsewhere'), undefined, '/t/other.example')];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect(await isOpen(cookie)).toBe(true);
  });

  it('are not for anyone else (S34)', async () => {
    await service.aUser('nosy', { password });
    await service.aUser('watched', { password });
    const cookie = await signedIn('watched');
    const answers = [await endAll(await idOf('watched'), `nosy:${password}`), await endAll(await idOf('nosy'), `nosy:${password}`), await endAll(await idOf('watched'), null)];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 401]);
    expect(await isOpen(cookie)).toBe(true);
  });
});

describe('sessions on two instances over one database', () => {
  const resetOf = async (username: string): Promise<Answer> => {
    await service.recover(username);
    return service.setPassword(await service.keyOf(username), other);
  };

  it.each<[string, (username: string, cookie: string) => Promise<unknown>]>([
    ['a reset', (username) => resetOf(username)],
    ['a change of the password', (_, cookie) => service.ask('/api/rekey/v1/me/password', { as: null, body: { oldPassword: password, password: other }, headers: { cookie } })],
    ['the person who ends them', (_, cookie) => mine(cookie, 'DELETE')],
    ['an administrator who ends them', async (username) => service.ask(`/api/rekey/v1/users/${await idOf(username)}/sessions`, { method: 'DELETE' })],
  ])('are refused by the other one at once after %s (S32)', async (_, end) => {
    const username = await service.aUser(`ends-${randomUUID()}`, { password });
    const { service: instance, url } = await service.anotherInstance();
    const there = async (cookie: string) => (await service.ask('/api/rekey/v1/session', { as: null, headers: { cookie }, at: url })).status;
    const [one, two] = [await signedIn(username), await signedIn(username)];
    expect([await there(one), await there(two)]).toEqual([200, 200]);
    await end(username, one);
    expect([await there(one), await there(two), await isOpen(one), await isOpen(two)]).toEqual([401, 401, false, false]);
    await instance.stop();
  });
});
