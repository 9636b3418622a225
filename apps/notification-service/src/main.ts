import { configFromEnvironment } from '@rekey/deployment-config';
import { KafkaTransport } from '@rekey/messaging';
import { createLogger, type Logger } from '@rekey/observability';
import { healthPorts } from './health-port.ts';
import { createNotificationService } from './notification-service.ts';
import { MissingSettingError } from './service-settings.ts';

/**
 * The notification service alone, over Kafka; any number of them may run.
 *
 * - `REKEY_CONFIG`: the `deployment.toml` (default: the one of the checkout)
 * - `REKEY_LOCAL`: a TOML file whose values lie beneath it: what the local modes have made themselves (database, keys, relay)
 * - `--port N` or `REKEY_PORT`: of the health endpoints
 */
async function run(log: Logger): Promise<void> {
  const { config, warnings } = configFromEnvironment();
  for (const warning of warnings) log.warn(warning);
  if (!config.kafka) throw new MissingSettingError('[kafka]', 'the notification service alone gets its events over Kafka');
  const port = healthPorts(process.argv.slice(2), process.env, config.server.offset);
  const transport = new KafkaTransport(config.kafka, { log, onFatal: (error) => endNow(log, error, 'the Kafka client has given up') });

  let service;
  try {
    service = await createNotificationService({ config, transport, log, port });
    stopOnSignal(service, log);
    await service.start();
  } catch (error) {
    await transport.close();
    throw error;
  }
  log.info({ health: `${await service.url()}/health/ready` }, 'the notification service is running');
}

/** The first signal ends in good order; the second at once: what is in flight is rescued by others as after a crash. */
function stopOnSignal(service: { stop(): Promise<void> }, log: Logger): void {
  let told = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (told) process.exit(1);
    told = true;
    log.info({ signal }, 'stopping: finishing the mails in flight');
    service.stop().then(
      () => process.exit(0),
      (error: unknown) => endNow(log, error, 'stopping failed'),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function endNow(log: Logger, error: unknown, message: string): never {
  log.fatal({ reason: error instanceof Error ? error.message : String(error) }, message);
  process.exit(1);
}

const log = createLogger('notification-service');
process.on('unhandledRejection', (reason) => endNow(log, reason, 'a promise was rejected and nobody cared'));
process.on('uncaughtException', (error) => endNow(log, error, 'an exception nobody caught'));
run(log).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
