import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { rekeySaid } from '../testing/rekey-said.ts';

const api = '/api/rekey/v1/forced-resets';
const job = (more: object = {}) => ({ id: 'id-1', state: 'running', filter: null, total: 3, done: 1, failed: 0, skipped: 1, reasons: { failed: {}, skipped: { 'no-such-user': 1 } }, startedBy: 'admin@carbon.super', createdAt: '2026-11-25T10:00:00.000Z', ...more });
const progress = 'running: 2 of 3; 1 done, 0 failed, 1 skipped (no-such-user: 1)\n';

let server: Server;
let asked: string[];
/** Of every request that had one. */
let idempotencyKeys: string[];
/** What becomes of the first requests in the place of an answer: its status, or a lost connection. */
let troubles: (number | 'lost')[];
/** One after the other; the last one again and again. */
let answers: Record<string, unknown[]>;
beforeEach(async () => {
  [asked, idempotencyKeys, troubles] = [[], [], []];
  answers = {};
  server = createServer((request, response) => {
    void readText(request).then((body) => {
      const call = `${request.method} ${request.url}`;
      asked.push(`${call} ${body}`.trim());
      if (typeof request.headers['idempotency-key'] === 'string') idempotencyKeys.push(request.headers['idempotency-key']);
      const trouble = troubles.shift();
      if (trouble === 'lost') return void response.destroy();
      if (trouble !== undefined) return void response.writeHead(trouble, { connection: 'close' }).end(JSON.stringify({ code: trouble === 409 ? 'RKY-10014' : '18013', description: 'In trouble.' }));
      const [answer] = (answers[call]?.length ?? 0) > 1 ? (answers[call] ?? []).splice(0, 1) : (answers[call] ?? []);
      response.writeHead(answer === undefined ? 404 : 200, { connection: 'close' }).end(JSON.stringify(answer ?? { code: 'RKY-10004', description: 'There is no such forced reset.' }));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const said = (...words: string[]) => rekeySaid(['forced-resets', ...words, '--url', `http://127.0.0.1:${(server.address() as AddressInfo).port}`], { REKEY_ADMIN_PASSWORD: 'hunter2' }); // of a TCP server

describe('rekey forced-resets', () => {
  it('starts one for those who are named, here and in a file, and prints its id', async () => {
    answers = { [`POST ${api}`]: [job()] };
    const folder = await mkdtemp(path.join(tmpdir(), 'rekey-forced-'));
    await writeFile(path.join(folder, 'users'), 'robin\n\n  lee \r\n');
    expect(await said('start', 'kim', '--file', path.join(folder, 'users'), '--way', 'otp')).toEqual({ code: 0, out: 'id-1\n', error: '' });
    expect(asked).toEqual([`POST ${api} {"users":["kim","robin","lee"],"way":"otp"}`]);
    expect(await said('start', '--file', path.join(folder, 'none'))).toMatchObject({ code: 1, error: expect.stringContaining('cannot be read') });
    await rm(folder, { recursive: true });
  });

  it('starts one for those of a filter, in a tenant', async () => {
    answers = { [`POST /t/acme.example${api}`]: [job()] };
    expect(await said('start', '--filter', 'userName sw "k"', '--tenant', 'acme.example')).toMatchObject({ code: 0 });
    expect(asked).toEqual([`POST /t/acme.example${api} {"filter":"userName sw \\"k\\""}`]);
  });

  it('starts one once, by one key of its own each, whatever becomes of the answers', async () => {
    answers = { [`POST ${api}`]: [job()] };
    troubles = ['lost', 503, 409];
    expect(await said('start', 'kim')).toEqual({ code: 0, out: 'id-1\n', error: '' });
    expect([asked.length, new Set(asked).size, new Set(idempotencyKeys).size]).toEqual([4, 1, 1]);
    await said('start', 'kim');
    expect([idempotencyKeys.length, new Set(idempotencyKeys).size]).toEqual([5, 2]);
  });

  it('gives up after a few, and asks for nothing else twice', async () => {
    troubles = [500, 500, 500, 500];
    expect(await said('start', 'kim')).toEqual({ code: 1, out: '', error: 'In trouble. (18013)\n' });
    troubles = [500];
    expect(await said('pause', 'id-1')).toMatchObject({ code: 1 });
    expect(asked).toHaveLength(5);
  });

  it.each([[['start']], [['start', 'kim', '--filter', 'userName pr']], [['show']], [['pause']]])('asks nothing of Rekey where it is not said whom or which: %j', async (words) => {
    expect(await said(...words)).toMatchObject({ code: 1, error: expect.stringMatching(/^(whom|which one)\?/) });
    expect(asked).toEqual([]);
  });

  it('follows one until it is over, and fails where users could not be reset', async () => {
    const over = job({ state: 'done', failed: 1, reasons: { failed: { 'CURFEW\u001b[2J': 1 }, skipped: { 'no-such-user': 1 } } });
    answers = { [`POST ${api}`]: [job()], [`GET ${api}/id-1`]: [job(), over] };
    expect(await said('start', 'kim', '--follow')).toEqual({
      code: 1,
      out: `id-1\n${progress}done: 3 of 3; 1 done, 1 failed (CURFEW: 1), 1 skipped (no-such-user: 1)\n`,
      error: '1 users were not reset (CURFEW: 1)\n',
    });
    answers = { [`GET ${api}/id-1`]: [job({ state: 'cancelled' })] };
    expect(await said('show', 'id-1', '--follow')).toMatchObject({ code: 1, error: 'the forced reset was cancelled\n' });
    answers = { [`GET ${api}/id-1`]: [job({ state: 'done' })] };
    expect(await said('show', 'id-1', '--follow')).toMatchObject({ code: 0 });
  });

  it('lists them, and shows one', async () => {
    answers = { [`GET ${api}?limit=100`]: [{ forcedResets: [job(), job({ id: 'id-2', state: 'done', filter: 'userName pr' })], next: null }], [`GET ${api}/id-1`]: [job()] };
    expect((await said('list')).out).toBe(
      [
        'id    state    users  done  failed  skipped  started                   by                  for',
        'id-1  running  3      1     0       1        2026-11-25T10:00:00.000Z  admin@carbon.super  a list',
        'id-2  done     3      1     0       1        2026-11-25T10:00:00.000Z  admin@carbon.super  userName pr',
        '',
      ].join('\n'),
    );
    expect(await said('show', 'id-1')).toEqual({ code: 0, out: progress, error: '' });
    expect(await said('show', 'id-3')).toEqual({ code: 1, out: '', error: 'There is no such forced reset. (RKY-10004)\n' });
  });

  it.each(['pause', 'resume', 'cancel'])('%ss one', async (verb) => {
    answers = { [`POST ${api}/id-1/${verb}`]: [job()] };
    expect(await said(verb, 'id-1')).toEqual({ code: 0, out: progress, error: '' });
  });
});
