import { randomUUID } from 'node:crypto';
import { until } from '@rekey/test-kit';
import { KafkaHands } from '../testing/kafka-hands.ts';
import { people, severalAtOnce } from '../testing/people.ts';
import { UnderFaults } from '../testing/under-faults.ts';
import { say } from './report.ts';

/** Of a service that never puts aside what kills it. */
const mostCrashes = 10;

describe('events that cannot be used, on Kafka', () => {
  let under: UnderFaults;
  let kafka: KafkaHands;
  beforeAll(async () => {
    under = await UnderFaults.start({ relay: {} });
    kafka = new KafkaHands(under.services.brokers);
  });
  afterAll(() => under.services.stop());

  const poison = (count: number) => Array.from({ length: count }, () => ({ key: randomUUID(), value: Buffer.from(randomUUID()), headers: { ce_id: randomUUID(), ce_type: 'PasswordRecoveryRequested', ce_specversion: '1.0' } }));
  const dead = async (): Promise<number> => (await under.services.notificationDatabase.query<{ n: number }>('SELECT count(*)::integer AS n FROM dead'))[0]?.n ?? 0;

  /** So many people's mails, with as many events that cannot be used between them, from when the worker may begin. @returns mails per second */
  async function throughput(prefix: string, count: number, poisoned: number): Promise<number> {
    const { services, client } = under;
    const usernames = await people(services, prefix, count);
    const portions = 10;
    for (let portion = 0; portion < portions; portion++) {
      await severalAtOnce(usernames.slice((portion * count) / portions, ((portion + 1) * count) / portions), (username) => client.recover(username));
      if (poisoned > 0) await kafka.publish(poison(poisoned / portions));
    }
    await until(async () => (await services.recoveryDatabase.query('SELECT FROM outbox WHERE published_at IS NULL')).length === 0);
    const mails = services.sink.mails.length;
    const worker = await services.startNotificationService();
    await until(() => services.sink.mails.length === mails + count, Boolean, 120_000);
    const [first, last] = [services.sink.mails[mails], services.sink.mails.at(-1)];
    await under.heals();
    await worker.stop();
    return count / ((Number(last?.receivedAt) - Number(first?.receivedAt)) / 1_000);
  }

  it('a thousand in a row, and one for each that can be: those that can are mailed at four fifths of their speed or more (F38)', async () => {
    await throughput('warm', 200, 0);
    const clean = await throughput('clean', 1_000, 0);
    const mixed = await throughput('mixed', 1_000, 1_000);
    await kafka.publish(poison(1_000));
    const begunAt = performance.now();
    const worker = await under.services.startNotificationService();
    await kafka.isRead();
    const inARowSeconds = (performance.now() - begunAt) / 1_000;
    await worker.stop();
    say('F38 poison', { cleanMailsPerSecond: Math.round(clean), mixedMailsPerSecond: Math.round(mixed), share: Math.round((mixed / clean) * 100) / 100, thousandInARowSeconds: Math.round(inARowSeconds * 10) / 10, dead: await dead() });
    expect(await dead()).toBe(2_000);
    expect((await under.judge(false)).violations).toEqual([]);
    expect(mixed / clean).toBeGreaterThanOrEqual(0.8);
  });

  it('one that kills whoever reads it: after three it is put aside, and the others are mailed (F37)', async () => {
    const { services, client } = under;
    const usernames = await people(services, 'beside', 9);
    for (const username of usernames) await client.recover(username);
    const [guilty] = await services.recoveryDatabase.query<{ id: string }>(`SELECT id FROM outbox WHERE convert_from(payload, 'UTF8')::json->'user'->>'username' = $1`, [usernames[4]]);
    const dyingOfIt = { CRASH_AT: 'K7', CRASH_ON: guilty?.id ?? '' };
    const before = await dead();
    let crashes = 0;
    const begunAt = performance.now();
    while (crashes < mostCrashes) {
      const worker = await services.spawnNotificationService(dyingOfIt);
      let hasDied = false;
      void worker.ended.then(() => (hasDied = true));
      await until(async () => (await under.leasesRunOut(), hasDied || (await dead()) > before), Boolean, 60_000);
      if (!hasDied) break;
      crashes++;
    }
    const mailed = () => services.sink.mails.filter(({ envelope }) => /^beside/.test(envelope.to[0] ?? '')).length;
    await until(() => mailed() === usernames.length - 1);
    say('F37 quarantine', { crashes, mailed: mailed(), seconds: Math.round((performance.now() - begunAt) / 1_000) });
    expect(await services.notificationDatabase.query(`SELECT FROM dead WHERE reason = 'crashed the reader three times'`)).toHaveLength(1);
    expect([crashes, mailed()]).toEqual([3, 8]);
  });
});
