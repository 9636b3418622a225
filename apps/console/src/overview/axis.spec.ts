import { countMarks, durationMarks, timeMarks } from './axis.ts';

describe('the marks of an axis', () => {
  it('are whole and round for counts, from 0 to no less than the greatest', () => {
    expect([1, 3, 4, 5, 17, 1_234].map(countMarks)).toEqual([[0, 1], [0, 1, 2, 3], [0, 1, 2, 3, 4], [0, 2, 4, 6], [0, 5, 10, 15, 20], [0, 500, 1_000, 1_500]]);
  });

  it('are as clocks divide them for times', () => {
    const [second, minute, hour] = [1_000, 60_000, 3_600_000];
    expect([7, 800, 3 * second, 100 * second, 25 * minute, 3 * hour].map(durationMarks)).toEqual([
      [0, 2, 4, 6, 8],
      [0, 200, 400, 600, 800],
      [0, second, 2 * second, 3 * second],
      [0, 30 * second, minute, 90 * second, 2 * minute],
      [0, 10 * minute, 20 * minute, 30 * minute],
      [0, hour, 2 * hour, 3 * hour],
    ]);
  });

  it('are never many', () => {
    for (let greatest = 0.001; greatest < 1e12; greatest *= 1.7) {
      for (const marks of [countMarks(greatest), durationMarks(greatest)]) {
        expect(marks.length).toBeLessThanOrEqual(5);
        expect(marks.at(-1)).toBeGreaterThanOrEqual(greatest);
      }
    }
  });

  it('are where the clock of the reader is round, over the change to summer time too', () => {
    const at = (month: number, day: number, hour: number, minute = 0) => new Date(2026, month, day, hour, minute).getTime();
    expect(timeMarks(at(2, 28, 10, 5), at(2, 28, 11, 5), 20)).toEqual([at(2, 28, 10, 20), at(2, 28, 10, 40), at(2, 28, 11)]);
    expect(timeMarks(at(2, 27, 1), at(2, 31, 1), 2 * 24 * 60)).toEqual([at(2, 29, 0), at(2, 31, 0)]);
  });
});
