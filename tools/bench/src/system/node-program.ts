import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Running } from '@rekey/lifecycle';
import { machineClock } from '../measure/clock.ts';

export interface NodeProgramOptions {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A line that the program has printed, and when: milliseconds since it was started. */
export interface PrintedLine {
  readonly atMs: number;
  readonly text: string;
}

const killAfterMs = 25_000;
const linesKept = 200;

/** A program in a process group of its own: a Ctrl-C in the terminal reaches the benchmark alone, which ends it in order. */
export class NodeProgram implements Running {
  readonly lines: PrintedLine[] = [];
  private readonly child: ChildProcess;
  private readonly startedAt = machineClock.now();
  private readonly waiting = new Set<(line: PrintedLine | null) => void>();

  constructor(private readonly options: NodeProgramOptions) {
    const [file, ...args] = options.command;
    this.child = spawn(file, args, { cwd: options.cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...options.environment } });
    for (const stream of [this.child.stdout, this.child.stderr]) if (stream) createInterface({ input: stream }).on('line', (text) => this.take(text));
    this.child.once('error', (error) => this.take(error.message));
    this.child.once('exit', () => {
      for (const told of this.waiting) told(null);
    });
    process.once('exit', this.killWithUs);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** @throws Error with its last words where it ends, or says nothing of the kind in time */
  async untilPrinted(text: string, patienceMs = 120_000): Promise<PrintedLine> {
    const found = this.lines.find((line) => line.text.includes(text));
    if (found) return found;
    const line = await new Promise<PrintedLine | null>((resolve) => {
      const timer = setTimeout(() => settle(null), patienceMs);
      const settle = (answer: PrintedLine | null): void => {
        if (answer && !answer.text.includes(text)) return;
        clearTimeout(timer);
        this.waiting.delete(settle);
        resolve(answer);
      };
      this.waiting.add(settle);
      if (this.ended) settle(null);
    });
    if (!line) throw this.fault(`has not said "${text}"`);
    return line;
  }

  /** Asks the address until it answers with success. @throws Error where the program ends meanwhile */
  async untilReady(url: string, patienceMs = 60_000): Promise<void> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      if (this.ended || Date.now() > deadline) throw this.fault(`is not ready at ${url}`);
      const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
      if (answer?.ok) return;
      await machineClock.wait(50);
    }
  }

  /** SIGTERM to the whole group, which may be npm and what it runs. */
  async stop(): Promise<void> {
    process.off('exit', this.killWithUs);
    if (this.ended) return;
    const ended = once(this.child, 'exit');
    const impatience = setTimeout(() => this.signal('SIGKILL'), killAfterMs);
    this.signal('SIGTERM');
    await ended;
    while (this.groupLives()) await machineClock.wait(20);
    clearTimeout(impatience);
  }

  /** npm may be gone while the program that it ran still puts its things away. */
  private groupLives(): boolean {
    try {
      return this.pid > 0 && process.kill(-this.pid, 0);
    } catch {
      return false;
    }
  }

  private readonly killWithUs = (): void => this.signal('SIGTERM');

  private signal(signal: NodeJS.Signals): void {
    try {
      if (this.pid > 0) process.kill(-this.pid, signal);
    } catch {
      this.child.kill(signal);
    }
  }

  private take(text: string): void {
    const line = { atMs: machineClock.now() - this.startedAt, text };
    this.lines.push(line);
    if (this.lines.length > linesKept) this.lines.shift();
    for (const told of this.waiting) told(line);
  }

  private fault(what: string): Error {
    const lastWords = this.lines.slice(-3).map(({ text }) => text).join(' | ');
    return new Error(`${this.options.name} ${what}${this.ended ? ', and has ended' : ''}: ${lastWords}`);
  }
}
