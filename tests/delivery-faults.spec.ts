import { missingForKafka } from '@rekey/kafka';
import { kafkaUnavailable } from '@rekey/test-kit';
import { until } from './testing/both-services.ts';
import { SeparateServices } from './testing/separate-services.ts';

// A broker of its own, to be stopped and killed: one that KAFKA_BROKERS names will not do.
const unavailable = kafkaUnavailable() ?? missingForKafka();
if (unavailable !== null) process.stderr.write(`SKIPPED: faults of services and Kafka: ${unavailable}\n`);

const finished = ['SENT', 'UNCERTAIN_CLOSED'];

(unavailable === null ? describe : describe.skip)('no accepted recovery is lost', () => {
  let services: SeparateServices;
  /** Slow enough that a kill finds mails in every step. */
  beforeAll(async () => (services = await SeparateServices.start({ delayMs: { dot: 30 } })), 120_000);
  afterAll(() => services.stop(), 60_000);

  async function users(prefix: string, count: number): Promise<string[]> {
    const usernames = Array.from({ length: count }, (_, index) => `${prefix}${index}`);
    for (let start = 0; start < count; start += 20) await Promise.all(usernames.slice(start, start + 20).map((username) => services.aUser(username)));
    return usernames;
  }

  /** The notification service's own account of each mail. */
  const deliveries = () => services.notificationDatabase.query<{ state: string; phase: string | null; address: string }>(`SELECT state, phase, data->'recipient'->>'address' AS address FROM inbox`);

  async function recoverAll(usernames: readonly string[]): Promise<number[]> {
    return Promise.all(usernames.map((username) => services.recover(username)));
  }

  function copiesTo(usernames: readonly string[]): Map<string, (string | null)[]> {
    const copies = new Map<string, (string | null)[]>(usernames.map((username) => [`${username}@example.com`, []]));
    for (const { envelope, messageId } of services.sink.mails) copies.get(envelope.to[0] ?? '')?.push(messageId);
    return copies;
  }

  it('when the notification service is killed with 200 mails queued: all have the mail, and a second copy only those whose mail was being handed over', async () => {
    const usernames = await users('queued', 200);
    expect(new Set(await recoverAll(usernames))).toEqual(new Set([202]));

    const worker = await services.startNotificationService();
    await services.sink.waitForMails(60, 30_000);
    const connections = services.sink.openConnections;
    await worker.kill();
    expect(services.sink.mails.length).toBeLessThan(usernames.length);
    const handedOver = (await deliveries()).filter(({ state, phase }) => state === 'SENDING' && phase === 'data').map(({ address }) => address);
    expect(handedOver.length).toBeLessThanOrEqual(connections);
    // The leases of the dead end by the database's clock: their time is up now.
    await services.notificationDatabase.query(`UPDATE inbox SET lease_until = now() - interval '1 second' WHERE state = 'SENDING'`);

    await services.startNotificationService();
    await until(async () => (await deliveries()).filter(({ state }) => finished.includes(state)).length === usernames.length, 'an end of all 200 mails', 60_000);
    const copies = copiesTo(usernames);
    expect([...copies].filter(([, ids]) => ids.length === 0)).toEqual([]);
    const twice = [...copies].filter(([, ids]) => ids.length > 1);
    expect(handedOver).toEqual(expect.arrayContaining(twice.map(([address]) => address)));
    for (const [, ids] of twice) expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
  }, 120_000);

  it.each([['stopped', 'stop'], ['killed', 'kill']] as const)('when Kafka is %s: ten recoveries are accepted without it, and ten mails go out when it is back', async (how, end) => {
    const usernames = await users(how, 10);
    await services.endKafka(end);
    expect(new Set(await recoverAll(usernames))).toEqual(new Set([202]));
    expect([...copiesTo(usernames).values()].flat()).toEqual([]);

    await services.startKafka();
    await until(() => [...copiesTo(usernames).values()].every((ids) => ids.length > 0), 'a mail to each of the ten', 60_000);
    expect([...copiesTo(usernames).values()].map((ids) => ids.length)).toEqual(usernames.map(() => 1));
  }, 120_000);
});
