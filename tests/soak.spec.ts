import { missingForKafka } from '@rekey/kafka';
import { kafkaUnavailable } from '@rekey/test-kit';
import { soak } from './testing/soak.ts';

// A broker of its own: topics and groups have fixed names.
const unavailable = kafkaUnavailable() ?? missingForKafka();
if (unavailable !== null) process.stderr.write(`SKIPPED: workers killed and started at random: ${unavailable}\n`);

const { SOAK_SEED: seed, SOAK_MAILS: mails, SOAK_MINUTES: minutes } = process.env;
const isLong = minutes !== undefined;
const options = { seed: Number(seed ?? Math.floor(Math.random() * 2 ** 31)), mails: Number(mails ?? 200), seconds: isLong ? Number(minutes) * 60 : 12, workers: isLong ? 4 : 2, patient: isLong };
const say = (line: string): void => void process.stderr.write(`soak   ${line}\n`);

(unavailable === null ? describe : describe.skip)('workers that are killed, stopped and started at random', () => {
  it('lose no mail, and send none twice but where its answer was lost: the invariants I1–I3, I5, I6 and I8 hold (F3–F5, F7, F42)', async () => {
    const { sums, violations, done, healedAfterSeconds } = await soak({ ...options, log: isLong ? say : () => undefined });
    if (isLong) say(JSON.stringify({ seed: options.seed, ...done, healedAfterSeconds, ...sums }));
    // A red run is repeated by its seed: npm run soak -- --seed …
    expect({ seed: options.seed, violations }).toEqual({ seed: options.seed, violations: [] });
    expect(sums['requests']).toBe(options.mails);
    expect(done.killed + done.stopped).toBeGreaterThan(0);
  }, (options.seconds + 600) * 1_000);
});
