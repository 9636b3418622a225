import { setTimeout as pause } from 'node:timers/promises';

/** Waits for a condition of the world outside; a test that waits in vain says what it saw last. */
export async function until<T>(look: () => Promise<T> | T, holds: (seen: T) => boolean, withinMs = 20_000): Promise<T> {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (performance.now() > giveUpAt) throw new Error(`waited ${withinMs} ms in vain; last seen: ${JSON.stringify(seen)}`);
    await pause(10);
  }
}
