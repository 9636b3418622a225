import { request } from 'node:http';
import { until } from '@rekey/test-kit';
import { ServiceUnderTest, type Answer, type ErrorBody } from '../testing/service-under-test.ts';

const password = 'a password nobody has guessed';
const other = 'another one nobody has guessed';
const [one, two] = ['/t/one.example', '/t/two.example'];
const connector = '/api/server/v1/identity-governance/QWNjb3VudCBNYW5hZ2VtZW50/connectors/YWNjb3VudC1yZWNvdmVyeQ';

let service: ServiceUnderTest;
/** Each tenant's administrator. */
let [bossOfOne, bossOfTwo] = ['', ''];
/** Somebody of tenant two. */
let lee = { id: '' };
beforeAll(async () => {
  service = await ServiceUnderTest.start();
  [bossOfOne, bossOfTwo] = [await service.aTenant('one.example'), await service.aTenant('two.example')];
  lee = (await service.ask('/scim2/Users', { as: bossOfTwo, body: { userName: 'lee', password, emails: ['lee@two.example'] } })).body as typeof lee;
});
afterAll(() => service.stop());

const codeOf = ({ body }: Answer) => (body as ErrorBody).code;
const recoverLee = (tenantDomain?: string) => ({ body: { user: { username: 'lee', ...(tenantDomain === undefined ? {} : { 'tenant-domain': tenantDomain }) }, properties: [] } });
const signIn = (tenant: string, username: string, its = password) => service.ask(`${tenant}/api/rekey/v1/session`, { as: null, body: { username, password: its } });
const cookieOf = (answer: Answer) => answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';

/** The first key mailed to whoever of this tenant has the name. */
async function keyFor(username: string, tenantDomain: string): Promise<string> {
  const ofTenant = () => service.eventsOf('PasswordRecoveryRequested', username).findIndex(({ data }) => data.user.tenantDomain === tenantDomain);
  await until(() => ofTenant() >= 0);
  return service.keyOf(username, ofTenant() + 1);
}

describe('the administrator of one tenant, at the other’s doors (S17, S41)', () => {
  it.each<[what: string, method: string, address: string, body: object | null]>([
    ['recover for its users', 'POST', '/api/identity/recovery/v0.9/recover-password', { user: { username: 'lee' } }],
    ['make users there', 'POST', '/scim2/Users', { userName: 'spy', password }],
    ['find its users', 'GET', '/scim2/Users', null],
    ['read its settings', 'GET', connector, null],
    ['change its settings', 'PATCH', connector, { operation: 'UPDATE', properties: [{ name: 'Recovery.ExpiryTime', value: '7' }] }],
    ['see its traces', 'GET', '/api/rekey/v1/listeners/traces', null],
    ['rehearse with its users', 'POST', '/api/rekey/v1/listeners/dry-run', { operation: 'authenticate', user: { username: 'lee' } }],
    ['see who has a role', 'GET', '/api/rekey/v1/roles', null],
    ['read oneself', 'GET', '/api/identity/user/v1.0/me', null],
  ])('does not %s', async (_what, method, address, body) => {
    const answer = await service.ask(two + address, { method, as: bossOfOne, ...(body ? { body } : {}) });
    expect([answer.status, codeOf(answer)]).toEqual([403, 'RKY-10005']);
  });

  it('does not reach them by a tenant in the body or the query either, be there such a tenant or not', async () => {
    for (const tenantDomain of ['two.example', 'TWO.example', 'carbon.super', 'nowhere.example', 'no domain']) {
      expect([tenantDomain, codeOf(await service.ask('/api/identity/recovery/v0.9/recover-password', { as: bossOfOne, ...recoverLee(tenantDomain) }))]).toEqual([tenantDomain, 'RKY-10005']);
    }
    expect(codeOf(await service.ask('/api/identity/recovery/v0.9/claims?tenant-domain=two.example', { as: bossOfOne }))).toBe('RKY-10005');
    expect(service.eventsOf('PasswordRecoveryRequested', 'lee')).toEqual([]);
  });

  it('does not reach its users by their ids', async () => {
    const tries: [method: string, address: string, body?: object][] = [
      ['GET', `/scim2/Users/${lee.id}`], ['DELETE', `/scim2/Users/${lee.id}`], ['PATCH', `/scim2/Users/${lee.id}`, { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [{ op: 'replace', path: 'active', value: false }] }],
      ['DELETE', `/api/rekey/v1/users/${lee.id}/sessions`], ['PUT', `/api/rekey/v1/users/${lee.id}/roles`, { roles: ['administrator'] }],
    ];
    for (const [method, address, body] of tries) {
      const answers = [await service.ask(address, { method, as: bossOfOne, ...(body ? { body } : {}) }), await service.ask(one + address, { method, as: bossOfOne, ...(body ? { body } : {}) })];
      expect([method, address, ...answers.map(({ status }) => status)]).toEqual([method, address, 404, 404]);
    }
    expect((await signIn(two, 'lee')).status).toBe(200);
  });

  it('finds nobody of them', async () => {
    for (const tenant of ['', one]) expect((await service.ask(`${tenant}/scim2/Users?filter=userName+eq+%22lee%22`, { as: bossOfOne })).body).toMatchObject({ totalResults: 0 });
    expect(((await service.ask('/api/rekey/v1/roles', { as: bossOfOne })).body as { users: { username: string }[] }).users).toHaveLength(1);
    const { traces } = (await service.ask('/api/rekey/v1/listeners/traces?limit=1000', { as: bossOfOne })).body as { traces: { tenantDomain: string }[] };
    expect(new Set(traces.map(({ tenantDomain }) => tenantDomain))).toEqual(new Set(['one.example']));
  });

  it('is its own tenant’s where no tenant is named', async () => {
    expect((await service.ask(connector, { method: 'PATCH', as: bossOfOne, body: { operation: 'UPDATE', properties: [{ name: 'Recovery.ExpiryTime', value: '7' }] } })).status).toBe(200);
    const expiry = async (as: string, tenant = '') => ((await service.ask(tenant + connector, { as })).body as { properties: { name: string; value: string }[] }).properties.find(({ name }) => name === 'Recovery.ExpiryTime')?.value;
    expect([await expiry(bossOfOne), await expiry(bossOfTwo), await expiry('admin:admin'), await expiry('admin@carbon.super:admin', one)]).toEqual(['7', '60', '60', '7']);
  });
});

describe('one name in two tenants', () => {
  it('is two people: with passwords, keys, mails and pages of their own', async () => {
    for (const [boss, its] of [[bossOfOne, `${password} in one`], [bossOfTwo, `${password} in two`]] as const) expect((await service.ask('/scim2/Users', { as: boss, body: { userName: 'twin', password: its, emails: ['twin@example.com'] } })).status).toBe(201);
    expect([(await signIn(one, 'twin', `${password} in two`)).status, (await signIn('', 'twin', `${password} in two`)).status, (await signIn(two, 'twin', `${password} in two`)).status]).toEqual([401, 401, 200]);
    for (const tenant of [one, two]) expect((await service.ask(`${tenant}/api/rekey/v1/recovery`, { as: null, body: { username: 'twin' } })).status).toBe(202);
    const [keyOfOne, keyOfTwo] = [await keyFor('twin', 'one.example'), await keyFor('twin', 'two.example')];
    const links = service.eventsOf('PasswordRecoveryRequested', 'twin').map(({ data }) => [data.user.tenantDomain, data.linkBase]);
    expect(Object.fromEntries(links)).toEqual({ 'one.example': 'https://id.example.com/t/one.example/myaccount/reset', 'two.example': 'https://id.example.com/t/two.example/myaccount/reset' });

    const reset = (tenant: string, key: string, as: string | null = null) => service.ask(`${tenant}/api/rekey/v1/recovery/reset`, { as, body: { key, password: other } });
    for (const place of ['', two, '/t/carbon.super']) expect([place, codeOf(await reset(place, keyOfOne))]).toEqual([place, '18001']);
    for (const [method, body] of [['set-password', { key: keyOfOne, password: other }], ['validate-code', { code: keyOfOne }]] as const) expect(codeOf(await service.ask(`/api/identity/recovery/v0.9/${method}`, { as: bossOfTwo, body }))).toBe('18001');
    expect((await service.ask('/api/identity/recovery/v0.9/validate-code', { as: bossOfOne, body: { code: keyOfOne } })).status).toBe(202);
    expect((await reset(one, keyOfOne)).status).toBe(200);
    expect([(await signIn(one, 'twin', other)).status, (await signIn(two, 'twin', other)).status]).toEqual([200, 401]);
    expect((await service.ask(`${two}/api/rekey/v1/recovery/key`, { as: null, body: { key: keyOfTwo } })).status).toBe(200);
  });

  it('is who the credentials say, whatever the case of the domain; and nobody of a tenant that there is not', async () => {
    const me = (as: string, tenant = '') => service.ask(`${tenant}/api/identity/user/v1.0/me`, { as });
    for (const [as, tenant] of [[`lee@two.example:${password}`, ''], [`lee@TWO.example:${password}`, ''], [`lee:${password}`, two], [`lee@two.example:${password}`, '/t/Two.Example']] as const) {
      expect([as, (await me(as, tenant)).body]).toMatchObject([as, { basic: { 'http://wso2.org/claims/tenant': 'two.example' } }]);
    }
    for (const as of [`lee:${password}`, `lee@one.example:${password}`, `lee@nowhere.example:${password}`, `lee@two.example@one.example:${password}`, `lee@two.example@carbon.super:${password}`]) expect([as, codeOf(await me(as))]).toEqual([as, '17002']);
  });
});

describe('a session', () => {
  it('counts under its own tenant’s path alone, and several tenants’ stand beside each other', async () => {
    const cookie = cookieOf(await signIn(two, 'lee'));
    const token = cookie.split('=')[1] ?? '';
    const current = (tenant: string, header: string) => service.ask(`${tenant}/api/rekey/v1/session`, { as: null, headers: { cookie: header } });
    expect(cookie).toMatch(/^__Host-rekey-session-two\.example=/);
    expect((await current(two, cookie)).status).toBe(200);
    // Whoever moves the token from one cookie to another moves nothing.
    for (const [place, name] of [['', '__Host-rekey-session'], ['/t/carbon.super', '__Host-rekey-session'], [one, '__Host-rekey-session-one.example']] as const) {
      expect([place, (await current(place, `${name}=${token}`)).status]).toEqual([place, 401]);
      expect((await service.ask(`${place}/api/rekey/v1/me/sessions`, { as: null, headers: { cookie: `${name}=${token}` } })).status).toBe(401);
      expect((await service.ask(`${place}/api/rekey/v1/me/password`, { as: null, headers: { cookie: `${name}=${token}` }, body: { oldPassword: password, password: other } })).status).toBe(401);
    }
    await service.aUser('also', { password });
    const both = `${cookie}; ${cookieOf(await signIn('', 'also'))}`;
    expect([(await current(two, both)).body, (await current('', both)).body]).toMatchObject([{ user: { username: 'lee' } }, { user: { username: 'also' } }]);
  });
});

describe('the super administrator’s name', () => {
  const meOf = async (as: string, tenant = one) => {
    const { status, body } = await service.ask(`${tenant}/scim2/Me`, { as });
    return status === 200 ? (body as { id: string }).id : status;
  };
  const usersOf = async (as: string, tenant = one) => (await service.ask(`${tenant}/scim2/Users`, { as })).status;
  const aUser = async (userName: string) => ((await service.ask('/scim2/Users', { as: bossOfOne, body: { userName, password } })).body as { id: string }).id;

  it('below a tenant’s path is nobody’s until somebody there has it, and then theirs, who are themselves and nothing more (S41)', async () => {
    expect([await meOf('admin:admin'), await meOf(`admin:${password}`)]).toEqual([401, 401]);
    const id = await aUser('admin');
    expect([await meOf('admin:admin'), await meOf(`admin:${password}`), await usersOf(`admin:${password}`)]).toEqual([401, id, 403]);
    expect([await meOf(`admin:${password}`, ''), await meOf(`admin@one.example:${password}`, ''), await usersOf(`admin@one.example:${password}`, two)]).toEqual([401, id, 403]);
  });

  it('with their tenant is theirs everywhere, whoever has it elsewhere', async () => {
    const id = await aUser('admin@carbon.super');
    for (const tenant of ['', '/t/carbon.super', one, two]) expect([tenant, await usersOf('admin@carbon.super:admin', tenant)]).toEqual([tenant, 200]);
    expect([await meOf(`admin@carbon.super:${password}`), await meOf(`admin@carbon.super@one.example:${password}`)]).toEqual([401, id]);
  });
});

describe('a path that only looks like a tenant’s (S41)', () => {
  /** As it is, without what `fetch` makes of it. */
  const raw = (path: string, as: string) => new Promise<number>((resolve, reject) => {
    const { hostname, port } = new URL(service.url);
    request({ hostname, port, path, headers: { authorization: `Basic ${Buffer.from(as).toString('base64')}` } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    }).once('error', reject).end();
  });

  it.each([
    '/t/one.example/t/two.example/scim2/Users', '/t/two.example/t/one.example/scim2/Users', '/T/one.example/scim2/Users', '//t/one.example/scim2/Users', '/t//one.example/scim2/Users', '/t/one.example//scim2/Users',
    '/t/one.example/..;/scim2/Users', '/t/one.example/../scim2/Users', '/t/one.example/../../scim2/Users', '/t/..;/scim2/Users', '/t/../scim2/Users', '/t/one.example%2fscim2/Users', '/t%2fone.example/scim2/Users',
    '/%74/one.example/scim2/Users', '/t/one%2eexample/scim2/Users', '/t/one.example;x=1/scim2/Users', '/t/one.example\\scim2/Users', '/t/%E2%84%AAelvin.example/scim2/Users', '/t/.example/scim2/Users', '/t/one.example./scim2/Users', '/t/-one.example/scim2/Users', '/./t/one.example/scim2/Users',
  ])('leads nowhere: %s', async (path) => {
    for (const as of [bossOfOne, 'admin:admin']) expect([400, 404]).toContain(await raw(path, as));
  });

  it('is one in whatever case the domain is', async () => {
    expect(await raw('/t/ONE.Example/scim2/Users', bossOfOne)).toBe(200);
    expect(await raw('/t/ONE.Example/scim2/Users', bossOfTwo)).toBe(403);
  });
});

describe('roles', () => {
  const roles = (id: string, wanted: readonly string[], as: string) => service.ask(`/api/rekey/v1/users/${id}/roles`, { method: 'PUT', as, body: { roles: wanted } });
  const holders = async (as: string) => ((await service.ask('/api/rekey/v1/roles', { as })).body as { users: { id: string; username: string; roles: string[] }[] }).users;

  it('are assigned by an administrator to others, never to oneself, and not taken from the last one (S34)', async () => {
    const [boss] = await holders(bossOfTwo);
    for (const wanted of [['recovery-client'], ['administrator', 'recovery-client']]) expect([wanted, codeOf(await roles(boss?.id ?? '', wanted, bossOfTwo))]).toEqual([wanted, 'RKY-10005']);
    expect(codeOf(await roles(boss?.id ?? '', [], bossOfTwo))).toBe('RKY-10126');
    expect(await holders(bossOfTwo)).toEqual([{ id: boss?.id, username: 'boss', roles: ['administrator'] }]);

    // Nobody has asked as this one yet, whose roles would be remembered for a second.
    const heir = (await service.ask('/scim2/Users', { as: bossOfTwo, body: { userName: 'heir', password } })).body as typeof lee;
    const from = new Date();
    expect((await roles(heir.id, ['administrator'], bossOfTwo)).body).toEqual({ id: heir.id, username: 'heir', roles: ['administrator'] });
    expect((await roles(boss?.id ?? '', [], bossOfTwo)).status).toBe(200);
    expect(await holders(`heir@two.example:${password}`)).toEqual([{ id: heir.id, username: 'heir', roles: ['administrator'] }]);
    expect(codeOf(await roles(heir.id, [], `heir@two.example:${password}`))).toBe('RKY-10126');
    const acts = () => service.database.query(`SELECT username, actor, claims FROM audit_record WHERE operation = 'assignRoles' AND at >= $1 ORDER BY id`, [from]);
    await until(async () => (await acts()).length === 2);
    expect(await acts()).toEqual([{ username: 'heir', actor: 'boss@two.example', claims: ['administrator'] }, { username: 'boss', actor: 'boss@two.example', claims: [] }]);
    // The super tenant's administrator sets it right again.
    expect([(await roles(boss?.id ?? '', ['administrator'], 'admin:admin')).status, (await roles(heir.id, [], 'admin:admin')).status]).toEqual([200, 200]);
  });

  it('are of those that there are, and for somebody who is there', async () => {
    for (const wanted of [['root'], Array.from({ length: 5 }, () => 'administrator'), 'administrator', null]) expect(codeOf(await service.ask(`/api/rekey/v1/users/${lee.id}/roles`, { method: 'PUT', as: bossOfTwo, body: { roles: wanted } }))).toBe('RKY-10001');
    expect((await roles('5c765a47-6764-4048-b5cf-55864cb654c0', [], bossOfTwo)).status).toBe(404);
  });

  it('let a recovery client recover for the users of its tenant, and hand it no key to an account that has a role (S34)', async () => {
    const portal = (await service.ask('/scim2/Users', { as: bossOfOne, body: { userName: 'portal', password } })).body as { id: string };
    expect((await roles(portal.id, ['recovery-client'], bossOfOne)).status).toBe(200);
    await service.ask('/scim2/Users', { as: bossOfOne, body: { userName: 'forgetful', password, emails: ['forgetful@example.com'] } });
    const handedTo = async (username: string, as: string) => (await service.ask('/api/identity/recovery/v0.9/recover-password?notify=false', { as, body: { user: { username }, properties: [] } })).text;
    const set = (key: string, as: string) => service.ask('/api/identity/recovery/v0.9/set-password', { as, body: { key, password: other } });
    const client = `portal@one.example:${password}`;

    expect((await set(await handedTo('forgetful', client), client)).status).toBe(200);
    for (const username of ['boss', 'portal', 'nobody']) expect([username, codeOf(await set(await handedTo(username, client), client))]).toEqual([username, '18001']);
    expect((await set(await handedTo('portal', bossOfOne), bossOfOne)).status).toBe(200);
    expect(codeOf(await service.ask('/api/identity/recovery/v0.9/recover-password', { as: `portal@one.example:${other}`, ...recoverLee('two.example') }))).toBe('RKY-10005');
  });
});
