import { EventReader, type EventWriter, type SecretOpener } from '@rekey/events';
import type { Database, OutboxRelay } from '@rekey/messaging';
import type { Logger, Metrics } from '@rekey/observability';
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
import { MailCounts } from './mail-figures/mail-counts.ts';
import { DkimSignature } from './message/dkim-signature.ts';
import { MailRelays } from './relay/mail-relays.ts';
import { RelayAnswers } from './relay/relay-answers.ts';
import { RelayReports } from './relay/relay-reports.ts';
import { ServiceRequests } from './service-request/service-requests.ts';
import type { NotificationServiceSettings } from './service-settings.ts';
import { SmtpRelay } from './smtp/smtp-relay.ts';
import { SuppressionList } from './suppression/suppression-list.ts';
import { MailTemplates } from './template-management/mail-templates.ts';
import { TestMails } from './template-management/test-mails.ts';
import { MailComposer, messageIdOf } from './template/mail-composer.ts';
import { OwnTemplates } from './template/own-templates.ts';
import type { TemplateLibrary } from './template/template-library.ts';
import { WebhookAnswers } from './webhook/webhook-answers.ts';
import { Webhooks } from './webhook/webhooks.ts';

/** What the parts are made of: open already, and closed by whoever opened it. */
interface Given {
  readonly settings: NotificationServiceSettings;
  readonly database: Database;
  readonly outboxRelay: OutboxRelay;
  readonly writer: EventWriter;
  readonly secrets: SecretOpener;
  readonly library: TemplateLibrary;
  readonly log: Logger;
  readonly metrics: Metrics | undefined;
}

/** What the service does, each part by itself; nothing runs before it is started. */
export function notificationServiceParts({ settings, database, outboxRelay, writer, secrets, library, log, metrics }: Given) {
  const { email, delivery } = settings;
  const mailMetrics = metrics?.mails(() => openMails(database));

  const webhooks = new Webhooks(settings.webhooks, { database, log, metrics: metrics?.webhooks() });
  const reports = new OutcomeReports(writer, (outcome) => webhooks.wanting(outcome));
  const onReported = (settled: readonly OutcomeReport[] = []): void => {
    outboxRelay.publishWritten(settled);
    webhooks.wake();
  };

  const messageIdDomain = email.fromAddress.slice(email.fromAddress.lastIndexOf('@') + 1);
  const idOfMail = (eventId: string): string => messageIdOf(eventId, messageIdDomain);
  const ownTemplates = new OwnTemplates(database);
  const brands = new MailBrands(database);
  const composer = new MailComposer(library, (...asked) => ownTemplates.of(...asked), (tenantDomain) => brands.of(tenantDomain), { from: { name: email.fromName, address: email.fromAddress }, messageIdDomain, baseUrl: settings.baseUrl, signature: email.dkim && new DkimSignature(email.dkim) });

  const smtpRelays = email.relays.map((relay) => ({ ...relay, sender: new SmtpRelay(relay, { connections: relay.connections, log }) }));
  const relays: MailRelays = new MailRelays(smtpRelays, { log, metrics: metrics?.mailRelays(), onChange: () => relayReports.wake() });
  const relayReports = new RelayReports(database, relays, { log });
  const domains = new DomainLimits({ concurrency: delivery.concurrencyPerDomain, ahead: Math.floor((delivery.prefetch * delivery.concurrencyPerDomain) / delivery.concurrency), mailsPerSecond: delivery.mailsPerSecondPerDomain });
  const worker = new DeliveryWorker({ database, composer, relays, domains, caps: delivery.caps, secrets, reports, log, onReported, metrics: mailMetrics, concurrency: delivery.concurrency, prefetch: delivery.prefetch });

  const reader = new EventReader(settings.publishers);
  const inbox = new Inbox(database, reader, reports, { messageIdOf: idOfMail, log, onReported, metrics: mailMetrics });

  const answering = {
    templates: new MailTemplates(database, library, composer, new TestMails(database, idOfMail), new URL(settings.baseUrl).origin),
    brands,
    deliveries: new DeliveryLog(database, new DeliveryDesk(database, reader, (records) => inbox.accept(records)), reader.sources),
    suppressions: new SuppressionList(database),
    webhooks: new WebhookAnswers(database, settings.webhooks, () => webhooks.heedGone()),
    relays: new RelayAnswers(database, email),
  };

  return {
    intake: new Intake(database, delivery.mostWaiting),
    events: new CarefulReader(database, inbox),
    requests: new ServiceRequests(database, answerers(answering), settings.publishers, log),
    worker,
    relays,
    relayReports,
    webhooks,
    mailCounts: new MailCounts(database, log),
    closeRelays: async () => void (await Promise.all(smtpRelays.map(({ sender }) => sender.close()))),
    /** To be called where tenants' templates or brands may have changed. */
    forgetTemplates: () => {
      ownTemplates.forget();
      brands.forget();
    },
  };
}
