import { readOptions, runProgram } from '@rekey/lifecycle';
import { welcome } from '@rekey/local-stack';
import { createLogger } from '@rekey/observability';
import { startDistributed } from './distributed.ts';
import { readableLog } from './readable-log.ts';
import { workerCount } from './worker-count.ts';

const usage = `
npm run start:distributed -- [--workers N]

Runs Rekey as separate processes on this machine: Kafka, PostgreSQL, recovery service, notification services, inbox and gateway. One that
dies is started again. Ctrl-C ends them all; the data stays.

  --workers N      how many notification services (default: REKEY_WORKERS, else 1)

  REKEY_CONFIG     the deployment.toml; [kafka] and [database.…] in it are used instead of local ones
  REKEY_HOME       the data folder (default .rekey); run/<process>.pid in it holds each process's pid
  KAFKA_BROKERS    host:port of brokers to use instead of a local one, comma-separated
`;

/** Longer than the slowest of the services, one after another, may take to finish what is in hand. */
const longestStopMs = 60_000;

await runProgram(
  createLogger('rekey', { format: 'pretty' }),
  async ({ ending }) => {
    const { workers } = readOptions(usage, { workers: { type: 'string' } });
    const print = readableLog((text) => process.stdout.write(text), process.stdout.isTTY);
    const distributed = await startDistributed({ workers: workerCount(workers, process.env), print, ending });
    process.stdout.write(welcome(distributed.whereabouts));
    return {
      reload: () => distributed.reload(),
      stop: async () => {
        print('rekey', 'ending');
        await distributed.stop();
        print('rekey', 'ended');
      },
    };
  },
  { longestStopMs },
);
