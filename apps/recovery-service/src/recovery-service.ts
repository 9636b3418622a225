import 'reflect-metadata';
import { setTimeout as pause } from 'node:timers/promises';
import { RunningValues, type DeploymentConfig } from '@rekey/deployment-config';
import { serveApiDocs, type DocumentedApi, type DocumentedEvents } from '@rekey/edge';
import { asyncApiDocument } from '@rekey/events';
import { loadThirdParties, type UserManager } from '@rekey/governance';
import { superTenant } from '@rekey/identity';
import { Database, EventServer, OutboxRelay, pruneExpired, waitingEvents, type EventTransport } from '@rekey/messaging';
import { Health, type Logger, type Metrics } from '@rekey/observability';
import type { FastifyInstance } from 'fastify';
import { answerInSteps } from './answer-time/answer-steps.ts';
import { WorkAfterAnswers } from './answer-time/work-after-answers.ts';
import { documentsOf } from './api-docs/document.ts';
import { routesOf } from './api-docs/routes.ts';
import { thirdPartyVerifier } from './captcha/third-party-verifier.ts';
import { pruneForcedResets } from './forced-reset/forced-reset-statements.ts';
import { createHttpApplication, type HttpOptions } from './http/http-application.ts';
import { observeRequests } from './http/observed-requests.ts';
import { pruneIdempotentRequests } from './idempotency/idempotency-statements.ts';
import type { AskNotificationService } from './notification-service/notification-services.ts';
import { pruneRateLimit } from './rate-limit/rate-limit-statements.ts';
import { pruneFlows } from './recovery-flow/recovery-flow-statements.ts';
import { recoveryServiceMigrations } from './recovery-service-migrations.ts';
import { recoveryServiceParts } from './recovery-service-parts.ts';
import { providersOf } from './recovery-service-providers.ts';
import { httpDoors, RecoveryServiceModule } from './recovery-service.module.ts';
import { wakeChannel } from './recovery/account-changes.ts';
import { pruneDecoys } from './recovery/recovery-statements.ts';
import { pruneUnconfirmed } from './self-registration/unconfirmed-accounts.ts';
import { recoveryServiceSettings } from './service-settings.ts';

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
  const settings = recoveryServiceSettings(config);
  const thirdParties = await loadThirdParties(config, log);
  const verifier = config.captcha.verifier === 'proof-of-work' ? null : await thirdPartyVerifier(config.captcha, log);

  const database = await Database.open(settings.database, recoveryServiceMigrations);
  const relay = new OutboxRelay(database, transport, log, { metrics: metrics?.events.outbox('recovery-service', () => waitingEvents(database)) });
  metrics?.events.lag(() => transport.lag());
  metrics?.events.paused(() => transport.paused());
  const health = new Health();
  health.add('database', async () => ({ ready: (await database.query('SELECT 1')).length === 1 }));

  const publishing = new WorkAfterAnswers(() => relay.wake());
  const parts = recoveryServiceParts({ config, settings, database, wakeRelay: () => publishing.wake(), thirdParties, verifier, askNotificationService, log });
  const { users, hasher, sessions, audit, captcha, addresses, forcedResets } = parts;
  const providers = providersOf(parts, { database, relay, health, running, metrics: metrics ?? null, baseUrl: config.server.baseUrl, log });
  const { app, fastify } = await createHttpApplication(RecoveryServiceModule.with(providers), log, () => health.isDraining, http);
  answerInSteps(fastify, routesOf(httpDoors));
  publishing.follow(fastify);
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
