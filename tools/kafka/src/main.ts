import path from 'node:path';
import { configFromEnvironment } from '@rekey/deployment-config';
import { portOf, readOptions, runProgram } from '@rekey/lifecycle';
import { localPorts } from '@rekey/local-stack';
import { createLogger } from '@rekey/observability';
import { startKafka } from './start-kafka.ts';

const usage = `
npm run kafka -- [--port N]

Runs a local Apache Kafka, one node, until Ctrl-C. It is fetched from Maven Central at the first start. Needs Java 17 and Maven; without
them use a broker of your own (any Kafka, also in Docker) and tell the services by KAFKA_BROKERS or [kafka] in deployment.toml.

  --port N         where clients connect (default 9092, shifted by [server] offset)

  REKEY_CONFIG     the deployment.toml
  REKEY_HOME       the data folder (default .rekey)
`;

const log = createLogger('kafka', { format: 'pretty' });

await runProgram(log, async ({ fail }) => {
  const { port: givenPort } = readOptions(usage, { port: { type: 'string' } });
  const { config, home } = configFromEnvironment();
  const ports = localPorts(config.server.offset);
  const port = givenPort === undefined ? ports.kafka : portOf('--port', givenPort);
  const folder = path.resolve(home, 'kafka');
  log.info('starting Kafka');
  const kafka = await startKafka({ folder, port, controllerPort: givenPort === undefined ? ports.kafkaController : port + 1, log });
  void kafka.ended.then(() => fail(new Error(`Kafka ended by itself: ${folder}/kafka.log tells why`)));
  const brokers = kafka.brokers.join(',');
  const hint = port === ports.kafka ? 'Services find it by themselves' : `Tell the services: KAFKA_BROKERS=${brokers}`;
  log.info(`Kafka is ready on ${brokers} (process ${kafka.pid}, data in ${folder}). ${hint}. Ctrl-C ends it`);
  return kafka;
});
