import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { configFromEnvironment } from '@rekey/deployment-config';
import type { Running } from '@rekey/lifecycle';
import { assertPortFree, localCertificate, localDefaults, localKeys, localPorts, lockDataFolder, type LocalStackLog } from '@rekey/local-stack';
import { kafkaKeeper, postgresKeeper } from './infrastructure.ts';
import { readableLog } from './readable-log.ts';
import { SupervisedProcess, type ProcessSpec } from './supervisor.ts';
import { untilReady } from './until-ready.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const mostWorkers = 64;

/**
 * Everything that `docker compose up` runs, on this machine and without Docker.
 * @param args `--workers N`: how many notification services (default 1, or `REKEY_WORKERS`)
 */
export async function startDistributed(args: string[]): Promise<Running> {
  const workers = workerCount(args);
  const print = readableLog((text) => process.stdout.write(text), process.stdout.isTTY);
  const logOf = (name: string): LocalStackLog => ({ info: (message) => print(name, message), error: (message) => print(name, `ERROR ${message}`) });
  const started: Running[] = [];
  const stop = async (): Promise<void> => {
    for (const part of started.splice(0).reverse()) await part.stop();
  };
  try {
    const file = configFromEnvironment();
    const { offset, baseUrl, hostname } = file.config.server;
    const ports = localPorts(offset);
    const mailCatcher = file.config.email === null;
    for (const port of [ports.https, ports.http, ports.recoveryService, ...(mailCatcher ? [ports.inboxSmtp, ports.inboxWeb] : [])]) await assertPortFree(port);
    const home = path.resolve(file.home);
    const unlock = await lockDataFolder(home);
    started.push({ stop: unlock });
    const pidFolder = path.join(home, 'run');

    const postgres = postgresKeeper({ dataFolder: path.join(home, 'postgres'), port: ports.postgres, pidFolder, log: logOf('postgres') });
    const kafka = kafkaKeeper({ folder: path.join(home, 'kafka'), port: ports.kafka, controllerPort: ports.kafkaController, pidFolder, log: logOf('kafka') });
    started.push(postgres, kafka);
    const [database, broker] = await Promise.all([postgres.start(), kafka.start()]);
    await Promise.all(['rekey_recovery', 'rekey_notification'].map((name) => database.ensureDatabase(name)));

    const [keys] = await Promise.all([localKeys(home), localCertificate(home, hostname)]);
    const defaultsFile = path.join(pidFolder, 'local.toml');
    await mkdir(pidFolder, { recursive: true });
    const defaults = localDefaults({ ports, keys, baseUrl, mailCatcher, brokers: broker.brokers, identityDatabase: database.settings('rekey_recovery'), notificationDatabase: database.settings('rekey_notification') });
    await writeFile(defaultsFile, defaults, { mode: 0o600 });

    const program = (name: string, app: string, programArguments: readonly string[]): ProcessSpec => ({
      name,
      script: path.join(root, 'apps', app, 'dist/main.js'),
      arguments: programArguments,
      environment: { REKEY_LOCAL: defaultsFile },
    });
    const upstream = `http://127.0.0.1:${ports.recoveryService}`;
    const specs = [
      ...(mailCatcher ? [program('inbox', 'inbox', ['--smtp-port', `${ports.inboxSmtp}`, '--web-port', `${ports.inboxWeb}`, '--folder', path.join(home, 'inbox')])] : []),
      program('recovery-service', 'recovery-service', ['--port', `${ports.recoveryService}`, '--demo-user']),
      ...Array.from({ length: workers }, (_, index) => program(workerName(index), 'notification-service', ['--port', `${ports.notificationServiceHealth + index}`])),
      program('gateway', 'gateway', ['--https-port', `${ports.https}`, '--http-port', `${ports.http}`, '--certificate', path.join(home, 'certificate.pem'), '--upstream', upstream]),
    ];
    for (const spec of specs) {
      const supervised = new SupervisedProcess(spec, pidFolder, print);
      started.push(supervised);
      await supervised.start();
    }
    await untilReady([`${upstream}/health/ready`, ...Array.from({ length: workers }, (_, index) => `http://127.0.0.1:${ports.notificationServiceHealth + index}/health/ready`), `http://127.0.0.1:${ports.http}/health/ready`]);
    print('rekey', `ready: My Account ${baseUrl}/myaccount/${mailCatcher ? ` · inbox http://localhost:${ports.inboxWeb}` : ''} · Kafka ${broker.brokers.join(',')} · ${workers} notification ${workers === 1 ? 'worker' : 'workers'} · pids in ${pidFolder}`);
    return { stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function workerName(index: number): string {
  return index === 0 ? 'notification-service' : `notification-service-${index + 1}`;
}

function workerCount(args: string[]): number {
  const { values } = parseArgs({ args, options: { workers: { type: 'string' } } });
  const given = values.workers ?? process.env['REKEY_WORKERS'] ?? '1';
  const count = Number(given);
  if (!Number.isInteger(count) || count < 1 || count > mostWorkers) throw new Error(`--workers must be a whole number from 1 to ${mostWorkers}, not "${given}"`);
  return count;
}
