import { createServer as createPlainServer, type RequestListener, type Server } from 'node:http';
import { createServer } from 'node:https';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { localCertificate } from '@rekey/local-stack';
import { rekeySaid } from '../testing/rekey-said.ts';

const listener = { hooks: ['pre authenticate', 'post authenticate', 'pre addUser'], timeLimitMs: 2_000, onFailure: 'refuse', enable: true, kind: 'default' };
const report = {
  listeners: [
    { ...listener, name: 'governance_identity_store', priority: 97 },
    { ...listener, name: 'curfew', priority: 60, kind: 'custom', timeLimitMs: 500, onFailure: 'continue', hooks: ['pre authenticate'] },
    {
      ...listener,
      name: 'governance_identity_mgt',
      priority: 95,
      handlers: [
        { name: 'codeInvalidation', priority: 180, enable: false, subscriptions: [], within: ['setClaims', 'deleteUser'] },
        { name: 'account.lock.handler', priority: 100, enable: true, subscriptions: ['PRE_AUTHENTICATION', 'POST_AUTHENTICATION'] },
      ],
    },
    { ...listener, name: 'identity_mgt', priority: 50, enable: false },
  ],
  flags: { emailSend: true, audit: false },
};
const expectedTable = `
priority  listener                        kind     time limit  if it fails  called at
50        identity_mgt               OFF  default  2 s         refuse       pre authenticate, addUser; post authenticate
60        curfew                     on   custom   0.5 s       continue     pre authenticate
95        governance_identity_mgt    on   default  2 s         refuse       pre authenticate, addUser; post authenticate
  100       account.lock.handler     on   handler                           PRE_AUTHENTICATION, POST_AUTHENTICATION
  180       codeInvalidation         OFF  handler                           within setClaims, within deleteUser
97        governance_identity_store  on   default  2 s         refuse       pre authenticate, addUser; post authenticate
          emailSend                  on   handler
          audit                      OFF  handler
`.trimStart();

const password = { REKEY_ADMIN_PASSWORD: 'p:ss wörd' };
const servers: Server[] = [];
let folder: string;
let answer: unknown;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rekey-chain-'));
});
beforeEach(() => {
  answer = report;
});
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});
afterAll(() => rm(folder, { recursive: true }));

/** Answers as a Rekey does to its administrator. */
const asRekey: RequestListener = (request, response) => {
  const isAdministrator = request.headers.authorization === `Basic ${Buffer.from(`admin@carbon.super:${password.REKEY_ADMIN_PASSWORD}`).toString('base64')}`;
  const status = request.url !== '/api/rekey/v1/listeners' ? 404 : isAdministrator ? 200 : 401;
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(typeof answer === 'string' ? answer : JSON.stringify(answer));
};

async function started(server: Server): Promise<number> {
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port; // of a TCP server
}

const aRekey = async () => started(createServer(await localCertificate(folder, 'localhost'), asRekey));

describe('rekey chain', () => {
  it('prints the listeners in the order in which they are called, each with its handlers, and marks what is off', async () => {
    expect(await rekeySaid(['chain', '--url', `https://localhost:${await aRekey()}`, '--insecure'], password)).toEqual({ code: 0, out: expectedTable, error: '' });
  });

  it('speaks plain HTTP on loopback', async () => {
    const port = await started(createPlainServer(asRekey));
    expect(await rekeySaid(['chain', '--url', `http://127.0.0.1:${port}/`], password)).toMatchObject({ code: 0, out: expectedTable });
  });

  it('asks for the password where the environment has none, and never takes it as an argument', async () => {
    const args = ['chain', '--url', `https://localhost:${await aRekey()}`, '--insecure'];
    expect(await rekeySaid(args, {}, password.REKEY_ADMIN_PASSWORD)).toMatchObject({ code: 0, error: 'Password of admin@carbon.super: ' });
    expect(await rekeySaid(args)).toMatchObject({ code: 1, error: expect.stringContaining('set REKEY_ADMIN_PASSWORD') });
    expect(await rekeySaid([...args, '--password', 'x'])).toMatchObject({ code: 1, error: expect.stringContaining("Unknown option '--password'") });
  });

  it('says that a password is not taken, without showing it', async () => {
    const { code, error } = await rekeySaid(['chain', '--url', `https://localhost:${await aRekey()}`, '--insecure'], { REKEY_ADMIN_PASSWORD: 'hunter2' });
    expect([code, error]).toEqual([1, expect.stringContaining('does not take this password of admin')]);
    expect(error).not.toContain('hunter2');
  });

  it('trusts no self-signed certificate by itself, and says what does', async () => {
    expect(await rekeySaid(['chain', '--url', `https://localhost:${await aRekey()}`], password)).toMatchObject({ code: 1, error: expect.stringMatching(/the certificate of https:\/\/localhost:\d+ is not trusted \(\w+\): --insecure/) });
  });

  it.each([
    [['--url', 'https://id.example.com', '--insecure'], '--insecure is for this machine alone: anybody could answer as id.example.com, and be told the password\n'],
    [['--url', 'http://id.example.com'], '--url must be an https URL such as "https://id.example.com" (plain http only on loopback), not "http://id.example.com"\n'],
  ])('tells the password to nobody who may not be Rekey: %j', async (args, message) => {
    expect(await rekeySaid(['chain', ...args], password)).toEqual({ code: 1, out: '', error: message });
  });

  it('says that nobody is there', async () => {
    expect(await rekeySaid(['chain', '--url', 'http://127.0.0.1:1'], password)).toEqual({ code: 1, out: '', error: 'http://127.0.0.1:1 does not answer (ECONNREFUSED): is Rekey running there?\n' });
  });

  it.each([['no JSON', '<html>'], ['another shape', { listeners: [{ name: 5 }] }]])('says that it is no Rekey where the answer is %s', async (_what, given) => {
    answer = given;
    expect(await rekeySaid(['chain', '--url', `https://localhost:${await aRekey()}`, '--insecure'], password)).toMatchObject({ code: 1, out: '', error: expect.stringContaining('is it a Rekey') });
  });

  it('lets no name steer the terminal', async () => {
    answer = { listeners: [{ ...listener, name: '\u001b[2J\u001b]0;gone\u0007curfew\r\n', priority: 1 }] };
    const { out } = await rekeySaid(['chain', '--url', `https://localhost:${await aRekey()}`, '--insecure'], password);
    expect(out).not.toMatch(/[^\P{Cc}\n]/u);
    expect(out.split('\n')).toHaveLength(3);
  });
});
