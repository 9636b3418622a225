import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { rekeySaid } from '../testing/rekey-said.ts';

const api = '/api/rekey/v1/dead-events';
const id = '0198e6a1-7c3b-7d52-9c1e-3a5b8f2d4e60';
const at = (second: number) => `2026-11-25T10:00:0${second}.000Z`;
const event = (more: object = {}) => ({
  id,
  state: 'open',
  reason: 'the event is not signed',
  type: 'PasswordRecoveryRequested',
  publisher: { source: 'urn:crm\u001b[2J', listed: false },
  bytes: 812,
  timesSeen: 2,
  firstAt: at(1),
  lastAt: at(2),
  published: { topic: 'recovery.events.v1', partition: 2, offset: '7' },
  key: 'kim',
  headers: { ce_type: 'PasswordRecoveryRequested' },
  replayedAt: null,
  replayedBy: null,
  discardedAt: null,
  discardedBy: null,
  discardReason: null,
  ...more,
});

let server: Server;
let answers: Record<string, unknown>;
beforeEach(async () => {
  answers = {};
  server = createServer((request, response) => {
    void readText(request).then((body) => {
      const answer = answers[`${request.method} ${request.url} ${body}`.trim()];
      response.writeHead(answer === undefined ? 404 : 200, { connection: 'close' }).end(JSON.stringify(answer ?? { code: 'RKY-10004', description: 'There is no such event.' }));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const said = (...words: string[]) => rekeySaid(['dead-events', ...words, '--url', `http://127.0.0.1:${(server.address() as AddressInfo).port}`], { REKEY_ADMIN_PASSWORD: 'hunter2' }); // of a TCP server

describe('rekey dead-events', () => {
  it('lists them without what steers a terminal, and how to go on', async () => {
    answers = { [`GET ${api}?limit=100`]: { events: [event(), event({ type: null, publisher: null, timesSeen: 1 })], next: id }, [`GET ${api}?limit=100&state=discarded&cause=read&after=${id}`]: { events: [], next: null } };
    expect(await said('list')).toEqual({
      code: 0,
      out: [
        `id                                    type                       publisher  first seen                times  reason`,
        `${id}  PasswordRecoveryRequested  urn:crm    ${at(1)}  2      the event is not signed`,
        `${id}  -                          -          ${at(1)}  1      the event is not signed`,
        `more: --after ${id}`,
        '',
      ].join('\n'),
      error: '',
    });
    expect((await said('list', '--state', 'discarded', '--cause', 'read', '--after', id)).out).toBe('id  type  publisher  first seen  times  reason\n');
  });

  it('tells all that is known of one', async () => {
    answers = { [`GET ${api}/${id}`]: event() };
    expect(await said('show', id)).toEqual({
      code: 0,
      out: [
        `id              ${id}`,
        'state           open',
        'reason          the event is not signed',
        'type            PasswordRecoveryRequested',
        'publisher       urn:crm, a stranger',
        'published       recovery.events.v1 2/7',
        'key             kim',
        'bytes           812',
        `seen            2 times, ${at(1)} to ${at(2)}`,
        'header ce_type  PasswordRecoveryRequested',
        '',
      ].join('\n'),
      error: '',
    });
  });

  it('has one read again, or leaves it unread for a reason', async () => {
    answers = { [`POST ${api}/${id}/replay`]: { outcome: 'replayed' }, [`POST ${api}/${id}/discard {"reason":"a test of ours"}`]: event({ state: 'discarded', discardedAt: at(3), discardedBy: 'admin@carbon.super', discardReason: 'a test of ours' }) };
    expect(await said('replay', id)).toEqual({ code: 0, out: 'it was read\n', error: '' });
    answers[`POST ${api}/${id}/replay`] = { outcome: 'open' };
    expect((await said('replay', id)).out).toBe('it was read before\n');
    expect((await said('discard', id, '--reason', 'a test of ours')).out).toContain(`left unread     ${at(3)} by admin@carbon.super: a test of ours\n`);
  });

  it('asks which one is meant, and why it is to be left, and says that there is none', async () => {
    for (const command of ['show', 'replay', 'discard']) expect(await said(command)).toMatchObject({ code: 1, error: expect.stringMatching(/^which one\?/) });
    expect(await said('discard', id)).toMatchObject({ code: 1, error: expect.stringMatching(/^why\?/) });
    expect(await said('show', '../users')).toEqual({ code: 1, out: '', error: 'There is no such event. (RKY-10004)\n' });
  });
});
