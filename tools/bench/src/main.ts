import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { missingForKafka } from '@rekey/kafka';
import type { BenchContext } from './bench-context.ts';
import { help, readCommandLine, type BenchmarkName, type BenchOptions, type Transport } from './command-line.ts';
import { queuedMails, queuedMailsTable } from './queued-mails/queued-mails.ts';
import { severalWorkers, severalWorkersTable } from './queued-mails/workers.ts';
import { recoverRequests, recoverRequestsTable } from './recover-requests/recover-requests.ts';
import { recoveryToRelay, recoveryToRelayTable } from './recovery-to-relay/recovery-to-relay.ts';
import { environment } from './report/environment.ts';
import { writeResult } from './report/result-file.ts';
import { startTime, startTimeTable } from './start-time/start-time.ts';
import { freeOffset } from './system/offset.ts';
import { StartedThings } from './system/started-things.ts';

interface Report {
  readonly results: readonly unknown[];
  readonly table: string;
}

const begunAt = Date.now();
const print = (text: string): void => void process.stdout.write(`${text}\n`);
const say = (line: string): void => print(`bench ${((Date.now() - begunAt) / 1_000).toFixed(0).padStart(5)} s  ${line}`);

/** `npm run bench`: one benchmark after another, each with a result file and a table. */
async function run(options: BenchOptions, started: StartedThings): Promise<void> {
  const possible = options.transports.filter(canRun);
  const tables: string[] = [];
  for (const benchmark of options.benchmarks) {
    const startedAt = new Date().toISOString();
    const surroundings = environment();
    const context: BenchContext = { options, offset: await freeOffset(), folder: temporaryFolder, started, say };
    const report = await reportOf(benchmark, context, possible);
    const { results: folder, cpuProfiles: _profiles, benchmarks: _benchmarks, ...settings } = options;
    const file = await writeResult(folder, { benchmark, startedAt, environment: surroundings, options: { ...settings, transports: possible }, results: report.results });
    tables.push(report.table);
    say(`${benchmark}: written to ${path.relative('.', file)}`);
  }
  print(`\n${tables.join('\n\n')}\n`);
  print(options.quick ? '  A quick run: these figures mean nothing.\n' : '  The median, and between what the runs lay. The load generator has shared the machine.\n');
}

async function reportOf(benchmark: BenchmarkName, context: BenchContext, transports: readonly Transport[]): Promise<Report> {
  switch (benchmark) {
    case 'P1': {
      const results = (await inTurn(transports, (transport) => recoverRequests(context, transport))).flat();
      return { results, table: recoverRequestsTable(results) };
    }
    case 'P2': {
      const results = await inTurn(transports, (transport) => recoveryToRelay(context, transport));
      return { results, table: recoveryToRelayTable(results) };
    }
    case 'P3': {
      const result = await queuedMails(context);
      return { results: [result], table: queuedMailsTable(result) };
    }
    case 'P4': {
      const result = await severalWorkers(context);
      return { results: [result], table: severalWorkersTable(result) };
    }
    case 'P8': {
      const result = await startTime(context);
      return { results: [result], table: startTimeTable(result) };
    }
  }
}

async function inTurn<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

function canRun(transport: Transport): boolean {
  const missing = transport === 'kafka' ? missingForKafka() : null;
  if (missing !== null) say(`LEFT OUT: everything over Kafka (${missing})`);
  return missing === null;
}

async function temporaryFolder(name: string, started: StartedThings): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), `rekey-bench-${name}-`));
  started.add({ stop: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) });
  return folder;
}

/** The first Ctrl-C ends everything in order, and whatever fails because of that is no news; the second ends at once. */
function stopOnSignal(started: StartedThings): void {
  const stop = (): void => {
    if (interrupted) process.exit(130);
    interrupted = true;
    say('ending what was started');
    for (const failure of ['uncaughtException', 'unhandledRejection'] as const) process.on(failure, () => undefined);
    void started.stop().finally(() => process.exit(130));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
}

let interrupted = false;
const command = readCommandLine(process.argv.slice(2));
if (command.kind === 'run') {
  const started = new StartedThings();
  stopOnSignal(started);
  try {
    await run(command.options, started);
  } catch (error) {
    process.exitCode = 1;
    if (!interrupted) process.stderr.write(`bench  ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  } finally {
    if (!interrupted) await started.stop();
  }
} else {
  print(command.kind === 'help' ? help : `bench  ${command.message}\n${help}`);
  process.exitCode = command.kind === 'help' ? 0 : 1;
}
