// Plain JavaScript: Jest's own process and the keeper load it without a compiler.
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const patienceMs = 20_000;

/** Ends every process that a test run started, then removes its folder. Does nothing if another has done it. */
export async function endRun(folder) {
  const names = await readdir(join(folder, 'processes')).catch(() => []);
  await Promise.all(names.map(async (pid) => end(Number(pid), await readFile(join(folder, 'processes', pid), 'utf8').catch(() => 'SIGTERM'))));
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

export function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function end(pid, signal) {
  const deadline = Date.now() + patienceMs;
  send(pid, signal);
  while (isRunning(pid)) {
    if (Date.now() > deadline) send(pid, 'SIGKILL');
    await pause(10);
  }
}

function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself.
  }
}
