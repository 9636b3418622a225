import { connect } from 'node:net';
import { ServiceUnderTest, type Answer, type ErrorBody } from '../testing/service-under-test.ts';

const recover = '/api/identity/recovery/v0.9/recover-password';
const shape = { code: expect.any(String), message: expect.any(String), description: expect.any(String), traceId: expect.stringMatching(/^[0-9a-f-]{36}$/) };

let service: ServiceUnderTest;
beforeAll(async () => {
  service = await ServiceUnderTest.start();
  await service.aUser('kim');
});
afterAll(() => service.stop());

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

  it('with a form’s content type is answered with 415: a page of another site can make a browser send it (S37)', async () => {
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x', 'application/xml']) {
      const answer = await service.ask(recover, { body: '{"user":{"username":"kim"}}', headers: { 'content-type': type } });
      expect([type, ...statusAndMessage(answer)]).toEqual([type, 415, 'Unsupported Media Type']);
    }
  });

  it('to an address or with a method that there is not is answered with 404 in the same shape', async () => {
    for (const [method, address] of [['GET', '/nothing'], ['GET', recover], ['DELETE', recover], ['GET', '/t/carbon.super/nothing'], ['POST', '/api'], ['GET', '/.env'], ['GET', '/deployment.toml']] as const) {
      const answer = await service.ask(address, { method });
      expect([address, answer.status, answer.body]).toEqual([address, 404, expect.objectContaining({ ...shape, message: 'Not Found' })]);
    }
  });

  it('with a path that is written in another way gets past nothing (S14, S41)', async () => {
    for (const path of ['//api/identity/recovery/v0.9/recover-password', `${recover}/`, `${recover};x=1`, '/api/identity/recovery/v0.9/./recover-password', '/api/identity/recovery/v0.9/%72ecover-password', '/x/..;/api/identity/recovery/v0.9/recover-password']) {
      const answer = await raw(`POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 27\r\nConnection: close\r\n\r\n{"user":{"username":"kim"}}`);
      expect([path, answer.split('\r\n')[0]]).toEqual([path, expect.stringMatching(/^HTTP\/1\.1 (401|404|400) /)]);
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
    const changedAt = Date.now();
    let answer = await me();
    while (answer.status === 200 && Date.now() < changedAt + 5_000) answer = await me();
    expect(answer.status).toBe(401);
  });
});

describe('a request from a page of another site', () => {
  it.each([
    ['sec-fetch-site', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling', { 'sec-fetch-site': 'same-site' }],
    ['an old browser’s origin', { origin: 'https://evil.test' }],
    ['an opaque origin', { origin: 'null' }],
  ])('told by %s is refused on every route that My Account uses (S37)', async (_what, headers) => {
    for (const [method, address, body] of [['POST', '/api/rekey/v1/recovery', { username: 'kim' }], ['POST', '/api/rekey/v1/recovery/resend', { username: 'kim' }], ['POST', '/api/rekey/v1/recovery/key', { key: 'x' }], ['POST', '/api/rekey/v1/recovery/reset', { key: 'x', password: 'y' }], ['POST', '/api/rekey/v1/session', { username: 'kim', password: 'x' }], ['DELETE', '/api/rekey/v1/session', undefined]] as const) {
      const answer = await service.ask(address, { method, as: null, headers, ...(body ? { body } : {}) });
      expect([address, answer.status, (answer.body as ErrorBody).code]).toEqual([address, 403, 'RKY-10009']);
    }
  });
});

describe('health', () => {
  it('says that the process lives, and that it is ready', async () => {
    expect((await service.ask('/health/live', { as: null })).body).toEqual({ status: 'ok' });
    expect((await service.ask('/health/ready', { as: null })).body).toEqual({ status: 'ready' });
  });
});

async function raw(request: string): Promise<string> {
  const { hostname, port } = new URL(service.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(request));
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.once('close', () => resolve(answer));
    socket.once('error', reject);
  });
}
