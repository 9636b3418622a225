import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { lockDataFolder } from '../data-folder/lock.ts';
import { LocalStackError } from '../local-stack-error.ts';
import type { LocalStackLog } from '../local-stack-log.ts';
import { silent } from '../local-stack-log.ts';
import { assertPortFree } from '../ports.ts';
import type { PostgresBinaries } from './binaries.ts';
import { postgresBinaries } from './binaries.ts';
import type { Cluster } from './cluster.ts';
import { openCluster, within } from './cluster.ts';
import type { DatabaseSettings, PostgresAddress } from './databases.ts';
import { asSuperuser, ensureDatabase, host, settingsOf, urlOf } from './databases.ts';
import { endOrphan, endPostmaster } from './orphan.ts';
import type { PostgresUser } from './postgres-user.ts';
import { postgresUser } from './postgres-user.ts';

export interface EmbeddedPostgres {
  readonly port: number;
  readonly pid: number;
  /** Makes the database and the role of the same name that owns it, unless they are there. */
  ensureDatabase(name: string): Promise<void>;
  settings(database: string): DatabaseSettings;
  /** `postgres://role:password@127.0.0.1:port/database`. Holds the password: not for logs. */
  url(database: string): string;
  /** Resolves when PostgreSQL has ended, asked to or not. */
  readonly ended: Promise<void>;
  /** Fast shutdown, and gives the data folder back. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Holds the cluster, its secret and `postgres.log`; made at the first start, used again at the next. */
  dataFolder: string;
  port: number;
  log?: LocalStackLog;
}

const startPatienceMs = 60_000;

/**
 * Starts the PostgreSQL 18 that npm installed, on 127.0.0.1 only. One that outlived an earlier start in this folder is ended first.
 *
 * It runs in a session of its own: a Ctrl-C in the terminal reaches the services, which end it when they have finished.
 *
 * @throws LocalStackError, one line: folder in use or not writable, port taken, no programs for this platform, or PostgreSQL's own last words
 */
export async function startEmbeddedPostgres({ dataFolder, port, log = silent }: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const unlock = await lockDataFolder(dataFolder, 'owner');
  try {
    const running = await runPostgres({ dataFolder, port, log, settings: {} });
    const endWithUs = () => running.process.kill('SIGINT');
    process.once('exit', endWithUs);
    let stopping = false;
    running.process.once('exit', () => {
      process.off('exit', endWithUs);
      if (!stopping) log.error(`PostgreSQL ended unexpectedly: ${running.cluster.logFile} tells why`);
    });
    const address = { port, secret: running.cluster.secret };
    return {
      port,
      pid: running.pid,
      ensureDatabase: (name) => ensureDatabase(address, name),
      settings: (name) => settingsOf(address, name),
      url: (name) => urlOf(address, name),
      ended: running.ended,
      stop: async () => {
        stopping = true;
        if (process.platform === 'win32') spawnSync(running.binaries.pgCtl, ['stop', '-m', 'fast', '-D', running.cluster.directory]);
        else if (running.process.exitCode === null && running.process.signalCode === null) await endPostmaster(running.pid);
        await running.ended;
        await unlock();
      },
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}

interface RunningPostgres {
  process: ChildProcess;
  pid: number;
  ended: Promise<void>;
  cluster: Cluster;
  binaries: PostgresBinaries;
}

/**
 * Starts PostgreSQL and waits until it answers. The caller owns the folder, and the process, which outlives the caller.
 *
 * @param settings PostgreSQL parameters beside those that are always set
 */
export async function runPostgres({ dataFolder, port, log, settings }: Required<EmbeddedPostgresOptions> & { settings: Record<string, string> }): Promise<RunningPostgres> {
  const user = postgresUser();
  const binaries = await postgresBinaries(user);
  const cluster = await openCluster(dataFolder, binaries, user);
  await endOrphan(cluster.directory, log);
  await assertPortFree(port);
  const deadline = Date.now() + startPatienceMs;
  for (;;) {
    const child = await spawnPostgres(cluster, binaries, user, { port: String(port), ...parameters, ...settings });
    const ended = once(child, 'exit').then(() => {});
    const outcome = await answersOrEnds({ port, secret: cluster.secret }, child, deadline);
    if (outcome === 'answers' && child.pid !== undefined) {
      child.unref();
      return { process: child, pid: child.pid, ended, cluster, binaries };
    }
    const lastWords = await lastLines(cluster.logFile, 5);
    // The backends of a killed server need a moment to notice; until then its shared memory is taken.
    const isMomentary = lastWords.includes('shared memory block') || lastWords.includes('is still in use');
    if (!isMomentary || Date.now() > deadline) throw new LocalStackError(`PostgreSQL does not start: ${lastWords} (see ${cluster.logFile})`);
    await pause(200);
  }
}

const parameters = {
  listen_addresses: host,
  // On the loopback address alone: no socket file that other users of the machine could reach, none to be left behind.
  unix_socket_directories: '',
  max_connections: '200',
  log_line_prefix: '%m [%p] %q%u@%d ',
};

async function spawnPostgres(cluster: Cluster, binaries: PostgresBinaries, user: PostgresUser | undefined, settings: Record<string, string>): Promise<ChildProcess> {
  const logFile = await open(cluster.logFile, 'a', 0o600);
  try {
    const { name, spawnOptions } = within(cluster.directory, user);
    const flags = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    const child = spawn(binaries.postgres, ['-D', name, ...flags], { ...spawnOptions, detached: true, stdio: ['ignore', logFile.fd, logFile.fd] });
    await Promise.race([once(child, 'spawn'), once(child, 'error').then(([error]) => Promise.reject(error))]);
    return child;
  } finally {
    await logFile.close();
  }
}

async function answersOrEnds(address: PostgresAddress, child: ChildProcess, deadline: number): Promise<'answers' | 'ended'> {
  while (child.exitCode === null && child.signalCode === null) {
    try {
      await asSuperuser(address, (client) => client.query('SELECT 1'));
      return 'answers';
    } catch (error) {
      if (Date.now() > deadline) {
        child.kill('SIGQUIT');
        throw new LocalStackError(`PostgreSQL does not answer on ${host}:${address.port}`, { cause: error });
      }
      await pause(10);
    }
  }
  return 'ended';
}

async function lastLines(file: string, count: number): Promise<string> {
  return (await readFile(file, 'utf8')).trimEnd().split('\n').slice(-count).join(' | ');
}
