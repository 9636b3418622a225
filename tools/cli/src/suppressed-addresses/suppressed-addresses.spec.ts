import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { rekeySaid } from '../testing/rekey-said.ts';

const api = '/api/rekey/v1/suppressed-addresses';
const id = 'a'.repeat(64);
const entry = { id, address: 'k***@example.com', kind: 'hard', reason: '550 5.1.1\u001b[2J', addedBy: 'admin@carbon.super', addedAt: '2026-11-25T10:00:00.000Z' };
const table = [`address           kind  reason     added by            added                     id`, `k***@example.com  hard  550 5.1.1  admin@carbon.super  2026-11-25T10:00:00.000Z  ${id}`, ''].join('\n');

let server: Server;
let answers: Record<string, unknown>;
beforeEach(async () => {
  answers = {};
  server = createServer((request, response) => {
    void readText(request).then((body) => {
      const answer = answers[`${request.method} ${request.url} ${body}`.trim()];
      response.writeHead(answer === undefined ? 404 : answer === null ? 204 : 200, { connection: 'close' }).end(answer === null ? '' : JSON.stringify(answer ?? { code: 'RKY-10004', description: 'The address is not on the list.' }));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const said = (...words: string[]) => rekeySaid(['suppressed-addresses', ...words, '--url', `http://127.0.0.1:${(server.address() as AddressInfo).port}`], { REKEY_ADMIN_PASSWORD: 'hunter2' }); // of a TCP server

describe('rekey suppressed-addresses', () => {
  it('lists them without what steers a terminal, and how to go on', async () => {
    answers = { [`GET ${api}?limit=100`]: { addresses: [entry], next: id }, [`GET ${api}?limit=100&address=kim%40example.com`]: { addresses: [entry], next: null } };
    expect(await said('list')).toEqual({ code: 0, out: `${table}more: --after ${id}\n`, error: '' });
    expect((await said('list', 'kim@example.com')).out).toBe(table);
  });

  it('adds one with a reason, in a tenant', async () => {
    answers = { [`POST /t/acme.example${api} {"address":"kim@example.com","reason":"asked for"}`]: entry };
    expect(await said('add', 'kim@example.com', '--reason', 'asked for', '--tenant', 'acme.example')).toEqual({ code: 0, out: table, error: '' });
    expect(await said('add', 'kim@example.com')).toMatchObject({ code: 1, error: expect.stringMatching(/^which one, and why\?/) });
  });

  it('removes one by its address or its id', async () => {
    answers = { [`GET ${api}?address=kim%40example.com`]: { addresses: [entry], next: null }, [`GET ${api}?address=lee%40example.com`]: { addresses: [], next: null }, [`DELETE ${api}/${id}`]: null };
    for (const named of ['kim@example.com', id]) expect(await said('remove', named)).toEqual({ code: 0, out: 'it is mailed to again\n', error: '' });
    expect(await said('remove', 'lee@example.com')).toEqual({ code: 1, out: '', error: 'lee@example.com is not on the list\n' });
    expect(await said('remove', 'b')).toEqual({ code: 1, out: '', error: 'The address is not on the list. (RKY-10004)\n' });
  });
});
