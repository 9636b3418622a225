import 'reflect-metadata';
import { setTimeout as pause } from 'node:timers/promises';
import { APP_GUARD } from '@nestjs/core';
import { RunningValues, shippedConfig, type DeploymentConfig } from '@rekey/deployment-config';
import { serveApiDocs, type DocumentedApi, type DocumentedEvents } from '@rekey/edge';
import { asyncApiDocument, EventReader, EventSigner, EventWriter, recoveryServiceSource, RequestSigner, SecretSealer } from '@rekey/events';
import { AuditLog, ConnectorSettings, GovernanceConnectors, loadThirdParties, StoredSettings, UserManager } from '@rekey/governance';
import { PasswordHasher, Roles, Sessions, superTenant, Tenants, UserStore } from '@rekey/identity';
import { Database, EventServer, OutboxRelay, waitingEvents, type EventTransport } from '@rekey/messaging';
import { Health, type Logger, type Metrics } from '@rekey/observability';
import type { FastifyInstance } from 'fastify';
import { AddressVerification } from './address-verification/address-verification.ts';
import { documentsOf } from './api-docs/document.ts';
import { routesOf } from './api-docs/routes.ts';
import { Admission } from './authentication/admission.ts';
import { BasicAuthentication } from './authentication/basic-authentication.ts';
import { SignIns } from './authentication/sign-ins.ts';
import { BounceWebhooks } from './bounce-webhook/bounce-webhooks.ts';
import { Captcha } from './captcha/captcha.ts';
import { ProofOfWork } from './captcha/proof-of-work.ts';
import { thirdPartyVerifier } from './captcha/third-party-verifier.ts';
import { DeliveryRequests } from './deliveries/delivery-requests.ts';
import { pruneForcedResets } from './forced-reset/forced-reset-statements.ts';
import { ForcedResetWorker } from './forced-reset/forced-reset-worker.ts';
import { ClientAddresses } from './http/client-address.ts';
import { createHttpApplication, type HttpOptions } from './http/http-application.ts';
import { observeRequests } from './http/observed-requests.ts';
import { pathOfTenant } from './http/tenant-path.ts';
import { UserNames } from './http/user-name.ts';
import { pruneIdempotentRequests } from './idempotency/idempotency-statements.ts';
import { Idempotency } from './idempotency/idempotency.ts';
import { MailTemplateRequests } from './mail-template/mail-template-requests.ts';
import { NotificationServiceRequests } from './notification-service/notification-service-requests.ts';
import type { AskNotificationService } from './notification-service/notification-services.ts';
import { shownPasswordPolicies } from './password-policy/shown-password-policy.ts';
import { PasswordRecovery } from './password-recovery/password-recovery.ts';
import { PasswordReset } from './password-recovery/password-reset.ts';
import { pruneExpired } from './prune-expired.ts';
import { AddressLimit } from './rate-limit/address-limit.ts';
import { ConfirmationMails } from './rate-limit/confirmation-mails.ts';
import { Pseudonyms } from './rate-limit/pseudonyms.ts';
import { pruneRateLimit } from './rate-limit/rate-limit-statements.ts';
import { FlowDoors } from './recovery-flow/flow-doors.ts';
import { PasswordRecoveryFlow } from './recovery-flow/password-recovery-flow.ts';
import { pruneFlows } from './recovery-flow/recovery-flow-statements.ts';
import { RecoveryFlows } from './recovery-flow/recovery-flows.ts';
import { UsernameRecoveryFlow } from './recovery-flow/username-recovery-flow.ts';
import { recoveryServiceMigrations } from './recovery-service-migrations.ts';
import { httpDoors, RecoveryServiceModule } from './recovery-service.module.ts';
import { followAccountChanges, wakeChannel } from './recovery/account-changes.ts';
import { DecoyIds } from './recovery/decoy-id.ts';
import { OneTimeCodes } from './recovery/one-time-codes.ts';
import { RecoveryEvents } from './recovery/recovery-events.ts';
import { pruneDecoys } from './recovery/recovery-statements.ts';
import { ScimUsers } from './scim/scim-users.ts';
import { SelfRegistration } from './self-registration/self-registration.ts';
import { pruneUnconfirmed } from './self-registration/unconfirmed-accounts.ts';
import { TenantFoundation } from './tenant/tenant-foundation.ts';
import { UserOnboarding } from './user-onboarding/user-onboarding.ts';
import { UsernameRecovery } from './username-recovery/username-recovery.ts';

export interface RecoveryServiceOptions extends HttpOptions {
  readonly config: DeploymentConfig;
  /** Where each value of it comes from, for administrators; without it, they are told of none. */
  readonly running?: RunningValues;
  readonly transport: EventTransport;
  readonly log: Logger;
  /** Which keeps the mail templates, and what became of each mail. */
  readonly askNotificationService: AskNotificationService;
  /** Shown at `/metrics`; without them there is no such address. */
  readonly metrics?: Metrics;
}

export interface RecoveryService {
  /** For the composition root: to create the first users, to add another listener. */
  readonly users: UserManager;
  readonly fastify: FastifyInstance;
  readonly health: Health;
  /**
   * Applies what another configuration says of the chain, passwords and recovery; the rest (ports, databases, keys, addresses)
   * counts from the next start on. Requests under way end with what they began with.
   * @throws Error with one line for an operator: all stays as it was
   */
  reconfigure(config: DeploymentConfig): Promise<void>;
  /** @returns the port, where 0 was asked for */
  listen(port: number, host: string): Promise<number>;
  /**
   * Finishes the requests in hand, then closes everything it opened, and the bus. What the outbox still holds is published by another
   * instance, or at the next start.
   * @param options.noticedAfterMs goes on taking requests for so long, so that gateways have seen that it is not ready any more
   */
  stop(options?: { readonly noticedAfterMs?: number }): Promise<void>;
}

/** @throws Error with one line for an operator where `deployment.toml` lacks what the service cannot run without */
export async function createRecoveryService({ config, running = new RunningValues({ effective: () => [] }), transport, log, askNotificationService, metrics, ...http }: RecoveryServiceOptions): Promise<RecoveryService> {
  const { identityDatabase, keys } = config;
  if (!identityDatabase) throw new Error('no database configured: expected [database.identity_db] in deployment.toml');
  if (!keys.sealingPublicKey) throw new Error('no sealing key configured: expected public_key in [keys.sealing] of deployment.toml (npm run rekey -- keys new makes keys)');
  if (!keys.signingPrivateKey) throw new Error('no signing key configured: expected private_key in [keys.signing] of deployment.toml (npm run rekey -- keys new makes keys)');

  const thirdParties = await loadThirdParties(config, log);
  const verifier = config.captcha.verifier === 'proof-of-work' ? null : await thirdPartyVerifier(config.captcha, log);

  const database = await Database.open(identityDatabase, recoveryServiceMigrations);
  const relay = new OutboxRelay(database, transport, log, { metrics: metrics?.events.outbox('recovery-service', () => waitingEvents(database)) });
  metrics?.events.lag(() => transport.lag());
  metrics?.events.paused(() => transport.paused());
  const health = new Health();
  health.add('database', async () => ({ ready: (await database.query('SELECT 1')).length === 1 }));

  const tenants = new Tenants(database);
  const sessions = new Sessions(database);
  const stored = new StoredSettings(database);
  const roles = new Roles(database);
  const hasher = new PasswordHasher({ cost: config.passwordHashing });
  const audit = new AuditLog(database, log);
  const users = new UserManager({ database, store: new UserStore(), hasher, sessions, stored, config, audit, thirdParties, log });
  const settings = new ConnectorSettings(stored, () => users.config);
  // What all instances share, and nobody else knows.
  const seed = JSON.stringify(keys.signingPrivateKey);
  const signer = new EventSigner(keys.signingPrivateKey);
  const writer = new EventWriter(recoveryServiceSource, signer);
  const sealer = new SecretSealer(keys.sealingPublicKey);
  const events = new RecoveryEvents(writer, { myAccountOf: (tenantDomain) => `${config.server.baseUrl}${pathOfTenant(tenantDomain)}/myaccount`, defaultLocale: config.delivery.defaultLocale });
  const oneTimeCodes = new OneTimeCodes(seed);
  const pseudonyms = new Pseudonyms(seed);
  const mailsPerHour = () => (users.config.rateLimit.enable ? users.config.rateLimit.mailsPerAccountPerHour : null);
  const confirmationMails = new ConfirmationMails(pseudonyms, mailsPerHour);
  followAccountChanges({ users, settings, sealer, events, oneTimeCodes, confirmationMails });
  const mailing = {
    database,
    users,
    settings,
    sealer,
    events,
    decoyIds: new DecoyIds(seed),
    tells: () => users.config.passwordRecovery.tells,
    limits: () => ({ ...users.config.passwordRecovery, mailsPerAccountPerHour: mailsPerHour() }),
    wakeRelay: () => relay.wake(),
    log,
  };
  const recovery = new PasswordRecovery({ ...mailing, roles, oneTimeCodes });
  const passwordReset = new PasswordReset({ ...mailing, roles });
  const captcha = new Captcha(database, settings, verifier ?? new ProofOfWork(seed, config.captcha));
  const selfRegistration = new SelfRegistration({ ...mailing, confirmationMails });
  const onboarding = new UserOnboarding({ ...mailing, selfRegistration });
  const addressVerification = new AddressVerification({ ...mailing, confirmationMails });
  const names = new UserNames(tenants);
  const usernames = new UsernameRecovery({ ...mailing, pseudonyms });
  const flows = new RecoveryFlows(database, seed, () => users.config.accountRecoveryApi);
  const passwordFlow = new PasswordRecoveryFlow({ ...mailing, recovery, passwordReset, flows, oneTimeCodes });
  const forcedResets = new ForcedResetWorker({ database, users, roles, log });
  const rateLimit = () => users.config.rateLimit;
  const addresses = new ClientAddresses(config.server.trustedProxies);
  const signIns = new SignIns({ database, users, hasher, addresses, pseudonyms, settings: rateLimit, audit, log });
  // Apart from the pages: whoever floods those does not stop a portal behind the same address.
  const addressLimit = new AddressLimit('credentials', database, addresses, pseudonyms, rateLimit);
  const admission = new Admission({ basic: new BasicAuthentication({ signIns, addressLimit, addresses, names }), sessions, users, roles });
  const notificationService = new NotificationServiceRequests(new RequestSigner(recoveryServiceSource, signer), askNotificationService);

  const { app, fastify } = await createHttpApplication(
    RecoveryServiceModule.with([
      { provide: 'log', useValue: log },
      { provide: 'baseUrl', useValue: config.server.baseUrl },
      { provide: 'passwordPolicy', useValue: shownPasswordPolicies(settings, () => users.config) },
      { provide: 'cooldownSeconds', useValue: () => users.config.passwordRecovery.cooldownSeconds },
      { provide: 'preservesSession', useValue: () => users.config.passwordUpdate.preserveLoggedInSession },
      { provide: Database, useValue: database },
      { provide: EventReader, useValue: new EventReader(config.keys.publishers) },
      { provide: Health, useValue: health },
      { provide: 'metrics', useValue: metrics ?? null },
      { provide: Sessions, useValue: sessions },
      { provide: Tenants, useValue: tenants },
      { provide: Roles, useValue: roles },
      { provide: TenantFoundation, useValue: new TenantFoundation(tenants, users, roles) },
      { provide: GovernanceConnectors, useValue: new GovernanceConnectors(stored, () => users.config, shippedConfig(config.server.baseUrl)) },
      { provide: RunningValues, useValue: running },
      { provide: ConnectorSettings, useValue: settings },
      { provide: UserManager, useValue: users },
      { provide: AuditLog, useValue: audit },
      { provide: NotificationServiceRequests, useValue: notificationService },
      { provide: MailTemplateRequests, useValue: new MailTemplateRequests(notificationService) },
      { provide: NotificationServiceRequests, useValue: notificationService },
      { provide: BounceWebhooks, useValue: new BounceWebhooks(config.bounceWebhooks) },
      { provide: DeliveryRequests, useValue: new DeliveryRequests(notificationService) },
      { provide: UserNames, useValue: names },
      { provide: ScimUsers, useValue: new ScimUsers(users, onboarding, names, config.server.baseUrl) },
      { provide: PasswordRecovery, useValue: recovery },
      { provide: PasswordReset, useValue: passwordReset },
      { provide: Captcha, useValue: captcha },
      { provide: UsernameRecovery, useValue: usernames },
      { provide: UsernameRecoveryFlow, useValue: new UsernameRecoveryFlow({ ...mailing, recovery: usernames, flows }) },
      { provide: PasswordRecoveryFlow, useValue: passwordFlow },
      { provide: FlowDoors, useValue: new FlowDoors(names, () => users.config.accountRecoveryApi.enableV1) },
      { provide: SelfRegistration, useValue: selfRegistration },
      { provide: AddressVerification, useValue: addressVerification },
      { provide: AddressLimit, useValue: new AddressLimit('pages', database, addresses, pseudonyms, rateLimit) },
      { provide: 'credentialsLimit', useValue: addressLimit },
      { provide: OutboxRelay, useValue: relay },
      { provide: ClientAddresses, useValue: addresses },
      { provide: Idempotency, useValue: new Idempotency(database, seed, audit, log) },
      { provide: ForcedResetWorker, useValue: forcedResets },
      { provide: SignIns, useValue: signIns },
      { provide: APP_GUARD, useValue: admission },
    ]),
    log,
    () => health.isDraining,
    http,
  );
  observeRequests(fastify, { metrics: metrics?.requests(), isOperators: (request) => addresses.isFromTrusted(request) });
  await serveApiDocs(fastify, new Map<string, DocumentedApi | DocumentedEvents>([...documentsOf(routesOf(httpDoors)), ['events', asyncApiDocument()]]));
  app.connectMicroservice({ strategy: new EventServer(transport, 'recovery-service') });

  await ensureSuperAdmin(users, config);
  const pruning = pruneExpired({
    sessions: () => sessions.prune(),
    'request counts': () => pruneRateLimit(database),
    'spent captchas': () => captcha.prune(),
    'unconfirmed accounts': () => pruneUnconfirmed(database, users),
    'audit records': () => audit.prune(),
    'recovery flows': () => pruneFlows(database),
    'idempotent requests': () => pruneIdempotentRequests(database),
    'forced resets': () => pruneForcedResets(database),
    decoys: () => pruneDecoys(database),
  }, log);

  let stopListening = async (): Promise<void> => Promise.resolve();

  return {
    users,
    fastify,
    health,
    async reconfigure(next) {
      await users.reconfigure(next, () => hasher.reconfigure(next.passwordHashing));
    },
    async listen(port, host) {
      await app.startAllMicroservices();
      await app.listen(port, host);
      stopListening = database.listen(wakeChannel, () => relay.wake());
      relay.start();
      forcedResets.start();
      pruning.start();
      audit.start();
      const address = fastify.server.address();
      return typeof address === 'object' && address ? address.port : port;
    },
    async stop({ noticedAfterMs = 0 } = {}) {
      health.drain();
      await pause(noticedAfterMs);
      await fastify.close();
      await Promise.all([stopListening(), forcedResets.stop(), relay.stop(), pruning.stop()]);
      await app.close();
      await audit.stop();
      await database.close();
    },
  };
}

/** As in WSO2, the file's password counts when the account is made, and the account's own from then on. Whom the file names is an administrator again at each start. */
async function ensureSuperAdmin(users: UserManager, { superAdmin }: DeploymentConfig): Promise<void> {
  const name = { tenantDomain: superTenant, realm: 'PRIMARY', username: superAdmin.username } as const;
  await users.provision(name, superAdmin.password, {});
  const user = await users.findUser(name);
  if (user) await users.bestowRole(user, 'administrator');
}
