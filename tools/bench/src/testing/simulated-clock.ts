import { setImmediate as afterOthers } from 'node:timers/promises';
import type { Clock } from '../measure/clock.ts';

export interface SimulatedClock extends Clock {
  /** Lets time go on, from one thing that is waited for to the next, until the work is done. */
  run<Result>(work: Promise<Result>): Promise<Result>;
}

/** A clock on which waiting takes no time: an hour of load is tested in a moment, and always the same way. */
export function simulatedClock(): SimulatedClock {
  let now = 0;
  const waiting: { readonly at: number; readonly wake: () => void }[] = [];
  return {
    now: () => now,
    wait: (milliseconds) => new Promise((wake) => waiting.push({ at: now + Math.max(0, milliseconds), wake })),
    async run(work) {
      const state = { done: false };
      const ended = work.finally(() => (state.done = true));
      while (!state.done) {
        await afterOthers();
        const next = Math.min(...waiting.map(({ at }) => at));
        if (!Number.isFinite(next)) continue;
        now = next;
        for (const due of waiting.filter(({ at }) => at <= now)) {
          waiting.splice(waiting.indexOf(due), 1);
          due.wake();
        }
      }
      return ended;
    },
  };
}
