import { quantile, rankSumP, unevenDrawP } from './rank-sum.ts';

const upTo = (count: number, of = (index: number) => index) => Array.from({ length: count }, (_, index) => of(index));

describe('the rank-sum test', () => {
  it('gives what the normal approximation gives by hand, without ties and with them', () => {
    // U = 45 of 10 × 10, σ² = 175: z = 4.5 / √175. With ties 2, 2, 2, 2: U = 4 of 4 × 4, σ² = (16 / 12) (9 − 60 / 56): z = 3.5 / 3.2514.
    expect(rankSumP(upTo(10, (index) => 2 * index), upTo(10, (index) => 2 * index + 1))).toBeCloseTo(0.7337, 3);
    expect(rankSumP([1, 2, 2, 3], [2, 2, 4, 5])).toBeCloseTo(0.2817, 3);
  });

  it('finds no difference between a sample and itself, and nothing but difference where all of one is slower', () => {
    expect(rankSumP(upTo(50), upTo(50))).toBe(1);
    expect(rankSumP([1, 1, 1], [1, 1, 1])).toBe(1);
    expect(rankSumP(upTo(50), upTo(50, (index) => 100 + index))).toBeLessThan(1e-15);
  });

  it('does not depend on which of them comes first', () => {
    const [one, other] = [upTo(30, (index) => (index * 7) % 31), upTo(40, (index) => (index * 11) % 37)];
    expect(rankSumP(one, other)).toBeCloseTo(rankSumP(other, one), 10);
  });
});

describe('Fisher’s exact test', () => {
  it('gives what the hypergeometric distribution gives by hand', () => {
    // The tea of R. A. Fisher: 3 of 4 found among 8 is 34 of 70, all 4 is 2 of 70.
    expect(unevenDrawP(3, 4, 4, 4)).toBeCloseTo(34 / 70, 10);
    expect(unevenDrawP(4, 4, 4, 4)).toBeCloseTo(2 / 70, 10);
    expect(unevenDrawP(10, 20, 1_000, 1_000)).toBe(1);
    expect(unevenDrawP(0, 20, 1_000, 1_000)).toBeLessThan(1e-5);
  });
});

describe('a quantile', () => {
  it('lies between the values around it', () => {
    expect([quantile([4, 1, 3, 2], 0.5), quantile(upTo(101), 0.99), quantile([7], 0.99)]).toEqual([2.5, 99, 7]);
  });
});
