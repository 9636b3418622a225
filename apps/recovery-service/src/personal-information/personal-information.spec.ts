import { until } from '@rekey/test-kit';
import { ServiceUnderTest, type ErrorBody } from '../testing/service-under-test.ts';
import type { ExportedUser } from './personal-information.ts';

const password = 'a password nobody has guessed';
const api = '/api/identity/user/v1.0';

let service: ServiceUnderTest;
beforeAll(async () => {
  service = await ServiceUnderTest.start();
  await service.aUser('kim', { password, name: { givenName: 'Kim' }, emails: ['kim@example.com'] });
});
afterAll(() => service.stop());

const idOf = async (username: string) => ((await service.ask(`${api}/pi-info?username=${encodeURIComponent(username)}`)).body as { userId: string }[])[0]?.userId ?? '';
const base64 = (username: string) => encodeURIComponent(Buffer.from(username).toString('base64'));

describe('what happened to an account', () => {
  interface Activity {
    readonly recoveries: readonly { readonly purpose: string; readonly usedAt: string | null }[];
    readonly records: readonly { readonly operation: string; readonly outcome: string; readonly actor: string | null }[];
    readonly next: string | null;
  }
  const activityOf = async (username: string, query = '') => (await service.ask(`/api/rekey/v1/users/${await idOf(username)}/activity?${query}`)).body as Activity;

  it('is told from page to page, the newest first: sign-ins, what was changed and by whom, and recoveries', async () => {
    await service.aUser('called', { password });
    await service.mayGo('called', 'a wrong password');
    await service.recover('called');
    await service.setPassword(await service.keyOf('called'), 'another one nobody has guessed');
    await until(async () => (await activityOf('called')).records.length === 3);
    const [newest, older] = [await activityOf('called', 'limit=2'), await activityOf('called')];
    expect(newest.records).toMatchObject([{ operation: 'updateCredentialByAdmin', outcome: 'done', actor: 'admin@carbon.super' }, { operation: 'authenticate', outcome: '17002', actor: null }]);
    expect(newest.recoveries).toMatchObject([{ purpose: 'password', usedAt: expect.any(String) }]);
    const rest = await activityOf('called', `limit=2&after=${newest.next}`);
    expect([rest.records.map(({ operation }) => operation), rest.next]).toEqual([['addUser'], null]);
    expect([...newest.records, ...rest.records]).toEqual(older.records);
  });

  it('begins behind no record of somebody else', async () => {
    await service.aUser('one', { password });
    await until(async () => (await activityOf('one')).records.length === 1);
    const [foreign] = await service.database.query<{ id: string }>(`SELECT max(id)::text AS id FROM audit_record WHERE username = 'kim'`);
    expect((await activityOf('one', `after=${foreign?.id}`)).records).toEqual([]);
  });
});

describe('the export of a person’s data', () => {
  it('has the claims, where they are signed in, their recoveries and what was done to the account', async () => {
    await service.mayGo('kim', password);
    await service.recover('kim');
    const key = await service.keyOf('kim');
    const path = `${api}/pi-info/${await idOf('kim')}`;
    const exported = async () => (await service.ask(path)).body as ExportedUser;
    await until(async () => (await exported()).auditRecords.some(({ operation }) => operation === 'exportUser'));
    const { basic, sessions, recoveries, auditRecords } = await exported();
    expect(basic).toMatchObject({ 'http://wso2.org/claims/userid': await idOf('kim'), 'http://wso2.org/claims/username': 'kim', 'http://wso2.org/claims/tenant': 'carbon.super', 'http://wso2.org/claims/givenname': 'Kim', 'http://wso2.org/claims/emailaddress': 'kim@example.com' });
    expect(sessions).toEqual([{ createdAt: expect.any(String), lastSeenAt: expect.any(String), expiresAt: expect.any(String), userAgent: 'node' }]);
    expect(recoveries).toEqual([{ purpose: 'password', issuedAt: expect.any(String), expiresAt: expect.any(String), usedAt: null, voidedAt: null }]);
    expect(auditRecords.map(({ operation }) => operation)).toEqual(expect.arrayContaining(['addUser', 'authenticate', 'exportUser']));
    const { text } = await service.ask(path);
    const secrets = await service.database.query<{ hash: string; sealed: string; keyHash: string; session: string }>(
      `SELECT password_hash AS hash, sealed_secret AS sealed, encode(key_hash, 'hex') AS "keyHash", encode(id_hash, 'hex') AS session FROM user_account JOIN recovery ON recovery.user_id = id JOIN session ON session.user_id = user_account.id WHERE username = 'kim'`);
    expect(secrets).toHaveLength(1);
    for (const secret of [key, password, '$argon2id$', ...Object.values(secrets[0] ?? {})]) expect(text).not.toContain(secret);
  });

  it('has the roles, and when the account was made and changed', async () => {
    const basic = async (username: string) => ((await service.ask(`${api}/pi-info/${await idOf(username)}`)).body as ExportedUser).basic;
    await service.aUser('dated', { password });
    const { meta } = (await service.ask(`/scim2/Users/${await idOf('dated')}`)).body as { meta: { created: string; lastModified: string } };
    const made = await basic('dated');
    expect(made).toMatchObject({ 'http://wso2.org/claims/created': meta.created, 'http://wso2.org/claims/modified': meta.lastModified });
    expect(made).not.toHaveProperty(['http://wso2.org/claims/roles']);
    expect(await basic('admin')).toMatchObject({ 'http://wso2.org/claims/roles': 'administrator' });
    await service.ask(`/api/rekey/v1/users/${await idOf('dated')}/roles`, { method: 'PUT', body: { roles: ['recovery-client', 'administrator'] } });
    expect(await basic('dated')).toMatchObject({ 'http://wso2.org/claims/roles': 'administrator,recovery-client' });
  });

  it('is the same for oneself, at GET /me and by one’s own id', async () => {
    const as = `kim:${password}`;
    const [mine, byId, byName] = [await service.ask(`${api}/me`, { as }), await service.ask(`${api}/pi-info/${await idOf('kim')}`, { as }), await service.ask(`${api}/pi-info/${base64('kim')}`, { as })];
    expect([mine.status, byId.status, byName.status]).toEqual([200, 200, 200]);
    expect((byId.body as ExportedUser).basic).toEqual((mine.body as ExportedUser).basic);
    expect((await service.ask(`${api}/me`, { as: null })).status).toBe(401);
  });

  it('of somebody else is refused to ordinary users, be there such a user or not (S34)', async () => {
    await service.aUser('other', { password });
    for (const userId of [await idOf('other'), '00000000-0000-4000-8000-000000000000', base64('other'), base64('nobody-at-all'), 'x', '%00']) {
      const { status, body } = await service.ask(`${api}/pi-info/${userId}`, { as: `kim:${password}` });
      expect([userId, status, (body as ErrorBody).code]).toEqual([userId, 403, 'RKY-10005']);
    }
  });

  it('is found by the username, or its Base64 as WSO2’s clients write it', async () => {
    await service.aUser('jörg@bücher.example', { password, emails: [] });
    expect((await service.ask(`${api}/pi-info?username=${encodeURIComponent('PRIMARY/jörg@bücher.example')}`)).body).toEqual([{ username: 'jörg@bücher.example', userId: await idOf('jörg@bücher.example') }]);
    expect(((await service.ask(`${api}/pi-info/${base64('jörg@bücher.example')}`)).body as ExportedUser).basic['http://wso2.org/claims/username']).toBe('jörg@bücher.example');
    for (const path of ['pi-info?username=nobody-at-all', `pi-info/${base64('nobody-at-all')}`, 'pi-info/00000000-0000-4000-8000-000000000000']) expect([path, (await service.ask(`${api}/${path}`)).status]).toEqual([path, 404]);
    for (const path of ['pi-info', 'pi-info?username=', 'pi-info?username=a&username=b']) expect([path, (await service.ask(`${api}/${path}`)).status]).toEqual([path, 400]);
  });

  it('is each tenant’s own', async () => {
    await service.database.query(`INSERT INTO tenant (domain) VALUES ('acme.example') ON CONFLICT DO NOTHING`);
    await until(async () => (await service.ask(`/t/acme.example${api}/pi-info?username=kim`)).status === 404);
    for (const userId of [await idOf('kim'), base64('kim')]) expect([userId, (await service.ask(`/t/acme.example${api}/pi-info/${userId}`)).status]).toEqual([userId, 404]);
  });
});
