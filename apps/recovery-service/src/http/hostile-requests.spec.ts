import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { jest } from '@jest/globals';
import { routesOf } from '../api-docs/routes.ts';
import { rememberedMs } from '../authentication/basic-authentication.ts';
import { httpDoors } from '../recovery-service.module.ts';
import { ServiceUnderTest, type Answer, type ErrorBody } from '../testing/service-under-test.ts';

const recover = '/api/identity/recovery/v0.9/recover-password';
const shape = { code: expect.any(String), message: expect.any(String), description: expect.any(String), traceId: expect.stringMatching(/^[0-9a-f-]{36}$/) };

let service: ServiceUnderTest;
beforeAll(async () => {
  service = await ServiceUnderTest.start();
  await service.aUser('kim');
});
afterAll(() => service.stop());
afterEach(() => jest.restoreAllMocks());

const written = async () => service.database.query('SELECT (SELECT count(*) FROM recovery) AS recoveries, (SELECT count(*) FROM outbox) AS events, (SELECT count(*) FROM user_account) AS users');
const statusAndMessage = (answer: Answer) => [answer.status, (answer.body as ErrorBody).message];

describe('a request that is not as it should be', () => {
  it.each([
    ['JSON that ends early', '{"user":'],
    ['no body', ''],
    ['a list', '[]'],
    ['null', 'null'],
    ['a text', '"kim"'],
    ['a username of another type', '{"user":{"username":["kim","eve"]}}'],
    ['an object for a username', '{"user":{"username":{"$ne":1}}}'],
    ['an unknown field', '{"user":{"username":"kim"},"to":"eve@evil.test"}'],
    ['an unknown field inside', '{"user":{"username":"kim","email":"eve@evil.test"}}'],
    ['a polluted prototype', '{"user":{"username":"kim"},"__proto__":{"administrator":true}}'],
    ['a constructor', '{"user":{"username":"kim"},"constructor":{"prototype":{}}}'],
    ['a NUL', '{"user":{"username":"ki\\u0000m"}}'],
    ['half of a surrogate pair', '{"user":{"username":"ki\\ud800m"}}'],
    ['a name far too long', JSON.stringify({ user: { username: 'k'.repeat(300) } })],
    ['ten thousand levels', `{"user":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
    ['ten thousand fields', JSON.stringify({ user: Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`k${index}`, index])) })],
    ['ten thousand properties', JSON.stringify({ user: { username: 'kim' }, properties: Array.from({ length: 1_500 }, () => ({ key: 'k', value: 'v' })) })],
    ['a user store and no name', '{"user":{"username":"PRIMARY/"}}'],
    ['a callback with a NUL', '{"user":{"username":"kim"},"properties":[{"key":"callback","value":"https://id.example.com/\\u0000"}]}'],
    ['an unknown tenant', '{"user":{"username":"kim","tenant-domain":"nowhere.example"}}'],
    ['an unknown user store', '{"user":{"username":"kim","realm":"SECONDARY"}}'],
  ])('%s is answered with 400 in WSO2’s shape, and nothing is written', async (_what, body) => {
    const before = await written();
    const answer = await service.ask(recover, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    expect([answer.status, answer.body]).toEqual([400, expect.objectContaining({ ...shape, message: 'Bad Request' })]);
    expect(await written()).toEqual(before);
  });

  it('is named in the answer: which field, and what was expected', async () => {
    const answer = await service.ask(recover, { body: { user: { username: 7 } } });
    expect((answer.body as ErrorBody).description).toMatch(/user\.username.*expected string/);
  });

  it('of a megabyte is answered with 413 (S13)', async () => {
    const answer = await service.ask(recover, { body: JSON.stringify({ user: { username: 'k'.repeat(1_048_576) } }) });
    expect([...statusAndMessage(answer), answer.body]).toEqual([413, 'Payload Too Large', expect.objectContaining(shape)]);
  });

  it('that has no end is cut off, as many as come at once, and leaves no memory taken (S13)', async () => {
    const before = process.memoryUsage().rss;
    for (let turn = 0; turn < 4; turn++) {
      const ends = await Promise.all(Array.from({ length: 25 }, endless));
      // Whoever goes on writing may lose the answer: what comes then resets the connection.
      for (const { answer, sentBytes } of ends) expect([answer === '' || answer.startsWith('HTTP/1.1 413 '), sentBytes < 16 * 1_048_576]).toEqual([true, true]);
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(256 * 1_048_576);
  });

  it('that never comes to its end holds up nobody else, and is given half a minute (S13)', async () => {
    const slow = await Promise.all(Array.from({ length: 300 }, async (_, nth) => {
      const socket = await connected();
      socket.write(nth % 2 === 0 ? `POST ${recover} HTTP/1.1\r\nHost: localhost\r\nX-Slow: ` : `POST ${recover} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`);
      return socket;
    }));
    expect((await service.recover('kim')).status).toBe(202);
    for (const socket of slow) socket.destroy();
    const { requestTimeout, headersTimeout } = service.service.fastify.server;
    expect([requestTimeout, headersTimeout <= 60_000]).toEqual([30_000, true]);
  });

  it('to an address or with a method that there is not is answered with 404 in the same shape', async () => {
    for (const [method, address] of [['GET', '/nothing'], ['GET', recover], ['DELETE', recover], ['GET', '/t/carbon.super/nothing'], ['POST', '/api'], ...['/.env', '/.git/config', '/deployment.toml', '/package.json', '/main.js', '/main.js.map', '/actuator/env', '/server-status', '/..%2fdeployment.toml', '/api/docs/..%2f..%2fpackage.json'].map((path) => ['GET', path] as const)] as const) {
      const answer = await service.ask(address, { method });
      expect([address, answer.status, answer.body]).toEqual([address, 404, expect.objectContaining({ ...shape, message: 'Not Found' })]);
    }
  });

  it.each(['/api/identity/recovery/v0.9/recover-password', '/api/users/v2/recovery/password/init', '/scim2/Users', '/api/server/v1/tenants', '/t/carbon.super/api/rekey/v1/mail-templates/preview'])('to %s, written in another way, gets past nothing (S14, S41)', async (path) => {
    const ways = [`/${path}`, `${path}/`, `${path};x=1`, path.replace(/\/(\w+)$/, '/./$1'), path.replace(/(\w)(\w*)$/, (_, first: string, rest: string) => `%${first.charCodeAt(0).toString(16)}${rest}`), path.replace(/\/(?=\w+$)/, '%2f'), `/x/..;${path}`, `/health/live/..;${path}`, `/health/live/..${path}`, `/health/live/..%2f${path.slice(1)}`, `/t/carbon.super/..;${path}`, `/t/carbon.super%2f..${path}`, `${path}?_method=GET`, `${path}%00`, `${path}.json`, path.toUpperCase()];
    for (const way of ways) {
      for (const headers of ['', 'X-HTTP-Method-Override: GET\r\n', `X-Original-URL: ${path}\r\nX-Rewrite-URL: ${path}\r\n`]) {
        const answer = await raw(`POST ${way} HTTP/1.1\r\nHost: localhost\r\n${headers}Content-Type: application/json\r\nContent-Length: 27\r\nConnection: close\r\n\r\n{"user":{"username":"kim"}}`);
        expect([way, answer.split('\r\n')[0]]).toEqual([way, expect.stringMatching(/^HTTP\/1\.1 (401|404|400) /)]);
      }
    }
  });

  it('that overrides its method is what it is without (S41)', async () => {
    for (const name of ['x-http-method-override', 'x-http-method', 'x-method-override']) {
      const answer = await service.ask(`/api/rekey/v1/users/${randomUUID()}/sessions?_method=DELETE`, { headers: { [name]: 'DELETE' } });
      expect([name, answer.status, (answer.body as ErrorBody).code]).toEqual([name, 404, 'RKY-10004']);
    }
  });

  it('with an address that cannot be read is answered with 400 in the same shape', async () => {
    for (const path of ['/%E0%A4%A', `/api/server/v1/identity-governance/${'x'.repeat(200)}/connectors/y`]) {
      const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ ...shape, message: 'Bad Request' });
    }
  });

  it('from a stranger, for a user store and no name, is answered with 400', async () => {
    const answer = await service.ask('/api/rekey/v1/recovery', { as: null, body: { username: 'PRIMARY/' } });
    expect([answer.status, answer.body]).toEqual([400, expect.objectContaining(shape)]);
  });

  it('under the path of an unknown tenant is answered with 400, 18016', async () => {
    const answer = await service.ask(`/t/nowhere.example${recover}`, { body: { user: { username: 'kim' } } });
    expect([answer.status, (answer.body as ErrorBody).code]).toEqual([400, '18016']);
  });
});

describe('a request without the right credentials', () => {
  it.each([
    ['none', null],
    ['a wrong password', 'admin:wrong'],
    ['no password', 'admin:'],
    ['an unknown user', 'nobody:admin'],
    ['a NUL', 'admin:admin\0'],
    ['an endless password', `admin:${'x'.repeat(1_400)}`],
  ])('%s is answered with 401 and the scheme to use', async (_what, as) => {
    const answer = await service.ask(recover, { as, body: { user: { username: 'kim' } } });
    expect([answer.status, answer.headers.get('www-authenticate'), (answer.body as ErrorBody).code]).toEqual([401, 'Basic realm="Rekey", charset="UTF-8"', '17002']);
  });

  it('is answered with 403 where they are somebody’s who may not recover for others (S34)', async () => {
    const answer = await service.ask(recover, { as: 'kim:first password of 3', body: { user: { username: 'admin' } } });
    expect([answer.status, (answer.body as ErrorBody).code]).toEqual([403, 'RKY-10005']);
  });

  it('is looked at before its body', async () => {
    expect((await service.ask(recover, { as: 'admin:wrong', body: { nonsense: true } })).status).toBe(401);
  });

  it('no longer works a second after the password was changed (S32)', async () => {
    await service.aUser('changing');
    const me = () => service.ask('/api/identity/user/v1.0/me', { as: 'changing:first password of 8' });
    expect((await me()).status).toBe(200);
    await service.recover('changing');
    await service.setPassword(await service.keyOf('changing'), 'a password nobody has guessed');
    const now = Date.now.bind(Date);
    jest.spyOn(Date, 'now').mockImplementation(() => now() + rememberedMs);
    expect((await me()).status).toBe(401);
  });
});

/** What a browser may be made to do with the cookie that it has, or without one: signing in as somebody else too. */
const changing = routesOf(httpDoors).filter(({ method, operation }) => method !== 'get' && (operation?.access === 'session' || operation?.access === 'anyone')).map(({ method, path }) => ({ method: method.toUpperCase(), path: path.replace(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000') }));

describe('a request from a page of another site', () => {
  let cookie: string;
  beforeAll(async () => {
    const signedIn = await service.ask('/api/rekey/v1/session', { as: null, body: { username: 'kim', password: 'first password of 3' } });
    cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  });
  afterAll(async () => expect((await service.ask('/api/rekey/v1/session', { as: null, headers: { cookie } })).status).toBe(200));

  it.each(changing)('is refused at $method $path, whichever way a browser says so (S37)', async ({ method, path }) => {
    for (const told of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { origin: 'https://evil.test' }, { origin: 'null' }]) {
      const answer = await service.ask(path, { method, as: null, headers: { cookie, ...told }, body: {} });
      expect([told, answer.status, (answer.body as ErrorBody).code]).toEqual([told, 403, 'RKY-10009']);
    }
  });

  it.each([...changing, { method: 'POST', path: recover }])('that a form makes is answered with 415 at $method $path (S37)', async ({ method, path }) => {
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x', 'application/xml']) {
      const answer = await service.ask(path, { method, headers: { cookie, 'content-type': type }, body: '{"user":{"username":"kim"}}' });
      expect([type, ...statusAndMessage(answer)]).toEqual([type, 415, 'Unsupported Media Type']);
    }
  });
});

describe('health', () => {
  it('says that the process lives, and that it is ready', async () => {
    expect((await service.ask('/health/live', { as: null })).body).toEqual({ status: 'ok' });
    expect((await service.ask('/health/ready', { as: null })).body).toEqual({ status: 'ready' });
  });
});

async function connected(): Promise<Socket> {
  const { hostname, port } = new URL(service.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  return socket.on('error', () => undefined);
}

async function raw(request: string): Promise<string> {
  const socket = await connected();
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString()));
  socket.write(request);
  await new Promise((resolve) => void socket.once('close', resolve));
  return answer;
}

/** Chunk after chunk, for as long as somebody takes them. */
async function endless(): Promise<{ readonly answer: string; readonly sentBytes: number }> {
  const socket = await connected();
  const content = Buffer.alloc(16_384, ' ');
  const closed = new Promise((resolve) => void socket.once('close', resolve));
  let [answer, sentBytes] = ['', 0];
  socket.on('data', (chunk) => (answer += chunk.toString()));
  socket.write(`POST ${recover} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic ${Buffer.from('admin:admin').toString('base64')}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`);
  while (!socket.destroyed && sentBytes < 64 * 1_048_576) {
    socket.write(`${content.length.toString(16)}\r\n`);
    sentBytes += content.length;
    if (!socket.write(Buffer.concat([content, Buffer.from('\r\n')]))) await Promise.race([new Promise((resolve) => void socket.once('drain', resolve)), closed]);
  }
  await closed;
  return { answer, sentBytes };
}
