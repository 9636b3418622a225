import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { routesOf } from '../api-docs/routes.ts';
import { httpDoors } from '../recovery-service.module.ts';
import { ServiceUnderTest, type ErrorBody } from '../testing/service-under-test.ts';

const password = 'a password nobody has guessed';
const doors = routesOf(httpDoors).map(({ method, path, operation }) => ({ method: method.toUpperCase(), path: path.replace(/\{\w+\}/g, ':id'), access: operation?.access }));
const byBasic = doors.filter(({ access }) => access !== 'session' && access !== 'anyone');
const withoutBasic = doors.filter(({ access }) => access === 'session' || access === 'anyone');
/** About oneself, whoever that is; an id of nobody is somebody else. */
const aboutOneself = byBasic.filter(({ access, path }) => access === 'account' && !path.includes(':'));
const [ordinary, client] = [`kim:${password}`, `portal:${password}`];

let service: ServiceUnderTest;
let boss: string;
beforeAll(async () => {
  service = await ServiceUnderTest.start();
  boss = await service.aTenant('acme.example');
  const made = await Promise.all(['kim', 'portal'].map((userName) => service.ask('/scim2/Users', { body: { userName, password } })));
  const { id } = made[1]?.body as { id: string };
  await service.ask(`/api/rekey/v1/users/${id}/roles`, { method: 'PUT', body: { roles: ['recovery-client'] } });
});
afterAll(() => service.stop());

/** With a body that no schema takes, ids that nobody has and a version that nothing has: who may not come in is told so before anything else, and who may changes nothing. */
async function ask({ method, path }: { readonly method: string; readonly path: string }, as: string | null, tenant = ''): Promise<{ readonly status: number; readonly code: string | undefined }> {
  const answer = await service.ask(tenant + path.replace(/:\w+/g, () => randomUUID()), { method, as, headers: { 'if-match': 'W/"none"' }, ...(method === 'GET' ? {} : { body: { none: 'of it' } }) });
  return { status: answer.status, code: (answer.body as ErrorBody | null)?.code };
}

const refused = { status: 403, code: 'RKY-10005' };

describe('every route of the running service (S34, S41)', () => {
  it('is one that says whom it is for', () => {
    const known = new Set(doors.map(({ method, path }) => `${method} ${path}`));
    const running = service.routes.map(({ method, path }) => `${method === 'HEAD' ? 'GET' : method} ${path.replace(/:\w+/g, ':id')}`);
    expect(running.filter((route) => !known.has(route) && !route.endsWith(' /api/docs') && !route.includes(' /api/docs/'))).toEqual([]);
    expect(running.length).toBeGreaterThanOrEqual(known.size);
  });

  it.each(byBasic)('$method $path is closed to strangers, under each tenant’s path', async (route) => {
    for (const tenant of ['', '/t/carbon.super', '/t/acme.example']) {
      expect([tenant, await ask(route, null, tenant)]).toEqual([tenant, { status: 401, code: '17002' }]);
      expect([tenant, await ask(route, 'admin:wrong', tenant)]).toEqual([tenant, { status: 401, code: '17002' }]);
    }
  });

  it.each(byBasic.filter(({ access }) => access !== 'account'))('$method $path is closed to an ordinary user', async (route) => {
    for (const tenant of ['', '/t/carbon.super']) expect([tenant, await ask(route, ordinary, tenant)]).toEqual([tenant, refused]);
  });

  it.each(byBasic.filter(({ access }) => access !== 'account' && access !== 'recovery-client'))('$method $path is closed to a recovery client', async (route) => {
    expect(await ask(route, client)).toEqual(refused);
  });

  it.each(byBasic.filter(({ access }) => access === 'super-administrator'))('$method $path is closed to a tenant’s administrator', async (route) => {
    for (const tenant of ['', '/t/acme.example', '/t/carbon.super']) expect([tenant, await ask(route, boss, tenant)]).toEqual([tenant, refused]);
  });

  it.each(byBasic)('$method $path of another tenant is closed to everybody but the super tenant’s administrator', async (route) => {
    expect(await ask(route, ordinary.replace(':', '@carbon.super:'), '/t/acme.example')).toEqual(refused);
    expect(await ask(route, client.replace(':', '@carbon.super:'), '/t/acme.example')).toEqual(refused);
    expect(await ask(route, boss, '/t/carbon.super')).toEqual(refused);
  });

  it.each(byBasic.filter(({ access }) => access === 'administrator' || access === 'recovery-client'))('$method $path is open to an administrator, of its own tenant or of the super one', async (route) => {
    for (const [as, tenant] of [['admin:admin', ''], ['admin@carbon.super:admin', '/t/acme.example'], [boss, ''], [boss, '/t/acme.example']] as const) {
      const { status, code } = await ask(route, as, tenant);
      expect([as, tenant, [401, 403].includes(status), code === '18016']).toEqual([as, tenant, false, false]);
    }
  });

  it.each([...aboutOneself, ...byBasic.filter(({ access }) => access === 'recovery-client')])('$method $path is open to a recovery client', async (route) => {
    expect([401, 403]).not.toContain((await ask(route, client)).status);
  });

  it.each(aboutOneself)('$method $path is open to an ordinary user', async (route) => {
    expect([401, 403]).not.toContain((await ask(route, ordinary)).status);
  });

  it.each(withoutBasic)('$method $path takes no credentials for more than a stranger’s', async (route) => {
    expect(await ask(route, 'admin:admin')).toEqual(await ask(route, null));
  });
});
