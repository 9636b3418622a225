import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { rekeySaid } from '../testing/rekey-said.ts';

const passwords = { REKEY_ADMIN_PASSWORD: 'hunter2', REKEY_OWNER_PASSWORD: 'owner-secret' };
const tenant = (domain: string, activated = true) => ({ id: `id-of-${domain}`, domain, owners: [{ id: 'x', username: `boss\u001b[2J of ${domain}` }], createdDate: '2026-11-25T10:00:00.000Z', lifecycleStatus: { activated } });

let server: Server;
let asked: string[];
let answers: Record<string, { status: number; body?: unknown }>;
beforeEach(async () => {
  asked = [];
  answers = {};
  server = createServer((request, response) => {
    void readText(request).then((body) => {
      asked.push(`${request.method} ${request.url} ${body}`.trim());
      const { status, body: answer } = answers[`${request.method} ${request.url}`] ?? { status: 404, body: { code: 'TM-60014', description: 'There is no such tenant.' } };
      response.writeHead(status, { connection: 'close' }).end(answer === undefined ? undefined : JSON.stringify(answer));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const said = (words: readonly string[], environment: Readonly<Record<string, string>> = passwords, typed: string | null = null) =>
  rekeySaid([...words, '--url', `http://127.0.0.1:${(server.address() as AddressInfo).port}`], environment, typed); // of a TCP server
const acme = ['tenants', 'create', 'acme.example', '--owner', 'robin', '--email', 'robin@acme.example', '--first-name', 'Robin', '--last-name', 'Okafor'];

describe('rekey tenants', () => {
  it('lists them all, from page to page, and lets no name steer the terminal', async () => {
    answers = {
      'GET /api/server/v1/tenants?limit=100&offset=0': { status: 200, body: { totalResults: 2, tenants: [tenant('acme.example')] } },
      'GET /api/server/v1/tenants?limit=100&offset=1': { status: 200, body: { totalResults: 2, tenants: [tenant('shut.example', false)] } },
    };
    expect(await said(['tenants', 'list'])).toEqual({ code: 0, error: '', out: 'domain                    owners\nacme.example  active      boss of acme.example\nshut.example  NOT ACTIVE  boss of shut.example\n' });
  });

  it('creates one, with the owner’s password from the environment or the person, never from an argument', async () => {
    answers = { 'POST /api/server/v1/tenants': { status: 201 } };
    expect(await said(acme)).toMatchObject({ code: 0, out: expect.stringContaining('acme.example is there: http://127.0.0.1:') });
    const owner = { username: 'robin', password: 'owner-secret', email: 'robin@acme.example', firstname: 'Robin', lastname: 'Okafor', provisioningMethod: 'inline-password' };
    expect(asked).toEqual([`POST /api/server/v1/tenants ${JSON.stringify({ domain: 'acme.example', owners: [owner] })}`]);
    expect(await said(acme, { REKEY_ADMIN_PASSWORD: 'hunter2' }, 'typed')).toMatchObject({ code: 0, error: 'Password of robin@acme.example: ' });
    expect(asked[1]).toContain('"password":"typed"');
    expect(await said(acme, { REKEY_ADMIN_PASSWORD: 'hunter2' })).toMatchObject({ code: 1, error: expect.stringContaining('set REKEY_OWNER_PASSWORD') });
    expect(await said([...acme, '--password', 'x'])).toMatchObject({ code: 1, error: expect.stringContaining("Unknown option '--password'") });
    expect(await said(acme.slice(0, 5))).toMatchObject({ code: 1, error: expect.stringContaining('--email') });
  });

  it('says in Rekey’s own words what was refused, and fails', async () => {
    answers = { 'POST /api/server/v1/tenants': { status: 409, body: { code: 'TM-60009', description: 'There is a tenant of this domain already.' } } };
    expect(await said(acme)).toEqual({ code: 1, out: '', error: 'There is a tenant of this domain already. (TM-60009)\n' });
    expect(await said(['tenants', 'activate', 'nowhere.example'])).toEqual({ code: 1, out: '', error: 'There is no such tenant. (TM-60014)\n' });
  });

  it('says by which trace id the log tells more, and lets no server’s words steer the terminal, turn its lines around or add to them', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    answers = { 'POST /api/server/v1/tenants': { status: 400, body: { code: 'TM-60007\u001b]0;owned\u0007', description: '\u001b[2JMal\u202eformed\r\nacme.example is there\u2028', traceId: `${traceId}\u009b1A` } } };
    expect(await said(acme)).toEqual({ code: 1, out: '', error: `Malformedacme.example is there (TM-60007, trace id ${traceId})\n` });
  });

  it.each([['activate', true, 'is active'], ['deactivate', false, 'is not active any more']])('%ss one', async (verb, activated, words) => {
    answers = { 'GET /api/server/v1/tenants/domain/acme.example': { status: 200, body: tenant('acme.example') }, 'PUT /api/server/v1/tenants/id-of-acme.example/lifecycle-status': { status: 200 } };
    expect(await said(['tenants', verb, 'acme.example'])).toEqual({ code: 0, out: `acme.example ${words}\n`, error: '' });
    expect(asked[1]).toBe(`PUT /api/server/v1/tenants/id-of-acme.example/lifecycle-status {"activated":${activated}}`);
    expect(await said(['tenants', verb])).toMatchObject({ code: 1, error: expect.stringContaining('which tenant?') });
  });
});

describe('rekey roles', () => {
  const id = '5f0c1f4e-7d5f-4b7e-9d43-2f1d1a2b3c4d';

  it('takes no role without being told to', async () => {
    expect(await said(['roles', 'set', id])).toMatchObject({ code: 1, error: 'name the roles that the user is to have, or --none\n' });
    expect(await said(['roles', 'set', id, 'administrator', '--none'])).toMatchObject({ code: 1 });
    expect(asked).toEqual([]);
  });

  it('lists who has one, from page to page, and sets them, of the tenant that is named', async () => {
    answers = {
      'GET /t/acme.example/api/rekey/v1/roles?limit=100&offset=0': { status: 200, body: { totalResults: 2, users: [{ id: 'u1', username: 'robin', roles: ['administrator'] }] } },
      'GET /t/acme.example/api/rekey/v1/roles?limit=100&offset=1': { status: 200, body: { totalResults: 2, users: [{ id: 'u2', username: 'site', roles: ['recovery-client'] }] } },
      [`PUT /api/rekey/v1/users/${id}/roles`]: { status: 200, body: { id, username: 'portal', roles: ['recovery-client'] } },
      [`GET /scim2/Users?filter=${encodeURIComponent('userName eq "portal"')}`]: { status: 200, body: { Resources: [{ id }] } },
      [`GET /scim2/Users?filter=${encodeURIComponent('userName eq "nobody"')}`]: { status: 200, body: { Resources: [] } },
    };
    expect(await said(['roles', 'list', '--tenant', 'acme.example'])).toEqual({ code: 0, out: 'id  user   roles\nu1  robin  administrator\nu2  site   recovery-client\n', error: '' });
    for (const user of [id, 'portal']) expect(await said(['roles', 'set', user, 'recovery-client'])).toEqual({ code: 0, out: 'portal  recovery-client\n', error: '' });
    expect(asked.filter((each) => each.startsWith('PUT'))).toEqual(Array.from({ length: 2 }, () => `PUT /api/rekey/v1/users/${id}/roles {"roles":["recovery-client"]}`));
    expect(await said(['roles', 'set', 'nobody', '--none'])).toMatchObject({ code: 1, error: 'there is no user "nobody"\n' });
  });
});
