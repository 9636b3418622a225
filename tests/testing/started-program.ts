import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { endWithRun } from '@rekey/test-kit';

export const root = fileURLToPath(new URL('../../', import.meta.url));

export interface ProgramOptions {
  /** A JavaScript file, from the root of the checkout. */
  readonly script: string;
  readonly args?: readonly string[];
  /** Beside the environment of the test run; undefined takes a variable out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What its output says once it is ready. */
  readonly readyWhen: RegExp;
}

export interface StartedProgram {
  readonly pid: number;
  /** What it has printed so far, standard output and error. */
  output(): string;
  /** Resolves when it has ended, however. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** SIGTERM, and its exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

const patienceMs = 90_000;

/** Starts one of Rekey's programs as a process of its own; what it leaves running ends with the test run. @throws Error with its output where it ends before it is ready */
export async function startProgram(options: ProgramOptions): Promise<StartedProgram> {
  const program = await spawnProgram(options);
  const deadline = Date.now() + patienceMs;
  let hasEnded = false;
  void program.ended.then(() => (hasEnded = true));
  while (!options.readyWhen.test(program.output())) {
    if (hasEnded) throw new Error(`${options.script} ended before it was ready:\n${program.output()}`);
    if (Date.now() > deadline) {
      await program.kill();
      throw new Error(`${options.script} was not ready within ${patienceMs / 1000} s:\n${program.output()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return program;
}

/** Starts it and does not wait: for what is to fail. */
export async function spawnProgram({ script, args = [], env = {} }: Omit<ProgramOptions, 'readyWhen'>): Promise<StartedProgram> {
  // NODE_OPTIONS are Jest's, and its coverage and modules are none of the program's business.
  const child = spawn(process.execPath, [script, ...args], { cwd: root, env: { ...process.env, NODE_OPTIONS: undefined, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  await once(child, 'spawn');
  const { pid } = child;
  if (pid === undefined) throw new TypeError('a process that was spawned has a pid');
  const forget = await endWithRun(pid, 'SIGTERM');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('close', (code, signal) => void forget().then(() => resolve({ code, signal })));
  });
  const send = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    return (await ended).code;
  };
  return { pid, output: () => output, ended, stop: () => send('SIGTERM'), kill: async () => void (await send('SIGKILL')) };
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
