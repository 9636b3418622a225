import type { Challenge, Solution } from 'altcha-lib/types';
import { Unsolved } from './unsolved.ts';

/**
 * Looks for the number that a challenge asks for, in a thread of its own: the page stays as quick as it was.
 * @param signal ends the search
 * @returns what the server takes for the proof
 * @throws Unsolved where the browser could not find it, or was told to stop
 */
export async function solve(challenge: Challenge, signal: AbortSignal): Promise<string> {
  const worker = new Worker(new URL('./solver.ts', import.meta.url), { type: 'module' });
  try {
    const solution = await new Promise<Solution | null>((resolve, reject) => {
      worker.addEventListener('message', ({ data }: MessageEvent<Solution | null>) => resolve(data));
      worker.addEventListener('error', () => reject(new Unsolved('the solver could not be run')));
      signal.addEventListener('abort', () => reject(new Unsolved('nobody waits for the solution any more')));
      worker.postMessage(challenge);
    });
    if (!solution) throw new Unsolved('no solution was found in time');
    return btoa(JSON.stringify({ challenge, solution }));
  } finally {
    worker.terminate();
  }
}
