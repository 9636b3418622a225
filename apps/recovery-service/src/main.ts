import { parseArgs } from 'node:util';
import { exposesSamplePassword, configFromEnvironment } from '@rekey/deployment-config';
import { freePortFrom, runProgram } from '@rekey/lifecycle';
import { KafkaTransport } from '@rekey/messaging';
import { createLogger } from '@rekey/observability';
import { createRecoveryService } from './index.ts';

const firstPort = 9500;
const log = createLogger('recovery-service');

/** The service by itself, over Kafka: `npm run start:recovery-service [-- --port N]`, any number of times on one machine. */
await runProgram(log, async (fail) => {
  const { values } = parseArgs({ options: { port: { type: 'string' } } });
  const { config } = configFromEnvironment();
  if (!config.kafka) throw new Error('no Kafka configured: expected [kafka] with brokers in deployment.toml (npm run kafka starts one)');
  if (exposesSamplePassword(config)) throw new Error('[super_admin] still has the sample password: set another one, it is only taken on loopback');

  const transport = new KafkaTransport(config.kafka, { log, onFatal: fail });
  const service = await createRecoveryService({ config, transport, log });
  const { listenAddress, offset } = config.server;
  const port = await service.listen(values.port === undefined ? await freePortFrom(firstPort + offset, listenAddress) : Number(values.port), listenAddress);
  log.info(`ready at http://${listenAddress}:${port}`);
  return service;
});
