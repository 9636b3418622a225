import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DeploymentConfig } from '@rekey/deployment-config';
import { EventSigner, EventWriter, notificationServiceSource, SecretOpener, type SignedRequest } from '@rekey/events';
import { Database, EventServer, OutboxRelay, pruneExpired, waitingEvents, type EventTransport } from '@rekey/messaging';
import { Health, nestLog, type Logger, type Metrics } from '@rekey/observability';
import { pruneInbox } from './inbox/prune-inbox.ts';
import { pruneMailCounts } from './mail-figures/mail-counts.ts';
import { notificationServiceMigrations } from './notification-service-migrations.ts';
import { notificationServiceParts } from './notification-service-parts.ts';
import { NotificationServiceModule } from './notification-service.module.ts';
import { listenOnFirstFree } from './service-port.ts';
import type { ServiceAnswer } from './service-request/service-requests.ts';
import { pruneTakenRequests } from './service-request/taken-requests.ts';
import { notificationServiceSettings } from './service-settings.ts';
import { shippedTemplates } from './template/mail-composer.ts';
import { TemplateLibrary } from './template/template-library.ts';
import { templateChannel } from './template/template-statements.ts';
import { pruneWebhookDeliveries } from './webhook/webhook-statements.ts';

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
  const secrets = await SecretOpener.from(settings.sealingPrivateKeys);
  const library = await TemplateLibrary.load(shippedTemplates, settings.delivery.defaultLocale);
  const writer = new EventWriter(notificationServiceSource, new EventSigner(settings.signingPrivateKey));

  const database = await Database.open(settings.database, notificationServiceMigrations);
  const outboxRelay = new OutboxRelay(database, transport, log, { leastMsApart: outcomesMsApart, metrics: metrics?.events.outbox('notification-service', () => waitingEvents(database)) });
  metrics?.events.lag(() => transport.lag());
  metrics?.events.paused(() => transport.paused());
  const { intake, events, requests, worker, relays, relayReports, webhooks, mailCounts, closeRelays, forgetTemplates } = notificationServiceParts({ settings, database, outboxRelay, writer, secrets, library, log, metrics });
  const pruning = pruneExpired({
    mails: () => pruneInbox(database, settings.delivery.retention),
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

  let stopListening = async (): Promise<void> => undefined;
  let stopped: Promise<void> | null = null;

  const stop = async (): Promise<void> => {
    health.drain();
    await stopListening();
    await Promise.all([worker.stop(drainMs, closeRelays), webhooks.stop(drainMs)]);
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
      const listening = [database.listen('inbox', () => worker.wake()), database.listen(templateChannel, forgetTemplates)];
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
