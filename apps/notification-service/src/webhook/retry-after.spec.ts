import { retryAfterSeconds } from './retry-after.ts';

const now = Date.parse('2026-11-25T10:00:00Z');

describe('Retry-After', () => {
  it.each<[string | undefined, number]>([
    ['0', 0],
    ['120', 120],
    ['Wed, 25 Nov 2026 10:02:00 GMT', 120],
    ['Wednesday', 0],
    ['Wed, 25 Nov 2026 10:02:00', 0],
    ['Wed, 25 Nov 2026 10:02:00 -0800', 0],
    ['Wed, 25 Nov 2026 09:00:00 GMT', 0],
    ['Wed, 99 Nov 2026 09:00:00 GMT', 0],
    ['86400', 3_600],
    ['9'.repeat(40), 3_600],
    ['9'.repeat(400), 0],
    ['Sat, 01 Jan 2028 00:00:00 GMT', 3_600],
    ['-5', 0],
    ['1.5', 0],
    ['2026-11-25T10:02:00Z', 0],
    ['soon', 0],
    ['', 0],
    [undefined, 0],
  ])('%j is %d seconds of rest', (header, seconds) => {
    expect(retryAfterSeconds(header, now)).toBe(seconds);
  });
});
