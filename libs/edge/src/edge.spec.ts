import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { listenAlsoOnHttp, securityHeaders, serveApiDocs, serveConsole, serveMyAccount, type DocumentedApi, type DocumentedEvents } from './index.ts';

const things = { info: { title: 'Things & <more>', version: '1', description: 'What there is.' } };
const owner = { type: 'object', properties: { id: { type: 'string', format: 'uuid' } }, required: ['id'] };
const happenings = {
  info: { title: 'Happenings', version: '1.0.0', description: 'What happens.' },
  channels: { things: { address: 'things.v1', description: 'To things.', messages: { ThingMade: { $ref: '#/components/messages/ThingMade' } } } },
  components: { messages: { ThingMade: { summary: 'One more.', payload: { type: 'object', properties: { owner: { anyOf: [owner, { type: 'null' }] }, colour: { type: 'string', enum: ['red', 'blue'] } }, required: ['owner'] }, examples: [{ payload: { owner: null, colour: '<b>' } }] as const } } },
};

const largeScript = 'export {};'.repeat(1_000);

let folder: string;
let server: FastifyInstance;
let url: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rekey-edge-'));
  await mkdir(path.join(folder, 'assets'));
  await writeFile(path.join(folder, 'index.html'), '<!doctype html><title>My Account</title>');
  await writeFile(path.join(folder, 'assets/index-BxK3f9_a.js'), 'export {};');
  await writeFile(path.join(folder, 'assets/large-BxK3f9_a.js'), largeScript);
  await writeFile(path.join(folder, 'assets/index-BxK3f9_a.js.map'), '{}');
  await writeFile(path.join(folder, 'assets/favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await writeFile(path.join(folder, '.built'), '');

  server = fastify();
  securityHeaders(server);
  await serveMyAccount(server, { folder });
  await serveConsole(server, { folder });
  await serveApiDocs(server, new Map<string, DocumentedApi | DocumentedEvents>([['things-v1', things], ['happenings', happenings]]));
  server.get('/api/own-policy', async (_request, reply) => reply.header('content-security-policy', "default-src 'none'; sandbox").send('a mail'));
  server.post('/api/echo', async (request) => request.body);
  url = await server.listen({ host: '127.0.0.1', port: 0 });
});

afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

describe('the pages of My Account', () => {
  it.each(['/myaccount/', '/myaccount/reset', '/myaccount/a/b/c?x=1', '/myaccount/index.html', '/t/acme.example/myaccount/', '/t/acme.example/myaccount/reset'])('are the app at %s', async (address) => {
    const answer = await ask(address);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(await answer.text()).toContain('My Account');
  });

  it('answer to HEAD as to GET', async () => {
    for (const address of ['/myaccount/reset', '/myaccount/assets/index-BxK3f9_a.js']) expect((await ask(address, { method: 'HEAD' })).status).toBe(200);
  });

  it('are where the root and the address without a slash lead', async () => {
    for (const [place, addresses] of [['', ['/', '/myaccount']], ['/t/acme.example', ['/t/acme.example/', '/t/acme.example/myaccount']]] as const) {
      for (const address of addresses) {
        const answer = await ask(address);
        expect([answer.status, new URL(answer.headers.get('location') ?? '', url + address).pathname]).toEqual([302, `${place}/myaccount/`]);
      }
    }
  });

  it('bring files that are kept for ever where their name has a hash, and asked for again where not', async () => {
    const script = await ask('/myaccount/assets/index-BxK3f9_a.js');
    expect(script.headers.get('content-type')).toMatch(/javascript/);
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await ask('/myaccount/assets/favicon.svg')).headers.get('cache-control')).toBe('no-cache');
  });

  it.each([
    ['gzip, deflate, br', 'br', '-br"'],
    ['br;q=0, gzip;q=0.5', 'gzip', '-gzip"'],
    ['identity', null, '"'],
  ])('bring their script in few bytes to who takes it so (%s)', async (accepted, coding, ending) => {
    const script = await ask('/myaccount/assets/large-BxK3f9_a.js', { headers: { 'accept-encoding': accepted } });
    expect([script.headers.get('content-encoding'), script.headers.get('vary'), await script.text()]).toEqual([coding, 'accept-encoding', largeScript]);
    expect(Number(script.headers.get('content-length')) < 200).toBe(coding !== null);
    const tag = script.headers.get('etag') ?? '';
    expect(tag.endsWith(ending)).toBe(true);
    expect((await ask('/myaccount/assets/large-BxK3f9_a.js', { headers: { 'accept-encoding': accepted, 'if-none-match': tag } })).status).toBe(304);
  });

  it('are not sent again where the browser has them', async () => {
    const tag = (await ask('/myaccount/')).headers.get('etag') ?? '';
    for (const known of [tag, `W/${tag}`, `"another", ${tag}`, '*']) {
      const again = await ask('/myaccount/', { headers: { 'if-none-match': known } });
      expect([known, again.status, await again.text(), again.headers.get('etag'), again.headers.has('content-security-policy')]).toEqual([known, 304, '', tag, true]);
    }
    expect((await ask('/myaccount/', { headers: { 'if-none-match': '"another"' } })).status).toBe(200);
  });

  it.each(['/myaccount/assets/gone.js', '/myaccount/.built', '/myaccount/.env', '/myaccount/assets/index-BxK3f9_a.js.map', '/myaccount/..%2f..%2fpackage.json', '/myaccount/%2e%2e/package.json', '/T/acme.example/myaccount/', '/t//myaccount/', '/t/a/t/b/myaccount/', '/t/a%2fb/myaccount/', '/t/..;/myaccount/', '/t/acme.example/myaccount/.env'])('do not answer to %s', async (address) => {
    expect((await ask(address)).status).toBe(404);
  });

  it('cannot be served before they are built', async () => {
    await expect(serveMyAccount(fastify(), { folder: path.join(folder, 'nothing') })).rejects.toThrow(/^My Account has not been built: expected .*index\.html \(npm run build\)$/);
  });
});

describe('the Console', () => {
  it.each(['/console/', '/console/users/1', '/t/acme.example/console/', '/t/acme.example/console/deliveries'])('is at %s', async (address) => {
    const answer = await ask(address);
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('content-security-policy')]).toEqual([200, 'text/html; charset=utf-8', expect.stringMatching(/^default-src 'self'; script-src 'self'; style-src 'self';/)]);
  });

  it('is where the address without a slash leads, each tenant’s its own', async () => {
    for (const place of ['', '/t/acme.example']) {
      const answer = await ask(`${place}/console`);
      expect([answer.status, new URL(answer.headers.get('location') ?? '', `${url}${place}/console`).pathname]).toEqual([302, `${place}/console/`]);
    }
  });

  it.each(['/console/assets/gone.js', '/console/.built', '/console/assets/index-BxK3f9_a.js.map', '/console/..%2f..%2fpackage.json', '/t/a/t/b/console/'])('does not answer to %s', async (address) => {
    expect((await ask(address)).status).toBe(404);
  });

  it('is nowhere before it is built', async () => {
    const without = fastify();
    expect(await serveConsole(without, { folder: path.join(folder, 'nothing') })).toBe(false);
    expect(without.hasRoute({ method: 'GET', url: '/console/*' })).toBe(false);
    expect(server.hasRoute({ method: 'GET', url: '/console/*' })).toBe(true);
  });
});

describe('the API reference', () => {
  it('is a list of the documents, a page of each, and the document itself', async () => {
    const [list, page, document] = await Promise.all(['/api/docs', '/api/docs/things-v1', '/api/docs/things-v1.json'].map((address) => ask(address)));
    expect([list?.status, page?.status, document?.status]).toEqual([200, 200, 200]);
    expect(await list?.text()).toContain('<a href="/api/docs/things-v1">Things &#38; &#60;more&#62;</a>');
    expect(await page?.text()).toContain('data-document="/api/docs/things-v1.json"');
    expect([document?.headers.get('content-type'), await document?.json()]).toEqual(['application/json; charset=utf-8', things]);
  });

  it('brings every script and style from here, and none within a page', async () => {
    const page = await (await ask('/api/docs/things-v1')).text();
    const addresses = [...page.matchAll(/<(?:script src|link rel="stylesheet" href)="(.+?)"/g)].map(([, address = '']) => address);
    expect(addresses).toHaveLength(4);
    for (const address of addresses) expect([address, (await ask(address)).status]).toEqual([address, 200]);
    expect(page).not.toMatch(/<style|style=|<script[^>]*>[^<]/);
  });

  it('shows events by topic, with their fields and an example, and needs no script for it', async () => {
    const page = await (await ask('/api/docs/happenings')).text();
    expect(page).toContain('<h2><code>things.v1</code></h2>');
    expect(page).toContain('<tr><th scope="row"><code>owner.id</code></th><td>a UUID</td><td>always</td></tr>');
    expect(page).toContain('<tr><th scope="row"><code>colour</code></th><td>&#34;red&#34;, &#34;blue&#34;</td><td>optional</td></tr>');
    expect(page).toContain('&#34;&#60;b&#62;&#34;');
    expect(page).not.toContain('<script');
    expect(await (await ask('/api/docs/happenings.json')).json()).toEqual(happenings);
  });

  it('has no page of a document that there is not', async () => {
    for (const address of ['/api/docs/others', '/api/docs/others.json', '/api/docs/assets/../../package.json', '/api/docs/constructor']) expect((await ask(address)).status).toBe(404);
  });
});

describe('a link of WSO2 Identity Server', () => {
  it.each(['', '/t/example.com'])('leads on by a script that is not in the page, and shows nothing of its key (%s)', async (tenant) => {
    const answer = await ask(`${tenant}/accountrecoveryendpoint/confirmrecovery.do?confirmation=secret-key&username=kim`);
    expect(answer.status).toBe(200);
    const page = await answer.text();
    expect(page).not.toContain('secret-key');
    expect(page.match(/<script[^>]*>[^<]*/g)).toEqual(['<script src="/accountrecoveryendpoint/old-link.js">']);
    const script = await ask('/accountrecoveryendpoint/old-link.js');
    expect(script.headers.get('content-type')).toMatch(/^text\/javascript/);
    expect(await script.text()).toContain('${tenant}/myaccount/reset#key=');
  });
});

describe('the headers of every answer', () => {
  it.each(['/myaccount/', '/myaccount/assets/favicon.svg', '/nothing-here', '/'])('are there at %s', async (address) => {
    const { headers } = await ask(address);
    const policy = headers.get('content-security-policy');
    for (const rule of ["default-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"]) expect(policy).toContain(rule);
    expect(policy).not.toMatch(/unsafe/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  it('leave a page its own policy', async () => {
    const { headers } = await ask('/api/own-policy');
    expect([headers.get('content-security-policy'), headers.get('x-content-type-options')]).toEqual(["default-src 'none'; sandbox", 'nosniff']);
  });

  it('let nobody keep an answer of the API, also a refusal', async () => {
    const answers = [await ask('/api/echo', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }), await ask('/api/echo', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } })];
    expect(answers.map(({ status, headers }) => [status, headers.get('cache-control')])).toEqual([
      [200, 'no-store'],
      [400, 'no-store'],
    ]);
  });
});

describe('the plain listener', () => {
  it('has the same routes, and ends with the instance', async () => {
    const plain = await listenAlsoOnHttp(server, { port: 0, host: '127.0.0.1' });
    const plainUrl = `http://127.0.0.1:${plain.port}`;
    expect((await fetch(`${plainUrl}/myaccount/`)).status).toBe(200);
    expect(await (await fetch(`${plainUrl}/api/echo`, { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } })).json()).toEqual({ a: 1 });
    await server.close();
    await plain.close();
    await expect(fetch(plainUrl)).rejects.toThrow();
  });

  it('rewrites addresses as the instance does', async () => {
    const rewriting = fastify({ rewriteUrl: (request) => (request.url ?? '').replace('/t/x', '') });
    rewriting.get('/who', async () => ({ who: 'x' }));
    await rewriting.listen({ port: 0, host: '127.0.0.1' });
    const plain = await listenAlsoOnHttp(rewriting, { port: 0, host: '127.0.0.1' });
    expect(await (await fetch(`http://127.0.0.1:${plain.port}/t/x/who`)).json()).toEqual({ who: 'x' });
    await rewriting.close();
  });

  it('takes on time limits of the instance', async () => {
    const limited = fastify({ requestTimeout: 30_000, keepAliveTimeout: 65_000 });
    await limited.listen({ port: 0, host: '127.0.0.1' });
    const plain = await listenAlsoOnHttp(limited, { port: 0, host: '127.0.0.1' });
    const answer = await fetch(`http://127.0.0.1:${plain.port}/`);
    await answer.text();
    expect(answer.headers.get('keep-alive')).toBe('timeout=65');
    await limited.close();
  });

  it('cannot have a port that is in use', async () => {
    const taken = Number(new URL(url).port);
    await expect(listenAlsoOnHttp(server, { port: taken, host: '127.0.0.1' })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

async function ask(address: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${url}${address}`, { redirect: 'manual', ...init });
}
