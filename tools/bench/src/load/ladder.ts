import type { BenchOptions } from '../command-line.ts';
import type { Percentiles } from '../measure/histogram.ts';
import { climb } from '../measure/knee.ts';
import { spreadOf, type Spread } from '../measure/spread.ts';
import type { LoadStep } from './load-step.ts';

export interface LadderPlan {
  readonly rates: readonly number[];
  readonly seconds: number;
  readonly runs: number;
  /** What latencies at half the knee are taken from, at least: p99 needs 1,000. */
  readonly leastSamples: number;
}

export function ladderPlan({ rateLadder, seconds, runs, quick }: BenchOptions): LadderPlan {
  return { rates: rateLadder, seconds, runs, leastSamples: quick ? 1 : 1_000 };
}

export interface LadderResult<Step extends LoadStep> {
  readonly kneePerSecond: Spread;
  readonly climbs: readonly (readonly Step[])[];
  /** At half of the median knee; none where not even the first rate was held. */
  readonly atHalfTheKnee: { readonly ratePerSecond: number; readonly runs: readonly Step[] } | null;
}

/** Climbs several times, then measures latencies at half of what was held. */
export async function climbAndMeasure<Step extends LoadStep>({ rates, seconds, runs, leastSamples }: LadderPlan, tryStep: (ratePerSecond: number, seconds: number) => Promise<Step>): Promise<LadderResult<Step>> {
  const climbs: Step[][] = [];
  const knees: number[] = [];
  for (let run = 0; run < runs; run++) {
    const { kneePerSecond, steps } = await climb(rates, (rate) => tryStep(rate, seconds));
    climbs.push(steps);
    knees.push(kneePerSecond);
  }
  const kneePerSecond = spreadOf(knees);
  const ratePerSecond = Math.floor(kneePerSecond.median / 2);
  if (ratePerSecond === 0) return { kneePerSecond, climbs, atHalfTheKnee: null };
  const atHalf: Step[] = [];
  for (let run = 0; run < runs; run++) atHalf.push(await tryStep(ratePerSecond, Math.max(seconds, Math.ceil(leastSamples / ratePerSecond))));
  return { kneePerSecond, climbs, atHalfTheKnee: { ratePerSecond, runs: atHalf } };
}

/** One percentile over several runs. */
export function spreadOfRuns(runs: readonly Percentiles[], field: Exclude<keyof Percentiles, 'samples'>): Spread {
  return spreadOf(runs.map((run) => run[field]));
}
