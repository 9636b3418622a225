import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DeploymentConfig } from '@rekey/deployment-config';
import { EventReader, EventSigner, EventWriter, SecretSealer } from '@rekey/events';
import { ConnectorSettings, governanceMigrations, UserManager } from '@rekey/governance';
import { identityMigrations, PasswordHasher, Sessions, Tenants, UserStore } from '@rekey/identity';
import { CreateOutbox1764000000000, Database, EventServer, OutboxRelay, RepeatingTask, type EventTransport } from '@rekey/messaging';
import { Health, type Logger } from '@rekey/observability';
import type { FastifyInstance } from 'fastify';
import { BasicAuthentication } from './http/basic-authentication.ts';
import { acceptOnlyJson } from './http/content-types.ts';
import { ErrorFilter } from './http/error-filter.ts';
import { takeTenantFromPath, superTenant } from './http/tenant-path.ts';
import { UserNames } from './http/user-name.ts';
import { CreateRecovery1764000200000 } from './recovery/create-recovery.ts';
import { DecoyIds } from './recovery/decoy-id.ts';
import { PasswordRecovery } from './recovery/password-recovery.ts';
import { RecoveryEvents } from './recovery/recovery-events.ts';
import { pruneDecoys } from './recovery/recovery-statements.ts';
import { RecoveryServiceModule } from './recovery-service.module.ts';

export interface RecoveryServiceOptions {
  readonly config: DeploymentConfig;
  readonly transport: EventTransport;
  readonly log: Logger;
  /** Key and certificate (PEM) to serve HTTPS with; without them it speaks HTTP, for a gateway on the same network. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Adds what stands at the same door, such as My Account's pages, before the service's own routes. */
  readonly furnish?: (fastify: FastifyInstance) => Promise<void>;
}

export interface RecoveryService {
  /** For the composition root: to create the first users, to add another listener. */
  readonly users: UserManager;
  readonly fastify: FastifyInstance;
  readonly health: Health;
  /** @returns the port, where 0 was asked for */
  listen(port: number, host: string): Promise<number>;
  /** Takes no more requests, finishes those in hand, hands over what is in the outbox, and closes the database. */
  stop(): Promise<void>;
}

const maxBodyBytes = 64 * 1024;
const pruneEveryMs = 3_600_000;

/** @throws Error with one line for an operator where `deployment.toml` lacks what the service cannot run without */
export async function createRecoveryService({ config, transport, log, tls, furnish }: RecoveryServiceOptions): Promise<RecoveryService> {
  const { identityDatabase, keys } = config;
  if (!identityDatabase) throw new Error('no database configured: expected [database.identity_db] in deployment.toml');
  if (!keys.sealingPublicKey) throw new Error('no sealing key configured: expected public_key in [keys.sealing] of deployment.toml');
  if (!keys.signingPrivateKey) throw new Error('no signing key configured: expected private_key in [keys.signing] of deployment.toml');

  const database = await Database.open(identityDatabase, [...identityMigrations, ...governanceMigrations, CreateOutbox1764000000000, CreateRecovery1764000200000]);
  const relay = new OutboxRelay(database, transport, log);
  const health = new Health();
  health.add('database', async () => ({ ready: (await database.query('SELECT 1')).length === 1 }));

  const tenants = new Tenants(database);
  const sessions = new Sessions(database);
  const settings = new ConnectorSettings(database, config);
  const users = new UserManager({ database, store: new UserStore(), hasher: new PasswordHasher(), sessions, config, log });
  const writer = new EventWriter(eventSource, new EventSigner(keys.signingPrivateKey));
  const recovery = new PasswordRecovery({
    database,
    users,
    settings,
    sealer: new SecretSealer(keys.sealingPublicKey),
    events: new RecoveryEvents(writer, { linkBase: `${config.server.baseUrl}/myaccount/reset`, defaultLocale: config.delivery.defaultLocale }),
    decoyIds: new DecoyIds(JSON.stringify(keys.signingPrivateKey)),
    limits: config.passwordRecovery,
    wakeRelay: () => relay.wake(),
    log,
  });
  const names = new UserNames(tenants);

  const adapter = new FastifyAdapter({
    ...(tls ? { https: tls } : {}),
    bodyLimit: maxBodyBytes,
    genReqId: () => randomUUID(),
    rewriteUrl: takeTenantFromPath,
    requestTimeout: 30_000,
    keepAliveTimeout: 65_000,
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    RecoveryServiceModule.with([
      { provide: 'log', useValue: log },
      { provide: 'baseUrl', useValue: config.server.baseUrl },
      { provide: 'passwordPolicy', useValue: config.passwordPolicy },
      { provide: Database, useValue: database },
      { provide: EventReader, useValue: new EventReader(config.keys.publishers) },
      { provide: Health, useValue: health },
      { provide: Sessions, useValue: sessions },
      { provide: ConnectorSettings, useValue: settings },
      { provide: UserManager, useValue: users },
      { provide: UserNames, useValue: names },
      { provide: PasswordRecovery, useValue: recovery },
      { provide: BasicAuthentication, useValue: new BasicAuthentication(users, names, config.superAdmin.username) },
    ]),
    adapter,
    { logger: ['error', 'warn'], abortOnError: false, bodyParser: false },
  );
  app.useGlobalFilters(new ErrorFilter(log));
  const fastify = adapter.getInstance<FastifyInstance>(); // typed for HTTP/1 and HTTP/2 at once unless one says so
  acceptOnlyJson(fastify);
  await fastify.register(cookie);
  await furnish?.(fastify);
  app.connectMicroservice({ strategy: new EventServer(transport, 'recovery-service') });

  await ensureSuperAdmin(users, config);
  const pruning = new RepeatingTask(async () => pruneDecoys(database).then(() => false), { everyMs: pruneEveryMs, onError: (err) => log.warn({ err }, 'expired decoys could not be removed') });

  return {
    users,
    fastify,
    health,
    async listen(port, host) {
      await app.startAllMicroservices();
      await app.listen(port, host);
      relay.start();
      pruning.start();
      const address = fastify.server.address();
      return typeof address === 'object' && address ? address.port : port;
    },
    async stop() {
      health.drain();
      await app.close();
      await Promise.all([relay.stop(), pruning.stop()]);
      await database.close();
    },
  };
}

/** Who this service is to those that read its events. */
export const eventSource = 'urn:rekey:recovery-service';

/** As in WSO2, the file's password counts when the account is made, and the account's own from then on. */
async function ensureSuperAdmin(users: UserManager, { superAdmin }: DeploymentConfig): Promise<void> {
  await users.provision({ tenantDomain: superTenant, realm: 'PRIMARY', username: superAdmin.username }, superAdmin.password, {});
}
