import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DeploymentConfig } from '@rekey/deployment-config';
import { EventReader, EventSigner, EventWriter, notificationServiceSource, SecretOpener, type SignedRequest } from '@rekey/events';
import { Database, EventServer, OutboxRelay, pruneExpired, waitingEvents, type EventTransport } from '@rekey/messaging';
import { Health, nestLog, type Logger, type Metrics } from '@rekey/observability';
import { answerers } from './answerers.ts';
import { MailBrands } from './brand/mail-brands.ts';
import { DeliveryDesk } from './delivery-log/delivery-desk.ts';
import { DeliveryLog } from './delivery-log/delivery-log.ts';
import { DeliveryWorker } from './delivery/delivery-worker.ts';
import { DomainLimits } from './delivery/domain-limits.ts';
import { OutcomeReports, type OutcomeReport } from './delivery/outcome-reports.ts';
import { CarefulReader } from './inbox/careful-reader.ts';
import { openMails } from './inbox/inbox-statements.ts';
import { Inbox } from './inbox/inbox.ts';
import { Intake } from './inbox/intake.ts';
import { pruneInbox } from './inbox/prune-inbox.ts';
import { MailCounts, pruneMailCounts } from './mail-figures/mail-counts.ts';
import { DkimSignature } from './message/dkim-signature.ts';
import { notificationServiceMigrations } from './notification-service-migrations.ts';
import { NotificationServiceModule } from './notification-service.module.ts';
import { MailRelays } from './relay/mail-relays.ts';
import { RelayAnswers } from './relay/relay-answers.ts';
import { RelayReports } from './relay/relay-reports.ts';
import { listenOnFirstFree } from './service-port.ts';
import { ServiceRequests, type ServiceAnswer } from './service-request/service-requests.ts';
import { pruneTakenRequests } from './service-request/taken-requests.ts';
import { notificationServiceSettings } from './service-settings.ts';
import { SmtpRelay } from './smtp/smtp-relay.ts';
import { SuppressionList } from './suppression/suppression-list.ts';
import { MailTemplates } from './template-management/mail-templates.ts';
import { TestMails } from './template-management/test-mails.ts';
import { MailComposer, messageIdOf, shippedTemplates } from './template/mail-composer.ts';
import { OwnTemplates } from './template/own-templates.ts';
import { TemplateLibrary } from './template/template-library.ts';
import { templateChannel } from './template/template-statements.ts';
import { WebhookAnswers } from './webhook/webhook-answers.ts';
import { pruneWebhookDeliveries } from './webhook/webhook-statements.ts';
import { Webhooks } from './webhook/webhooks.ts';

/** Nobody waits for an outcome as a person waits for a mail. */
const outcomesMsApart = 20;
/** How long mails in flight may take once the service has been told to stop. */
const drainMs = 15_000;
/** How long an operator sees what webhooks were told. */
const webhookRetentionDays = 7;
/** Of what the recovery service asks: at most a template, and what stands around it. */
const maxRequestBytes = 256 * 1024;

export interface NotificationServiceOptions {
  readonly config: DeploymentConfig;
  /** Closed by `stop`. */
  readonly transport: EventTransport;
  readonly log: Logger;
  /** Shown at `/metrics` beside the health endpoints; without them there is no such address. */
  readonly metrics?: Metrics;
  /** Of the health endpoints and the signed door; 0: any free one; several: the first that is free; null or absent: none. */
  readonly port?: number | readonly number[] | null;
}

export interface NotificationService {
  readonly health: Health;
  /** Takes events and sends mails; resolves when it listens. */
  start(): Promise<void>;
  /** Step 10 of the delivery protocol: finishes what is in flight, hands back the rest, closes everything it opened, and the bus. */
  stop(): Promise<void>;
  /** Of its port, once started; null where there is none. */
  url(): Promise<string | null>;
  /** What its port answers to a signed request, for a recovery service in the same process. */
  answer(request: SignedRequest): Promise<ServiceAnswer>;
}

/**
 * Builds the service on an open database; nothing is consumed or sent before `start`.
 * @throws MissingSettingError where the configuration lacks a section; the database's error where it cannot be opened
 */
export async function createNotificationService({ config, transport, log, metrics, port = null }: NotificationServiceOptions): Promise<NotificationService> {
  const settings = notificationServiceSettings(config);
  const { email, delivery } = settings;
  const messageIdDomain = email.fromAddress.slice(email.fromAddress.lastIndexOf('@') + 1);
  const secrets = await SecretOpener.from(settings.sealingPrivateKeys);
  const library = await TemplateLibrary.load(shippedTemplates, delivery.defaultLocale);
  const writer = new EventWriter(notificationServiceSource, new EventSigner(settings.signingPrivateKey));

  const database = await Database.open(settings.database, notificationServiceMigrations);
  const webhooks = new Webhooks(settings.webhooks, { database, log, metrics: metrics?.webhooks() });
  const reports = new OutcomeReports(writer, (outcome) => webhooks.wanting(outcome));
  const ownTemplates = new OwnTemplates(database);
  const brands = new MailBrands(database);
  const composer = new MailComposer(library, (...asked) => ownTemplates.of(...asked), (tenantDomain) => brands.of(tenantDomain), { from: { name: email.fromName, address: email.fromAddress }, messageIdDomain, baseUrl: config.server.baseUrl, signature: email.dkim && new DkimSignature(email.dkim) });
  const idOfMail = (eventId: string): string => messageIdOf(eventId, messageIdDomain);
  const templates = new MailTemplates(database, library, composer, new TestMails(database, idOfMail), settings.ownOrigin);
  const outboxRelay = new OutboxRelay(database, transport, log, { leastMsApart: outcomesMsApart, metrics: metrics?.events.outbox('notification-service', () => waitingEvents(database)) });
  metrics?.events.lag(() => transport.lag());
  metrics?.events.paused(() => transport.paused());
  const mailMetrics = metrics?.mails(() => openMails(database));
  const smtpRelays = email.relays.map((relay) => ({ ...relay, sender: new SmtpRelay(relay, { connections: relay.connections, log }) }));
  const relays: MailRelays = new MailRelays(smtpRelays, { log, metrics: metrics?.mailRelays(), onChange: () => relayReports.wake() });
  const relayReports = new RelayReports(database, relays, { log });
  const relayAnswers = new RelayAnswers(database, email);
  const domains = new DomainLimits({ concurrency: delivery.concurrencyPerDomain, ahead: Math.floor((delivery.prefetch * delivery.concurrencyPerDomain) / delivery.concurrency), mailsPerSecond: delivery.mailsPerSecondPerDomain });
  const onReported = (settled: readonly OutcomeReport[] = []): void => {
    outboxRelay.publishWritten(settled);
    webhooks.wake();
  };
  const worker = new DeliveryWorker({ database, composer, relays, domains, caps: delivery.caps, secrets, reports, log, onReported, metrics: mailMetrics, concurrency: delivery.concurrency, prefetch: delivery.prefetch });
  const reader = new EventReader(settings.publishers);
  const inbox = new Inbox(database, reader, reports, { messageIdOf: idOfMail, log, onReported, metrics: mailMetrics });
  const events = new CarefulReader(database, inbox);
  const intake = new Intake(database, delivery.mostWaiting);
  const suppressions = new SuppressionList(database);
  const deliveries = new DeliveryLog(database, new DeliveryDesk(database, reader, (records) => inbox.accept(records)), reader.sources);
  const webhookAnswers = new WebhookAnswers(database, settings.webhooks, () => webhooks.heedGone());
  const mailCounts = new MailCounts(database, log);
  const requests = new ServiceRequests(database, answerers({ templates, brands, deliveries, suppressions, webhooks: webhookAnswers, relays: relayAnswers }), settings.publishers, log);
  const pruning = pruneExpired({
    mails: () => pruneInbox(database, delivery.retention),
    'taken requests': () => pruneTakenRequests(database),
    'what webhooks were told': () => pruneWebhookDeliveries(database, webhookRetentionDays),
    'mail figures': () => pruneMailCounts(database),
  }, log);

  const health = new Health();
  health.add('database', () => database.query('SELECT 1').then(() => ({ ready: true })));
  health.add('event bus', () => transport.readiness());
  health.add('outbox', () => outboxRelay.readiness());
  health.add('mail relay', () => relays.readiness());

  const app = await NestFactory.create<NestFastifyApplication>(NotificationServiceModule.with({ intake, events, requests, health, metrics: metrics ?? null }), new FastifyAdapter({ bodyLimit: maxRequestBytes }), { logger: nestLog(log), rawBody: true });
  app.connectMicroservice({ strategy: new EventServer(transport, 'notification-service') });

  const forget = (): void => {
    ownTemplates.forget();
    brands.forget();
  };
  let stopListening = async (): Promise<void> => undefined;
  let stopped: Promise<void> | null = null;

  const stop = async (): Promise<void> => {
    health.drain();
    await stopListening();
    await Promise.all([worker.stop(drainMs, async () => void (await Promise.all(smtpRelays.map(({ sender }) => sender.close())))), webhooks.stop(drainMs)]);
    await Promise.all([pruning.stop(), mailCounts.stop(), relayReports.stop()]);
    await outboxRelay.stop(); // before the bus: the last outcomes still go out
    await app.close(); // the health endpoints and, through the EventServer, the bus
    await events.end();
    await database.close();
  };

  return {
    health,
    start: async () => {
      if (port === null) await app.init();
      else await listenOnFirstFree(app, typeof port === 'number' ? [port] : port, settings.listenAddress);
      await app.startAllMicroservices();
      const listening = [database.listen('inbox', () => worker.wake()), database.listen(templateChannel, forget)];
      stopListening = async () => void (await Promise.all(listening.map((stopOne) => stopOne())));
      worker.start();
      outboxRelay.start();
      webhooks.start();
      pruning.start();
      mailCounts.start();
      relayReports.start();
    },
    stop: () => (stopped ??= stop()),
    answer: (request) => requests.answer(request),
    url: () => (port === null ? Promise.resolve(null) : app.getUrl()),
  };
}
