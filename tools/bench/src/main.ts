import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { missingForKafka } from '@rekey/kafka';
import { reasonOf } from '@rekey/observability';
import type { BenchContext } from './bench-context.ts';
import { help, readCommandLine, type BenchmarkName, type BenchOptions, type Transport } from './command-line.ts';
import { memoryTable, memoryUnderLoad } from './queued-mails/memory.ts';
import { queuedMails, queuedMailsTable } from './queued-mails/queued-mails.ts';
import { severalWorkers, severalWorkersTable } from './queued-mails/workers.ts';
import { recoverRequests, recoverRequestsTable } from './recover-requests/recover-requests.ts';
import { recoveryToRelay, recoveryToRelayTable } from './recovery-to-relay/recovery-to-relay.ts';
import { environment } from './report/environment.ts';
import { writeResult } from './report/result-file.ts';
import { startTime, startTimeTable } from './start-time/start-time.ts';
import { freeOffset } from './system/offset.ts';
import { StartedThings } from './system/started-things.ts';

interface Report<Result = unknown> {
  readonly results: readonly Result[];
  /** What could not be measured, and why. */
  readonly failures: readonly string[];
}

const begunAt = Date.now();
const print = (text: string): void => void process.stdout.write(`${text}\n`);
const say = (line: string): void => print(`bench ${((Date.now() - begunAt) / 1_000).toFixed(0).padStart(5)} s  ${line}`);

/** `npm run bench`: one benchmark after another, each with a result file and a table; one that fails leaves what it has measured, and the others. */
async function run(options: BenchOptions, started: StartedThings): Promise<void> {
  const possible = options.transports.filter(canRun);
  const tables: string[] = [];
  for (const benchmark of options.benchmarks) {
    const startedAt = new Date().toISOString();
    const surroundings = environment();
    const own = started.add(new StartedThings());
    const context: BenchContext = { options, offset: await freeOffset(), folder: temporaryFolder, started: own, say };
    const { results, failures, table } = await reportOf(benchmark, context, possible);
    await own.stop().catch((error: unknown) => say(`${benchmark}: ${reasonOf(error)}`));
    if (interrupted) return;
    const { results: folder, cpuProfiles: _profiles, benchmarks: _benchmarks, ...settings } = options;
    if (results.length > 0) {
      const file = await writeResult(folder, { benchmark, startedAt, environment: surroundings, options: { ...settings, transports: possible }, results, failures });
      tables.push(table);
      say(`${benchmark}: written to ${path.relative('.', file)}`);
    }
    for (const failure of failures) tables.push(`  ${benchmark} FAILED: ${failure}`);
    if (failures.length > 0) process.exitCode = 1;
  }
  print(`\n${tables.join('\n\n')}\n`);
  print(options.quick ? '  A quick run: these figures mean nothing.\n' : '  The median, and between what the runs lay. The load generator has shared the machine.\n');
}

async function reportOf(benchmark: BenchmarkName, context: BenchContext, transports: readonly Transport[]): Promise<Report & { readonly table: string }> {
  switch (benchmark) {
    case 'P1':
      return tabled(await measured(context, transports, (transport) => recoverRequests(context, transport)), recoverRequestsTable);
    case 'P2':
      return tabled(await measured(context, transports, async (transport) => [await recoveryToRelay(context, transport)]), recoveryToRelayTable);
    case 'P3':
      return tabled(await measured(context, transports, async (transport) => [await queuedMails(context, transport)]), queuedMailsTable);
    case 'P4':
      return tabled(await measured(context, transports, async (transport) => [await severalWorkers(context, transport)]), severalWorkersTable);
    case 'P7':
      return tabled(await measured(context, ['embedded'], () => memoryUnderLoad(context)), memoryTable);
    case 'P8':
      return tabled(await measured(context, ['embedded'], async () => [await startTime(context)]), ([result]) => (result ? startTimeTable(result) : ''));
  }
}

function tabled<Result>(report: Report<Result>, table: (results: readonly Result[]) => string): Report<Result> & { readonly table: string } {
  return { ...report, table: table(report.results) };
}

/** One transport after another. */
async function measured<Result>({ options: { minutes }, started }: BenchContext, transports: readonly Transport[], work: (transport: Transport) => Promise<readonly Result[]>): Promise<Report<Result>> {
  const results: Result[] = [];
  const failures: string[] = [];
  for (const transport of transports) {
    try {
      results.push(...(await withinMinutes(minutes, work(transport))));
    } catch (error) {
      if (interrupted) break;
      failures.push(`${transport}: ${reasonOf(error)}`);
      process.stderr.write(`bench  ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      await started.stop().catch(() => undefined); // where it was given up: the next one has the same ports
    }
  }
  return { results, failures };
}

async function withinMinutes<Result>(minutes: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_resolve, reject) => (timer = setTimeout(() => reject(new Error(`not done within ${minutes} minutes`)), minutes * 60_000)));
  try {
    return await Promise.race([work, timeUp]);
  } finally {
    clearTimeout(timer);
  }
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
