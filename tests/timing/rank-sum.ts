/**
 * The rank-sum test of Mann and Whitney (Ann. Math. Statist. 18, 1947, 50–60), by the normal approximation with corrections for ties and
 * for continuity, as R's `wilcox.test(exact = FALSE)` computes it: good from about twenty values on each side.
 * @param one measurements, in any unit
 * @param other in the same unit
 * @returns how likely two samples of one distribution differ at least as much, in either direction: 0 to 1
 */
export function rankSumP(one: readonly number[], other: readonly number[]): number {
  const all = [...one.map((value) => ({ value, isOne: true })), ...other.map((value) => ({ value, isOne: false }))].sort((a, b) => a.value - b.value);
  let [rankSum, tieSum] = [0, 0];
  for (let first = 0, next = 0; first < all.length; first = next) {
    while (next < all.length && all[next]?.value === all[first]?.value) next++;
    const ties = next - first;
    rankSum += ((first + 1 + next) / 2) * all.slice(first, next).filter(({ isOne }) => isOne).length;
    tieSum += ties ** 3 - ties;
  }
  const [n, m, total] = [one.length, other.length, all.length];
  const u = rankSum - (n * (n + 1)) / 2;
  const deviation = Math.sqrt(((n * m) / 12) * (total + 1 - tieSum / (total * (total - 1))));
  if (deviation === 0) return 1;
  return Math.min(1, complementaryError(Math.max(0, Math.abs(u - (n * m) / 2) - 0.5) / deviation / Math.SQRT2));
}

/**
 * Fisher's exact test: of `drawn` out of two groups, `fromOne` are of the first.
 * @returns how likely a draw that does not look at the groups is at least as uneven: 0 to 1
 */
export function unevenDrawP(fromOne: number, drawn: number, sizeOfOne: number, sizeOfOther: number): number {
  const least = Math.max(0, drawn - sizeOfOther);
  const ratios = Array.from({ length: Math.min(drawn, sizeOfOne) - least }, (_, step) => {
    const k = least + step;
    return ((sizeOfOne - k) * (drawn - k)) / ((k + 1) * (sizeOfOther - drawn + k + 1));
  });
  const weights = ratios.reduce<number[]>((before, ratio) => [...before, (before.at(-1) ?? 1) * ratio], [1]);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const seen = (weights[fromOne - least] ?? 0) * (1 + 1e-9);
  return Math.min(1, weights.filter((weight) => weight <= seen).reduce((sum, weight) => sum + weight, 0) / whole);
}

/** @param share 0 to 1: 0.5 for the median */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(at)] ?? NaN, sorted[Math.ceil(at)] ?? NaN];
  return below + (above - below) * (at % 1);
}

/** erfc for x ≥ 0, within 1.2e-7 of its value (Numerical Recipes in C, second edition, § 6.2). */
function complementaryError(x: number): number {
  const t = 1 / (1 + x / 2);
  const coefficients = [0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368, -1.26551223];
  return t * Math.exp(-x * x + coefficients.reduce((sum, coefficient) => sum * t + coefficient, 0));
}
