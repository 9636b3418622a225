import path from 'node:path';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { configFromEnvironment, exposesSamplePassword, localFileIn } from '@rekey/deployment-config';
import { freePortFrom, type Running } from '@rekey/lifecycle';
import { assertPortFree, localCertificate, localDefaults, localKeys, localPorts, lockDataFolder, ProcessRecords, writePrivateFile, type LocalStackLog, type Whereabouts } from '@rekey/local-stack';
import { Keeper, type Part } from './keeper.ts';
import { localPartNames, startLocalParts } from './local-parts.ts';
import { messageIn } from './readable-log.ts';
import { RunningParts } from './running-parts.ts';
import { startService } from './service-process.ts';
import { untilReady } from './until-ready.ts';

export interface DistributedOptions {
  /** How many notification services. */
  readonly workers: number;
  /** The one log: a process's name, and a line of it. */
  readonly print: (name: string, line: string) => void;
  /** Aborted when it is to end while still starting. */
  readonly ending: AbortSignal;
}

export interface Distributed extends Required<Running> {
  readonly whereabouts: Whereabouts;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));
const loopback = '127.0.0.1';
/** Services speak plain HTTP: only the gateway is for others than this machine. */
const onLoopback = ['--listen-address', loopback];

/**
 * Everything that `docker compose up` runs, on this machine and without Docker: broker and database (each unless the configuration names
 * one), recovery service, notification services, inbox and gateway, each a process of its own that is started again when it dies.
 * @throws Error with one line for a person; what was started by then has been stopped
 */
export async function startDistributed(options: DistributedOptions): Promise<Distributed> {
  const running = new RunningParts();
  try {
    return { ...(await start(options, running)), stop: () => running.stop() };
  } catch (error) {
    await running.stop();
    throw error;
  }
}

async function start({ workers, print, ending }: DistributedOptions, running: RunningParts): Promise<Omit<Distributed, 'stop'>> {
  const logOf = (name: string): LocalStackLog => ({ info: (message) => print(name, message), error: (message) => print(name, `ERROR ${message}`) });
  const { config, home: givenHome, warnings } = configFromEnvironment();
  for (const warning of warnings) print('rekey', `warn ${warning}`);
  if (exposesSamplePassword(config)) throw new Error('[super_admin] still has the sample password, which is only taken on loopback: set another one');
  const { offset, baseUrl, hostname, listenAddress, httpsPort, httpPort } = config.server;
  const ports = localPorts(offset);
  const mailCatcher = config.email === null;
  const hasDemoUser = config.identityDatabase === null;
  const home = path.resolve(givenHome);
  const runFolder = path.join(home, 'run');
  const records = new ProcessRecords(runFolder);

  const unlock = await lockDataFolder(home);
  running.add({ stop: unlock });
  await records.endOrphans(logOf('rekey'), localPartNames);
  for (const port of [httpsPort, httpPort, ...(mailCatcher ? [ports.inboxSmtp, ports.inboxWeb] : [])]) await assertPortFree(port);

  print('rekey', 'starting PostgreSQL and Kafka');
  const parts = await startLocalParts({ config, home, ports, records, running, logOf });
  const [keys] = await Promise.all([localKeys(home), localCertificate(home, hostname)]);
  const localFile = localFileIn(home);
  running.add({ stop: () => rm(localFile, { force: true }) });
  const recoveryPort = await freePortFrom(ports.recoveryService, loopback);
  const workerPorts = await freePorts(ports.notificationService, workers);
  await writePrivateFile(localFile, localDefaults({ ports, keys, baseUrl, mailCatcher, behindGateway: true, notificationServices: workerPorts.map((port) => `http://${loopback}:${port}`), ...parts }));

  ending.throwIfAborted();
  const failures = new AbortController();
  let isStarting = true;
  const keeperOf = (name: string, app: string, args: readonly string[]): Keeper<Part> =>
    new Keeper({ name, records, log: logOf(name), start: () => startOne(name, app, args) });
  const startOne = async (name: string, app: string, args: readonly string[]): Promise<Part> => {
    let lastLine = '';
    const service = await startService({
      script: path.join(root, 'apps', app, 'dist/main.js'),
      arguments: args,
      environment: { REKEY_LOCAL: localFile },
      print: (line) => {
        lastLine = line;
        print(name, line);
      },
    });
    // One that ends by itself before it was ever ready would do so again and again.
    void service.ended.then((how) => {
      if (isStarting && how.startsWith('exit code')) failures.abort(new Error(`${name} does not start: ${messageIn(lastLine)}`));
    });
    return service;
  };

  print('rekey', 'starting the services');
  const upstream = `http://${loopback}:${recoveryPort}`;
  const inbox = mailCatcher ? [keeperOf('inbox', 'inbox', ['--smtp-port', `${ports.inboxSmtp}`, '--web-port', `${ports.inboxWeb}`, '--folder', path.join(home, 'inbox')])] : [];
  const services = [
    keeperOf('recovery-service', 'recovery-service', ['--port', `${recoveryPort}`, ...onLoopback, ...(hasDemoUser ? ['--demo-user'] : [])]),
    ...workerPorts.map((port, index) => keeperOf(index === 0 ? 'notification-service' : `notification-service-${index + 1}`, 'notification-service', ['--port', `${port}`, ...onLoopback])),
  ];
  const gateway = keeperOf('gateway', 'gateway', ['--https-port', `${httpsPort}`, '--http-port', `${httpPort}`, '--listen-address', listenAddress, '--certificate', path.join(home, 'certificate.pem'), '--upstream', upstream]);
  for (const group of [inbox, services, [gateway]]) {
    running.add(...group);
    await Promise.all(group.map((keeper) => keeper.start()));
  }
  const health = [`${upstream}/health/ready`, ...workerPorts.map((port) => `http://${loopback}:${port}/health/ready`)];
  await untilReady([...health, `http://${loopback}:${httpPort}/health/ready`, ...(mailCatcher ? [`http://${loopback}:${ports.inboxWeb}/`] : [])], AbortSignal.any([ending, failures.signal]));
  isStarting = false;

  return {
    whereabouts: {
      baseUrl,
      superAdmin: config.superAdmin,
      hasDemoUser,
      inboxUrl: mailCatcher ? `http://localhost:${ports.inboxWeb}` : null,
      relay: (config.email?.relays ?? []).map(({ host, port }) => `${host}:${port}`).join(', '),
      dataFolder: home,
      more: [
        ['Kafka', parts.brokers.join(', ')],
        ['Services', `recovery ${upstream}, notification ${workers} × from http://${loopback}:${workerPorts[0]}      (/health/ready of each)`],
        ['Processes', `${runFolder}/*.pid`],
      ],
    },
    reload: () => services.forEach((service) => service.reload()),
  };
}

/** The first free ones from `first` on: another Rekey of this machine may have some of them. */
async function freePorts(first: number, count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) ports.push(await freePortFrom((ports.at(-1) ?? first - 1) + 1, loopback));
  return ports;
}
