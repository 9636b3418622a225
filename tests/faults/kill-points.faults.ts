import { killedAt } from '../testing/killed-at.ts';
import { killPoints } from '../testing/kill-points.ts';
import type { StartedProgram } from '../testing/started-program.ts';
import { UnderFaults } from '../testing/under-faults.ts';
import { say, told } from './report.ts';

describe('each service, killed at each of its steps, again and again, over Kafka (F1–F5, I1–I6, I8)', () => {
  let under: UnderFaults;
  let recovery: StartedProgram;
  let worker: StartedProgram | null = null;
  beforeAll(async () => {
    under = await UnderFaults.start({ relay: { delayMs: { dot: 25 } } });
    [recovery] = under.services.running as [StartedProgram]; // it was just started
  });
  afterAll(() => under.services.stop());

  it.each(killPoints.filter(({ point }) => told.points?.includes(point) ?? true))(`at $point, $when, ${told.times} times: the invariants hold after each ($fault)`, async (killPoint) => {
    const { point, role, copies } = killPoint;
    if (role !== 'notifies') worker ??= await under.services.startNotificationService();
    else worker = (await worker?.stop(), null);
    const begunAt = performance.now();
    for (let time = 1; time <= told.times; time++) {
      const has = await killedAt(killPoint, under, recovery);
      const { violations } = await under.judge();
      // Whether a relay takes a mail whose sender is gone before it has answered is its own affair: where it does not, there is no second one.
      const expected = point === 'K15' && has === 1 ? 1 : copies;
      // Replayed by: npm run faults -- kill-points --points <point>
      expect({ point, time, violations, copies: has }).toEqual({ point, time, violations: [], copies: expected });
    }
    const { sums } = await under.judge();
    say(point, { killed: told.times, ...sums, seconds: Math.round((performance.now() - begunAt) / 1_000) });
  });
});
