/** Values below this are counted one by one; above, in steps of less than a thousandth of the value. */
const exactBelow = 2_048;
const stepsPerDoubling = exactBelow / 2;
const stepBits = Math.log2(stepsPerDoubling);

/** 35 minutes in microseconds: longer is counted as this. */
const largest = 2 ** 31 - 1;
/** 99.9 % of 1,000 is 999.0000000000001 to a computer. */
const rounding = 1e-6;
const bucketCount = exactBelow + (30 - stepBits) * stepsPerDoubling;

/** For the way between processes: only buckets that hold something, as `[bucket, count]`. */
export interface HistogramState {
  readonly buckets: readonly (readonly [number, number])[];
  readonly min: number;
  readonly max: number;
}

/** In milliseconds. */
export interface Percentiles {
  readonly samples: number;
  readonly minMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
}

/** Durations in whole microseconds with three significant digits, as HdrHistogram keeps them: nothing is sampled, averaged or cut off. */
export class Histogram {
  private readonly counts = new Float64Array(bucketCount);
  private total = 0;
  private min = Number.POSITIVE_INFINITY;
  private max = 0;

  static from(state: HistogramState): Histogram {
    const histogram = new Histogram();
    histogram.add(state);
    return histogram;
  }

  get count(): number {
    return this.total;
  }

  /** @param microseconds a negative one counts as 0: two clock readings may lie that close together */
  record(microseconds: number): void {
    const value = Math.min(largest, Math.max(0, Math.round(microseconds)));
    const bucket = bucketOf(value);
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.total++;
    this.min = Math.min(this.min, value);
    this.max = Math.max(this.max, value);
  }

  add({ buckets, min, max }: HistogramState): void {
    for (const [bucket, count] of buckets) {
      this.counts[bucket] = (this.counts[bucket] ?? 0) + count;
      this.total += count;
    }
    if (buckets.length === 0) return;
    this.min = Math.min(this.min, min);
    this.max = Math.max(this.max, max);
  }

  /** @returns microseconds: the value that this share of all values does not exceed; 0 where nothing was recorded */
  percentile(percent: number): number {
    const wanted = Math.max(1, Math.ceil((percent / 100) * this.total - rounding));
    let seen = 0;
    for (const [bucket, count] of this.counts.entries()) {
      seen += count;
      if (seen >= wanted) return Math.min(highestIn(bucket), this.max);
    }
    return 0;
  }

  percentiles(): Percentiles {
    const ms = (microseconds: number): number => microseconds / 1_000;
    return {
      samples: this.total,
      minMs: this.total === 0 ? 0 : ms(this.min),
      p50Ms: ms(this.percentile(50)),
      p90Ms: ms(this.percentile(90)),
      p99Ms: ms(this.percentile(99)),
      p999Ms: ms(this.percentile(99.9)),
      maxMs: ms(this.max),
    };
  }

  state(): HistogramState {
    const buckets = [...this.counts.entries()].filter(([, count]) => count > 0);
    return { buckets, min: this.total === 0 ? 0 : this.min, max: this.max };
  }
}

function bucketOf(value: number): number {
  if (value < exactBelow) return value;
  const doublings = 31 - Math.clz32(value) - stepBits;
  return doublings * stepsPerDoubling + (value >>> doublings);
}

/** The largest value that is counted in this bucket. */
function highestIn(bucket: number): number {
  if (bucket < exactBelow) return bucket;
  const doublings = Math.floor(bucket / stepsPerDoubling) - 1;
  const step = bucket - doublings * stepsPerDoubling;
  return (step + 1) * 2 ** doublings - 1;
}
