import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { MissingSettingError, type DeploymentConfig, type WebhookSettings } from '@rekey/deployment-config';
import { EventSigner, RequestSigner, topics, type SignedRequest } from '@rekey/events';
import { Database, EmbeddedTransport, type IncomingRecord } from '@rekey/messaging';
import { createLogger } from '@rekey/observability';
import { aDatabase, anSmtpSink, until, type ReceivedMail, type SmtpSink, type TestDatabase } from '@rekey/test-kit';
import { createNotificationService, type NotificationService } from './notification-service.ts';
import { Publisher } from './testing/publisher.ts';
import { WebhookReceiver } from './testing/webhook-receiver.ts';

const dkimKey = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

describe('the notification service, from event to mail', () => {
  let sink: SmtpSink;
  let database: TestDatabase;
  let publisher: Publisher;
  let bus: EmbeddedTransport;
  let service: NotificationService;
  let outcomes: IncomingRecord[];
  let webhooks: readonly WebhookSettings[] = [];

  beforeEach(async () => {
    [sink, database, publisher] = await Promise.all([anSmtpSink(), aDatabase(), Publisher.create()]);
    outcomes = [];
    service = await started();
  });
  afterEach(async () => {
    await service.stop();
    await sink.close();
    await database.drop();
  });

  /** Another process on the same database, with a bus of its own. */
  async function started(): Promise<NotificationService> {
    bus = new EmbeddedTransport();
    await bus.subscribe(topics.notification, 'recovery-service', async (records) => void outcomes.push(...records));
    const created = await createNotificationService({ config: config(), transport: bus, log: createLogger('test', { level: process.env['TEST_LOG_LEVEL'] ?? 'silent' }), port: 0 });
    await created.start();
    return created;
  }

  function config(): DeploymentConfig {
    const { signing, sealing, verifying } = publisher.keys;
    const needed: Pick<DeploymentConfig, 'server' | 'notificationDatabase' | 'email' | 'delivery' | 'keys' | 'webhooks'> = {
      server: { hostname: 'localhost', offset: 0, baseUrl: 'https://localhost:9443', listenAddress: '127.0.0.1', httpsPort: 9443, httpPort: 9763, notificationServices: [], trustedProxies: [] },
      notificationDatabase: { ...database.settings, poolSize: 8 },
      email: { fromAddress: 'noreply@example.com', fromName: 'Rekey', dkim: { domain: 'example.com', keys: [{ algorithm: 'rsa-sha256', selector: 'rekey2026', privateKey: dkimKey }] }, relays: [{ name: 'sink', host: sink.host, port: sink.port, priority: 1, tls: 'none', credentials: null, connections: 5, mailsPerSecond: null }] },
      delivery: { concurrency: 5, prefetch: 100, mostWaiting: 100_000, concurrencyPerDomain: 5, mailsPerSecondPerDomain: null, caps: { perHourPerRecipient: 20, perMinutePerTenant: null }, retention: { days: 30, daysOfTenant: {} }, defaultLocale: 'en_US' },
      keys: { sealingPublicKey: null, sealingPrivateKeys: [{ ...sealing }], signingPrivateKey: { ...signing }, publishers: [{ source: 'urn:rekey:recovery-service', publicKey: { ...verifying }, linkBases: ['https://localhost:9443/myaccount/reset'] }] },
      webhooks,
    };
    return needed as DeploymentConfig; // all that this service reads of it
  }

  const health = async (path: string): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${await service.url()}/health/${path}`);
    return { status: response.status, body: await response.json() };
  };
  const outcomeTypes = (): (string | undefined)[] => outcomes.map(({ headers }) => headers['ce_type']);

  it('mails the link that the event carried sealed, once, and tells what came of it', async () => {
    const request = await publisher.recoveryRequested({ address: 'kim@example.com' });
    await bus.publish(topics.recovery, [request.sent, request.sent]);
    const [mail] = await sink.waitForMails(1);

    expect(mail?.envelope.to).toEqual(['kim@example.com']);
    expect(textOf(mail)).toContain(`https://localhost:9443/myaccount/reset#key=${request.key}`);
    expect(mail?.messageId).toContain(request.id);
    await until(outcomeTypes, (types) => types.length > 0);
    expect(outcomeTypes()).toEqual(['NotificationSent']);
    expect(sink.mails).toHaveLength(1);
  });

  it('mails a code that is to be typed as it is, and no link', async () => {
    const request = await publisher.recoveryRequested({ code: 'wi8Ivm' });
    await bus.publish(topics.recovery, [request.sent]);
    const [mail] = await sink.waitForMails(1);
    expect(textOf(mail)).toMatch(/^wi8Ivm$/m);
    expect(textOf(mail)).not.toMatch(/#key|myaccount/);
  });

  it('tells a person that the password was changed', async () => {
    await bus.publish(topics.recovery, [publisher.passwordRecovered().sent]);
    const [mail] = await sink.waitForMails(1);
    expect(textOf(mail)).not.toContain('#key=');
  });

  it('tells a person that the account was locked, who has had no mail before', async () => {
    await bus.publish(topics.recovery, [publisher.accountLocked().sent]);
    const [mail] = await sink.waitForMails(1);
    expect(textOf(mail)).toContain('ends by itself after 5 minutes');
    expect(textOf(mail)).not.toContain('#key=');
  });

  it('tells a person at the old address that there is a new one (S33)', async () => {
    const change = publisher.accountChanged();
    await bus.publish(topics.recovery, [change.sent]);
    const [mail] = await sink.waitForMails(1);
    expect(mail?.envelope.to).toEqual([change.address]);
    expect(textOf(mail)).toContain('mail address of the account kim was changed');
  });

  it('mails the link with which an account is confirmed, also to whom another link was mailed before', async () => {
    const confirmation = await publisher.confirmationRequested();
    await bus.publish(topics.recovery, [(await publisher.recoveryRequested({ user: confirmation.user, generation: 3 })).sent, confirmation.sent]);
    const mails = await sink.waitForMails(2);
    expect(mails.map(textOf)).toContainEqual(expect.stringContaining(`#key=${confirmation.key}`));
  });

  it('mails a forgotten username once, however often its event comes', async () => {
    const request = publisher.usernameRequested();
    await bus.publish(topics.recovery, [request.sent, request.sent]);
    await bus.publish(topics.recovery, [request.sent, publisher.accountChanged().sent]);
    const mails = await sink.waitForMails(2);
    const [mail, ...more] = mails.filter(({ envelope }) => envelope.to.includes(request.address));
    expect(more).toEqual([]);
    expect(textOf(mail)).toMatch(/It is kim\.$/m);
  });

  it('goes on where a stopped process left off: to everybody once (F7)', async () => {
    const requests = await Promise.all(Array.from({ length: 60 }, () => publisher.recoveryRequested()));
    await bus.publish(topics.recovery, requests.map(({ sent }) => sent));
    await sink.waitForMails(5);
    await service.stop();
    service = await started();
    await until(() => new Set([...sink.mails.map(({ envelope }) => envelope.to[0])]).size, (people) => people === 60);
    expect(sink.mails).toHaveLength(60);
  });

  it('keeps mails while the relay is down, says so, and sends them when it is back (F24)', async () => {
    await sink.pause();
    await bus.publish(topics.recovery, (await Promise.all([1, 2, 3].map(() => publisher.recoveryRequested()))).map(({ sent }) => sent));
    await until(() => health('ready'), ({ status }) => status === 503);
    await sink.resume();
    await sink.waitForMails(3);
    await until(() => health('ready'), ({ status }) => status === 200);
    expect(sink.mails).toHaveLength(3);
  });

  it('sends again, the same to the byte and with the same signature, what the relay took without answering, and no third time (F28)', async () => {
    sink.script('dot', { kind: 'disconnect', taken: true }, { times: 1 });
    await bus.publish(topics.recovery, [(await publisher.recoveryRequested()).sent]);
    await sink.waitForMails(2);
    await until(outcomeTypes, (types) => types.length === 1);
    expect(sink.mails[0]?.raw).toEqual(sink.mails[1]?.raw);
    expect(sink.mails[0]?.raw.toString()).toMatch(/^DKIM-Signature: v=1; a=rsa-sha256; c=relaxed\/relaxed;\s+d=example\.com;/);
    expect(outcomeTypes()).toEqual(['NotificationSent']);
  });

  it('rejects at once what cannot be addressed, and says so', async () => {
    await bus.publish(topics.recovery, [(await publisher.recoveryRequested({ address: 'kim@example.com, eve@evil.test' })).sent]);
    await until(outcomeTypes, (types) => types.length === 1);
    expect(outcomeTypes()).toEqual(['NotificationFailed']);
    expect(sink.mails).toHaveLength(0);
  });

  it('tells webhooks too what came of a mail; one that is away leaves it ready', async () => {
    const [portal, away] = await Promise.all([new WebhookReceiver().open(), new WebhookReceiver().open()]);
    await Promise.all([away.close(), service.stop()]);
    webhooks = [portal.settings(), away.settings({ name: 'away' })];
    try {
      service = await started();
      await bus.publish(topics.recovery, [(await publisher.recoveryRequested()).sent]);
      await until(() => portal.ids, (ids) => ids.length === 1);
      await until(outcomeTypes, (types) => types.length === 1);
      expect(outcomes.map(({ headers }) => headers['ce_id'])).toEqual(portal.ids);
      await until(() => health('ready'), ({ status, body }) => status === 200 && JSON.stringify(body) === '{"status":"ready"}');
    } finally {
      webhooks = [];
      await portal.close();
    }
  });

  it('sends a stranger’s event to the dead table and no mail', async () => {
    const stranger = await Publisher.create();
    const person = randomUUID();
    await bus.publish(topics.recovery, [(await stranger.recoveryRequested({ user: person })).sent, (await publisher.recoveryRequested()).sent]);
    const mails = await sink.waitForMails(1);
    expect(mails).toHaveLength(1);
    expect(mails[0]?.envelope.to[0]).not.toContain(person.slice(0, 8));
  });

  it('lives, is ready, and is neither any more once told to stop', async () => {
    expect(await health('live')).toEqual({ status: 200, body: { status: 'live' } });
    await until(() => health('ready'), ({ status }) => status === 200);
    service.health.drain();
    expect(await health('ready')).toMatchObject({ status: 503, body: { waitingFor: { service: 'shutting down' } } });
    await service.stop();
    await expect(health('live')).rejects.toBeDefined();
  });

  it('answers at its port only what the recovery service signed, and changes nothing for others (S41)', async () => {
    const signer = (keys: Publisher['keys'], source = 'urn:rekey:recovery-service') => new RequestSigner(source, new EventSigner(keys.signing));
    const address = `${await service.url()}/requests`;
    const asked = (request: SignedRequest) => fetch(address, { method: 'POST', headers: { ...request.headers }, body: new Uint8Array(request.body) });
    const types = { ask: 'types', tenantDomain: 'carbon.super' };
    const own = signer(publisher.keys);

    const answer = await asked(own.sign('MailTemplateRequest', types));
    expect([answer.status, await answer.json()]).toEqual([200, { kind: 'types', displayNames: expect.arrayContaining(['PasswordReset', 'AccountLock']) }]);

    const right = own.sign('MailTemplateRequest', types);
    const refused = [
      { headers: { 'content-type': 'application/json' }, body: right.body },
      { ...right, body: Buffer.from(JSON.stringify({ ...types, tenantDomain: 'acme.example' })) },
      signer((await Publisher.create()).keys).sign('MailTemplateRequest', types),
      signer(publisher.keys, 'urn:rekey:notification-service').sign('MailTemplateRequest', types),
      own.sign('PasswordRecoveryRequested', types),
    ];
    for (const request of refused) expect((await asked(request)).status).toBe(401);
    expect((await asked(own.sign('MailTemplateRequest', { ...types, ask: 'everything' }))).status).toBe(400);
    expect((await fetch(address)).status).toBe(404);
  });

  it('takes a signed request once, however many repeat it at once, at whichever instance, and whoever repeats it later (S41)', async () => {
    const [first, firstBus] = [service, bus];
    const second = await started();
    const request = new RequestSigner('urn:rekey:recovery-service', new EventSigner(publisher.keys.signing)).sign('MailTemplateRequest', { ask: 'types', tenantDomain: 'carbon.super' });
    const kinds = async (times: number) => (await Promise.all(Array.from({ length: times }, (_, index) => (index % 2 === 0 ? first : second).answer(request)))).map(({ kind }) => kind);
    try {
      expect((await kinds(20)).filter((kind) => kind !== 'not-believed')).toEqual(['types']);
      expect(await kinds(2)).toEqual(['not-believed', 'not-believed']);
    } finally {
      await second.stop();
      [service, bus] = [first, firstBus];
    }
  });

  it('mails by a template from the moment that it was saved, whichever worker saved it', async () => {
    const [theirs, theirBus] = [service, bus];
    const ours = await started();
    const replaced = (subject: string): SignedRequest => {
      const template = { id: 'en_US', contentType: 'text/plain', subject, body: '{{reset-link}}', footer: '' };
      return new RequestSigner('urn:rekey:recovery-service', new EventSigner(publisher.keys.signing)).sign('MailTemplateRequest', { ask: 'replace-template', tenantDomain: 'carbon.super', by: 'admin@carbon.super', type: 'PasswordReset', template });
    };
    const subjectOf = async (from: EmbeddedTransport): Promise<string> => {
      const request = await publisher.recoveryRequested();
      await from.publish(topics.recovery, [request.sent]);
      await until(() => sink.mails.find(({ envelope }) => envelope.to.includes(request.address)), (mail) => mail !== undefined);
      return /^Subject: (.*)\r$/m.exec(textOf(sink.mails.find(({ envelope }) => envelope.to.includes(request.address))))?.[1] ?? '';
    };
    try {
      for (const subject of ['first words', 'second words']) {
        expect(await ours.answer(replaced(subject))).toEqual({ kind: 'done' });
        for (const from of [theirBus, bus]) await until(() => subjectOf(from), (seen) => seen === subject);
      }
    } finally {
      await ours.stop();
      service = theirs;
    }
  });

  it('forgets all that is older than any topic keeps its events, and requests that have lapsed, however many', async () => {
    await service.stop();
    const look = await Database.open({ ...database.settings, poolSize: 1 }, []);
    const many = 5_001;
    await look.query(
      `INSERT INTO inbox (event_id, topic, "partition", "offset", event_type, kind, user_id, tenant_domain, generation, data, message_id, created_at, received_at, expires_at, state, finished_at)
       SELECT gen_random_uuid(), 't', 0, n, 'e', 'notice', gen_random_uuid(), 'd', 1, '{}', 'm', long_ago, long_ago, long_ago, 'SENT', long_ago
       FROM generate_series(1, $1) n, (SELECT now() - interval '31 days' AS long_ago) AS past`,
      [many],
    );
    await look.query(`INSERT INTO filed_mail (tenant_domain, received_at, position, event_id, reference, recipient, username) SELECT tenant_domain, received_at, position, event_id, 'r', 'r', 'u' FROM inbox WHERE topic = 't'`);
    await look.query(`INSERT INTO attempt (event_id, attempt_no, started_at, stage, reply, ended_at) SELECT event_id, 1, created_at, 'sent', '250', created_at FROM inbox`);
    await look.query(`INSERT INTO dead (id, topic, "partition", "offset", headers, reason, cause, last_at) SELECT gen_random_uuid(), 't', 0, n, '{}', 'r', 'r', now() - interval '31 days' FROM generate_series(1, $1) n`, [many]);
    await look.query(`INSERT INTO taken_request (request_id, lapses_at) SELECT gen_random_uuid(), now() - interval '61 minutes' FROM generate_series(1, $1)`, [many]);
    await look.query(`INSERT INTO taken_request (request_id, lapses_at) VALUES (gen_random_uuid(), now() - interval '1 minute')`);

    service = await started();
    const left = () => look.query(`SELECT (SELECT count(*)::int FROM inbox) AS mails, (SELECT count(*)::int FROM attempt) AS attempts, (SELECT count(*)::int FROM dead) AS dead, (SELECT count(*)::int FROM taken_request) - 1 AS requests`);
    try {
      await until(left, ([counts]) => Object.values(counts ?? {}).every((count) => count === 0));
    } finally {
      await look.close();
    }
  });

  it('does not take events that the database does not take: their publisher keeps them (F19)', async () => {
    await database.drop();
    await expect(bus.publish(topics.recovery, [(await publisher.recoveryRequested()).sent])).rejects.toMatchObject({ message: expect.stringMatching(/terminat|does not exist|no role|authentication|role/i) });
  });

  it.each([
    ['notificationDatabase', '[database.notification_db]'],
    ['email', '[output_adapter.email]'],
  ])('names the section of deployment.toml that is missing: %s', async (part, section) => {
    const creating = createNotificationService({ config: { ...config(), [part]: null }, transport: bus, log: createLogger('test', { level: 'silent' }) });
    await expect(creating).rejects.toThrow(MissingSettingError);
    await expect(creating).rejects.toThrow(section);
  });
});

/** The mail's source with its quoted-printable lines put together again (RFC 2045 section 6.7), as far as links need it. */
function textOf(mail: ReceivedMail | undefined): string {
  return mail?.raw.toString().replace(/=\r\n/g, '').replace(/=3D/g, '=') ?? '';
}
