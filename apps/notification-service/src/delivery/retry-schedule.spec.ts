import fc from 'fast-check';
import { retryDelaySeconds } from './retry-schedule.ts';

describe('the rest before the next attempt', () => {
  it.each([[0, 5], [1, 10], [2, 20], [3, 40], [4, 80], [5, 160], [6, 300], [7, 300], [1_000, 300], [100_000, 300]])('after %i failures is at most %i s', (failures, seconds) => {
    expect(retryDelaySeconds(failures, () => 1)).toBe(seconds);
  });

  it('is never less than half of that', () => {
    expect([0, 3, 1_000].map((failures) => retryDelaySeconds(failures, () => 0))).toEqual([2.5, 20, 150]);
  });

  it('differs from mail to mail, so that an outage does not end in one wave', () => {
    const rests = Array.from({ length: 200 }, () => retryDelaySeconds(4));
    expect(Math.min(...rests)).toBeLessThan(60);
    expect(Math.max(...rests)).toBeGreaterThan(60);
  });

  it('is finite and within its bounds, whatever the dice say', () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (failures, dice) => {
        const seconds = retryDelaySeconds(failures, () => dice);
        expect(seconds).toBeGreaterThanOrEqual(2.5);
        expect(seconds).toBeLessThanOrEqual(300);
      }),
    );
  });
});
