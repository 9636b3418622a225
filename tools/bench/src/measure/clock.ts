import { setTimeout as pause } from 'node:timers/promises';

export interface Clock {
  /** Milliseconds with fractions, from a point that never moves. */
  now(): number;
  wait(milliseconds: number): Promise<void>;
}

/** The machine's monotonic clock: the same for every process on it, so that one may take the time another one began at. */
export const machineClock: Clock = {
  now: () => Number(process.hrtime.bigint()) / 1e6,
  wait: async (milliseconds) => {
    await pause(milliseconds);
  },
};
