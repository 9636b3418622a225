import { setTimeout as pause } from 'node:timers/promises';
import { isRunning } from './running-process.ts';

/**
 * Sends each signal in turn, and the next one only if the process still runs after the patience.
 *
 * @returns whether it ended
 */
export async function endProcess(pid: number, signals: readonly NodeJS.Signals[], patienceMs = 30_000): Promise<boolean> {
  for (const signal of signals) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended meanwhile.
    }
    const deadline = Date.now() + patienceMs;
    while (Date.now() < deadline) {
      if (!isRunning(pid)) return true;
      await pause(10);
    }
  }
  return false;
}
