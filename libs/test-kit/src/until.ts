import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits for a condition of the world outside; a test that waits in vain says for what, and what it saw last.
 * @param holds whether what was seen will do; anything that is true, unless it is told
 * @param withinMs by default less than a test has, so that this speaks and not the test's end
 */
export async function until<T>(look: () => Promise<T> | T, holds: (seen: T) => boolean = Boolean, withinMs = 25_000): Promise<T> {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (performance.now() > giveUpAt) throw new Error(`waited ${withinMs} ms in vain for ${look.toString()}; last seen: ${JSON.stringify(seen)?.slice(0, 2_000)}`);
    await pause(10);
  }
}
