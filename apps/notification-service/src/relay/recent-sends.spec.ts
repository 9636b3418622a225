import { RecentSends } from './recent-sends.ts';

it('counts what was sent in the last five minutes, with how long that took', () => {
  let nowMs = 0;
  const sends = new RecentSends(() => nowMs);
  expect(sends.soFar).toEqual({ sent: 0, failed: 0, meanMs: null });
  sends.note(true, 100);
  sends.note(true, 300);
  nowMs += 200_000;
  sends.note(false, 5_000);
  expect(sends.soFar).toEqual({ sent: 2, failed: 1, meanMs: 200 });
  nowMs += 100_000;
  expect(sends.soFar).toEqual({ sent: 0, failed: 1, meanMs: null });
});
