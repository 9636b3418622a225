import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { startTracing, type Tracing } from '@rekey/observability';
import { anOtlpReceiver, kafkaUnavailable, type OtlpReceiver, until } from '@rekey/test-kit';
import { BothServices, baseUrl, embeddedBus, kafkaBus, keyIn, type Bus } from './testing/both-services.ts';

const password = 'a password nobody has guessed';
const noKafka = kafkaUnavailable();
if (noKafka !== null) console.warn(`SKIPPED: the recovery flow over a real Kafka (${noKafka})`);

const buses = [
  { name: 'the embedded bus', open: embeddedBus, available: true },
  { name: 'a real Kafka', open: kafkaBus, available: noKafka === null },
];

describe.each(buses)('a forgotten password, over $name', ({ open, available }) => {
  if (!available) {
    it.skip('needs a Kafka', () => undefined);
    return;
  }
  let bus: Bus;
  let services: BothServices;
  let collector: OtlpReceiver;
  let tracing: Tracing;
  beforeAll(async () => {
    process.env['OTEL_BSP_SCHEDULE_DELAY'] = '100';
    [bus, collector] = await Promise.all([open(), anOtlpReceiver()]);
    tracing = await startTracing('rekey', collector.endpoint);
    services = await BothServices.start(bus, '[server]\ntrusted_proxies = ["127.0.0.1"]');
  }, 90_000);
  afterAll(async () => {
    await services.stop();
    await tracing.stop();
    await Promise.all([bus.stop(), collector.close()]);
  });

  it('is recovered: request, mail, link, new password, sign-in, and a mail that says so', async () => {
    await services.aUser('kim', { name: { givenName: 'Kim' } });
    expect(await services.recover('kim')).toBe(202);
    const [mail] = await services.mailsTo('kim', 1);
    if (!mail) throw new Error('a mail was waited for');
    expect(mail.parsed.subject).toBe('Reset your password');
    expect(mail.parsed.from?.value).toEqual([{ name: 'Rekey', address: 'no-reply@id.example.com' }]);
    expect(mail.parsed.headers.get('auto-submitted')).toBe('auto-generated');
    const link = `${baseUrl}/myaccount/reset#key=${keyIn(mail)}`;
    expect(mail.parsed.text).toContain(link);
    expect(mail.parsed.html).toContain(`href="${link}"`);
    expect(mail.parsed.text).toContain('Kim');

    const [event] = await services.databases[0].query<{ id: string }>(`SELECT id FROM outbox WHERE headers->>'ce_type' = 'PasswordRecoveryRequested' ORDER BY position LIMIT 1`);
    expect(mail.received.messageId).toBe(`<${event?.id}@id.example.com>`);

    expect(await services.setPassword(keyIn(mail), password)).toBe(200);
    expect(await services.signIn('kim', password)).toBe(200);
    expect(await services.setPassword(keyIn(mail), password)).toBe(400);
    const [, notice] = await services.mailsTo('kim', 2);
    expect(notice?.parsed.subject).toBe('Your password was changed');
    expect(notice?.parsed.text).not.toContain('key=');
  });

  it('is one trace, from the gateway’s request to the relay’s 250 and back, and the new password’s trace points to it; neither names anybody (S43)', async () => {
    const [traceId, gateway] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
    await services.aUser('zephyrine', { name: { givenName: 'Zephyrine' } });
    expect(await services.recover('zephyrine', { traceparent: `00-${traceId}-${gateway}-01` })).toBe(202);
    const [mail] = await services.mailsTo('zephyrine', 1);
    if (!mail) throw new Error('a mail was waited for');
    const spans = () => collector.spans.filter((span) => span.traceId === traceId);
    const expected = ['POST /api/identity/recovery/v0.9/recover-password', 'listener chain getClaims', 'outbox write', 'publish recovery.events.v1', 'process recovery.events.v1', 'send mail', 'publish notification.events.v1', 'process notification.events.v1'];
    await until(() => expected.every((name) => spans().some((span) => span.name === name)));
    const [request] = spans().filter(({ name }) => name.startsWith('POST'));
    expect(request?.parentSpanId).toBe(gateway);
    for (const name of expected.slice(3)) expect([name, spans().find((span) => span.name === name)?.parentSpanId]).toEqual([name, request?.spanId]);
    const steps = spans().find(({ name }) => name === 'send mail')?.events.map(({ name }) => name) ?? [];
    expect(steps.slice(steps.indexOf('smtp MAIL'))).toEqual(['smtp MAIL', 'smtp RCPT', 'smtp DATA', 'smtp 250', 'smtp 250', 'smtp 354', 'smtp body', 'smtp 250']);

    expect(await services.setPassword(keyIn(mail), password)).toBe(200);
    await until(() => collector.spans.some(({ name, links }) => name === 'password recovered' && links.some((link) => link.traceId === traceId)));
    const text = collector.text();
    for (const secret of [keyIn(mail), 'ephyrine', password, '@example.com', 'admin']) expect([secret, text.includes(secret)]).toEqual([secret, false]);
  });

  it('leaves no event without its outcome: published, and confirmed by the notification service', async () => {
    await services.aUser('confirmed');
    await services.recover('confirmed');
    await services.mailsTo('confirmed', 1);
    const open = () => services.databases[0].query('SELECT FROM outbox WHERE published_at IS NULL OR (awaits_outcome AND confirmed_at IS NULL)');
    await until(async () => (await open()).length === 0);
    const [row] = await services.databases[1].query<{ state: string }>(`SELECT state FROM inbox ORDER BY created_at DESC LIMIT 1`);
    expect(row?.state).toBe('SENT');
  });

  it('is recovered also where wrong passwords have locked the account, with one mail about the lock and one about its end', async () => {
    await services.aUser('shut-out', { password });
    await Promise.all(Array.from({ length: 12 }, () => services.signIn('shut-out', 'not the password')));
    expect(await services.signIn('shut-out', password)).toBe(401);
    await services.mailsTo('shut-out', 1);
    await services.recover('shut-out');
    const [, link] = await services.mailsTo('shut-out', 2);
    if (!link) throw new Error('a mail was waited for');
    expect(await services.setPassword(keyIn(link), `not ${password}`)).toBe(200);
    expect(await services.signIn('shut-out', `not ${password}`)).toBe(200);
    const subjects = (await services.mailsTo('shut-out', 4)).map(({ parsed }) => parsed.subject);
    expect(subjects.toSorted()).toEqual(['Reset your password', 'Your account has been locked', 'Your account has been unlocked', 'Your password was changed']);
    expect(subjects[0]).toBe('Your account has been locked');
  });

  it('is mailed once more with the same link when asked again', async () => {
    await services.aUser('again');
    await services.recover('again');
    // Asked again before it is sent, the first mail is left out: it would say the same.
    const [first] = await services.mailsTo('again', 1);
    expect(await services.resend('again')).toBe(201);
    const [, second] = await services.mailsTo('again', 2);
    if (!first || !second) throw new Error('two mails were waited for');
    expect(keyIn(second)).toBe(keyIn(first));
    expect(second.received.messageId).not.toBe(first.received.messageId);
  });

  it('is written to in the person’s language, and in the default one where there is no template for it', async () => {
    await services.aUser('anna', { locale: 'de_DE' });
    await services.aUser('aino', { locale: 'fi_FI' });
    await services.recover('anna');
    await services.recover('aino');
    expect((await services.mailsTo('anna', 1))[0]?.parsed.subject).toMatch(/Passwort/);
    expect((await services.mailsTo('aino', 1))[0]?.parsed.subject).toBe('Reset your password');
  });

  it('shows what a person is called as text, whatever it is (S40)', async () => {
    await services.aUser('markup', { name: { givenName: '<img src=x onerror=alert(1)>{{user-name}}\u202e&amp;' } });
    await services.recover('markup');
    const [mail] = await services.mailsTo('markup', 1);
    expect(mail?.parsed.html).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(mail?.parsed.html).not.toContain('<img src=x');
    expect(mail?.parsed.text).toContain('{{user-name}}');
  });

  it('is accepted while the relay is down, and mailed once it is back, once', async () => {
    await services.sink.pause();
    const people = Array.from({ length: 10 }, (_, index) => `patient-${index}`);
    for (const person of people) {
      await services.aUser(person);
      expect(await services.recover(person)).toBe(202);
    }
    await services.sink.resume();
    for (const person of people) expect(await services.mailsTo(person, 1)).toHaveLength(1);
  });

  it('is mailed by the services that take over from those that accepted it', async () => {
    await services.aUser('handed-on');
    await services.sink.pause();
    expect(await services.recover('handed-on')).toBe(202);
    const stored = () => services.databases[1].query(`SELECT FROM inbox WHERE data->'user'->>'username' = 'handed-on'`);
    await until(async () => (await stored()).length === 1);
    await services.restart();
    await services.sink.resume();
    const [mail] = await services.mailsTo('handed-on', 1);
    expect(mail && (await services.setPassword(keyIn(mail), password))).toBe(200);
  });

  it('leaves no key in the databases, nor with the broker (S16)', async () => {
    await services.aUser('secretive');
    await services.recover('secretive');
    const [mail] = await services.mailsTo('secretive', 1);
    if (!mail) throw new Error('a mail was waited for');
    const key = keyIn(mail);
    const encodings = [key, Buffer.from(key).toString('hex'), Buffer.from(key, 'base64url').toString('hex'), Buffer.from(key).toString('base64'), Buffer.from(key, 'base64url').toString('base64')];
    for (const database of services.databases) {
      const tables = await database.query<{ name: string }>(`SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'`);
      const rows = (await Promise.all(tables.map(({ name }) => database.query<{ row: string }>(`SELECT t::text AS row FROM ${name} AS t`)))).flat();
      const text = rows.map(({ row }) => row).join('\n');
      // bytea is shown as hex: what a payload says is looked for in both.
      for (const secret of encodings) expect([text.includes(secret), text.includes(Buffer.from(secret).toString('hex'))]).toEqual([false, false]);
    }
    if (bus.dataFolder !== null) {
      const records = Buffer.concat(await Promise.all((await readdir(bus.dataFolder, { recursive: true })).filter((name) => name.endsWith('.log')).map((name) => readFile(path.join(bus.dataFolder ?? '', name)))));
      expect(records.includes('secretive@example.com')).toBe(true);
      for (const secret of encodings) expect(records.includes(secret)).toBe(false);
    }
  });
});
