import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { rekeySaid } from '../testing/rekey-said.ts';

const api = '/api/rekey/v1/deliveries';
const id = '0198e6a1-7c3b-7d52-9c1e-3a5b8f2d4e60';
const at = (second: number) => `2026-11-25T10:00:0${second}.000Z`;
const mail = (more: object = {}) => ({ id, reference: '7K3M9-QPA2X', state: 'SENT', cause: null, templateType: 'passwordreset', user: { username: 'kim' }, recipient: 'k***@example.com', acceptedAt: at(1), attempts: 2, ...more });
const followed = (more: object = {}) => ({
  ...mail(),
  eventType: 'PasswordRecoveryRequested',
  requestedAt: at(0),
  finishedAt: at(5),
  published: { topic: 'recovery.events.v1', partition: 2, offset: '7' },
  messageId: '<a@id.example.com>',
  expiresAt: '2026-11-25T11:00:00.000Z',
  nextAttemptAt: null,
  lastError: null,
  ending: 'the relay has taken the mail',
  queueId: '4XyZ1k2Wz9z3h',
  possibleCopies: 0,
  passwordSetAt: at(9),
  attemptsMade: [{ number: 2, startedAt: at(4), endedAt: at(5), stage: 'sent', reply: '250 queued\u001b[2J', rendered: { templateType: 'passwordreset', locale: 'de_DE', version: '3' }, relay: 'relay.example', dialogue: [{ who: 'relay', line: '220 hello\u001b[2J', atMs: 12 }] }],
  bounces: [{ at: at(6), kind: 'soft', reason: 'mailbox full\u001b[2J', by: 'bounce webhook postmark' }],
  ...more,
});

let server: Server;
let asked: string[];
let answers: Record<string, unknown>;
beforeEach(async () => {
  [asked, answers] = [[], {}];
  server = createServer((request, response) => {
    void readText(request).then((body) => {
      const call = `${request.method} ${request.url} ${body}`.trim();
      asked.push(call);
      response.writeHead(call in answers ? 200 : 404, { connection: 'close' }).end(JSON.stringify(answers[call] ?? { code: 'RKY-10004', description: 'There is no such delivery.' }));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const said = (...words: string[]) => rekeySaid(['deliveries', ...words, '--url', `http://127.0.0.1:${(server.address() as AddressInfo).port}`], { REKEY_ADMIN_PASSWORD: 'hunter2' }); // of a TCP server

describe('rekey deliveries', () => {
  it('lists mails, and how to go on', async () => {
    answers = { [`GET ${api}`]: { deliveries: [mail(), mail({ reference: 'AAAAA-BBBBB', state: 'REJECTED', cause: 'rcpt 550 5.1.1\u001b[2J' })], next: 'bmV4dA' } };
    expect(await said('list')).toEqual({
      code: 0,
      out: [
        `reference    state     type           user  recipient         accepted                  attempts  cause           id`,
        `7K3M9-QPA2X  SENT      passwordreset  kim   k***@example.com  2026-11-25T10:00:01.000Z  2                         ${id}`,
        `AAAAA-BBBBB  REJECTED  passwordreset  kim   k***@example.com  2026-11-25T10:00:01.000Z  2         rcpt 550 5.1.1  ${id}`,
        'more: --after bmV4dA',
        '',
      ].join('\n'),
      error: '',
    });
  });

  it('asks for what is given, in a tenant', async () => {
    await said('list', '--of', 'kim', '--state', 'REJECTED', '--cause', 'rcpt 550 5.1.1', '--limit', '5', '--tenant', 'acme.example');
    expect(asked).toEqual([`GET /t/acme.example${api}?state=REJECTED&cause=rcpt+550+5.1.1&user=kim&limit=5`]);
  });

  it('follows one by its reference, without what steers a terminal', async () => {
    answers = { [`GET ${api}?reference=7K3M9-QPA2X`]: { deliveries: [mail()], next: null }, [`GET ${api}/${id}`]: followed() };
    expect((await said('show', '7K3M9-QPA2X', '--dialogue')).out).toBe(
      [
        '7K3M9-QPA2X  SENT',
        'passwordreset for kim, to k***@example.com; its link expires 2026-11-25T11:00:00.000Z',
        'Message-ID <a@id.example.com>',
        '',
        '2026-11-25T10:00:00.000Z  requested     PasswordRecoveryRequested',
        '2026-11-25T10:00:01.000Z  accepted      recovery.events.v1, partition 2, offset 7',
        '2026-11-25T10:00:04.000Z  rendered      passwordreset in de_DE, version 3',
        '2026-11-25T10:00:04.000Z  attempt 2     relay.example',
        '                                            12 ms  S: 220 hello',
        '2026-11-25T10:00:05.000Z  sent          250 queued',
        '2026-11-25T10:00:05.000Z  SENT          the relay has taken the mail; queue id 4XyZ1k2Wz9z3h',
        '2026-11-25T10:00:06.000Z  soft bounce   mailbox full (told by bounce webhook postmark)',
        '2026-11-25T10:00:09.000Z  password set  by its link',
        '',
      ].join('\n'),
    );
    answers[`GET ${api}/${id}`] = followed({ state: 'UNCERTAIN', finishedAt: null, ending: null, queueId: null, passwordSetAt: null, attemptsMade: [], possibleCopies: 1, nextAttemptAt: at(6), lastError: 'lost' });
    expect((await said('show', id)).out).toMatch(/next attempt {2}lost\nup to 1 more may have arrived: .*\n$/);
  });

  it('shows what failed by cause, and sends one or all of it again', async () => {
    const group = { state: 'REJECTED', cause: 'rcpt 550 5.1.1\u001b[2J', count: 150, oldestAt: at(1), newestAt: at(2), newest: [id] };
    const all = (more: object) => `POST ${api}/replay ${JSON.stringify({ filter: { state: 'REJECTED', cause: 'rcpt 550 5.1.1' }, copy: false, ...more })}`;
    answers = {
      [`GET ${api}/failures`]: { groups: [group] },
      [`POST ${api}/${id}/replay {"copy":true}`]: { outcome: 'replayed' },
      [all({})]: { outcomes: { replayed: 98, void: 2 }, next: 'bmV4dA' },
      [all({ after: 'bmV4dA' })]: { outcomes: { replayed: 50 }, next: null },
    };
    expect((await said('failures')).out).toBe(`mails  state     cause           first                     last                      the newest\n150    REJECTED  rcpt 550 5.1.1  ${at(1)}  ${at(2)}  ${id}\n`);
    expect(await said('replay', id, '--copy')).toEqual({ code: 0, out: 'it is on its way\n', error: '' });
    expect(await said('replay', '--state', 'REJECTED', '--cause', 'rcpt 550 5.1.1')).toEqual({ code: 0, out: '148  replayed\n2    void\n', error: '' });
    expect(await said('replay')).toMatchObject({ code: 1, error: expect.stringMatching(/^which ones\?/) });
  });

  it('says which one is meant where none is, or several are', async () => {
    answers = { [`GET ${api}?reference=NONE`]: { deliveries: [], next: null }, [`GET ${api}?reference=TWO`]: { deliveries: [mail(), mail({ id: 'another' })], next: null } };
    expect(await said('show')).toMatchObject({ code: 1, error: expect.stringMatching(/^which one\?/) });
    expect(await said('show', 'NONE')).toEqual({ code: 1, out: '', error: 'no mail has the reference NONE\n' });
    expect(await said('show', 'TWO')).toEqual({ code: 1, out: '', error: `several mails have the reference TWO: ${id}, another\n` });
    expect(await said('show', id)).toEqual({ code: 1, out: '', error: 'There is no such delivery. (RKY-10004)\n' });
  });
});
