import { setTimeout as pause } from 'node:timers/promises';
import { until } from '@rekey/test-kit';
import { KafkaHands } from '../testing/kafka-hands.ts';
import { people, severalAtOnce } from '../testing/people.ts';
import { UnderFaults } from '../testing/under-faults.ts';
import { say, told } from './report.ts';

const longestLinkMinutes = 3;
/** The last of the outage: what was asked for by then works when the outage is over, and long enough to be mailed. */
const lastMinutes = 1;
const [bounces, askedPerBounce] = [10, 60];

describe('Kafka', () => {
  let under: UnderFaults;
  let kafka: KafkaHands;
  /** Links work for three minutes, the worker takes what it can, and the relay answers at once. */
  beforeAll(async () => {
    under = await UnderFaults.start({ relay: {}, linkValidity: `${longestLinkMinutes}m` });
    kafka = new KafkaHands(under.services.brokers);
    await under.services.startNotificationService();
  });
  afterAll(() => under.services.stop());
  afterEach(async () => {
    // Replayed by: npm run faults -- kafka
    expect((await under.judge()).violations).toEqual([]);
  });

  it(`away for ${told.minutes} minutes: all are answered, those whose link works are mailed at 50 in a second or more, the others' mails end as EXPIRED (F11)`, async () => {
    const { services, client } = under;
    const [early, late] = [await people(services, 'early', 200), await people(services, 'late', 1_000)];
    await services.endKafka('kill');
    const backAt = Date.now() + told.minutes * 60_000;
    await severalAtOnce(early, (username) => client.recover(username));
    await pause(Math.max(0, backAt - lastMinutes * 60_000 - Date.now()));
    await severalAtOnce(late, (username) => client.recover(username));
    expect(new Set(client.recoveries.map(({ known }) => known))).toEqual(new Set(['ok']));
    expect(services.sink.mails).toEqual([]);
    await pause(Math.max(0, backAt - Date.now()));
    await services.startKafka();
    const healedAfterSeconds = await under.heals();
    const sentAt = services.sink.mails.map(({ receivedAt }) => Number(receivedAt));
    const mailsPerSecond = sentAt.length / ((Math.max(...sentAt) - Math.min(...sentAt)) / 1_000);
    const { sums } = await under.judge();
    say('F11 away', { minutes: told.minutes, ...sums, mailsPerSecond: Math.round(mailsPerSecond), healedAfterSeconds: Math.round(healedAfterSeconds) });
    expect((sums['SENT'] ?? 0) + (sums['EXPIRED'] ?? 0)).toBe(early.length + late.length);
    // How many of the others expire too is the machine's affair: they ask, and Kafka starts, as fast as it lets them.
    if (told.minutes > longestLinkMinutes + lastMinutes) expect(sums['EXPIRED']).toBeGreaterThanOrEqual(early.length);
    expect(mailsPerSecond).toBeGreaterThanOrEqual(50);
  });

  it('bounced ten times under load: all that read it come back each time, and nobody is started anew (F12)', async () => {
    const { services, client } = under;
    const usernames = await people(services, 'bounced', bounces * askedPerBounce);
    const before = services.running.map(({ pid }) => pid);
    const healedAfterSeconds: number[] = [];
    for (let bounce = 0; bounce < bounces; bounce++) {
      const asking = severalAtOnce(usernames.splice(0, askedPerBounce), (username) => client.recover(username));
      await services.endKafka(bounce % 2 === 0 ? 'kill' : 'stop');
      await services.startKafka();
      const begunAt = performance.now();
      await asking;
      await under.heals();
      await kafka.isRead();
      healedAfterSeconds.push((performance.now() - begunAt) / 1_000);
    }
    say('F12 bounced', { times: bounces, slowestHealedAfterSeconds: Math.round(Math.max(...healedAfterSeconds)), ...(await under.judge()).sums });
    expect(services.running.map(({ pid }) => pid)).toEqual(before);
    expect(Math.max(...healedAfterSeconds)).toBeLessThan(30);
  });

  it('with the topic deleted before anybody read it: it is made again, and the reconciler publishes what brought no outcome (F13)', async () => {
    const { services, client } = under;
    const usernames = await people(services, 'wiped', 50);
    for (const worker of services.running.slice(1)) await worker.stop();
    await severalAtOnce(usernames, (username) => client.recover(username));
    await until(async () => (await services.recoveryDatabase.query('SELECT FROM outbox WHERE published_at IS NULL')).length === 0);
    await kafka.deleteTopic();
    await services.startNotificationService();
    const healedAfterSeconds = await under.heals();
    say('F13 topic deleted', { healedAfterSeconds: Math.round(healedAfterSeconds), ...(await under.judge()).sums });
  });

  it('that gives every event five times more, and then all of them again from offset 0: no new mail (F39, F41)', async () => {
    const { services } = under;
    const mails = services.sink.mails.length;
    const records = await kafka.records();
    // As a week later: what is over by then is forgotten but for its id.
    await services.notificationDatabase.query(`UPDATE inbox SET received_at = received_at - interval '8 days', finished_at = finished_at - interval '8 days'`);
    for (let times = 0; times < 5; times++) await kafka.publish(records);
    await kafka.isRead();
    for (const worker of services.running.slice(1)) await worker.stop();
    await kafka.readAgainFromTheBeginning();
    await services.startNotificationService();
    await kafka.isRead();
    await under.heals();
    say('F39, F41 again', { events: records.length, published: records.length * 5, newMails: services.sink.mails.length - mails });
    expect(services.sink.mails).toHaveLength(mails);
  });
});
