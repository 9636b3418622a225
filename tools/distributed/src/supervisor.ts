import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Running } from '@rekey/lifecycle';

export interface ProcessSpec {
  /** Names its pid file and its lines in the log. */
  readonly name: string;
  /** A JavaScript file for this Node. */
  readonly script: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const firstRestMs = 500;
const longestRestMs = 10_000;
/** One that lived this long had started well: its next death is a first one again. */
const settledMs = 30_000;
const killAfterMs = 25_000;

/** Runs one process for as long as it is wanted: starts it again when it dies, and keeps its pid in `run/<name>.pid`. */
export class SupervisedProcess implements Running {
  private child: ChildProcess | null = null;
  private stopping = false;
  private deaths = 0;
  private timer: NodeJS.Timeout | null = null;
  private startedAt = 0;

  constructor(
    private readonly spec: ProcessSpec,
    private readonly pidFolder: string,
    private readonly print: (name: string, line: string) => void,
  ) {}

  async start(): Promise<void> {
    const child = spawn(process.execPath, ['--enable-source-maps', this.spec.script, ...this.spec.arguments], {
      env: { ...process.env, ...this.spec.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A session of its own: a Ctrl-C in the terminal reaches the supervisor alone, which ends the processes in order.
      detached: true,
    });
    this.child = child;
    this.startedAt = Date.now();
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', (line) => this.print(this.spec.name, line));
    child.once('error', (error) => this.print(this.spec.name, `cannot be started: ${error.message}`));
    child.once('exit', (code, signal) => this.died(code, signal));
    process.once('exit', this.killWithUs);
    if (child.pid !== undefined) await writePid(this.pidFolder, this.spec.name, child.pid);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    if (this.timer) clearTimeout(this.timer);
    const { child } = this;
    if (child && child.exitCode === null && child.signalCode === null) {
      const impatience = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      clearTimeout(impatience);
    }
    process.off('exit', this.killWithUs);
    await removePid(this.pidFolder, this.spec.name);
  }

  private readonly killWithUs = (): void => {
    this.child?.kill('SIGTERM');
  };

  private died(code: number | null, signal: NodeJS.Signals | null): void {
    process.off('exit', this.killWithUs);
    if (this.stopping) return;
    this.deaths = Date.now() - this.startedAt > settledMs ? 1 : this.deaths + 1;
    const restMs = Math.min(longestRestMs, firstRestMs * 2 ** (this.deaths - 1));
    this.print(this.spec.name, `ended (${signal ?? `exit code ${code}`}); starting it again in ${restMs / 1000} s`);
    this.timer = setTimeout(() => void this.start(), restMs);
  }
}

export async function writePid(folder: string, name: string, pid: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, `${name}.pid`), `${pid}\n`);
}

export async function removePid(folder: string, name: string): Promise<void> {
  await rm(path.join(folder, `${name}.pid`), { force: true });
}
