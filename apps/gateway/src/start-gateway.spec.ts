import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request as httpRequest, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, localCertificate } from '@rekey/local-stack';
import { createLogger } from '@rekey/observability';
import { startGateway, type Gateway, type GatewayOptions } from './index.ts';

const log = createLogger('gateway', { level: 'silent' });
let folder: string;
let certificate: { key: string; cert: string };
const ends: (() => unknown)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rekey-gateway-'));
  certificate = await localCertificate(folder, 'localhost');
  await writeFile(path.join(folder, 'index.html'), '<title>My Account</title>');
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

describe('the gateway', () => {
  it('serves My Account over HTTPS and plain HTTP, with the security headers', async () => {
    const gateway = await aGateway([await aService()]);
    const secure = await ask(gateway, '/myaccount/reset', { secure: true });
    expect([secure.status, secure.body]).toEqual([200, '<title>My Account</title>']);
    expect(secure.headers['strict-transport-security']).toBe('max-age=31536000');
    const plain = await ask(gateway, '/myaccount/');
    expect(plain.status).toBe(200);
    expect(plain.headers['strict-transport-security']).toBeUndefined();
  });

  it.each(['/api/identity/recovery/v0.9/recover-password?type=email&notify=true', '/scim2/Users?filter=userName+eq+%22kim%22', '/t/example.com/api/x'])('forwards %s as it was asked', async (address) => {
    const gateway = await aGateway([await aService(echo)]);
    const { status, body } = await ask(gateway, address, { method: 'POST', body: '{"user": "kim"}', headers: { 'content-type': 'application/json; charset=utf-8' } });
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ method: 'POST', url: address, body: '{"user": "kim"}', headers: { 'content-type': 'application/json; charset=utf-8', 'content-length': '15' } });
  });

  it('forwards nothing else', async () => {
    const gateway = await aGateway([await aService(echo)]);
    const { status, body } = await ask(gateway, '/metrics');
    expect([status, JSON.parse(body)]).toEqual([404, { code: '404', message: 'Not Found', description: expect.any(String), traceId: expect.any(String) }]);
  });

  it.each(['/api/../internal', '/api/%2e%2e/internal', '/api/..;/internal', '/api//internal', '/api/a%2fb', '/api/a%5Cb', '/api/%zz'])('refuses %s, which two servers may read differently', async (address) => {
    const gateway = await aGateway([await aService(echo)]);
    const { status, body } = await ask(gateway, address);
    expect([status, JSON.parse(body).code]).toEqual([400, '400']);
  });

  it('goes to nobody but its services, whatever address a request names', async () => {
    const seen: string[] = [];
    const elsewhere = await aService((request, response) => void (seen.push(`${request.url}`), response.end()));
    const gateway = await aGateway([await aService(echo)]);
    for (const address of [`${elsewhere}/api/x`, `//${new URL(elsewhere).host}/api/x`]) expect((await ask(gateway, address)).status).toBeGreaterThanOrEqual(400);
    expect(JSON.parse((await ask(gateway, '/api/x', { headers: { host: new URL(elsewhere).host } })).body).url).toBe('/api/x');
    expect(seen).toEqual([]);
  });

  it('says anew who asks and how, whatever the asker says', async () => {
    const gateway = await aGateway([await aService(echo)]);
    const headers = { 'x-forwarded-for': '6.6.6.6', 'x-forwarded-proto': 'gopher', 'x-forwarded-host': 'evil.example', forwarded: 'for=6.6.6.6', 'x-real-ip': '6.6.6.6', host: 'localhost:9443', te: 'trailers' };
    const seen = JSON.parse((await ask(gateway, '/api/x', { secure: true, headers })).body).headers;
    expect(seen).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'https', host: 'localhost:9443' });
    for (const name of ['x-forwarded-host', 'forwarded', 'x-real-ip', 'te']) expect(seen[name]).toBeUndefined();
    expect(JSON.parse((await ask(gateway, '/api/x')).body).headers['x-forwarded-proto']).toBe('http');
  });

  it('hands back status, headers, cookies and empty bodies as the service gave them', async () => {
    const service = await aService((_request, response) => response.writeHead(202, { 'set-cookie': ['a=1', 'b=2'], 'x-own': 'yes', 'cache-control': 'no-store' }).end());
    const { status, headers, body } = await ask(await aGateway([service]), '/api/x', { method: 'POST', body: '' });
    expect([status, headers['set-cookie'], headers['x-own'], body]).toEqual([202, ['a=1', 'b=2'], 'yes', '']);
  });

  it('refuses a body that is too large in the shape of every error', async () => {
    const { status, body } = await ask(await aGateway([await aService(echo)]), '/api/x', { method: 'POST', body: 'x'.repeat(1024 * 1024 + 1) });
    expect([status, JSON.parse(body).code]).toEqual([413, '413']);
  });
});

describe('sharing out among recovery services', () => {
  it('takes those that are ready in turn', async () => {
    const [one, two, notReady] = [await aService(saying('one')), await aService(saying('two')), await aService(unready)];
    const gateway = await aGateway([one, notReady, two]);
    const answers = [];
    for (let n = 0; n < 4; n++) answers.push((await ask(gateway, '/api/x')).body);
    expect(answers).toEqual(['one', 'two', 'one', 'two']);
  });

  it('tries another where nobody listens any more, also for a POST', async () => {
    const [one, two] = [await aService(saying('one')), await aService(saying('two'))];
    const gateway = await aGateway([one, two], { checkEveryMs: 60_000 });
    await stop(one);
    for (let n = 0; n < 3; n++) expect((await ask(gateway, '/api/x', { method: 'POST', body: '{}' })).body).toBe('two');
  });

  it('never sends a POST a second time once it was sent, but a GET', async () => {
    const seen: string[] = [];
    const cutting: RequestListener = (request, response) => {
      seen.push(`${request.method}`);
      response.destroy();
    };
    const gateway = await aGateway([await aService(cutting), await aService(cutting)]);
    const { status, body } = await ask(gateway, '/api/x', { method: 'POST', body: '{}' });
    expect([status, JSON.parse(body).code, seen]).toEqual([502, '502', ['POST']]);
    seen.length = 0;
    expect((await ask(gateway, '/api/x')).status).toBe(503);
    expect(seen).toEqual(['GET', 'GET']);
  });

  it('does not repeat a request that a service answered with 503', async () => {
    let asked = 0;
    const service = await aService((_request, response) => {
      asked++;
      response.writeHead(503, { 'retry-after': '5' }).end('busy');
    });
    expect((await ask(await aGateway([service]), '/api/x')).body).toBe('busy');
    expect(asked).toBe(1);
  });

  it('answers 503 and when to try again where none is ready, and forwards once one is', async () => {
    const port = await freePort();
    const gateway = await aGateway([`http://127.0.0.1:${port}`], { checkEveryMs: 10 });
    const { status, headers, body } = await ask(gateway, '/api/x');
    expect([status, headers['retry-after']]).toEqual([503, '5']);
    expect(JSON.parse(body)).toEqual({ code: '503', message: 'Service Unavailable', description: expect.any(String), traceId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect((await ask(gateway, '/myaccount/')).status).toBe(200);

    await aService(saying('back'), port);
    let answer = await ask(gateway, '/api/x');
    while (answer.status === 503) answer = await ask(gateway, '/api/x');
    expect(answer.body).toBe('back');
  });

  it('says itself that it lives, and whether a service is ready: nothing that a service says of its trouble', async () => {
    const troubled = await aService(unready);
    const gateway = await aGateway([troubled, await aService()]);
    expect([(await ask(gateway, '/health/live')).body, (await ask(gateway, '/health/ready')).body]).toEqual(['{"status":"ok"}', '{"status":"ready"}']);
    const alone = await aGateway([troubled], { checkEveryMs: 60_000 });
    const { status, body } = await ask(alone, '/health/ready', { secure: true });
    expect([status, body]).toEqual([503, '{"status":"not ready"}']);
    expect((await ask(alone, '/health/live')).status).toBe(200);
    expect((await ask(alone, '/health/else')).status).toBe(404);
  });

  it('answers 504 where a service does not answer in time', async () => {
    const gateway = await aGateway([await aService(() => undefined)], { answerTimeoutMs: 50 });
    const { status, body } = await ask(gateway, '/api/x', { method: 'POST', body: '{}' });
    expect([status, JSON.parse(body).code]).toEqual([504, '504']);
  });
});

describe('starting and ending', () => {
  it('names a port that is in use, in one line', async () => {
    const taken = createTcpServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    ends.push(() => taken.close());
    const address = taken.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await expect(aGateway(['http://127.0.0.1:1'], {}, { httpsPort: port })).rejects.toThrow(`port ${port} is in use by another program`);
    await expect(aGateway(['http://127.0.0.1:1'], {}, { httpPort: port })).rejects.toThrow(`port ${port} is in use by another program`);
  });

  it.each([[['nonsense']], [['http://127.0.0.1:9500/path']], [[]]])('refuses upstreams such as %j', async (upstreams) => {
    await expect(aGateway(upstreams)).rejects.toThrow(/--upstream/);
  });

  it('refuses a certificate that is none', async () => {
    await expect(aGateway(['http://127.0.0.1:1'], {}, { certificate: { key: 'x', cert: 'y' } })).rejects.toThrow(/^the certificate cannot be used/);
  });

  it.each([true, false])('finishes what is in hand before it ends (HTTPS: %s)', async (secure) => {
    const hands = new EventEmitter();
    const service = await aService((_request, response) => hands.emit('full', response));
    const gateway = await aGateway([service]);
    const full = once(hands, 'full');
    const answer = ask(gateway, '/api/slow', { secure });
    const [response] = await full;
    const closed = gateway.close();
    response.end('finished');
    expect((await answer).body).toBe('finished');
    await closed;
  });
});

/** By itself it leaves out an upstream that is silent for two seconds: of a machine that stands still, that would be everyone. */
async function aGateway(upstreams: readonly string[], times: NonNullable<GatewayOptions['times']> = {}, options: Partial<GatewayOptions> = {}): Promise<Gateway> {
  const gateway = await startGateway({ httpsPort: 0, httpPort: 0, certificate, upstreams, myAccountFolder: folder, consoleFolder: path.join(folder, 'none'), log, times: { connectTimeoutMs: 30_000, checkTimeoutMs: 30_000, ...times }, ...options });
  ends.push(() => gateway.close());
  return gateway;
}

const services = new Map<string, Server>();

/** A recovery service that is ready, and answers everything else as it is told. */
async function aService(listener: RequestListener = echo, port = 0): Promise<string> {
  const server = createServer((request, response) => (request.url === '/health/ready' && request.method === 'GET' && listener !== unready ? response.end('{}') : listener(request, response)));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  services.set(origin, server);
  ends.push(() => stop(origin));
  return origin;
}

async function stop(origin: string): Promise<void> {
  const server = services.get(origin);
  services.delete(origin);
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
}

function unready(_request: IncomingMessage, response: Parameters<RequestListener>[1]): void {
  response.writeHead(503).end('{"status":"not ready","waitingFor":["database"]}');
}

function echo(request: IncomingMessage, response: Parameters<RequestListener>[1]): void {
  void textOf(request).then((body) => response.setHeader('content-type', 'application/json').end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body })));
}

function saying(words: string): RequestListener {
  return (_request, response) => response.end(words);
}

interface Question {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
  readonly secure?: boolean;
}

/** Not by `fetch`, which tidies paths and hides headers. */
async function ask(gateway: Gateway, address: string, { method = 'GET', body, headers = {}, secure = false }: Question = {}): Promise<{ status: number; headers: IncomingMessage['headers']; body: string }> {
  const send = secure ? httpsRequest : httpRequest;
  const request = send({ host: '127.0.0.1', port: secure ? gateway.httpsPort : gateway.httpPort, path: address, method, headers: { ...headers, ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }) }, rejectUnauthorized: false, agent: false });
  const answered = once(request, 'response');
  request.end(body);
  const [response] = (await answered) as [IncomingMessage]; // what `once` gives for this event
  return { status: response.statusCode ?? 0, headers: response.headers, body: await textOf(response) };
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer); // no encoding is set
  return Buffer.concat(chunks).toString();
}
