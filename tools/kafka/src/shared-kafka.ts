import { freePort, silent } from '@rekey/local-stack';
import { host } from './broker-settings.ts';
import { runKafka } from './run-kafka.ts';

/**
 * Starts a broker that outlives the process which starts it, for the workers of one test run. Whoever starts it sees to it that nobody
 * else does in this folder, and that it gets a SIGTERM in the end.
 *
 * @param spawned told the broker's pid as soon as there is one
 */
export async function startSharedKafka(folder: string, spawned: (pid: number) => Promise<void>): Promise<{ brokers: string[] }> {
  const [port, controllerPort] = [await freePort(), await freePort()];
  await runKafka({ folder, port, controllerPort, log: silent, spawned });
  return { brokers: [`${host}:${port}`] };
}
