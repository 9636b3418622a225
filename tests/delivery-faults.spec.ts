import { missingForKafka } from '@rekey/kafka';
import { kafkaUnavailable, until } from '@rekey/test-kit';
import { KafkaHands } from './testing/kafka-hands.ts';
import { people } from './testing/people.ts';
import { UnderFaults } from './testing/under-faults.ts';

// A broker of its own, to be stopped and killed: one that KAFKA_BROKERS names will not do.
const unavailable = kafkaUnavailable() ?? missingForKafka();
if (unavailable !== null) process.stderr.write(`SKIPPED: faults of services and Kafka: ${unavailable}\n`);

(unavailable === null ? describe : describe.skip)('no accepted recovery is lost', () => {
  let under: UnderFaults;
  /** Slow enough that a kill finds mails in every step. */
  beforeAll(async () => (under = await UnderFaults.start({ relay: { delayMs: { dot: 30 } } })), 120_000);
  afterAll(() => under.services.stop());

  const recoverAll = (usernames: readonly string[]) => Promise.all(usernames.map((username) => under.client.recover(username)));
  const aWorker = async () => under.services.running[1] ?? under.services.startNotificationService();
  const sending = () => under.services.notificationDatabase.query(`SELECT FROM inbox WHERE state = 'SENDING'`);

  /** @returns how many mails each of them has */
  function copiesTo(usernames: readonly string[]): number[] {
    return usernames.map((username) => under.services.sink.mails.filter(({ envelope }) => envelope.to.includes(`${username}@example.com`)).length);
  }

  it('when the notification service is killed with 200 mails queued, and told twice to end: all have the mail, and a second copy only those whose mail was being handed over (F5, F8, I1–I3, I5, I6, I8)', async () => {
    const { services } = under;
    const usernames = await people(services, 'queued', 200);
    expect(new Set(await recoverAll(usernames))).toEqual(new Set(['ok']));

    const killed = await services.startNotificationService();
    await services.sink.waitForMails(60, 30_000);
    await under.end(killed, 'kill');
    expect(services.sink.mails.length).toBeLessThan(usernames.length);
    await under.leasesRunOut();

    const hurried = await services.startNotificationService();
    await until(async () => (await sending()).length > 0);
    process.kill(hurried.pid, 'SIGTERM');
    process.kill(hurried.pid, 'SIGINT');
    expect(await hurried.ended).toMatchObject({ code: 1 });
    await under.noteHandedOver();
    await under.leasesRunOut();

    await services.startNotificationService();
    await under.heals();
    expect(await under.judge()).toMatchObject({ violations: [], sums: { requests: 200, open: 0 } });
  }, 240_000);

  it.each([['stopped', 'stop'], ['killed', 'kill']] as const)('when Kafka is %s: ten recoveries are accepted without it, and ten mails go out when it is back (F11)', async (how, end) => {
    const { services } = under;
    await aWorker();
    const usernames = await people(services, how, 10);
    await services.endKafka(end);
    expect(new Set(await recoverAll(usernames))).toEqual(new Set(['ok']));
    expect(copiesTo(usernames)).toEqual(usernames.map(() => 0));

    await services.startKafka();
    await under.heals();
    expect(copiesTo(usernames)).toEqual(usernames.map(() => 1));
    expect((await under.judge()).violations).toEqual([]);
  }, 240_000);

  it('when all events come once more, and are then read again from offset 0: there is no new mail, and none that was there had to be published twice for want of an outcome (F39, F41)', async () => {
    const { services } = under;
    const kafka = new KafkaHands(services.brokers);
    await aWorker();
    const mails = services.sink.mails.length;
    const records = await kafka.records();
    const firstOf = new Map(records.toReversed().map(({ headers, position }) => [String(headers?.['ce_id']), position]));
    const taken = await services.notificationDatabase.query<{ id: string; position: string }>(`SELECT event_id AS id, concat("partition", '/', "offset") AS position FROM inbox`);
    expect(taken.filter(({ id, position }) => firstOf.get(id) !== position)).toEqual([]);
    await kafka.publish(records);
    await kafka.isRead();
    await Promise.all(services.running.slice(1).map((worker) => worker.stop()));
    await kafka.readAgainFromTheBeginning();
    await services.startNotificationService();
    await kafka.isRead();
    await under.heals();
    expect(services.sink.mails).toHaveLength(mails);
  }, 240_000);
});
