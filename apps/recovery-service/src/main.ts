import { databaseFault, DeploymentWatch, exposesPlainHttp, exposesSamplePassword, isLoopbackHost, recoverySections, RunningValues, serviceConfig } from '@rekey/deployment-config';
import { freePortFrom, portOf, readOptions, runProgram } from '@rekey/lifecycle';
import { KafkaTransport } from '@rekey/messaging';
import { createLogger, Metrics, startTracing } from '@rekey/observability';
import { assertSamplePasswordChanged, createRecoveryService, ensureDemoUser, isStray, notificationServicesAt, type RecoveryService } from './index.ts';

const usage = `
npm run start:recovery-service -- [--port N] [--listen-address address] [--demo-user]

The recovery service by itself, over Kafka; any number of them may run on one machine. It needs a database and a broker: those that
deployment.toml names, or the local ones of npm run database and npm run kafka, which it finds by itself.

  --port N                  of its REST API, over HTTP (default: REKEY_PORT, else the first free one from 9500, shifted by [server] offset)
  --listen-address address  default: [server] listen_address; behind a gateway on this machine, 127.0.0.1
  --demo-user               makes the user kim, whose password nobody knows

  REKEY_CONFIG              the deployment.toml
  REKEY_HOME                the data folder (default .rekey)
  REKEY_LOCAL               a TOML file beneath deployment.toml (default run/local.toml of the data folder)
  KAFKA_BROKERS             host:port of the brokers, comma-separated
`;

const firstPort = 9500;
/** Gateways look at `/health/ready` every second. */
const noticedAfterMs = 2_000;
const log = createLogger('recovery-service');

await runProgram(log, async ({ fail }) => {
  const options = readOptions(usage, { port: { type: 'string' }, 'listen-address': { type: 'string' }, 'demo-user': { type: 'boolean' } });
  const deployment = serviceConfig('identity_db');
  const { config, kafka, database, localFile, warnings } = deployment;
  const { offset } = config.server;
  const listenAddress = options['listen-address'] ?? config.server.listenAddress;
  // Behind a gateway on this machine people reach it where the file says.
  const reached = { superAdmin: config.superAdmin, server: { listenAddress: isLoopbackHost(listenAddress) ? config.server.listenAddress : listenAddress } };
  for (const warning of warnings) log.warn(warning);
  if (exposesSamplePassword(reached)) throw new Error('[super_admin] still has the sample password, which is only taken on loopback: set another one');
  if (exposesPlainHttp({ ...config.server, listenAddress })) {
    throw new Error(`this service speaks plain HTTP, and ${listenAddress} is no loopback address: name the gateway before it, which does TLS, in [server] trusted_proxies, or listen on 127.0.0.1`);
  }
  log.info({ database: `${database.host}:${database.port}`, kafka: kafka.brokers, localFile }, 'starting');

  const metrics = new Metrics('recovery-service');
  const running = new RunningValues(deployment);
  const tracing = await startTracing('recovery-service', config.telemetry.otlpEndpoint);
  const startAt = async (port: number): Promise<RecoveryService> => {
    const transport = new KafkaTransport(kafka, { log, onFatal: fail });
    const service = await createRecoveryService({ config, running, transport, log, askNotificationService: notificationServicesAt(config.server.notificationServices), metrics }).catch((error: unknown) => {
      throw databaseFault(error, deployment);
    });
    try {
      await assertSamplePasswordChanged(service, reached);
      if (options['demo-user']) await ensureDemoUser(service);
      log.info(`ready at http://${listenAddress}:${await service.listen(port, listenAddress)}`);
      return service;
    } catch (error) {
      await service.stop();
      throw error;
    }
  };
  const named = options.port ?? deployment.port;
  const service = await (named === null ? startAtFirstFree(firstPort + offset, listenAddress, startAt) : startAt(portOf(options.port === undefined ? 'REKEY_PORT' : '--port', named)));
  const watch = new DeploymentWatch({ ...deployment, sections: recoverySections, read: () => serviceConfig('identity_db'), onChange: (next) => service.reconfigure(next), onApplied: (applied) => running.follow(applied), onRead: metrics.configReloads(), log });
  watch.start();
  return {
    reload: () => watch.reload(),
    stop: async () => {
      await watch.stop();
      await service.stop({ noticedAfterMs });
      await tracing.stop();
    },
  };
}, { survives: (thrown) => isStray(thrown, log) });

/** Another instance that starts at the same moment may be quicker to take the port that was free. */
async function startAtFirstFree(first: number, host: string, startAt: (port: number) => Promise<RecoveryService>): Promise<RecoveryService> {
  const port = await freePortFrom(first, host);
  try {
    return await startAt(port);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    return startAtFirstFree(port + 1, host, startAt);
  }
}
