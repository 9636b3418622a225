import { endProcess, lockDataFolder, silent, type LocalStackLog } from '@rekey/local-stack';
import { host } from './broker-settings.ts';
import { endBroker, runKafka } from './run-kafka.ts';

export interface LocalKafka {
  /** `host:port`, as clients take it. */
  readonly brokers: string[];
  readonly pid: number;
  /** Resolves when the broker has ended, asked to or not. */
  readonly ended: Promise<void>;
  /** A controlled shutdown. The data stays. */
  stop(): Promise<void>;
  /** As a power cut would: SIGKILL. The data stays. */
  kill(): Promise<void>;
}

export interface LocalKafkaOptions {
  folder: string;
  port: number;
  /** Default: the port after `port`. */
  controllerPort?: number;
  log?: LocalStackLog;
}

/**
 * Starts a real Apache Kafka (one KRaft node) on 127.0.0.1, fetched from Maven Central at the first start. One that outlived an
 * earlier start in this folder is ended first.
 *
 * @throws LocalStackError, one line: what is missing, which port is taken, who uses the folder, or Kafka's own last words
 */
export async function startKafka({ folder, port, controllerPort = port + 1, log = silent }: LocalKafkaOptions): Promise<LocalKafka> {
  const unlock = await lockDataFolder(folder, 'owner');
  try {
    const broker = await runKafka({ folder, port, controllerPort, log });
    const endWithUs = () => broker.kill('SIGTERM');
    process.once('exit', endWithUs);
    let stopping = false;
    const ended = new Promise<void>((resolve) => {
      const onExit = () => {
        process.off('exit', endWithUs);
        if (!stopping) log.error(`Kafka ended unexpectedly: ${folder}/kafka.log tells why`);
        resolve();
      };
      if (broker.exitCode === null && broker.signalCode === null) broker.once('exit', onExit);
      else onExit();
    });
    const endBy = (end: (pid: number) => Promise<unknown>) => async () => {
      stopping = true;
      if (broker.exitCode === null && broker.signalCode === null) await end(broker.pid);
      await ended;
      await unlock();
    };
    return { brokers: [`${host}:${port}`], pid: broker.pid, ended, stop: endBy(endBroker), kill: endBy((pid) => endProcess(pid, ['SIGKILL'])) };
  } catch (error) {
    await unlock();
    throw error;
  }
}
