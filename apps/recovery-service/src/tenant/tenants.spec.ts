import { until } from '@rekey/test-kit';
import { ServiceUnderTest, type Answer, type ErrorBody } from '../testing/service-under-test.ts';

const path = '/api/server/v1/tenants';
const password = 'a password nobody has guessed';
const owner = { username: 'robin', password, email: 'robin@acme.example', firstname: 'Robin', lastname: 'Okafor', provisioningMethod: 'inline-password' };

let service: ServiceUnderTest;
beforeAll(async () => {
  service = await ServiceUnderTest.start();
});
afterAll(() => service.stop());

const create = (domain: unknown, more: object = {}, as = 'admin:admin') => service.ask(path, { as, body: { domain, owners: [{ ...owner, ...more }] } });
const codeOf = ({ body }: Answer) => (body as ErrorBody).code;
const idOf = async (domain: string) => ((await service.ask(`${path}/domain/${domain}`)).body as { id: string }).id;
const activate = async (domain: string, activated: boolean) => service.ask(`${path}/${await idOf(domain)}/lifecycle-status`, { method: 'PUT', body: { activated } });
const auditOf = async (domain: string) => (await service.database.query<{ operation: string; actor: string }>(`SELECT operation, actor FROM audit_record WHERE tenant_domain = $1 AND operation LIKE '%Tenant' ORDER BY id`, [domain])).map(({ operation, actor }) => `${operation} by ${actor}`);

describe('creating a tenant', () => {
  it('makes it, with its owner as its administrator, and says where it is', async () => {
    const answer = await create('made.example');
    expect([answer.status, answer.text]).toEqual([201, '']);
    const id = await idOf('made.example');
    expect(answer.headers.get('location')).toBe(`https://id.example.com${path}/${id}`);
    const tenant = { id, domain: 'made.example', owners: [{ id: expect.any(String), username: 'robin' }], createdDate: expect.stringMatching(/^\d{4}-.*Z$/), lifecycleStatus: { activated: true } };
    expect((await service.ask(`${path}/${id}`)).body).toEqual(tenant);
    expect((await service.ask(`${path}/${id}/owners`)).body).toEqual(tenant.owners);
    const me = await service.ask('/t/made.example/api/identity/user/v1.0/me', { as: `robin:${password}` });
    expect(me.body).toMatchObject({ basic: { 'http://wso2.org/claims/emailaddress': 'robin@acme.example', 'http://wso2.org/claims/lastname': 'Okafor', 'http://wso2.org/claims/tenant': 'made.example' } });
    expect((await service.ask('/t/made.example/scim2/Users', { as: `robin:${password}`, body: { userName: 'lee', password } })).status).toBe(201);
    await until(async () => (await auditOf('made.example')).length === 1);
    expect(await auditOf('made.example')).toEqual(['addTenant by admin@carbon.super']);
  });

  it('is done once for a domain, however many ask for it at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => create('raced.example', { username: `owner${n}` })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 7 }, () => 409)]);
    expect(answers.filter(({ status }) => status === 409).map(codeOf)).toEqual(Array.from({ length: 7 }, () => 'TM-60009'));
    expect((await service.ask(`${path}/${await idOf('raced.example')}/owners`)).body).toHaveLength(1);
  });

  it('leaves nothing where the owner is refused', async () => {
    expect([codeOf(await create('refused.example', { password: 'short' })), codeOf(await create('refused.example', { username: ' robin' }))]).toEqual(['20035', '18003']);
    expect((await service.ask(`${path}/domain/refused.example`, { method: 'HEAD' })).status).toBe(404);
    expect((await create('refused.example')).status).toBe(201);
  });

  it.each([
    ['Capital.example', 'TM-60007'], ['single', 'TM-60007'], ['a/b.example', 'TM-60007'], ['\u212Aelvin.example', 'TM-60007'], ['10.0.0.1', 'TM-60007'], ['..', 'TM-60007'],
    ['carbon.super', 'TM-60003'], ['more.super', 'TM-60003'], ['xn--80ak6aa92e.example', 'TM-60003'], ['nul\0.example', 'RKY-10001'], ['', 'RKY-10001'], [7, 'RKY-10001'],
  ])('is refused for the domain %j', async (domain, code) => {
    const answer = await create(domain);
    expect([answer.status, codeOf(answer)]).toEqual([400, code]);
  });

  it.each([
    ['no owner', []], ['two', [owner, owner]], ['no password', [{ ...owner, password: undefined }]], ['no mail address', [{ ...owner, email: 'robin' }]], ['an invitation', [{ ...owner, provisioningMethod: 'invite-via-email' }]],
    ...([['locale', 'x'.repeat(40)], ['emails.work', 'a@x, b@y'], ['role', 'admin']] as const).map(([name, value]): [string, object[]] => [`a claim that no event or owner may have: ${name}`, [{ ...owner, additionalClaims: [{ claim: `http://wso2.org/claims/${name}`, value }] }]]),
    ['a claim that governance keeps', [{ ...owner, additionalClaims: [{ claim: 'http://wso2.org/claims/identity/accountLocked', value: 'false' }] }]],
  ])('is refused with %s', async (_what, owners) => {
    expect(codeOf(await service.ask(path, { body: { domain: 'ownerless.example', owners } }))).toBe('RKY-10001');
  });

  it('takes further claims of the owner', async () => {
    expect((await create('claims.example', { additionalClaims: [{ claim: 'http://wso2.org/claims/telephone', value: '+94 562 8723' }] })).status).toBe(201);
    expect((await service.ask('/t/claims.example/api/identity/user/v1.0/me', { as: `robin:${password}` })).body).toMatchObject({ basic: { 'http://wso2.org/claims/telephone': '+94 562 8723' } });
  });
});

describe('listing tenants', () => {
  it('goes from page to page, by domain', async () => {
    for (const domain of ['page-a.example', 'page-b.example', 'page-c.example']) await service.aTenant(domain);
    const list = async (query: string) => (await service.ask(`${path}?${query}`)).body as { totalResults: number; startIndex: number; count: number; links: unknown[]; tenants: { domain: string; owners: { username: string }[] }[] };
    const all = await list('limit=1000');
    const domains = all.tenants.map(({ domain }) => domain);
    expect([domains, all.count, all.links]).toEqual([[...domains].sort(), all.totalResults, []]);
    const middle = await list('limit=1&offset=1');
    expect(middle).toMatchObject({ startIndex: 2, count: 1, totalResults: all.totalResults, links: [{ rel: 'next', href: `${path}?offset=2&limit=1` }, { rel: 'previous', href: `${path}?offset=0&limit=1` }] });
    expect(middle.tenants.map(({ domain }) => domain)).toEqual(domains.slice(1, 2));
    expect(await list('limit=1&offset=1&sortOrder=desc')).toMatchObject({ links: [{ rel: 'next', href: `${path}?offset=2&limit=1&sortOrder=desc` }, { rel: 'previous', href: `${path}?offset=0&limit=1&sortOrder=desc` }] });
    expect((await list('limit=1000&sortBy=domainName&sortOrder=desc')).tenants.map(({ domain }) => domain)).toEqual([...domains].reverse());
    expect(all.tenants.find(({ domain }) => domain === 'page-b.example')?.owners).toEqual([{ id: expect.any(String), username: 'boss' }]);
    expect((await list('limit=0')).tenants).toEqual([]);
  });

  it('finds them by parts of their domain, however many there are', async () => {
    for (const domain of ['one.sought.example', 'two.sought.example', 'sought.test']) await service.aTenant(domain);
    const found = async (filter: string, limit = 10) => (await service.ask(`${path}?limit=${limit}&filter=${encodeURIComponent(filter)}`)).body as { totalResults: number; links: { href: string }[]; tenants: { domain: string }[] };
    const cases: [string, string[]][] = [
      ['domain co "SOUGHT"', ['one.sought.example', 'sought.test', 'two.sought.example']],
      ['domain sw "sought"', ['sought.test']],
      ['domain ew ".sought.example"', ['one.sought.example', 'two.sought.example']],
      ['domain eq "sought.test"', ['sought.test']],
      ['Domain SW "one" AND domain ew ".sought.example"', ['one.sought.example']],
      ['domain co "s_ught"', []],
      ['domain co "%"', []],
      ['domain co "one and sought"', []],
    ];
    for (const [filter, domains] of cases) {
      const { totalResults, tenants } = await found(filter);
      expect([filter, tenants.map(({ domain }) => domain), totalResults]).toEqual([filter, domains, domains.length]);
    }
    const { links: [next] } = await found('domain co "sought"', 1);
    expect(next?.href).toBe(`${path}?offset=1&limit=1&filter=domain%20co%20%22sought%22`);
  });

  it('takes no other filter, and no page that there cannot be', async () => {
    for (const filter of ['x', 'domain', 'domain sw', 'domain sw "a" or domain sw "b"', 'id eq "x"', 'domain gt "a"', 'domain sw "a"; x', '', 'domain sw "a" and ', Array.from({ length: 9 }, () => 'domain sw "a"').join(' and ')]) {
      const answer = await service.ask(`${path}?filter=${encodeURIComponent(filter)}`);
      expect([filter, answer.status, codeOf(answer)]).toEqual([filter, 501, 'TM-65006']);
    }
    for (const query of ['limit=-1', 'limit=x', 'offset=-1', 'limit=100000', 'sortOrder=up', 'sortBy=id']) expect((await service.ask(`${path}?${query}`)).status).toBe(400);
  });

  it('knows none by another id or domain', async () => {
    for (const address of ['x', '5c765a47-6764-4048-b5cf-55864cb654c0', 'x/owners', 'domain/nowhere.example', 'domain/%00']) expect([address, (await service.ask(`${path}/${address}`)).status]).toEqual([address, 404]);
    expect((await service.ask(`${path}/domain/carbon.super`, { method: 'HEAD' })).status).toBe(200);
  });
});

describe('a tenant that is deactivated', () => {
  it('is as one that there is not, at every door, and comes back as it was', async () => {
    const boss = await service.aTenant('shut.example');
    const tenant = '/t/shut.example';
    expect((await service.ask(`${tenant}/scim2/Users`, { as: boss, body: { userName: 'lee', password, emails: ['lee@shut.example'] } })).status).toBe(201);
    const signIn = () => service.ask(`${tenant}/api/rekey/v1/session`, { as: null, body: { username: 'lee', password } });
    const cookie = (await signIn()).headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
    const session = () => service.ask(`${tenant}/api/rekey/v1/session`, { as: null, headers: { cookie } });
    expect((await session()).status).toBe(200);
    expect((await service.ask(`${tenant}/api/rekey/v1/recovery`, { as: null, body: { username: 'lee' } })).status).toBe(202);
    const key = await service.keyOf('lee');
    const reset = (where: string, as: string | null = null) => service.ask(`${where}/api/rekey/v1/recovery/reset`, { as, body: { key, password: 'another one nobody has guessed' } });

    expect((await activate('shut.example', false)).status).toBe(200);
    const doors: [string, Parameters<ServiceUnderTest['ask']>[1]][] = [
      ['/api/rekey/v1/session', { as: null, body: { username: 'lee', password } }],
      ['/api/rekey/v1/recovery', { as: null, body: { username: 'lee' } }],
      ['/api/rekey/v1/recovery/key', { as: null, body: { key } }],
      ['/api/rekey/v1/recovery/reset', { as: null, body: { key, password } }],
      ['/api/identity/user/v1.0/me', { as: `lee:${password}` }],
      ['/api/identity/recovery/v0.9/recover-password', { body: { user: { username: 'lee' } } }],
      ['/scim2/Users', { body: { userName: 'new', password } }],
      ['/api/rekey/v1/session', { as: null, headers: { cookie } }],
    ];
    for (const [door, how] of doors) {
      const [there, nowhere] = [await service.ask(tenant + door, how), await service.ask(`/t/nowhere.example${door}`, how)];
      expect([door, there.status, codeOf(there)]).toEqual([door, nowhere.status, codeOf(nowhere)]);
    }
    expect(codeOf(await signIn())).toBe('18016');
    expect(codeOf(await service.ask('/api/identity/user/v1.0/me', { as: boss }))).toBe('17002');
    expect(codeOf(await service.recover('lee', undefined, { user: { username: 'lee', 'tenant-domain': 'shut.example' } }))).toBe('18016');
    // The super tenant's administrator has the key, too: it opens nothing.
    expect(codeOf(await service.setPassword(key, 'another one nobody has guessed'))).toBe('18001');

    expect((await activate('shut.example', true)).status).toBe(200);
    expect([(await session()).status, (await signIn()).status, (await service.ask('/api/identity/user/v1.0/me', { as: boss })).status]).toEqual([200, 200, 200]);
    expect((await reset(tenant)).status).toBe(200);
    await until(async () => (await auditOf('shut.example')).length === 3);
    expect(await auditOf('shut.example')).toEqual(['addTenant', 'deactivateTenant', 'activateTenant'].map((operation) => `${operation} by admin@carbon.super`));
  });

  it('is never the super tenant', async () => {
    const answer = await activate('carbon.super', false);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'TM-60003']);
    await expect(service.database.query(`UPDATE tenant SET active = false WHERE domain = 'carbon.super'`)).rejects.toThrow('super_tenant_is_active');
  });
});

describe('tenants are managed', () => {
  it('by administrators of the super tenant alone, under its path (S34)', async () => {
    const boss = await service.aTenant('managing.example');
    for (const where of ['', '/t/managing.example', '/t/carbon.super']) {
      expect([where, (await service.ask(`${where}${path}`, { as: boss })).status]).toEqual([where, 403]);
      expect((await service.ask(`${where}${path}`, { as: boss, body: { domain: 'mine.example', owners: [owner] } })).status).toBe(403);
    }
    expect((await service.ask(`/t/managing.example${path}`)).status).toBe(403);
    expect((await service.ask(`/t/carbon.super${path}`)).status).toBe(200);
    expect((await service.ask(path, { as: null })).status).toBe(401);
  });
});
