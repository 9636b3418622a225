import { jest } from '@jest/globals';
import { until } from '@rekey/test-kit';
import { holdHashing } from '../testing/held-hashing.ts';
import { ServiceUnderTest, type ErrorBody } from '../testing/service-under-test.ts';

const password = 'a password nobody has guessed';

let service: ServiceUnderTest;
beforeAll(async () => void (service = await ServiceUnderTest.start()));
afterEach(() => jest.restoreAllMocks());
afterAll(() => service.stop());

const signIn = (username: string, given = password) => service.ask('/api/rekey/v1/session', { as: null, body: { username, password: given } });
const session = (cookie: string, method = 'GET') => service.ask('/api/rekey/v1/session', { as: null, method, headers: { cookie } });

describe('signing in to My Account', () => {
  it('opens a session behind a cookie that no script and no other site gets, and shows whose it is (S38)', async () => {
    await service.aUser('kim', { password, name: { givenName: 'Kim', familyName: 'Meyer' } });
    const answer = await signIn('kim');
    expect([answer.status, answer.body]).toEqual([200, { user: { username: 'kim', displayName: 'Kim Meyer', email: 'kim@example.com', tenantDomain: 'carbon.super', roles: [] } }]);
    const [cookie = ''] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-rekey-session=[\w-]{43}; Max-Age=28800; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    expect((await session(cookie.split(';')[0] ?? '')).body).toEqual(answer.body);
  });

  it('ends with signing out', async () => {
    await service.aUser('out', { password });
    const [cookie = ''] = (await signIn('out')).headers.getSetCookie();
    const own = cookie.split(';')[0] ?? '';
    const answer = await session(own, 'DELETE');
    expect([answer.status, answer.headers.getSetCookie()[0]]).toEqual([204, expect.stringContaining('Expires=Thu, 01 Jan 1970')]);
    expect((await session(own)).status).toBe(401);
    expect((await session(own, 'DELETE')).status).toBe(204);
  });

  it('gives a wrong password, an unknown name, a locked and a disabled account the same answer', async () => {
    await service.aUser('in-locked', { password, 'urn:scim:wso2:schema': { accountLocked: true } });
    await service.aUser('in-disabled', { password, active: false });
    await service.aUser('in-known', { password });
    const answers = [await signIn('in-known', 'wrong'), await signIn('in-unknown'), await signIn('in-locked'), await signIn('in-disabled')];
    expect(answers.map(({ status, body }) => [status, { ...(body as ErrorBody), traceId: '' }])).toEqual(answers.map(() => [401, { code: '17002', message: 'Unauthorized', description: 'The username or the password is wrong.', traceId: '' }]));
  });

  it('does not tell a listener’s failure as a wrong password', async () => {
    await service.aUser('failing', { password });
    await service.database.query(`ALTER TABLE identity_data RENAME TO identity_data_away`);
    const answer = await signIn('failing');
    await service.database.query(`ALTER TABLE identity_data_away RENAME TO identity_data`);
    expect([answer.status, (answer.body as ErrorBody).code]).toEqual([500, '18013']);
    expect((await signIn('failing')).status).toBe(200);
  });

  it('takes a name with its user store and its tenant', async () => {
    await service.aUser('named', { password });
    for (const name of ['named', 'NAMED', 'PRIMARY/named', 'named@carbon.super']) expect([name, (await signIn(name)).status]).toEqual([name, 200]);
  });

  it('answers 503 with a time to come back when more hashes are asked for than can be made (S30)', async () => {
    await service.aUser('flood', { password });
    const { inHand, release } = holdHashing();
    const refused: (readonly [number, string | null])[] = [];
    const flood = Array.from({ length: 100 }, async () => {
      const { status, headers } = await signIn('flood');
      if (status !== 200) refused.push([status, headers.get('retry-after')]);
    });
    await until(() => refused.length + inHand(), (reached) => reached === flood.length);
    release();
    await Promise.all(flood);
    expect(refused).toEqual(Array.from({ length: 34 }, () => [503, '5']));
    expect((await signIn('flood')).status).toBe(200);
  });
});
