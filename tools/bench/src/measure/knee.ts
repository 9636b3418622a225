import type { Backlog } from './backlog.ts';

export interface StepFigures {
  readonly offeredPerSecond: number;
  readonly achievedPerSecond: number;
  readonly failed: number;
  readonly p99Ms: number;
  readonly backlog: Backlog;
}

/** `held`: the system keeps up with this rate. Percentiles of a saturated step depend on how long it lasted, and are not quoted. */
export type StepVerdict = 'held' | 'saturated' | 'errors' | 'backlog grows' | 'slow';

/** Below this share of the offered rate a step is saturated. */
const leastShareAchieved = 0.99;
/** A backlog that grows by more than this share of the offered rate is not worked off. */
const mostShareLeft = 0.05;
/** At low rates a single entry looks like growth. */
const leastGrowthPerSecond = 5;

export function verdictOn({ offeredPerSecond, achievedPerSecond, failed, p99Ms, backlog }: StepFigures, p99BoundMs: number): StepVerdict {
  if (failed > 0) return 'errors';
  if (achievedPerSecond < offeredPerSecond * leastShareAchieved) return 'saturated';
  if (backlog.growthPerSecond > Math.max(leastGrowthPerSecond, offeredPerSecond * mostShareLeft)) return 'backlog grows';
  return p99Ms > p99BoundMs ? 'slow' : 'held';
}

/**
 * Climbs until a step does not hold.
 * @returns the last rate that held, 0 where not even the first one did, and every step that was tried
 */
export async function climb<Step extends { readonly verdict: StepVerdict }>(rates: readonly number[], tryStep: (ratePerSecond: number) => Promise<Step>): Promise<{ kneePerSecond: number; steps: Step[] }> {
  const steps: Step[] = [];
  let kneePerSecond = 0;
  for (const rate of rates) {
    const step = await tryStep(rate);
    steps.push(step);
    if (step.verdict !== 'held') break;
    kneePerSecond = rate;
  }
  return { kneePerSecond, steps };
}
