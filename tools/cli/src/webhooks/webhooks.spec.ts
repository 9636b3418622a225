import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rekeySaid } from '../testing/rekey-said.ts';

const api = '/api/rekey/v1/webhooks';
const at = '2026-11-25T10:00:00.000Z';
const webhooks = [
  { name: 'crm', host: 'crm.example.com', state: 'gone', waiting: 7, lastTakenAt: null, givenUpInLastDay: 3, lastError: 'it answered 410\u001b[2J' },
  { name: 'a/b', host: 'log.example.com', state: 'on', waiting: 0, lastTakenAt: at, givenUpInLastDay: 0, lastError: null },
];

let server: Server;
beforeEach(async () => {
  server = createServer((request, response) => {
    const call = `${request.method} ${request.url}`;
    if (call === `POST ${api}/a%2Fb/enable`) response.writeHead(204, { connection: 'close' }).end();
    else response.writeHead(call === `GET ${api}` ? 200 : 404, { connection: 'close' }).end(JSON.stringify(call === `GET ${api}` ? { webhooks } : { code: 'RKY-10004', description: 'There is no such webhook.' }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const said = (...words: string[]) => rekeySaid(['webhooks', ...words, '--url', `http://127.0.0.1:${(server.address() as AddressInfo).port}`], { REKEY_ADMIN_PASSWORD: 'hunter2' }); // of a TCP server

describe('rekey webhooks', () => {
  it('lists them without what steers a terminal', async () => {
    expect(await said('list')).toEqual({
      code: 0,
      out: [
        `webhook  host             state  waiting  last taken                given up  error`,
        `crm      crm.example.com  gone   7        -                         3         it answered 410`,
        `a/b      log.example.com  on     0        ${at}  0`,
        '',
      ].join('\n'),
      error: '',
    });
  });

  it('tells one again, by its name', async () => {
    expect(await said('enable', 'a/b')).toEqual({ code: 0, out: 'it is told again\n', error: '' });
    expect(await said('enable', 'nobody')).toEqual({ code: 1, out: '', error: 'There is no such webhook. (RKY-10004)\n' });
    expect(await said('enable')).toMatchObject({ code: 1, error: expect.stringMatching(/^which one\?/) });
  });
});
