/** How much had been taken and not yet done, and when. */
export interface BacklogSample {
  /** Seconds since the step began. */
  readonly atSeconds: number;
  readonly entries: number;
}

export interface Backlog {
  readonly max: number;
  /** Entries per second, as the straight line through all samples has it. */
  readonly growthPerSecond: number;
}

export function backlogOf(samples: readonly BacklogSample[]): Backlog {
  const max = samples.reduce((most, { entries }) => Math.max(most, entries), 0);
  return { max, growthPerSecond: slopeOf(samples) };
}

/** Least squares; 0 where there are too few samples for a line. */
function slopeOf(samples: readonly BacklogSample[]): number {
  if (samples.length < 2) return 0;
  const mean = (value: (sample: BacklogSample) => number): number => samples.reduce((sum, sample) => sum + value(sample), 0) / samples.length;
  const [meanAt, meanEntries] = [mean(({ atSeconds }) => atSeconds), mean(({ entries }) => entries)];
  const covariance = mean(({ atSeconds, entries }) => (atSeconds - meanAt) * (entries - meanEntries));
  const variance = mean(({ atSeconds }) => (atSeconds - meanAt) ** 2);
  return variance === 0 ? 0 : covariance / variance;
}

/**
 * What was open over time, from when each thing was taken and when it was done.
 * @param takenAt milliseconds, sorted
 * @param doneAt milliseconds, sorted
 */
export function backlogOverTime(takenAt: readonly number[], doneAt: readonly number[], { from, to, everyMs }: { readonly from: number; readonly to: number; readonly everyMs: number }): BacklogSample[] {
  const samples: BacklogSample[] = [];
  let [taken, done] = [0, 0];
  for (let at = from; at <= to; at += everyMs) {
    while ((takenAt[taken] ?? Number.POSITIVE_INFINITY) <= at) taken++;
    while ((doneAt[done] ?? Number.POSITIVE_INFINITY) <= at) done++;
    samples.push({ atSeconds: (at - from) / 1_000, entries: Math.max(0, taken - done) });
  }
  return samples;
}
