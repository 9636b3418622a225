import { quantile, rankSumP, unevenDrawP } from './rank-sum.ts';

/** One of two kinds, and which of its kind. */
export interface Subject {
  readonly kind: 0 | 1;
  readonly nth: number;
}

/** What must take equally long, whichever of two kinds it is done to. */
export interface Comparison {
  readonly name: string;
  /** What the kinds are called, e.g. known and unknown. */
  readonly kinds: readonly [string, string];
  /** Does it to each in this order, one after the other. @returns how many milliseconds each took */
  readonly measure: (subjects: readonly Subject[]) => Promise<readonly number[]>;
  /** How many of each kind there are for a run; the first few of all count for nothing. */
  readonly each: number;
  /** Judges the medians and the slowest alone: for where ranks are known to differ, and it is known why. */
  readonly ranksMayDiffer?: boolean;
}

const warmUp = 50;
const [leastP, mostMedianMs] = [0.01, 1];
const slowest = 0.01;

/**
 * Takes both kinds in random order, so that whatever else the machine does falls on both alike, what follows an answer too: in pairs,
 * each kind would mostly come after the other. Compares the ranks of their times (p > 0.01), their medians (less than 1 ms apart), and
 * which kind the slowest hundredth is of, which is where p99 is made (p > 0.01).
 *
 * Two of these are tests at 1 %: where nothing differs, one run in fifty fails. What fails is repeated once with fresh measurements, so that
 * is one in 2,500; a difference that is there fails both.
 * @returns null, or what differs
 */
export async function differenceIn(comparison: Comparison): Promise<string | null> {
  const first = await runOf(comparison, 1);
  return first === null ? null : runOf(comparison, 2);
}

async function runOf({ name, kinds, measure, each, ranksMayDiffer = false }: Comparison, seed: number): Promise<string | null> {
  const subjects = ([0, 1] as const).flatMap((kind) => Array.from({ length: each }, (_, nth) => ({ kind, nth })));
  const order = shuffled(subjects, seededRandom(seed));
  const measured = await measure(order);
  const times = ([0, 1] as const).map((kind) => measured.filter((_, index) => index >= warmUp && order[index]?.kind === kind)) as [number[], number[]]; // as many as there are kinds
  const [one, other] = times;
  const threshold = quantile([...one, ...other], 1 - slowest);
  const [slowOnes, slowOthers] = times.map((own) => own.filter((time) => time > threshold).length) as [number, number]; // the same
  const [p, tailP] = [rankSumP(one, other), unevenDrawP(slowOnes, slowOnes + slowOthers, one.length, other.length)];
  const medianMs = quantile(one, 0.5) - quantile(other, 0.5);
  const isNear = tailP > leastP && Math.abs(medianMs) < mostMedianMs;
  const isSame = isNear && p > leastP;
  const figures = kinds.map((kind, index) => `${kind} ${ms(quantile(times[index] ?? [], 0.5))}, p99 ${ms(quantile(times[index] ?? [], 0.99))}`).join('; ');
  const line = `${name}: ${one.length + other.length} interleaved, medians ${figures}; Δ ${ms(medianMs)}, p ${p.toPrecision(2)}; of the slowest ${slowOnes + slowOthers}: ${slowOnes} ${kinds[0]}, p ${tailP.toPrecision(2)}`;
  process.stderr.write(`  ${isSame ? 'same  ' : isNear ? 'near  ' : 'DIFFER'} ${line}\n`);
  return isSame || (isNear && ranksMayDiffer) ? null : line;
}

function shuffled<T>(values: readonly T[], random: () => number): readonly T[] {
  const order = values.map((value) => ({ value, at: random() }));
  return order.sort((a, b) => a.at - b.at).map(({ value }) => value);
}

function ms(value: number): string {
  return `${value.toFixed(3)} ms`;
}

/** mulberry32: enough for an order, and the same each time. @returns numbers from 0 up to 1 */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
