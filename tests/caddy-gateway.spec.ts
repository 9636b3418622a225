import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, request as httpRequest, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startGateway, type Gateway } from '@rekey/gateway';
import { freePort, localCertificate } from '@rekey/local-stack';
import { createLogger } from '@rekey/observability';

const root = fileURLToPath(new URL('../', import.meta.url));
const missing = caddyUnavailable();
const keyOfALink = 'x9Zr1kQ0s7b3';

/** Of the Docker deployment's Caddyfile; everything else in it runs as it is. */
interface Caddy {
  readonly httpsPort: number;
  readonly healthPort: number;
  readonly process: ChildProcess;
  readonly output: () => string;
}

(missing === null ? describe : describe.skip)('the gateway of the Docker deployment, run by Caddy', () => {
  let folder: string;
  let caddy: Caddy;
  /** What it is held against. */
  let gateway: Gateway;
  let upstreamPort: number;
  let behaviour: RequestListener = echo;
  const upstreams: Server[] = [];
  let nameServer: Socket;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rekey-caddy-'));
    const pages = path.join(folder, 'my-account');
    await mkdir(path.join(pages, 'assets'), { recursive: true });
    await writeFile(path.join(pages, 'index.html'), '<title>My Account</title>');
    await writeFile(path.join(pages, 'assets/index-BxK3f9_a.js'), 'export {};');
    await writeFile(path.join(pages, 'assets/favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    await writeFile(path.join(pages, 'assets/index-BxK3f9_a.js.map'), '{}');
    await writeFile(path.join(pages, '.built'), '');
    await cp(pages, path.join(folder, 'console'), { recursive: true });
    await cp(path.join(root, 'libs/edge/assets'), path.join(folder, 'old-links'), { recursive: true });

    upstreamPort = await freePort();
    nameServer = await aNameServer();
    for (const host of ['127.0.0.1', '::1']) upstreams.push(await anUpstream(host));
    const certificate = await localCertificate(folder, 'localhost');
    gateway = await startGateway({ httpsPort: 0, httpPort: 0, certificate, upstreams: [`http://127.0.0.1:${upstreamPort}`], myAccountFolder: pages, consoleFolder: path.join(folder, 'console'), log: createLogger('gateway', { level: 'silent' }) });
    caddy = await startCaddy();
  });
  afterEach(() => {
    behaviour = echo;
  });
  afterAll(async () => {
    if (caddy.process.exitCode === null) {
      caddy.process.kill('SIGTERM');
      await once(caddy.process, 'exit');
    }
    await gateway.close();
    for (const upstream of upstreams) await ended(upstream);
    nameServer.close();
    await rm(folder, { recursive: true });
  });

  describe('answers as the gateway of `npm run start:distributed`', () => {
    it.each([
      '/t/example.com/', '/t/example.com/myaccount', '/t/example.com/myaccount/', '/t/example.com/myaccount/reset', '/t/example.com/myaccount/assets/index-BxK3f9_a.js', '/t/example.com/myaccount/assets/index-missing0.js',
      '/t/example.com', '/t/a/t/b/myaccount/', '/T/example.com/myaccount/', '/t/a%2fb/myaccount/', '/t/..;/myaccount/', '/t//myaccount/', '/t/a/../myaccount/', '/%74/example.com/api/x',
      '/console', '/console/', '/console/users/1', '/console/assets/index-BxK3f9_a.js', '/console/assets/index-missing0.js', '/console/.built', '/t/example.com/console', '/t/example.com/console/users/1', '/t/a/t/b/console/', '/consoles/',
      '/', '/myaccount', '/myaccount/', '/myaccount/reset', '/myaccount/assets/index-BxK3f9_a.js', '/myaccount/assets/favicon.svg',
      '/myaccount/assets/index-missing0.js', '/myaccount/assets/index-BxK3f9_a.js.map', '/myaccount/.built', '/.env', '/metrics', '/health/live', '/health/ready', '/health/else', '/health', '/internal/x',
      `/accountrecoveryendpoint/confirmrecovery.do?confirmation=${keyOfALink}`, `/t/example.com/accountrecoveryendpoint/confirmrecovery.do?confirmation=${keyOfALink}`, '/accountrecoveryendpoint/old-link.js', '/accountrecoveryendpoint/',
      '/api/../internal', '/api/%2e%2e/internal', '/api/..;/internal', '/api//internal', '/api/a%2fb', '/api/a%5Cb', '/api/.', '/api/x%00',
    ])('GET %s', async (address) => {
      const [expected, actual] = [await ask(gateway.httpsPort, address), await ask(caddy.httpsPort, address)];
      expect(comparable(actual)).toEqual(comparable(expected));
    });

    it.each(['/api/identity/recovery/v0.9/recover-password?type=email&notify=true', '/scim2/Users?filter=userName+eq+%22kim%22', '/t/example.com/api/x', '/api/a/../b?next=/../x', '/api/x?next=//y'])('POST %s', async (address) => {
      const question = { method: 'POST', body: '{"user": "kim"}', headers: { 'content-type': 'application/json; charset=utf-8' } };
      const [expected, actual] = [await ask(gateway.httpsPort, address, question), await ask(caddy.httpsPort, address, question)];
      expect(comparable(actual)).toEqual(comparable(expected));
    });

    it.each([['POST', '/myaccount/'], ['POST', '/health/ready'], ['DELETE', '/'], ['POST', '/accountrecoveryendpoint/confirmrecovery.do']])('%s %s', async (method, address) => {
      const [expected, actual] = [await ask(gateway.httpsPort, address, { method }), await ask(caddy.httpsPort, address, { method })];
      expect(comparable(actual)).toEqual(comparable(expected));
    });

    it('where a service has headers, cookies and a policy of its own', async () => {
      behaviour = (_request, response) => response.writeHead(202, { 'set-cookie': ['a=1', 'b=2'], 'x-own': 'yes', 'cache-control': 'no-cache', 'content-security-policy': "default-src 'none'", server: 'own', via: '1.1 own' }).end();
      const [expected, actual] = [await ask(gateway.httpsPort, '/api/x'), await ask(caddy.httpsPort, '/api/x')];
      expect(actual.status).toBe(202);
      expect(actual.headers['set-cookie']).toEqual(['a=1', 'b=2']);
      // Who else was on the way is the gateway's own business.
      for (const name of ['server', 'via']) delete expected.headers[name];
      expect(comparable(actual)).toEqual(comparable(expected));
    });

    it.each([['with its length', {}], ['in pieces of unknown number', { chunked: true }]])('a body that is too large, sent %s', async (_how, sending) => {
      const question = { method: 'POST', body: 'x'.repeat(1024 * 1024 + 1), ...sending };
      const [expected, actual] = [await ask(gateway.httpsPort, '/api/x', question), await ask(caddy.httpsPort, '/api/x', question)];
      expect([actual.status, comparable(actual).body]).toEqual([413, comparable(expected).body]);
    });
  });

  it.each(['/myaccount/..%2f..%2f.env', '/myaccount//reset', '/accountrecoveryendpoint/./old-link.js'])('refuses %s too, which two servers may read differently', async (address) => {
    expect((await ask(caddy.httpsPort, address)).status).toBe(400);
  });

  it('says anew who asks and how, whatever the asker says', async () => {
    const headers = { 'x-forwarded-for': '6.6.6.6', 'x-forwarded-proto': 'gopher', 'x-forwarded-host': 'evil.example', 'x-forwarded-port': '1', forwarded: 'for=6.6.6.6', 'x-real-ip': '6.6.6.6', 'true-client-ip': '6.6.6.6', via: '1.1 evil', host: 'localhost:9443' };
    const seen = JSON.parse((await ask(caddy.httpsPort, '/api/x', { headers })).body).headers;
    expect(seen).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'https', host: 'localhost:9443' });
    for (const name of ['x-forwarded-host', 'x-forwarded-port', 'forwarded', 'x-real-ip', 'true-client-ip', 'via']) expect(seen[name]).toBeUndefined();
  });

  it('keeps what the services say of their health to the health check inside the container', async () => {
    expect((await ask(caddy.healthPort, '/health/ready', { secure: false })).status).toBe(200);
    expect((await ask(caddy.healthPort, '/api/x', { secure: false })).status).toBe(404);
    const trouble = '{"status":"not ready","waitingFor":["database"]}';
    behaviour = (_request, response) => response.writeHead(503).end(trouble);
    const inside = await ask(caddy.healthPort, '/health/ready', { secure: false });
    expect([inside.status, inside.body]).toEqual([503, trouble]);
    const [expected, actual] = [await ask(gateway.httpsPort, '/health/ready'), await ask(caddy.httpsPort, '/health/ready')];
    expect([actual.status, actual.body]).toEqual([503, '{"status":"not ready"}']);
    expect(comparable(actual)).toEqual(comparable(expected));
  });

  it('answers whoever names another host, or none, by the same rules', async () => {
    const { status, headers } = await ask(caddy.httpsPort, '/myaccount/', { headers: { host: 'evil.example' }, servername: '' });
    expect([status, headers['content-security-policy']]).toEqual([200, expect.stringContaining("default-src 'self'")]);
  });

  it('shares requests out among the recovery services that there are', async () => {
    behaviour = (request, response) => response.end(String(request.socket.localFamily));
    const answers = new Set<string>();
    for (let n = 0; n < 4; n++) answers.add((await ask(caddy.httpsPort, '/api/x')).body);
    expect([...answers].sort()).toEqual(['IPv4', 'IPv6']);
  });

  it('never sends a POST a second time once it was sent', async () => {
    const seen: string[] = [];
    behaviour = (request, response) => {
      seen.push(String(request.method));
      response.destroy();
    };
    const { status, body } = await ask(caddy.httpsPort, '/api/x', { method: 'POST', body: '{}' });
    expect([status, JSON.parse(body).code, seen]).toEqual([502, '502', ['POST']]);
  });

  it('does not repeat a request that a service answered with 503', async () => {
    let asked = 0;
    behaviour = (_request, response) => {
      asked++;
      response.writeHead(503, { 'retry-after': '7' }).end('busy');
    };
    const { status, headers, body } = await ask(caddy.httpsPort, '/api/x');
    expect([status, headers['retry-after'], body, asked]).toEqual([503, '7', 'busy', 1]);
  });

  it('answers 504 where a service does not answer in time', async () => {
    behaviour = () => undefined;
    const { status, body } = await ask(caddy.httpsPort, '/api/x', { method: 'POST', body: '{}' });
    expect([status, JSON.parse(body).code]).toEqual([504, '504']);
  });

  it('tries another where nobody listens any more, also for a POST, and says 503 and when to try again where there is none', async () => {
    await ended(upstreams.pop());
    // Before 2.11.2 a body is lost on the way to the next try: https://github.com/caddyserver/caddy/issues/7546. The image is newer.
    const body = bodiesAreKept() ? '{"n":1}' : '';
    for (let n = 0; n < 4; n++) expect(JSON.parse((await ask(caddy.httpsPort, '/api/x', { method: 'POST', body })).body)).toMatchObject({ method: 'POST', body });

    await ended(upstreams.pop());
    const refused = await ask(caddy.httpsPort, '/api/x', { method: 'POST', body });
    expect([refused.status, refused.headers['retry-after'], refused.headers['content-type']]).toEqual([503, '5', 'application/json; charset=utf-8']);
    expect(JSON.parse(refused.body)).toEqual({ code: '503', message: 'Service Unavailable', description: expect.any(String), traceId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect((await ask(caddy.httpsPort, '/myaccount/')).status).toBe(200);
    const health = await ask(caddy.httpsPort, '/health/ready');
    expect([health.status, health.body]).toEqual([503, '{"status":"not ready"}']);
  });

  it('writes no key and no credentials into its log', async () => {
    for (const upstream of upstreams.splice(0)) await ended(upstream);
    const question = { secure: false, headers: { authorization: 'Basic c2VjcmV0OnNlY3JldA==', cookie: 'session=c2VjcmV0' } };
    expect((await ask(caddy.healthPort, `/health/ready?confirmation=${keyOfALink}`, question)).status).toBe(502);
    expect(caddy.output()).toContain('"uri":"/health/ready"');
    expect(caddy.output()).not.toMatch(new RegExp(`${keyOfALink}|c2VjcmV0`));
  });

  it('finishes what is in hand before it ends', async () => {
    const hands = new EventEmitter();
    const told = once(hands, 'told');
    // Each time it asks: where this machine stands still for longer than the limit, it asks again.
    behaviour = (_request, response) => {
      hands.emit('full');
      told.then(() => response.end('finished'), () => response.destroy());
    };
    upstreams.push(await anUpstream('127.0.0.1'), await anUpstream('::1'));
    const full = once(hands, 'full');
    const answer = ask(caddy.httpsPort, '/api/slow');
    await full;
    caddy.process.kill('SIGTERM');
    hands.emit('told');
    expect((await answer).body).toBe('finished');
    if (caddy.process.exitCode === null) await once(caddy.process, 'exit');
    expect(caddy.process.exitCode).toBe(0);
  });

  async function startCaddy(): Promise<Caddy> {
    const [httpsPort, healthPort] = [await freePort(), await freePort()];
    const shipped = await readFile(path.join(root, 'deploy/Caddyfile'), 'utf8');
    const places = { ':9443': `:${httpsPort}`, '127.0.0.1:9080': `127.0.0.1:${healthPort}`, 'recovery-service 9500 {': `recovery-service ${upstreamPort} {\nresolvers udp/127.0.0.1:${nameServer.address().port}`, '/srv/rekey': folder, 'response_header_timeout 30s': 'response_header_timeout 5s' };
    let config = shipped;
    for (const [from, to] of Object.entries(places)) {
      expect(config).toContain(from);
      config = config.replaceAll(from, to);
    }
    const file = path.join(folder, 'Caddyfile');
    await writeFile(file, config);
    const child = spawn('caddy', ['run', '--config', file, '--adapter', 'caddyfile'], { env: { PATH: process.env['PATH'], HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)));
    const started: Caddy = { httpsPort, healthPort, process: child, output: () => output };
    while (!(await ask(httpsPort, '/myaccount/').catch(() => null))) {
      if (child.exitCode !== null) throw new Error(`Caddy ended: ${output}`);
    }
    return started;
  }

  async function anUpstream(host: string): Promise<Server> {
    const server = createServer((request, response) => (request.url === '/health/ready' && behaviour === echo ? response.end('{}') : behaviour(request, response)));
    server.listen(upstreamPort, host);
    await once(server, 'listening');
    return server;
  }
});

interface Question {
  readonly method?: string;
  readonly body?: string;
  readonly chunked?: boolean;
  readonly headers?: Record<string, string>;
  readonly secure?: boolean;
  readonly servername?: string;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Not by `fetch`, which tidies paths and hides headers. */
async function ask(port: number, address: string, { method = 'GET', body, chunked = false, headers = {}, secure = true, servername = 'localhost' }: Question = {}): Promise<Answer> {
  const send = secure ? httpsRequest : httpRequest;
  const length = body === undefined || chunked ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const request = send({ host: '127.0.0.1', port, path: address, method, headers: { ...length, ...headers }, rejectUnauthorized: false, agent: false, servername });
  const answered = once(request, 'response');
  if (chunked && body !== undefined) request.write(body);
  request.end(chunked ? undefined : body);
  const [response] = (await answered) as [IncomingMessage]; // what `once` gives for this event
  // Once it has answered, it may cut off a body that it does not want.
  request.on('error', () => undefined);
  return { status: response.statusCode ?? 0, headers: response.headers, body: await textOf(response) };
}

/** How an answer was sent, and what is new in every one. */
const ofTheSending = ['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding', 'etag', 'last-modified', 'accept-ranges', 'vary'];

function comparable({ status, headers, body }: Answer) {
  const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !ofTheSending.includes(name)));
  const redirect = status >= 300 && status < 400;
  return { status, headers: kept, body: redirect ? '' : body.replace(/"traceId":"[0-9a-f-]{36}"/, '"traceId":"…"').replace(/"user-agent":"[^"]*",?|"connection":"[^"]*",?|"accept-encoding":"[^"]*",?|"host":"[^"]*",?/g, '') };
}

function echo(request: IncomingMessage, response: Parameters<RequestListener>[1]): void {
  textOf(request).then((body) => {
    const headers = Object.fromEntries(Object.entries(request.headers).sort(([one], [other]) => (one < other ? -1 : 1)));
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ method: request.method, url: request.url, headers, body }));
  }, () => response.destroy());
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer); // no encoding is set
  return Buffer.concat(chunks).toString();
}

/** As Docker's: the name of a service has the address of each of its containers. Here they are 127.0.0.1 and ::1 (RFC 1035, RFC 3596). */
async function aNameServer(): Promise<Socket> {
  const addresses: Readonly<Record<number, Buffer>> = { 1: Buffer.from([127, 0, 0, 1]), 28: Buffer.from('00000000000000000000000000000001', 'hex') };
  const socket = createSocket('udp4');
  socket.on('message', (query, sender) => {
    const endOfName = query.indexOf(0, 12);
    const address = addresses[query.readUInt16BE(endOfName + 1)];
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8580, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(address ? 1 : 0, 6);
    const question = query.subarray(12, endOfName + 5);
    const answer = address ? [Buffer.from([0xc0, 12]), question.subarray(-4), Buffer.from([0, 0, 0, 0, 0, address.length]), address] : [];
    socket.send(Buffer.concat([header, question, ...answer]), sender.port, sender.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

function bodiesAreKept(): boolean {
  const [major = 0, minor = 0, patch = 0] = spawnSync('caddy', ['version'], { encoding: 'utf8' }).stdout.replace(/^v/, '').split(/[. ]/).map(Number);
  return major > 2 || minor > 11 || (minor === 11 && patch >= 2);
}

async function ended(server: Server | undefined): Promise<void> {
  if (!server?.listening) return;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** @throws with `REQUIRE_CADDY=1`, instead of returning the reason */
function caddyUnavailable(): string | null {
  if (spawnSync('caddy', ['version']).status === 0) return null;
  const reason = 'there is no caddy in the PATH';
  if (process.env['REQUIRE_CADDY'] === '1') throw new Error(`REQUIRE_CADDY=1, but ${reason}`);
  process.stderr.write(`SKIPPED: the Docker deployment's gateway is not tested, ${reason}\n`);
  return reason;
}
