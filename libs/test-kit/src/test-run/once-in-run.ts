import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runFolderOf } from '../../test-run/run-folder.mjs';

/** What a starter is given. */
export interface TestRun {
  /** A folder of this resource's own, removed when the run ends. */
  folder: string;
  /** Has the process ended with `signal` when the run ends. */
  endLater(pid: number, signal: EndSignal): Promise<void>;
}

export type EndSignal = 'SIGINT' | 'SIGTERM';

type Outcome<T> = { value: T } | { failure: string };

const patienceMs = 120_000;

/**
 * Starts something once for all workers of a test run, when the first of them asks. The others wait and get what it returned.
 *
 * @param name a file name
 * @param start returns what can be written as JSON
 */
export async function onceInRun<T>(name: string, start: (run: TestRun) => Promise<T>): Promise<T> {
  const folder = await openRunFolder();
  const isFirst = await mkdir(join(folder, name)).then(
    () => true,
    () => false,
  );
  const outcomeFile = join(folder, `${name}.json`);
  if (isFirst) {
    const endLater = async (pid: number, signal: EndSignal) => void (await endWithRun(pid, signal));
    const outcome: Outcome<T> = await start({ folder: join(folder, name), endLater }).then(
      (value) => ({ value }),
      (error: unknown) => ({ failure: error instanceof Error || hasStack(error) ? String(error.stack) : String(error) }),
    );
    await writeFile(`${outcomeFile}.new`, JSON.stringify(outcome), { mode: 0o600 });
    await rename(`${outcomeFile}.new`, outcomeFile);
  }
  return valueOf(await outcomeIn<T>(outcomeFile, name), name);
}

/**
 * Has a process end when the run does, however that ends.
 *
 * @returns to be called once it has ended by itself: its pid may soon be another's
 */
export async function endWithRun(pid: number, signal: EndSignal): Promise<() => Promise<void>> {
  const note = join(await openRunFolder(), 'processes', String(pid));
  await writeFile(note, signal);
  return () => rm(note, { force: true });
}

export interface ClaimedNumber {
  readonly number: number;
  /** Leaves it to others. What is not released goes with the run. */
  release(): Promise<void>;
}

/**
 * One of the whole numbers below `count` that nobody else in this run has, for what one machine has once: a range of ports.
 *
 * Begins anywhere among them: other runs on this machine choose as well, and what fits now may be theirs when it is used.
 *
 * @param fits whether it can be used as far as others on this machine are concerned
 */
export async function claimNumber(name: string, count: number, fits: (candidate: number) => Promise<boolean>): Promise<ClaimedNumber> {
  const folder = await openRunFolder();
  const first = randomInt(count);
  for (let tried = 0; tried < count; tried++) {
    const candidate = (first + tried) % count;
    const claim = join(folder, `${name}-${candidate}`);
    const isMine = await mkdir(claim).then(
      () => true,
      () => false,
    );
    if (isMine && (await fits(candidate))) return { number: candidate, release: () => rm(claim, { recursive: true, force: true }) };
  }
  throw new Error(`no ${name} is left: all ${count} are in use`);
}

/** Outside Jest there is no global setup: the process is a run of its own. */
async function openRunFolder(): Promise<string> {
  const folder = process.env['REKEY_TEST_RUN'] ?? runFolderOf(process.pid);
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  await mkdir(folder, { mode: 0o700 }).then(
    () => keep(folder),
    () => {},
  );
  await mkdir(join(folder, 'processes'), { recursive: true });
  return folder;
}

function keep(folder: string): void {
  const [pid] = folder.match(/\d+$/) ?? [];
  if (pid === undefined) throw new TypeError(`REKEY_TEST_RUN must end with the pid of the run: ${folder}`);
  spawn(process.execPath, [fileURLToPath(new URL('../../test-run/keeper.mjs', import.meta.url)), pid, folder], { detached: true, stdio: 'ignore', env: {} }).unref();
}

async function outcomeIn<T>(file: string, name: string): Promise<Outcome<T>> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const content = await readFile(file, 'utf8').catch(() => undefined);
    // Written by the same function above, in this run.
    if (content !== undefined) return JSON.parse(content) as Outcome<T>;
    if (Date.now() > deadline) throw new Error(`no ${name} after ${patienceMs / 1000} s: the worker that started it is gone`);
    await pause(20);
  }
}

function valueOf<T>(outcome: Outcome<T>, name: string): T {
  if ('failure' in outcome) throw new Error(`the ${name} of this test run did not start: ${outcome.failure}`);
  return outcome.value;
}

function hasStack(error: unknown): error is { stack: unknown } {
  return typeof error === 'object' && error !== null && 'stack' in error;
}
