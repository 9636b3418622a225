import { databaseFault, DeploymentWatch, notificationSections, serviceConfig } from '@rekey/deployment-config';
import { readOptions, runProgram } from '@rekey/lifecycle';
import { KafkaTransport } from '@rekey/messaging';
import { createLogger, Metrics, startTracing } from '@rekey/observability';
import { createNotificationService } from './notification-service.ts';
import { portsToTry } from './service-port.ts';

const usage = `
npm run start:notification-service -- [--port N] [--listen-address address]

The notification service by itself, over Kafka; any number of them may run on one machine, and share the work. It needs a database and a
broker: those that deployment.toml names, or the local ones of npm run database and npm run kafka, which it finds by itself. Mails go to
[output_adapter.email] of deployment.toml, or to the local inbox of npm run inbox.

  --port N                  of its health endpoints and the door of recovery services (default: REKEY_PORT, else the first free one from 9600, shifted by [server] offset)
  --listen-address address  of the same (default: [server] listen_address)

  REKEY_CONFIG              the deployment.toml
  REKEY_HOME                the data folder (default .rekey)
  REKEY_LOCAL               a TOML file beneath deployment.toml (default run/local.toml of the data folder)
  KAFKA_BROKERS             host:port of the brokers, comma-separated
`;

const log = createLogger('notification-service');

await runProgram(log, async ({ fail }) => {
  const options = readOptions(usage, { port: { type: 'string' }, 'listen-address': { type: 'string' } });
  const deployment = serviceConfig('notification_db');
  const { config: given, kafka, database, localFile, warnings } = deployment;
  const config = { ...given, server: { ...given.server, listenAddress: options['listen-address'] ?? given.server.listenAddress } };
  for (const warning of warnings) log.warn(warning);
  const port = portsToTry({ option: options.port, variable: deployment.port }, config.server.offset);
  log.info({ database: `${database.host}:${database.port}`, kafka: kafka.brokers, localFile }, 'starting');

  const transport = new KafkaTransport(kafka, { log, onFatal: fail });
  const metrics = new Metrics('notification-service');
  const tracing = await startTracing('notification-service', config.telemetry.otlpEndpoint);
  const service = await createNotificationService({ config, transport, log, metrics, port }).catch((error: unknown) => {
    throw databaseFault(error, deployment);
  });
  try {
    await service.start();
    log.info({ health: `${await service.url()}/health/ready` }, 'ready');
    const watch = new DeploymentWatch({ ...deployment, sections: notificationSections, read: () => serviceConfig('notification_db'), onChange: () => Promise.resolve(), onRead: metrics.configReloads(), log });
    watch.start();
    return {
      reload: () => watch.reload(),
      stop: async () => {
        await watch.stop();
        await service.stop();
        await tracing.stop();
      },
    };
  } catch (error) {
    await service.stop();
    throw error;
  }
});
