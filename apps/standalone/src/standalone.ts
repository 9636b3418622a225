import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { allSections, configFromEnvironment, DeploymentWatch, exposesSamplePassword, RunningValues, type DeploymentConfig } from '@rekey/deployment-config';
import { listenAlsoOnHttp, securityHeaders, serveConsole, serveMyAccount } from '@rekey/edge';
import { startInbox } from '@rekey/inbox';
import { listenFault, type Running } from '@rekey/lifecycle';
import { assertPortFree, localCertificate, localDefaults, localKeys, localPorts, lockDataFolder, ProcessRecords, startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions, type LocalDefaults, type LocalPorts, type Whereabouts } from '@rekey/local-stack';
import { EmbeddedTransport } from '@rekey/messaging';
import { createNotificationService, type NotificationService } from '@rekey/notification-service';
import { Metrics, startTracing, type Logger } from '@rekey/observability';
import { assertSamplePasswordChanged, createRecoveryService, ensureDemoUser, NotificationServiceAway } from '@rekey/recovery-service';
import { BusEnd } from './bus-end.ts';

export type Standalone = Required<Running> & Whereabouts;

const myAccountPages = fileURLToPath(new URL('../../my-account/dist/', import.meta.url));
const consolePages = fileURLToPath(new URL('../../console/dist/', import.meta.url));

/**
 * Both services, the bus and the mail catcher in this process, and a PostgreSQL beside it for the databases that the operator does not name.
 * What was started is stopped in the opposite order, also where a later part fails to start.
 * @param onFault of a part that ended by itself: what is left is no use without it
 * @throws Error with one line for a person: a port in use, a folder that cannot be written, a fault in `deployment.toml`
 */
export async function startStandalone(log: Logger, onFault: (fault: Error) => void): Promise<Standalone> {
  const started: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const stopOne of started.splice(0).reverse()) await stopOne();
  };
  try {
    const file = configFromEnvironment();
    for (const warning of file.warnings) log.warn(warning);
    if (exposesSamplePassword(file.config)) throw new Error('[super_admin] still has the sample password, which is only taken on loopback: set another one, or leave [server] listen_address on loopback');
    const { superAdmin, server, identityDatabase: ownIdentityDatabase } = file.config;
    const { offset, baseUrl, hostname, httpsPort, httpPort, listenAddress } = server;
    const ports: LocalPorts = { ...localPorts(offset), https: httpsPort, http: httpPort };
    const dataFolder = path.resolve(file.home);
    started.push(await lockDataFolder(dataFolder));
    await new ProcessRecords(path.join(dataFolder, 'run')).endOrphans(log, ['postgres']);
    await assertPortsFree(ports, file.config.email === null);

    const { postgres, ...databases } = await localDatabases(file.config, { dataFolder, port: ports.postgres, log, onStarted: (postgres) => started.push(() => postgres.stop()) });
    const [keys, certificate] = await Promise.all([localKeys(dataFolder), localCertificate(dataFolder, hostname)]);
    const mailCatcher = file.config.email === null;
    const defaults = localDefaults({ ports, keys, baseUrl, mailCatcher, brokers: [], ...databases });
    const deployment = configFromEnvironment({ defaults });
    const { config } = deployment;

    const inbox = mailCatcher ? await startInbox({ host: '127.0.0.1', smtpPort: ports.inboxSmtp, webPort: ports.inboxWeb, folder: path.join(dataFolder, 'inbox'), log: log.child({ name: 'inbox' }) }) : null;
    if (inbox) started.push(() => inbox.close());

    log.info('starting the services');
    const bus = new EmbeddedTransport();
    started.push(() => bus.close());
    const metrics = new Metrics('rekey');
    const tracing = await startTracing('rekey', config.telemetry.otlpEndpoint);
    started.push(() => tracing.stop());
    let notification: NotificationService | null = null;
    const running = new RunningValues(deployment);
    const recovery = await createRecoveryService({
      metrics,
      config,
      running,
      transport: new BusEnd(bus),
      log: log.child({ name: 'recovery-service' }),
      askNotificationService: (request) => notification?.answer(request) ?? Promise.reject(new NotificationServiceAway()),
      tls: certificate,
      furnish: async (fastify) => {
        securityHeaders(fastify);
        await serveMyAccount(fastify, { folder: myAccountPages });
        await serveConsole(fastify, { folder: consolePages });
      },
    });
    started.push(() => recovery.stop());
    await assertSamplePasswordChanged(recovery, config);
    // The recovery service takes what came of the last mails, so it is the last to end.
    notification = await createNotificationService({ metrics, config, transport: new BusEnd(bus), log: log.child({ name: 'notification-service' }), port: null });
    started.push(notification.stop);
    await notification.start();
    if (!ownIdentityDatabase) await ensureDemoUser(recovery);
    started.push(async () => {
      // No more requests from here on: what they ask for could not be mailed any more.
      recovery.health.drain();
      await recovery.fastify.close();
    });
    await recovery.listen(ports.https, listenAddress).catch((error: unknown) => {
      throw listenFault(error, ports.https);
    });
    const plain = await listenAlsoOnHttp(recovery.fastify, { port: ports.http, host: '127.0.0.1' }).catch((error: unknown) => {
      throw listenFault(error, ports.http);
    });
    started.push(() => plain.close());
    const watch = new DeploymentWatch({ ...deployment, sections: allSections, read: () => configFromEnvironment({ defaults }), onChange: (next) => recovery.reconfigure(next), onApplied: (applied) => running.follow(applied), onRead: metrics.configReloads(), log });
    watch.start();
    started.push(() => watch.stop());

    void postgres?.ended.then(() => onFault(new Error('PostgreSQL ended by itself')));
    return { baseUrl, superAdmin, dataFolder, stop, reload: () => watch.reload(), hasDemoUser: !ownIdentityDatabase, inboxUrl: inbox?.url ?? null, relay: (config.email?.relays ?? []).map(({ host, port }) => `${host}:${port}`).join(', ') };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** All at once and before anything is started: a port in use is told in a second, not after a minute of starting. */
async function assertPortsFree(ports: LocalPorts, mailCatcher: boolean): Promise<void> {
  const needed = [ports.https, ports.http, ...(mailCatcher ? [ports.inboxWeb, ports.inboxSmtp] : [])];
  for (const port of needed) await assertPortFree(port);
}

/** The databases that the operator does not name, in a PostgreSQL that runs only where there is one to keep; null for those that are named. */
async function localDatabases(
  { identityDatabase, notificationDatabase }: DeploymentConfig,
  { dataFolder, onStarted, ...options }: Required<EmbeddedPostgresOptions> & { readonly onStarted: (postgres: EmbeddedPostgres) => void },
): Promise<Pick<LocalDefaults, 'identityDatabase' | 'notificationDatabase'> & { readonly postgres: EmbeddedPostgres | null }> {
  if (identityDatabase && notificationDatabase) return { postgres: null, identityDatabase: null, notificationDatabase: null };
  options.log.info('starting PostgreSQL');
  const postgres = await startEmbeddedPostgres({ ...options, dataFolder: path.join(dataFolder, 'postgres') });
  onStarted(postgres);
  const made = async (name: string) => postgres.ensureDatabase(name).then(() => postgres.settings(name));
  const [identity, notification] = await Promise.all([identityDatabase ? null : made('rekey_recovery'), notificationDatabase ? null : made('rekey_notification')]);
  return { postgres, identityDatabase: identity, notificationDatabase: notification };
}
