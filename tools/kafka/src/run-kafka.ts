import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { access, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  assertPortFree, endProcess, identityOf, isStillRunning, LocalStackError, parseIdentity, readIfPresent, writePrivateFile, type LocalStackLog,
} from '@rekey/local-stack';
import { brokerAnswers } from './broker-answers.ts';
import { brokerSettings, host, type BrokerPorts } from './broker-settings.ts';
import { assertKafkaCanStart, fetchJars, kafkaVersion } from './kafka-jars.ts';

export interface KafkaOptions extends BrokerPorts {
  /** Holds the data, `server.properties` and `kafka.log`; made at the first start, used again at the next. */
  folder: string;
  log: LocalStackLog;
  /** Told the pid as soon as there is one, before the broker answers. */
  spawned?: (pid: number) => Promise<void>;
}

const startPatienceMs = 60_000;
const logging = fileURLToPath(new URL('../log4j2.properties', import.meta.url));
const smallHeap = ['-Xmx256m', '-XX:+UseSerialGC', '-Djava.awt.headless=true', '-Djava.net.preferIPv4Stack=true'];

/**
 * Starts a broker and waits until it answers. The caller owns the folder, and the process, which outlives the caller.
 *
 * @throws LocalStackError, one line
 */
export async function runKafka({ folder, port, controllerPort, log, spawned }: KafkaOptions): Promise<ChildProcess & { pid: number }> {
  await assertKafkaCanStart();
  await endOrphan(folder, log);
  await assertPortFree(port);
  await assertPortFree(controllerPort);
  const jars = await fetchJars(log);
  const settings = join(folder, 'server.properties');
  const data = join(folder, 'data');
  await writePrivateFile(settings, brokerSettings(data, { port, controllerPort }));
  await format(jars, data, settings, folder);
  log.info(`starting Apache Kafka ${kafkaVersion} on ${host}:${port}`);
  const broker = await spawnJava(jars, ['kafka.Kafka', settings], folder);
  await writePrivateFile(pidFileIn(folder), JSON.stringify(identityOf(broker.pid)));
  await spawned?.(broker.pid);
  await untilAnswers(broker, port, folder);
  broker.unref();
  return broker;
}

/** A controlled shutdown; an abrupt end if that takes too long. */
export async function endBroker(pid: number): Promise<void> {
  if (!(await endProcess(pid, ['SIGTERM', 'SIGKILL']))) throw new LocalStackError(`Kafka (process ${pid}) does not end`);
}

function pidFileIn(folder: string): string {
  return join(folder, 'kafka.pid');
}

/** A broker that outlived the process which started it: the folder is locked, so it has no owner. */
async function endOrphan(folder: string, log: LocalStackLog): Promise<void> {
  const left = parseIdentity(await readIfPresent(pidFileIn(folder)));
  if (left === undefined || !isStillRunning(left)) return;
  log.info(`ending the Kafka of an earlier run (process ${left.pid})`);
  await endBroker(left.pid);
}

async function format(jars: string, data: string, settings: string, folder: string): Promise<void> {
  const isFormatted = await access(join(data, 'meta.properties')).then(
    () => true,
    () => false,
  );
  if (isFormatted) return;
  // What a formatting that was cut short left would be refused.
  await rm(data, { recursive: true, force: true });
  // With `=`: one in 64 ids begins with a dash, and would be taken for an option.
  const clusterId = `--cluster-id=${randomBytes(16).toString('base64url')}`;
  const tool = await spawnJava(jars, ['kafka.tools.StorageTool', 'format', '--standalone', clusterId, '--config', settings], folder);
  if (tool.exitCode === null && tool.signalCode === null) await once(tool, 'exit');
  if (tool.exitCode !== 0) throw new LocalStackError(`Kafka’s storage cannot be formatted: ${await lastWords(folder)}`);
}

async function spawnJava(jars: string, args: string[], folder: string): Promise<ChildProcess & { pid: number }> {
  const logFile = await open(join(folder, 'kafka.log'), 'a', 0o600);
  try {
    const child = spawn('java', [...smallHeap, `-Dlog4j2.configurationFile=${logging}`, '-cp', join(jars, '*'), ...args], {
      // A session of its own: a Ctrl-C in the terminal reaches the services first.
      detached: true,
      stdio: ['ignore', logFile.fd, logFile.fd],
    });
    await Promise.race([once(child, 'spawn'), once(child, 'error').then(([error]) => Promise.reject(error))]);
    const { pid } = child;
    if (pid === undefined) throw new TypeError('a process that was spawned has a pid');
    return Object.assign(child, { pid });
  } finally {
    await logFile.close();
  }
}

async function untilAnswers(broker: ChildProcess & { pid: number }, port: number, folder: string): Promise<void> {
  const deadline = Date.now() + startPatienceMs;
  while (!(await brokerAnswers(host, port))) {
    if (broker.exitCode !== null || broker.signalCode !== null) throw new LocalStackError(`Kafka does not start: ${await lastWords(folder)}`);
    if (Date.now() > deadline) {
      await endBroker(broker.pid);
      throw new LocalStackError(`Kafka did not answer on ${host}:${port} within ${startPatienceMs / 1000} s (see ${join(folder, 'kafka.log')})`);
    }
    await pause(50);
  }
}

async function lastWords(folder: string): Promise<string> {
  const file = join(folder, 'kafka.log');
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  const reason = lines.findLast((line) => /ERROR|FATAL|Exception/.test(line)) ?? lines.at(-1) ?? '';
  return `${reason.trim()} (see ${file})`;
}
