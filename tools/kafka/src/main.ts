import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { localPorts, LocalStackError } from '@rekey/local-stack';
import { startKafka } from './start-kafka.ts';

/** `npm run kafka [-- --port N]`: a broker in the foreground until Ctrl-C or SIGTERM. Its data is kept in `<REKEY_HOME>/kafka`. */
async function main(): Promise<void> {
  const folder = resolve(join(process.env['REKEY_HOME'] || '.rekey', 'kafka'));
  const stopAsked = new Promise<void>((resolveStop) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolveStop());
  });
  const kafka = await startKafka({ folder, port: portFrom(process.argv.slice(2)), log: console });
  console.info(`Kafka is ready on ${kafka.brokers.join(',')} (process ${kafka.pid}, data in ${folder}); Ctrl-C ends it`);
  const keepAlive = setInterval(() => {}, 60_000);
  const reason = await Promise.race([stopAsked.then(() => 'asked' as const), kafka.ended.then(() => 'ended' as const)]);
  clearInterval(keepAlive);
  if (reason === 'asked') console.info('stopping Kafka');
  else process.exitCode = 1;
  await kafka.stop();
}

function portFrom(args: string[]): number {
  const { kafka } = localPorts(0);
  const given = parseArgs({ args, options: { port: { type: 'string' } } }).values.port;
  if (given === undefined) return kafka;
  const port = Number(given);
  if (!Number.isInteger(port) || port < 1 || port > 65_534) throw new LocalStackError(`--port must be a whole number from 1 to 65534, not ${given}`);
  return port;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof LocalStackError || isArgumentError(error) ? error.message : error);
  process.exitCode = 1;
}

function isArgumentError(error: unknown): error is Error {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
