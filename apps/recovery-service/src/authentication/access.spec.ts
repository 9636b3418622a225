import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { Role } from '@rekey/identity';
import { ruleOf, type Access } from '../api-docs/accesses.ts';
import { routesOf } from '../api-docs/routes.ts';
import { httpDoors } from '../recovery-service.module.ts';
import { ServiceUnderTest, type ErrorBody } from '../testing/service-under-test.ts';

const password = 'a password nobody has guessed';
const doors = routesOf(httpDoors).map(({ method, path, operation }) => ({ method: method.toUpperCase(), path: path.replace(/\{\w+\}/g, ':id'), access: operation?.access ?? 'anyone' }));
const byBasic = doors.filter(({ access }) => ruleOf(access).by.includes('basic'));
const withoutBasic = doors.filter(({ access }) => !ruleOf(access).by.includes('basic'));
const byRole = byBasic.filter(({ access }) => ruleOf(access).roles !== null);
const ofTenants = byRole.filter(({ access }) => !ruleOf(access).onlySuperTenant);
type Door = (typeof doors)[number];
/** About oneself, whoever that is; an id of nobody is somebody else. */
const aboutOneself = byBasic.filter(({ access, path }) => access === 'account' && !path.includes(':'));
/** By role, one who has no other; and one who has none. */
const people: Readonly<Record<Exclude<Role, 'administrator'> | 'none', string>> = { none: `kim:${password}`, 'recovery-client': `portal:${password}`, helpdesk: `hal:${password}`, auditor: `ada:${password}` };

let service: ServiceUnderTest;
let boss: string;
/** Of browsers, by the role of those who have signed in. */
const cookies = new Map<string, string>();
beforeAll(async () => {
  service = await ServiceUnderTest.start();
  boss = await service.aTenant('acme.example');
  for (const [role, credentials] of Object.entries(people)) {
    const made = await service.ask('/scim2/Users', { body: { userName: credentials.split(':')[0], password } });
    const { id } = made.body as { id: string };
    if (role !== 'none') await service.ask(`/api/rekey/v1/users/${id}/roles`, { method: 'PUT', body: { roles: [role] } });
  }
  for (const [role, credentials] of [...Object.entries(people), ['administrator', 'admin:admin'] as const]) cookies.set(role, await service.cookieOf(credentials));
  cookies.set('boss', await service.cookieOf(boss, '/t/acme.example'));
});
afterAll(() => service.stop());

/** With a body that no schema takes, ids that nobody has and a version that nothing has: who may not come in is told so before anything else, and who may changes nothing. */
async function ask({ method, path }: Door, as: string | null, tenant = '', headers: Readonly<Record<string, string>> = {}): Promise<{ readonly status: number; readonly code: string | undefined }> {
  const answer = await service.ask(tenant + path.replace(/:\w+/g, () => randomUUID()), { method, as, headers: { 'if-match': 'W/"none"', ...headers }, ...(method === 'GET' ? {} : { body: { none: 'of it' } }) });
  return { status: answer.status, code: (answer.body as ErrorBody | null)?.code };
}

/** By a browser that is signed in. */
const askSignedIn = (route: Door, who: string, tenant = '', headers: Readonly<Record<string, string>> = {}) => ask(route, null, tenant, { cookie: cookies.get(who) ?? '', ...headers });

const mayNot = ({ status }: { readonly status: number }) => status === 401 || status === 403;
const refused = { status: 403, code: 'RKY-10005' };
const strange = { status: 401, code: '17002' };

describe('every route of the running service (S34, S41)', () => {
  it('is one that says whom it is for', () => {
    const known = new Set(doors.map(({ method, path }) => `${method} ${path}`));
    const running = service.routes.map(({ method, path }) => `${method === 'HEAD' ? 'GET' : method} ${path.replace(/:\w+/g, ':id')}`);
    expect(running.filter((route) => !known.has(route) && !route.endsWith(' /api/docs') && !route.includes(' /api/docs/'))).toEqual([]);
    expect(running.length).toBeGreaterThanOrEqual(known.size);
  });

  it('lets auditors change nothing, and the helpdesk start a reset alone', () => {
    const writing = (...accesses: readonly Access[]) => doors.filter(({ method, access }) => method !== 'GET' && accesses.includes(access)).map(({ method, path }) => `${method} ${path}`).sort();
    const questions = ['POST /api/rekey/v1/listeners/dry-run', 'POST /api/rekey/v1/mail-brand/preview', 'POST /api/rekey/v1/mail-templates/preview', 'POST /scim2/.search', 'POST /scim2/Users/.search'];
    expect([writing('auditor', 'staff', 'super-auditor', 'super-staff'), writing('helpdesk')]).toEqual([questions, ['POST /api/rekey/v1/forced-resets']]);
  });

  it.each(byBasic)('$method $path is closed to strangers, under each tenant’s path', async (route) => {
    for (const tenant of ['', '/t/carbon.super', '/t/acme.example']) {
      expect([tenant, await ask(route, null, tenant)]).toEqual([tenant, strange]);
      expect([tenant, await ask(route, 'admin:wrong', tenant)]).toEqual([tenant, strange]);
    }
  });

  it.each(byRole)('$method $path is open to the roles that its description names, and to no other', async (route) => {
    for (const [role, credentials] of Object.entries(people)) {
      const isNamed = ruleOf(route.access).roles?.some((named) => named === role);
      for (const tenant of ['', '/t/carbon.super']) {
        const asked = await ask(route, credentials, tenant);
        expect([role, tenant, isNamed ? mayNot(asked) : asked]).toEqual([role, tenant, isNamed ? false : refused]);
      }
    }
  });

  it.each(byRole)('$method $path takes a browser’s session for the same roles, or for nobody', async (route) => {
    const { by, roles } = ruleOf(route.access);
    for (const [role, isNamed] of [...Object.keys(people), 'administrator'].map((one) => [one, roles?.some((named) => named === one)] as const)) {
      const asked = await askSignedIn(route, role);
      if (!by.includes('session')) expect([role, asked]).toEqual([role, strange]);
      else expect([role, isNamed ? mayNot(asked) : asked]).toEqual([role, isNamed ? false : refused]);
    }
    expect(await ask(route, null, '', { cookie: '__Host-rekey-session=guessed' })).toEqual(strange);
  });

  it.each(ofTenants.filter(({ access }) => ruleOf(access).by.includes('session')))('$method $path takes the session of an administrator of its own tenant or of the super one', async (route) => {
    for (const [who, tenant] of [['boss', '/t/acme.example'], ['administrator', '/t/acme.example'], ['administrator', '/t/carbon.super']] as const) expect([who, tenant, mayNot(await askSignedIn(route, who, tenant))]).toEqual([who, tenant, false]);
    expect(await askSignedIn(route, 'boss')).toEqual(strange);
    for (const role of ['auditor', 'helpdesk', 'none']) expect([role, await askSignedIn(route, role, '/t/acme.example')]).toEqual([role, refused]);
  });

  it.each(byBasic.filter(({ access }) => ruleOf(access).onlySuperTenant))('$method $path is closed to a tenant’s administrator', async (route) => {
    for (const tenant of ['', '/t/acme.example', '/t/carbon.super']) expect([tenant, await ask(route, boss, tenant)]).toEqual([tenant, refused]);
    expect(await askSignedIn(route, 'boss', '/t/acme.example')).toEqual(refused);
  });

  it.each(byBasic)('$method $path of another tenant is closed to everybody but the super tenant’s administrator', async (route) => {
    for (const credentials of Object.values(people)) expect([credentials, await ask(route, credentials.replace(':', '@carbon.super:'), '/t/acme.example')]).toEqual([credentials, refused]);
    expect(await ask(route, boss, '/t/carbon.super')).toEqual(refused);
  });

  it.each(ofTenants)('$method $path is open to an administrator, of its own tenant or of the super one', async (route) => {
    for (const [as, tenant] of [['admin:admin', ''], ['admin@carbon.super:admin', '/t/acme.example'], [boss, ''], [boss, '/t/acme.example']] as const) {
      const { status, code } = await ask(route, as, tenant);
      expect([as, tenant, [401, 403].includes(status), code === '18016']).toEqual([as, tenant, false, false]);
    }
  });

  it.each(aboutOneself)('$method $path is open to everybody', async (route) => {
    for (const credentials of Object.values(people)) expect([credentials, mayNot(await ask(route, credentials))]).toEqual([credentials, false]);
  });

  it.each(withoutBasic)('$method $path takes no credentials for more than a stranger’s', async (route) => {
    expect(await ask(route, 'admin:admin')).toEqual(await ask(route, null));
  });
});

describe('a page of another site (S37)', () => {
  const writing = doors.filter(({ method }) => method !== 'GET');
  const elsewhere = [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { origin: 'https://evil.test' }, { origin: 'null' }] as const;
  const forms = ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x'];

  it.each(writing)('makes no browser do $method $path, by what it is signed in with or by credentials that it remembers', async (route) => {
    for (const headers of elsewhere) {
      const asked = [await askSignedIn(route, 'administrator', '', headers), await ask(route, 'admin:admin', '', headers), await ask(route, null, '', headers)];
      expect([headers, ...asked]).toEqual([headers, ...asked.map(() => ({ status: 403, code: 'RKY-10009' }))]);
    }
    expect((await askSignedIn(route, 'administrator', '', { 'sec-fetch-site': 'same-origin' })).code).not.toBe('RKY-10009');
  });

  it.each(writing)('sends no form to $method $path', async ({ method, path }) => {
    for (const type of forms) {
      const answer = await service.ask(path.replace(/:\w+/g, () => randomUUID()), { method, as: null, headers: { cookie: cookies.get('administrator') ?? '', 'content-type': type, 'sec-fetch-site': 'cross-site' }, body: 'roles=administrator' });
      expect([type, answer.status, (answer.body as ErrorBody).code]).toEqual([type, 415, 'RKY-10003']);
    }
    const empty = await service.ask(path.replace(/:\w+/g, () => randomUUID()), { method, as: null, headers: { cookie: cookies.get('administrator') ?? '', 'sec-fetch-site': 'cross-site' } });
    expect([empty.status, (empty.body as ErrorBody).code]).toEqual([403, 'RKY-10009']);
  });
});

describe('a browser that asks without being signed in', () => {
  const [reading] = ofTenants.filter(({ method, access }) => method === 'GET' && access === 'staff');

  it.each([
    ['a page’s script', { 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'empty' }, 'Session realm="Rekey"'],
    ['one whose session has ended', { cookie: '__Host-rekey-session=ended' }, 'Session realm="Rekey"'],
    ['one that an address was entered into', { 'sec-fetch-site': 'none', 'sec-fetch-dest': 'document' }, 'Basic realm="Rekey", charset="UTF-8"'],
    ['a program', {}, 'Basic realm="Rekey", charset="UTF-8"'],
  ])('opens no window of its own over a page: %s', async (_, headers, scheme) => {
    const answer = await service.ask(reading?.path ?? '', { as: null, headers });
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, scheme]);
  });
});
