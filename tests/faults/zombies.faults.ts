import { until } from '@rekey/test-kit';

import { KafkaHands } from '../testing/kafka-hands.ts';
import { people, severalAtOnce } from '../testing/people.ts';
import { UnderFaults } from '../testing/under-faults.ts';
import { say } from './report.ts';

describe('notification services that stand still, or are told twice to end', () => {
  let under: UnderFaults;
  beforeAll(async () => (under = await UnderFaults.start({ relay: { delayMs: { dot: 300 } } })));
  afterAll(() => under.services.stop());

  const sending = async (): Promise<number> => (await under.services.notificationDatabase.query(`SELECT FROM inbox WHERE state = 'SENDING'`)).length;

  it('one that is frozen for longer than its leases and its session, with mails in hand: others send them, and what it says later counts for nothing (F9, F10)', async () => {
    const { services, client } = under;
    const zombie = await services.startNotificationService();
    const usernames = await people(services, 'frozen', 300);
    await severalAtOnce(usernames, (username) => client.recover(username));
    await services.sink.waitForMails(20, 60_000);
    process.kill(zombie.pid, 'SIGSTOP');
    await under.noteHandedOver();
    const inHand = await sending();
    const other = await services.startNotificationService();
    const begunAt = performance.now();
    // All of them: what the frozen one had in hand when its leases have run out.
    await until(async () => (await services.notificationDatabase.query(`SELECT FROM inbox WHERE finished_at IS NOT NULL AND state = 'SENT'`)).length === usernames.length, Boolean, 120_000);
    const takenOverAfterSeconds = (performance.now() - begunAt) / 1_000;
    process.kill(zombie.pid, 'SIGCONT');
    await severalAtOnce(await people(services, 'thawed', 100), (username) => client.recover(username));
    await under.heals();
    const { sums, violations } = await under.judge();
    say('F9, F10 frozen', { inHand, inWindow: under.inWindowCount, takenOverAfterSeconds: Math.round(takenOverAfterSeconds), ...sums });
    expect(violations).toEqual([]);
    expect(inHand).toBeGreaterThan(0);
    await Promise.all([zombie.stop(), other.stop()]);
  });

  it('told twice, with mails in hand: it is gone within two seconds, and what it had is sent by the next (F8)', async () => {
    const { services, client } = under;
    const worker = await services.startNotificationService();
    await severalAtOnce(await people(services, 'twice', 200), (username) => client.recover(username));
    await until(async () => (await sending()) > 0);
    process.kill(worker.pid, 'SIGTERM');
    const begunAt = performance.now();
    process.kill(worker.pid, 'SIGINT');
    const { code } = await worker.ended;
    const seconds = (performance.now() - begunAt) / 1_000;
    await under.noteHandedOver();
    await services.startNotificationService();
    await under.heals();
    const { sums, violations } = await under.judge();
    say('F8 told twice', { code, seconds: Math.round(seconds * 100) / 100, ...sums });
    expect([code, violations]).toEqual([1, []]);
    expect(seconds).toBeLessThan(2);
    await new KafkaHands(services.brokers).isRead();
  });
});
