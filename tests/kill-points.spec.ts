import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DeploymentConfig } from '@rekey/deployment-config';
import { freePort } from '@rekey/local-stack';
import { Database } from '@rekey/messaging';
import { aDatabase, anSmtpSink, type SmtpSink, type TestDatabase, until } from '@rekey/test-kit';
import { Publisher } from '../apps/notification-service/src/testing/publisher.ts';
import type { AskedRecovery } from './testing/client.ts';
import { killPointsOfNotificationService } from './testing/kill-points.ts';
import { judge, keyOfMail } from './testing/oracle.ts';
import { spawnProgram, startProgram, type StartedProgram } from './testing/started-program.ts';

const script = 'apps/notification-service/dist/testing/notification-process.js';

describe('the notification service, killed (F3–F5)', () => {
  let sink: SmtpSink;
  let database: TestDatabase;
  let look: Database;
  let publisher: Publisher;
  let folder: string;
  const running: StartedProgram[] = [];
  const inWindow = new Set<string>();
  const recoveries: AskedRecovery[] = [];
  beforeAll(async () => {
    [sink, database, publisher, folder] = await Promise.all([anSmtpSink(), aDatabase(), Publisher.create(), mkdtemp(path.join(tmpdir(), 'rekey-kill-'))]);
    look = await Database.open({ ...database.settings, poolSize: 1 }, []);
  });
  afterEach(() => Promise.all(running.splice(0).map((program) => program.stop())));
  afterAll(async () => {
    await look.close();
    await Promise.all([sink.close(), database.drop(), rm(folder, { recursive: true })]);
  });

  /** @returns the file that tells a process what to do */
  async function input(events: readonly { readonly sent: { readonly value: Buffer } }[], relayPort = sink.port): Promise<string> {
    const { signing, sealing, verifying } = publisher.keys;
    const file = path.join(folder, `input-${relayPort}.json`);
    await writeFile(
      file,
      JSON.stringify({
        config: {
          server: { listenAddress: '127.0.0.1', baseUrl: 'https://localhost:9443' },
          notificationDatabase: { ...database.settings, poolSize: 4 },
          email: { fromAddress: 'noreply@example.com', fromName: 'Rekey', dkim: null, relays: [{ name: 'sink', host: sink.host, port: relayPort, priority: 1, tls: 'none', credentials: null, connections: 3, mailsPerSecond: null }] },
          delivery: { concurrency: 3, prefetch: 10, mostWaiting: 100_000, concurrencyPerDomain: 3, mailsPerSecondPerDomain: null, caps: { perHourPerRecipient: 20, perMinutePerTenant: null }, retention: { days: 30, daysOfTenant: {} }, defaultLocale: 'en_US' } satisfies DeploymentConfig['delivery'],
          keys: { sealingPrivateKeys: [sealing], signingPrivateKey: signing, publishers: [{ source: 'urn:rekey:recovery-service', publicKey: verifying, linkBases: ['https://localhost:9443/myaccount/reset'] }] },
          webhooks: [],
        },
        events: events.map(({ sent: { value, ...record } }) => ({ ...record, valueBase64: value.toString('base64') })),
      }),
      { mode: 0o600 },
    );
    return file;
  }

  async function isThere(): Promise<boolean> {
    return (await look.query<{ there: boolean }>(`SELECT to_regclass('inbox') IS NOT NULL AS there`))[0]?.there === true;
  }

  /** The mails of these events, as `state phase`. */
  async function mails(...events: readonly { readonly id: string }[]): Promise<{ readonly where: string; readonly uncertain: number }[]> {
    return (await isThere()) ? look.query(`SELECT concat_ws(' ', state, phase) AS where, uncertain_count AS uncertain FROM inbox WHERE event_id = ANY($1::uuid[])`, [events.map(({ id }) => id)]) : [];
  }

  /** What of these events has reached the relay. */
  const sent = (...events: readonly { readonly id: string }[]) => sink.mails.filter(({ messageId }) => events.some(({ id }) => messageId === `<${id}@example.com>`));

  /** The lease of the dead ends by the database's clock: its time is up now. */
  const leasesRunOut = () => look.query(`UPDATE inbox SET lease_until = now() - interval '1 second' WHERE state = 'SENDING'`);
  const dueNow = async () => (await isThere()) && look.query(`UPDATE inbox SET next_at = now() WHERE state IN ('PENDING', 'UNCERTAIN') AND next_at > now()`);

  it.each(killPointsOfNotificationService)('at $point, $when: the person has the mail (copies: $copies) ($fault)', async ({ point, left, copies }) => {
    const address = `${point.toLowerCase()}@example.com`;
    const request = await publisher.recoveryRequested({ address });
    const file = await input([request]);
    const killed = await spawnProgram({ script, args: [file], env: { CRASH_AT: point } });
    expect([point, (await killed.ended).signal, killed.output()]).toEqual([point, 'SIGKILL', expect.anything()]);
    const found = (await mails(request)).map(({ where }) => where);
    expect(found).toEqual(left === null ? [] : [expect.stringMatching(left)]);
    const isInWindow = found[0] === 'SENDING data';
    if (isInWindow) inWindow.add(request.id);

    if (left !== null) await leasesRunOut();
    const next = await startProgram({ script, args: [file], env: { CRASH_AT: undefined }, readyWhen: /handed over/ });
    running.push(next);
    await until(async () => (await mails(request)).some(({ where }) => where === 'SENT'));

    expect(await mails(request)).toEqual([{ where: 'SENT', uncertain: isInWindow ? 1 : 0 }]);
    expect(sent(request)).toHaveLength(copies);
    recoveries.push({ address, known: 'ok' });
    const { violations } = await judge({ history: { recoveries, resets: [] }, inWindow, mails: sink.mails, notificationDatabase: look, recoveryDatabase: null, atRest: killed.output() + next.output(), healed: false });
    expect(violations).toEqual([]);
    expect(sent(request).map(keyOfMail)).toEqual(Array.from({ length: copies }, () => request.key));
  }, 120_000);

  it('twice while it hands a mail over: it stops there, and an operator is told', async () => {
    const request = await publisher.recoveryRequested({ address: 'kim@example.com' });
    const file = await input([request]);
    for (let times = 0; times < 2; times++) {
      const killed = await spawnProgram({ script, args: [file], env: { CRASH_AT: 'K16' } });
      expect((await killed.ended).signal).toBe('SIGKILL');
      await leasesRunOut();
    }
    const service = await startProgram({ script, args: [file], env: { CRASH_AT: undefined }, readyWhen: /handed over/ });
    running.push(service);
    await until(async () => (await mails(request)).some(({ where }) => where === 'UNCERTAIN_CLOSED'));
    expect(sent(request)).toHaveLength(2);
    await until(() => service.output().includes('UNCERTAIN_CLOSED'));
  }, 120_000);

  describe('by one certain event, whenever it is in hand', () => {
    /** Of which the middle one is the poison. Each has a slot: with no relay, one that waited for a slot would not be rendered. */
    const three = () => Promise.all(['ann', 'kim', 'zoe'].map((name) => publisher.recoveryRequested({ address: `${name}@example.com` })));

    /** No relay is there meanwhile: what others are being sent would be cut off too, and rightly sent once more. */
    async function killedThreeTimes(events: Awaited<ReturnType<typeof three>>, point: 'K7' | 'K10'): Promise<void> {
      const file = await input(events, await freePort());
      for (let times = 0; times < 3; times++) {
        const killed = await spawnProgram({ script, args: [file], env: { CRASH_AT: point, CRASH_ON: events[1]?.id } });
        let signal: NodeJS.Signals | null | undefined;
        void killed.ended.then((end) => (signal = end.signal));
        // Nobody waits for the leases of the dead, nor for what a mail rests after losing its sender.
        await until(async () => (signal === undefined && (await dueNow()), signal !== undefined));
        expect([times, signal, killed.output()]).toEqual([times, 'SIGKILL', expect.anything()]);
        await leasesRunOut();
      }
    }

    it('which is read: it is dead after three restarts, and those around it are mailed once (F37)', async () => {
      const events = await three();
      await killedThreeTimes(events, 'K7');
      running.push(await startProgram({ script, args: [await input(events)], env: { CRASH_AT: 'K7', CRASH_ON: events[1]?.id }, readyWhen: /handed over/ }));
      await until(async () => (await dueNow(), (await mails(...events)).filter(({ where }) => where === 'SENT').length === 2));
      expect(await look.query('SELECT "offset", reason FROM dead')).toEqual([{ offset: '1', reason: 'crashed the reader three times' }]);
      expect(sent(...events).map(({ envelope }) => envelope.to).sort()).toEqual([['ann@example.com'], ['zoe@example.com']]);
      expect(await look.query('SELECT FROM crash_count')).toEqual([]);
    }, 120_000);

    it('whose mail is rendered: it is rejected after three restarts, and those beside it are mailed once (F37)', async () => {
      const events = await three();
      await killedThreeTimes(events, 'K10');
      running.push(await startProgram({ script, args: [await input(events)], env: { CRASH_AT: 'K10', CRASH_ON: events[1]?.id }, readyWhen: /handed over/ }));
      await until(async () => (await dueNow(), (await mails(...events)).every(({ where }) => where === 'SENT' || where === 'REJECTED')));
      expect(await look.query(`SELECT event_id, last_error FROM inbox WHERE state = 'REJECTED' AND event_id = ANY($1::uuid[])`, [events.map(({ id }) => id)])).toEqual([{ event_id: events[1]?.id, last_error: 'crashed the sender three times' }]);
      expect(sent(...events).map(({ envelope }) => envelope.to).sort()).toEqual([['ann@example.com'], ['zoe@example.com']]);
    }, 120_000);
  });
});
