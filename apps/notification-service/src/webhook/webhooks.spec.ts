import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { WebhookSettings } from '@rekey/deployment-config';
import { EventReader, notificationServiceSource, readWebhook, structuredEventType } from '@rekey/events';
import { createLogger, Metrics } from '@rekey/observability';
import { until } from '@rekey/test-kit';
import { byASteadyClock } from '@rekey/test-kit/steady-clock';
import { claimDue } from '../delivery/claim-statements.ts';
import type { ClaimedDelivery, FinalState } from '../delivery/delivery.ts';
import { rescueLost } from '../delivery/lease-statements.ts';
import { settle } from '../delivery/settle-statements.ts';
import { InboxUnderTest } from '../testing/inbox-under-test.ts';
import { WebhookReceiver } from '../testing/webhook-receiver.ts';
import { WebhookAnswers } from './webhook-answers.ts';
import type { WebhookParts } from './webhook-lane.ts';
import { claimForWebhook, noteTaken, pruneWebhookDeliveries } from './webhook-statements.ts';
import { Webhooks } from './webhooks.ts';

describe('telling webhooks what came of mails', () => {
  let service: InboxUnderTest;
  let portal: WebhookReceiver;
  let nowMs = 0;
  const receivers: WebhookReceiver[] = [];
  const running: Webhooks[] = [];
  beforeAll(async () => (service = await InboxUnderTest.open()));
  afterAll(() => service.close());
  beforeEach(async () => {
    await service.empty();
    portal = await receiver();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((webhooks) => webhooks.stop(0)));
    await Promise.all(receivers.splice(0).map((one) => one.close()));
    service.webhooksWanting = () => [];
  });

  async function receiver(answer: WebhookReceiver['answer'] = null): Promise<WebhookReceiver> {
    const opened = await new WebhookReceiver(answer).open();
    receivers.push(opened);
    return opened;
  }

  /** One process of the notification service, as far as webhooks go. */
  function start(settings: readonly WebhookSettings[] = [portal.settings()], parts: Partial<WebhookParts> = {}): Webhooks {
    const webhooks = new Webhooks(settings, { database: service.database, log: service.log, pollMs: 10, nowMs: () => nowMs, ...parts });
    service.webhooksWanting = (outcome) => webhooks.wanting(outcome);
    webhooks.start();
    running.push(webhooks);
    return webhooks;
  }

  const owner = randomUUID();

  async function claimed(count: number): Promise<readonly ClaimedDelivery[]> {
    const requests = await Promise.all(Array.from({ length: count }, () => service.publisher.recoveryRequested()));
    await service.inbox().accept(requests.map(({ record }) => record));
    return (await claimDue(service.database, { limit: count, owner, leaseSeconds: 30 }, service.reports)).claimed;
  }

  async function ended(count: number, finalState: Extract<FinalState, 'SENT' | 'REJECTED'> = 'SENT'): Promise<readonly ClaimedDelivery[]> {
    const deliveries = await claimed(count);
    await settle(service.database, owner, deliveries.map((delivery) => ({ ...delivery, finalState, uncertain: false, failed: false, retryAfterSeconds: 0, stage: 'sent', reply: '250 OK', relay: 'relay.example', dialogue: [], rendered: null, report: service.reports.entry({ ...delivery, state: finalState }, '250 OK') })));
    return deliveries;
  }

  interface Row {
    readonly webhook: string;
    readonly state: string;
    readonly attempts: number;
    readonly last_error: string | null;
  }
  const rows = () => service.database.query<Row>(`SELECT webhook, state, attempts, last_error FROM webhook_delivery ORDER BY webhook, outcome_id`);
  const settled = (holds: (all: Row[]) => boolean) => until(rows, holds);
  const taken = (count: number) => settled((all) => all.length === count && all.every(({ state }) => state === 'TAKEN'));
  const failedOnce = (reason: RegExp) => settled(([row]) => row?.state === 'WAITING' && reason.test(row.last_error ?? ''));
  const outcomes = async () => (await service.database.query<{ id: string }>(`SELECT id FROM outbox WHERE topic = 'notification.events.v1' ORDER BY position`)).map(({ id }) => id);
  /** Lets all rests, and the circuit's, be over. */
  const dueNow = async () => {
    nowMs += 3_600_000;
    await service.database.query(`UPDATE webhook_delivery SET next_at = now(), last_error = NULL WHERE state = 'WAITING'`);
  };
  const reader = () => new EventReader([{ source: notificationServiceSource, publicKey: service.publisher.keys.verifying, linkBases: [] }]);

  it('tells, signed, however a mail ends', async () => {
    const told: unknown[] = [];
    portal.answer = (response, body) => {
      const result = readWebhook(reader(), body);
      told.push(result.kind === 'event' && [result.event.type, result.event.data]);
      response.writeHead(200).end('thank you');
    };
    start();
    const [sent] = await ended(1);
    const [rejected] = await ended(1, 'REJECTED');
    const user = randomUUID();
    const [older, newer] = [await service.publisher.recoveryRequested({ user, generation: 1 }), await service.publisher.recoveryRequested({ user, generation: 2, validForSeconds: 30 })];
    await service.inbox().accept([older.record]);
    await service.inbox().accept([newer.record]);
    await claimDue(service.database, { limit: 10, owner, leaseSeconds: 30 }, service.reports);
    const [lost] = await claimed(1);
    await service.database.query(`UPDATE inbox SET phase = 'data', uncertain_count = 1, lease_until = now() - interval '1 s' WHERE event_id = $1`, [lost?.eventId]);
    await rescueLost(service.database, service.reports);
    await taken(5);

    const expected = [
      ['NotificationSent', sent?.eventId],
      ['NotificationFailed', rejected?.eventId],
      ['NotificationSuperseded', older.id],
      ['NotificationExpired', newer.id],
      ['NotificationFailed', lost?.eventId],
    ];
    expect(told).toHaveLength(5);
    for (const [type, eventId] of expected) expect(told).toContainEqual([type, expect.objectContaining({ eventId })]);
    expect([...portal.ids].sort()).toEqual((await outcomes()).sort());
  });

  it('writes nothing where there is none, or none that wants to know', async () => {
    await ended(2);
    start([portal.settings({ enable: false }), portal.settings({ name: 'other', events: ['NotificationExpired'] })]);
    await ended(2);
    expect(await outcomes()).toHaveLength(4);
    expect(await rows()).toEqual([]);
  });

  it('tells each what it wants to know alone', () => {
    const webhooks = new Webhooks(
      [
        portal.settings({ name: 'all' }),
        portal.settings({ name: 'off', enable: false }),
        portal.settings({ name: 'failures', events: ['NotificationFailed', 'NotificationExpired'] }),
        portal.settings({ name: 'acme', tenants: ['acme.example'] }),
        portal.settings({ name: 'portal', sources: ['urn:example:portal'] }),
      ],
      { database: service.database, log: service.log },
    );
    const sent = { type: 'NotificationSent', tenantDomain: 'carbon.super', source: 'urn:rekey:recovery-service' } as const;
    expect(webhooks.wanting(sent)).toEqual(['all']);
    expect(webhooks.wanting({ ...sent, type: 'NotificationFailed' })).toEqual(['all', 'failures']);
    expect(webhooks.wanting({ ...sent, tenantDomain: 'acme.example' })).toEqual(['all', 'acme']);
    expect(webhooks.wanting({ ...sent, source: 'urn:example:portal' })).toEqual(['all', 'portal']);
    expect(webhooks.wanting({ ...sent, source: null })).toEqual(['all']);
  });

  it('tells a publisher of what it asked for', async () => {
    start([portal.settings({ sources: ['urn:rekey:recovery-service'] }), portal.settings({ name: 'others', sources: ['urn:example:portal'] })]);
    await ended(1);
    expect(await taken(1)).toMatchObject([{ webhook: 'portal' }]);
  });

  describe('asks again, with the same event to the byte, a webhook that', () => {
    byASteadyClock();

    it.each([
      ['refuses', /^500: not now$/, (response) => response.writeHead(500).end('not now')],
      ['hangs up', /hang up|ECONNRESET/, (response) => response.socket?.destroy()],
      ['does not answer', /^no answer within 100 ms$/, () => undefined],
      ['cannot take this one', /^422: no$/, (response) => response.writeHead(422).end('no')],
    ] satisfies readonly (readonly [string, RegExp, NonNullable<WebhookReceiver['answer']>])[])('%s', async (_what, reason, answer) => {
      portal.answer = answer;
      start(undefined, { answerMs: 100 });
      await ended(1);
      await failedOnce(reason);
      const asked = portal.bodies.length;
      portal.answer = null;
      await dueNow();
      expect(await taken(1)).toMatchObject([{ attempts: asked + 1 }]);
      expect(portal.bodies).toEqual(Array(asked + 1).fill(portal.bodies[0]));
    });
  });

  it('asks again one that was not there, and posts what the events’ door would take', async () => {
    const settings = portal.settings();
    await portal.close();
    start([settings]);
    await ended(1);
    await failedOnce(/ECONNREFUSED/);
    await portal.open();
    await dueNow();
    await taken(1);
    expect(JSON.parse(portal.bodies[0] ?? '')).toMatchObject({ specversion: '1.0', source: notificationServiceSource, type: 'NotificationSent', datacontenttype: 'application/json' });
    expect(portal.lastHeaders).toMatchObject({ 'content-type': structuredEventType });
  });

  it('rests longer with each attempt, up to an hour', async () => {
    portal.answer = (response) => response.writeHead(422).end();
    start(undefined, { random: () => 1 });
    await ended(1);
    await failedOnce(/^422$/);
    for (const [attempts, rest] of [[4, 80], [5, 160], [14, 3_600]]) {
      const [{ before } = { before: null }] = await service.database.query<{ before: Date }>(`UPDATE webhook_delivery SET attempts = $1, last_error = NULL, next_at = now() RETURNING now() AS before`, [attempts]);
      const [row] = await until(() => service.database.query(`SELECT next_at - make_interval(secs => $2) BETWEEN $1 AND now() AS is_after_rest FROM webhook_delivery WHERE last_error IS NOT NULL`, [before, rest]), (seen) => seen.length === 1);
      expect(row).toEqual({ is_after_rest: true });
    }
  });

  it('is told of each outcome by one of several processes', async () => {
    for (let process = 0; process < 3; process++) start();
    await ended(40);
    await taken(40);
    expect([...portal.ids].sort()).toEqual((await outcomes()).sort());
  });

  it('is told again, of the same event, when the process that had it in hand is gone', async () => {
    service.webhooksWanting = () => ['portal'];
    await ended(1);
    const claim = { webhook: 'portal', limit: 10, leaseSeconds: 60 };
    const [dead] = await claimForWebhook(service.database, claim);
    expect(await claimForWebhook(service.database, claim)).toEqual([]);
    await dueNow();
    start();
    expect(await taken(1)).toMatchObject([{ attempts: 2 }]);
    expect(portal.ids).toEqual([dead?.outcomeId]);
  });

  it('is not told less because a process that had lost its claim comes back', async () => {
    service.webhooksWanting = () => ['portal'];
    await ended(1);
    const claim = { webhook: 'portal', limit: 10, leaseSeconds: 60 };
    const [late] = await claimForWebhook(service.database, claim);
    await dueNow();
    await claimForWebhook(service.database, claim);
    if (late) await noteTaken(service.database, late);
    expect(await rows()).toMatchObject([{ state: 'WAITING', attempts: 2 }]);
  });

  it('does not wait for another one that hangs, which has eight requests at once and no more', async () => {
    const slow = await receiver(() => undefined);
    start([portal.settings(), slow.settings({ name: 'slow' })]);
    await ended(30);
    await settled((all) => all.filter(({ state }) => state === 'TAKEN').length === 30);
    await until(() => slow.bodies.length, (count) => count === 8);
    expect((await rows()).filter(({ webhook, attempts }) => webhook === 'slow' && attempts > 0)).toHaveLength(8);
  });

  it('is asked by one request at a time while it is down, and by all again when it is back', async () => {
    portal.answer = (response) => response.writeHead(503).end();
    const metrics = new Metrics('test');
    start(undefined, { metrics: metrics.webhooks() });
    await ended(1);
    await failedOnce(/503/);
    await ended(20);
    expect(await metrics.exposition()).toContain('rekey_webhook_circuit_open{webhook="portal",service="test"} 1');
    for (const probes of [2, 3]) {
      nowMs += 10_000;
      await settled((all) => all.filter(({ attempts }) => attempts > 0).length === probes && all.filter(({ last_error: error }) => error !== null).length === probes);
    }
    expect(portal.mostAtOnce).toBe(1);
    portal.answer = null;
    await dueNow();
    await taken(21);
    expect(await metrics.exposition()).toContain('rekey_webhook_circuit_open{webhook="portal",service="test"} 0');
    expect(await metrics.exposition()).toContain('rekey_webhook_attempts_total{webhook="portal",outcome="taken",service="test"} 21');
  });

  it('rests no longer because the outage met all that were on their way', async () => {
    portal.answer = (response) => response.writeHead(503).end();
    start(undefined, { random: () => 1 });
    await ended(8);
    await settled((all) => all.length === 8 && all.every(({ last_error: error }) => error === '503'));
    nowMs += 5_000;
    await ended(1);
    await settled((all) => all.length === 9 && all.every(({ last_error: error }) => error === '503'));
  });

  it('is not followed to where it redirects', async () => {
    const elsewhere = await receiver();
    portal.answer = (response) => response.writeHead(307, { location: elsewhere.settings().url }).end();
    start();
    await ended(1);
    await failedOnce(/^307: redirects are not followed$/);
    expect(elsewhere.connections).toBe(0);
  });

  it('is not reached at an address of the own network, whatever its name stands for at that moment, unless the file says so', async () => {
    const resolve: WebhookParts['resolve'] = (_host, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]);
    const host = 'https://rebound.example';
    start([portal.settings({ host })], { resolve });
    await ended(1);
    await failedOnce(/^rebound\.example stands for an address that is not a public one$/);
    expect(portal.connections).toBe(0);
    await Promise.all(running.splice(0).map((webhooks) => webhooks.stop(0)));

    start([portal.settings({ host, allowPrivate: true })], { resolve });
    await dueNow();
    await until(() => portal.connections, (count) => count > 0);
  });

  it('may answer without end, of which little is read, and nothing but that and its name is logged', async () => {
    const lines: string[] = [];
    const destination = new Writable({ write: (line: Buffer, _encoding, done) => done(void lines.push(line.toString())) });
    portal.answer = (response) => {
      response.writeHead(500);
      const pour = setInterval(() => response.write('spam'.repeat(1_000)), 1);
      response.once('close', () => clearInterval(pour));
    };
    start([portal.settings({ path: '/topsecret?of=topsecret' })], { log: createLogger('test', { level: 'trace', format: 'json', destination }) });
    await ended(1);
    const [row] = await failedOnce(/^500: spam/);
    expect(row?.last_error).toHaveLength(200);
    expect(lines.join('')).toContain('500: spam');
    expect(lines.join('')).not.toContain('spam'.repeat(50));
    expect(lines.join('')).not.toContain('topsecret');
  });

  it('that is gone is told nothing more, by nobody, until its URL changes', async () => {
    portal.answer = (response) => response.writeHead(410).end();
    const webhooks = start();
    await ended(1);
    await until(() => webhooks.wanting({ type: 'NotificationSent', tenantDomain: 'carbon.super', source: null }), (names) => names.length === 0);
    await until(() => service.database.query(`SELECT webhook FROM webhook_state WHERE off_because = 'gone'`), (gone) => gone.length === 1);
    expect(await ended(1).then(rows)).toHaveLength(1);

    const other = start();
    await settled(([row]) => row?.state === 'GIVEN_UP');
    expect(other.wanting({ type: 'NotificationSent', tenantDomain: 'carbon.super', source: null })).toEqual([]);

    portal.answer = null;
    start([portal.settings({ path: '/new' })]);
    await ended(1);
    await settled((all) => all.filter(({ state }) => state === 'TAKEN').length === 1);
  });

  it('is left alone as long as it asks to be, an hour at most, and longer and longer where it says nothing', async () => {
    const rests: (string | undefined)[] = ['120', '100000', undefined, undefined];
    portal.answer = (response) => {
      const rest = rests.shift();
      response.writeHead(429, rest === undefined ? {} : { 'retry-after': rest }).end();
    };
    start(undefined, { random: () => 1 });
    await ended(1);
    await failedOnce(/^429$/);
    await ended(10);
    expect(await service.database.query(`SELECT next_at > now() + interval '100 s' AS later FROM webhook_delivery WHERE attempts = 1`)).toEqual([{ later: true }]);
    for (const [rest, asked] of [[119_000, 1], [1_000, 2], [3_599_000, 2], [1_000, 3], [19_000, 3], [1_000, 4], [39_000, 4], [1_000, 5]] as const) {
      nowMs += rest;
      await settled((all) => all.filter(({ last_error: error }) => error !== null).length === asked);
      expect(portal.bodies).toHaveLength(asked);
    }
  });

  it('that has taken nothing for three days is told nothing more, by nobody, until its URL changes; whatever it takes before begins them anew', async () => {
    const state = () => service.database.query<{ since: boolean; off_because: string | null; last_error: string | null }>(`SELECT failing_since IS NOT NULL AS since, off_because, last_error FROM webhook_state`);
    const longFailing = () => service.database.query(`UPDATE webhook_state SET failing_since = now() - interval '73 hours'`);
    const refuse: WebhookReceiver['answer'] = (response) => response.writeHead(503).end('closed');
    portal.answer = refuse;
    const webhooks = start();
    await ended(1);
    await until(state, ([row]) => row?.since === true && row.last_error === '503: closed');
    await longFailing();
    portal.answer = null;
    await dueNow();
    expect(await taken(1).then(state)).toEqual([{ since: false, off_because: null, last_error: null }]);

    portal.answer = refuse;
    await ended(1);
    await until(state, ([row]) => row?.since === true);
    await longFailing();
    await dueNow();
    expect(await until(state, ([row]) => row?.off_because != null)).toMatchObject([{ off_because: 'failing' }]);
    await until(() => webhooks.wanting({ type: 'NotificationSent', tenantDomain: 'carbon.super', source: null }), (names) => names.length === 0);
    webhooks.heedGone();
    await settled((all) => all.every(({ state: one }) => one !== 'WAITING'));
    expect(await new WebhookAnswers(service.database, [portal.settings()], () => undefined).answer({ ask: 'list' })).toMatchObject({ webhooks: [{ state: 'gone', waiting: 0, lastError: '503: closed' }] });

    portal.answer = null;
    start([portal.settings({ path: '/new' })]);
    await ended(1);
    await settled((all) => all.filter(({ state: one }) => one === 'TAKEN').length === 2);
  });

  it('is given up after a day, which an operator is told, and forgotten a week later', async () => {
    service.webhooksWanting = () => ['portal', 'no longer in the file'];
    await ended(3);
    await service.database.query(`UPDATE webhook_delivery SET created_at = now() - interval '25 hours', next_at = now() + interval '1 hour'`);
    const metrics = new Metrics('test');
    start(undefined, { metrics: metrics.webhooks() });
    await settled((all) => all.every(({ state }) => state === 'GIVEN_UP'));
    await until(() => metrics.exposition(), (text) => text.includes('rekey_webhook_given_up_total{webhook="portal",service="test"} 3'));

    await pruneWebhookDeliveries(service.database, 7);
    expect(await rows()).toHaveLength(6);
    await service.database.query(`UPDATE webhook_delivery SET finished_at = now() - interval '8 days'`);
    expect(await pruneWebhookDeliveries(service.database, 7)).toBe(false);
    expect(await rows()).toEqual([]);
  });

  it('may be the example in Node, which takes an event once', async () => {
    const file = fileURLToPath(new URL('../../../../examples/webhook-in-node/receive.mjs', import.meta.url));
    const program = spawn(process.execPath, [file], { env: { ...process.env, PORT: '0', REKEY_VERIFYING_KEY: JSON.stringify(service.publisher.keys.verifying) }, stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      let printed = '';
      program.stdout.on('data', (part: Buffer) => (printed += part.toString()));
      const [, url = ''] = /listening at (\S+)/.exec(await until(() => printed, (text) => text.includes('\n'))) ?? [];
      start([{ ...portal.settings(), url }]);
      const [mail] = await ended(1);
      await taken(1);
      await service.database.query(`UPDATE webhook_delivery SET state = 'WAITING', finished_at = NULL, next_at = now()`);
      expect(await taken(1)).toMatchObject([{ attempts: 2 }]);
      expect(printed.match(new RegExp(`NotificationSent ${mail?.eventId} 250 OK\n`, 'g'))).toHaveLength(1);
      expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(400);
    } finally {
      program.kill('SIGKILL');
      await once(program, 'exit');
    }
  });
});
