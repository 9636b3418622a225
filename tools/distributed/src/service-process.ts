import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Part } from './keeper.ts';

export interface ServiceProgram {
  /** A JavaScript file for this Node. */
  readonly script: string;
  readonly arguments: readonly string[];
  /** Beside this process's own. */
  readonly environment: Readonly<Record<string, string>>;
  /** Told each line that it prints. */
  readonly print: (line: string) => void;
}

/** A service gives up a clean end by itself before this. */
const killAfterMs = 22_000;

/** Starts one service as a process of its own; resolves when there is one, ready or not. */
export async function startService({ script, arguments: args, environment, print }: ServiceProgram): Promise<Part> {
  const child = spawn(process.execPath, ['--enable-source-maps', script, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A session of its own: a Ctrl-C in the terminal reaches the supervisor alone, which ends the processes in order.
    detached: true,
  });
  await once(child, 'spawn');
  const { pid } = child;
  if (pid === undefined) throw new TypeError('a process that was spawned has a pid');
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', print);

  const endWithUs = () => child.kill('SIGTERM');
  process.once('exit', endWithUs);
  // At `close` all it has printed has come, unlike at `exit`.
  const ended = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => {
      process.off('exit', endWithUs);
      resolve(signal ?? `exit code ${code}`);
    });
  });
  return { pid, ended, stop: () => end(child, ended), reload: () => void child.kill('SIGHUP') };
}

async function end(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  const impatience = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  child.kill('SIGTERM');
  await ended;
  clearTimeout(impatience);
}
