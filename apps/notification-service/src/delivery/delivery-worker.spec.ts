import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { createLogger } from '@rekey/observability';
import { until } from '@rekey/test-kit';
import { InboxUnderTest } from '../testing/inbox-under-test.ts';
import type { Published } from '../testing/publisher.ts';
import { linkComposer, RelayAtHand } from '../testing/relay-at-hand.ts';
import { SeverableDatabase } from '../testing/severable-database.ts';
import { MailRelays } from '../relay/mail-relays.ts';
import { DeliveryWorker, type DeliveryWorkerOptions } from './delivery-worker.ts';
import { DomainLimits } from './domain-limits.ts';

describe('delivering mails', () => {
  let service: InboxUnderTest;
  const running: DeliveryWorker[] = [];
  beforeAll(async () => (service = await InboxUnderTest.open()));
  afterAll(() => service.close());
  beforeEach(() => service.empty());
  afterEach(async () => {
    await Promise.all(running.splice(0).map((worker) => worker.stop(1_000, async () => undefined)));
  });

  function relaysOf(sender: RelayAtHand, nowMs?: () => number): MailRelays {
    return new MailRelays([{ name: 'relay', priority: 1, connections: 100, mailsPerSecond: null, sender }], { log: service.log, ...(nowMs ? { nowMs } : {}) });
  }

  function aWorker(sender: RelayAtHand, options: Partial<DeliveryWorkerOptions> = {}): DeliveryWorker {
    const { database, publisher, reports, log } = service;
    return new DeliveryWorker({ database, relays: relaysOf(sender), composer: linkComposer, secrets: publisher.secrets, reports, log, onReported: () => undefined, concurrency: 10, pollMs: 20, rescueMs: 20, ...options });
  }

  function start(worker: DeliveryWorker): DeliveryWorker {
    worker.start();
    running.push(worker);
    return worker;
  }

  async function request(count: number, options: Parameters<typeof service.publisher.recoveryRequested>[0] = {}): Promise<(Published & { key: string })[]> {
    const requests = await Promise.all(Array.from({ length: count }, () => service.publisher.recoveryRequested(options)));
    await service.inbox().accept(requests.map(({ record }) => record));
    return requests;
  }

  const states = (expected: Record<string, number>) => until(() => service.states(), (seen) => isDeepStrictEqual(seen, expected));
  const dueNow = () => service.database.query(`UPDATE inbox SET next_at = now() WHERE state IN ('PENDING', 'UNCERTAIN')`);

  it('sends each mail once, with its own link, and reports it', async () => {
    const relay = new RelayAtHand();
    const requests = await request(30);
    start(aWorker(relay));
    await states({ SENT: 30 });

    expect(relay.received).toHaveLength(30);
    for (const { address, key, id } of requests) {
      expect(relay.received.find(({ envelope }) => envelope.to === address)?.raw.toString()).toBe(`https://localhost:9443/myaccount/reset#key=${key}`);
      expect(await service.outcomesOf(id)).toEqual(['NotificationSent']);
    }
  });

  it('fills all slots and no more, and a mail that hangs holds up nobody else’s (F25)', async () => {
    let letGo = (): void => undefined;
    const hanging = new Promise<void>((resolve) => (letGo = resolve));
    const [slow] = await request(1);
    const relay = new RelayAtHand({
      before: async ({ envelope }) => {
        if (envelope.to === slow?.address) await hanging;
        return null;
      },
    });
    start(aWorker(relay, { concurrency: 3 }));
    await request(40);
    await states({ SENDING: 1, SENT: 40 });
    expect(relay.mostAtOnce).toBe(3);
    letGo();
    await states({ SENT: 41 });
  });

  it('takes no more mails in hand while their outcomes wait for the database, however fast the relay is', async () => {
    let letGo = (): void => undefined;
    const hanging = new Promise<void>((resolve) => (letGo = resolve));
    const database: DeliveryWorkerOptions['database'] = {
      query: async (sql, parameters) => {
        if (sql.includes('WITH settled')) await hanging;
        return service.database.query(sql, parameters);
      },
      transaction: (work) => service.database.transaction(work),
    };
    const relay = new RelayAtHand();
    await request(30);
    start(aWorker(relay, { concurrency: 3, database }));
    await states({ SENDING: 9, PENDING: 21 });
    letGo();
    await states({ SENT: 30 });
    expect(relay.mostAtOnce).toBe(3);
  });

  it('takes mails ahead of their slots only as far as relays answer, and hands back at its end those that had none', async () => {
    let letGo = (): void => undefined;
    const hanging = new Promise<void>((resolve) => (letGo = resolve));
    let answers = 0;
    const relay = new RelayAtHand({
      before: async () => {
        if (answers++ >= 8) await hanging;
        return null;
      },
    });
    await request(40);
    const worker = aWorker(relay, { concurrency: 3, prefetch: 10 });
    worker.start();
    await until(() => service.states(), ({ SENT = 0, SENDING = 0 }) => SENT === 8 && SENDING > 3);
    expect((await service.states())['SENDING']).toBeLessThanOrEqual(3 + 8);
    const stopped = worker.stop(30_000, async () => undefined);
    await states({ SENT: 8, SENDING: 3, PENDING: 29 });
    letGo();
    await stopped;
    expect(relay.mostAtOnce).toBe(3);
    expect(await service.database.query(`SELECT state, attempt_no, count(*)::int FROM inbox GROUP BY 1, 2 ORDER BY 1`)).toEqual([{ state: 'PENDING', attempt_no: 0, count: 29 }, { state: 'SENT', attempt_no: 1, count: 11 }]);
  });

  it('keeps free slots for the mails of others while what it has taken ahead waits for a domain that hangs, and hands that back in the end (F25)', async () => {
    let nowMs = 0;
    let letGo = (): void => undefined;
    const hanging = new Promise<void>((resolve) => (letGo = resolve));
    const relay = new RelayAtHand({
      before: async ({ envelope }) => {
        if (/@slow\.example$/.test(envelope.to)) await hanging;
        return null;
      },
    });
    await request(6);
    for (let mail = 0; mail < 8; mail++) await request(1, { address: `kim${mail}@slow.example` });
    start(aWorker(relay, { concurrency: 4, prefetch: 6, nowMs: () => nowMs, domains: new DomainLimits({ concurrency: 2, ahead: 3, mailsPerSecond: null }) }));
    await states({ SENT: 6, SENDING: 2 + 3, PENDING: 3 });
    nowMs += 2_000;
    await request(5);
    await states({ SENT: 11, SENDING: 2 + 3, PENDING: 3 });
    nowMs += 5_000;
    await states({ SENT: 11, SENDING: 2, PENDING: 6 });
    letGo();
    await states({ SENT: 19 });
  });

  it('hands back what it has taken ahead when no relay can be used, and takes no more', async () => {
    let letGo = (): void => undefined;
    const hanging = new Promise<void>((resolve) => (letGo = resolve));
    let answers = 0;
    const relay = new RelayAtHand({
      before: async () => {
        if (answers++ < 8) return null;
        await hanging;
        return { kind: 'relay-refused', stage: 'connect', reply: 'refused' };
      },
    });
    await request(30);
    start(aWorker(relay, { concurrency: 3, prefetch: 10, nowMs: () => 0, relays: relaysOf(relay, () => 0) }));
    await until(() => service.states(), ({ SENT = 0, SENDING = 0 }) => SENT === 8 && SENDING > 3);
    letGo();
    await states({ SENT: 8, PENDING: 22 });
    expect(await service.database.query(`SELECT FROM inbox WHERE state = 'PENDING' AND (attempt_no > 0 OR failures > 0)`)).toEqual([]);
  });

  it('leaves a domain whose mails hang its share of the slots; the mails of others pass those that wait (F25)', async () => {
    let letGo = (): void => undefined;
    const hanging = new Promise<void>((resolve) => (letGo = resolve));
    const relay = new RelayAtHand({
      before: async ({ envelope }) => {
        if (/@slow\.example$/i.test(envelope.to)) await hanging;
        return null;
      },
    });
    for (let mail = 0; mail < 12; mail++) await request(1, { address: `kim${mail}@SLOW.example` });
    await service.database.query(`UPDATE inbox SET next_at = now() - interval '1 s'`);
    await request(10);
    start(aWorker(relay, { concurrency: 4, domains: new DomainLimits({ concurrency: 3, mailsPerSecond: null }) }));
    await states({ PENDING: 9, SENDING: 3, SENT: 10 });
    letGo();
    await states({ SENT: 22 });
  });

  it('sends a domain no more in a second than it takes', async () => {
    let nowMs = 0;
    const relay = new RelayAtHand();
    for (let mail = 0; mail < 5; mail++) await request(1, { address: `kim${mail}@slow.example` });
    await request(5);
    const worker = start(aWorker(relay, { domains: new DomainLimits({ concurrency: 10, mailsPerSecond: 2 }, () => nowMs) }));
    await states({ PENDING: 3 + 3, SENT: 2 + 2 });
    nowMs += 1_000;
    worker.wake();
    await states({ PENDING: 1 + 1, SENT: 4 + 4 });
  });

  it('tries again after a 4xx, with a growing rest, and no copy too many (F29)', async () => {
    const rests: (number | undefined)[] = [];
    let tried = 0;
    const relay = new RelayAtHand({
      before: async () => {
        const earlier = tried++;
        await until(() => rests.length === earlier); // however late they are looked at
        return earlier < 2 ? { kind: 'retry', stage: 'rcpt', reply: '451 later' } : null;
      },
    });
    start(aWorker(relay, { random: () => 1 }));
    await request(1);
    for (const attempt of [1, 2]) {
      const [row] = await until(() => service.database.query<{ rest: number; last_error: string }>(`SELECT extract(epoch FROM next_at - ended_at)::float AS rest, last_error FROM inbox JOIN attempt USING (event_id) WHERE attempt.attempt_no = $1`, [attempt]), (rows) => rows.length === 1);
      expect(row?.last_error).toBe('451 later');
      rests.push(row?.rest);
      await dueNow();
    }
    await states({ SENT: 1 });
    expect(rests).toEqual([5, 10]);
    expect(relay.received).toHaveLength(1);
    expect(await service.database.query('SELECT attempt_no, stage FROM attempt ORDER BY 1')).toEqual([{ attempt_no: 1, stage: 'rcpt' }, { attempt_no: 2, stage: 'rcpt' }, { attempt_no: 3, stage: 'sent' }]);
  });

  it('puts off the mails for a domain that the relay does not deliver to, names it that domain once, and goes on with all others (F31)', async () => {
    let named = 0;
    const relay = new RelayAtHand({
      before: ({ envelope }) => {
        if (envelope.to.endsWith('@ours.example')) return null;
        named++;
        return { kind: 'relay-refused', stage: 'rcpt', reply: '554 5.7.1 Relay access denied' };
      },
    });
    const nobodyElse = (index: number) => ({ address: `kim${index}@ours.example` });
    start(aWorker(relay, { concurrency: 1 }));
    await request(1, nobodyElse(0));
    await states({ SENT: 1 });
    for (let index = 0; index < 5; index++) await request(1, { address: `kim${index}@theirs.example` });
    await request(1, nobodyElse(1));
    await states({ SENT: 2, PENDING: 5 });
    const kept = () => service.database.query<{ failures: number; last_error: string }>(`SELECT failures, last_error FROM inbox WHERE state = 'PENDING'`);
    expect(await until(kept, (mails) => mails.every(({ failures }) => failures > 0))).toEqual(Array(5).fill(expect.objectContaining({ last_error: '554 5.7.1 Relay access denied' })));
    expect(named).toBe(1);
  });

  it('claims no more mails for such a domain than other relays have room for: they keep their place, and burn no attempt', async () => {
    let letGo = (): void => undefined;
    const hanging = new Promise<void>((resolve) => (letGo = resolve));
    const own = new RelayAtHand({ before: ({ envelope }) => (envelope.to.endsWith('@ours.example') ? null : { kind: 'relay-refused', stage: 'rcpt', reply: '554 5.7.1 Relay access denied' }) });
    const backup = new RelayAtHand({
      before: async () => {
        await hanging;
        return null;
      },
    });
    const relays = new MailRelays([{ name: 'own', priority: 1, connections: 5, mailsPerSecond: null, sender: own }, { name: 'backup', priority: 2, connections: 1, mailsPerSecond: null, sender: backup }], { log: service.log });
    start(aWorker(own, { relays, concurrency: 5, domains: new DomainLimits({ concurrency: 5, mailsPerSecond: null }) }));
    await request(1, { address: 'kim@ours.example' });
    await states({ SENT: 1 });
    await request(1, { address: 'kim@theirs.example' });
    await until(() => backup.mostAtOnce, (talking) => talking === 1);
    for (let index = 0; index < 4; index++) await request(1, { address: `kim${index}@theirs.example` });
    await request(1, { address: 'lee@ours.example' });
    await states({ SENT: 2, SENDING: 1, PENDING: 4 });
    letGo();
    await states({ SENT: 7 });
    expect(await service.database.query(`SELECT DISTINCT failures, attempt_no FROM inbox`)).toEqual([{ failures: 0, attempt_no: 1 }]);
  });

  it('gives up at once what the relay refuses for good, and says why (F30)', async () => {
    start(aWorker(new RelayAtHand({ before: () => ({ kind: 'rejected', stage: 'rcpt', reply: '550 no\0body' }) })));
    const [mail] = await request(1);
    await states({ REJECTED: 1 });
    expect(await service.outcomesOf(mail?.id ?? '')).toEqual(['NotificationFailed']);
    expect(await service.database.query('SELECT last_error FROM inbox')).toEqual([{ last_error: '550 no\uFFFDbody' }]);
  });

  it('repeats a mail once, byte for byte, when the answer to it was lost, and then stops (F27)', async () => {
    const relay = new RelayAtHand({ after: () => ({ kind: 'uncertain', stage: 'dot', reply: 'connection lost', taken: true }) });
    start(aWorker(relay));
    const [mail] = await request(1);
    await until(() => service.states(), ({ UNCERTAIN = 0, UNCERTAIN_CLOSED = 0 }) => UNCERTAIN + UNCERTAIN_CLOSED === 1);
    await dueNow();
    await states({ UNCERTAIN_CLOSED: 1 });
    expect(relay.received).toHaveLength(2);
    expect(relay.received[0]).toEqual(relay.received[1]);
    expect(await service.outcomesOf(mail?.id ?? '')).toEqual(['NotificationFailed']);
  });

  it('burns no attempts while the relay is down, asks every five seconds, without a mail, and sends all when it is back (F24)', async () => {
    let nowMs = 0;
    let [tried, probes] = [0, 0];
    let down = true;
    const refusal = { kind: 'relay-refused', stage: 'auth', reply: '535 no' } as const;
    const relay = new RelayAtHand({
      before: () => {
        tried++;
        return down ? refusal : null;
      },
      probe: () => {
        probes++;
        return down ? refusal : null;
      },
    });
    await request(20);
    const relays = relaysOf(relay, () => nowMs);
    const worker = start(aWorker(relay, { concurrency: 4, relays }));
    await until(() => relays.readiness().ready, (ready) => !ready);
    await states({ PENDING: 20 });
    const beforeProbes = tried;
    expect(beforeProbes).toBeLessThanOrEqual(4);
    nowMs += 4_999;
    worker.wake();
    nowMs += 2;
    worker.wake();
    await until(() => probes, (seen) => seen === 1);
    await states({ PENDING: 20 });
    expect(await service.database.query('SELECT max(attempt_no) AS most, max(failures) AS failures FROM inbox')).toEqual([{ most: 0, failures: 0 }]);

    down = false;
    nowMs += 5_000;
    await states({ SENT: 20 });
    expect(relays.readiness().ready).toBe(true);
    expect([tried, probes]).toEqual([beforeProbes + 20, 2]);
  });

  it('withdraws a mail that was voided while the relay was thinking, before its body', async () => {
    const user = randomUUID();
    const relay = new RelayAtHand({
      before: async () => {
        await service.inbox().accept([service.publisher.voided(user, 1).record]);
        return null;
      },
    });
    start(aWorker(relay));
    const [mail] = await request(1, { user });
    await states({ CANCELLED: 1 });
    expect(relay.received).toEqual([]);
    expect(await service.outcomesOf(mail?.id ?? '')).toEqual(['NotificationSuperseded']);
  });

  it('keeps the lease of a mail that takes long', async () => {
    let letGo = (): void => undefined;
    const hanging = new Promise<void>((resolve) => (letGo = resolve));
    const relay = new RelayAtHand({ after: () => hanging.then(() => ({ kind: 'sent', reply: '250 OK' })) });
    start(aWorker(relay, { leaseSeconds: 30, heartbeatMs: 50 }));
    start(aWorker(relay, { leaseSeconds: 30, heartbeatMs: 50 }));
    await request(1);
    await until(() => service.database.query(`SELECT FROM inbox WHERE state = 'SENDING' AND lease_until > attempt_started_at + interval '30.5 s'`), (rows) => rows.length === 1);
    letGo();
    await states({ SENT: 1 });
    expect(relay.received).toHaveLength(1);
  });

  it('sends nothing twice when a worker wakes up after its lease (F9)', async () => {
    let letGo = (): void => undefined;
    const frozen = new Promise<void>((resolve) => (letGo = resolve));
    const sleepersRelay = new RelayAtHand({ before: () => frozen.then(() => null) });
    // With no slot for another one: whoever is frozen claims nothing either.
    const sleeper = start(aWorker(sleepersRelay, { concurrency: 1, leaseSeconds: 1, heartbeatMs: 60_000, rescueMs: 60_000 }));
    await request(1);
    await states({ SENDING: 1 });

    const relay = new RelayAtHand();
    start(aWorker(relay));
    await states({ SENT: 1 });
    letGo();
    await sleeper.stop(1_000, async () => undefined);
    expect([relay.received.length, sleepersRelay.received.length]).toEqual([1, 0]);
    expect(await service.states()).toEqual({ SENT: 1 });
  });

  describe('that gets a mail again while its old attempt still runs, as after a freeze (F9),', () => {
    /** Attempt by attempt, each held before its DATA until it is let go. */
    const held = (): { relay: RelayAtHand; letGo: (attempt: number) => void; begun: () => number } => {
      const gates: (() => void)[] = [];
      const relay = new RelayAtHand({ before: () => new Promise((resolve) => gates.push(() => resolve(null))) });
      return { relay, letGo: (attempt) => gates[attempt - 1]?.(), begun: () => gates.length };
    };
    /** What another worker does when the lease has run out. */
    const takeBack = () => service.database.query(`UPDATE inbox SET state = 'PENDING', phase = NULL, lease_owner = NULL, lease_until = NULL WHERE state = 'SENDING'`);

    it('lets the new attempt alone send it', async () => {
      const { relay, letGo, begun } = held();
      const worker = start(aWorker(relay));
      await request(1);
      await until(begun, (attempts) => attempts === 1);
      await takeBack();
      await until(begun, (attempts) => attempts === 2);
      letGo(1);
      letGo(2);
      await worker.stop(30_000, async () => undefined);
      expect(relay.received).toHaveLength(1);
      expect(await service.database.query('SELECT state, attempt_no FROM inbox')).toEqual([{ state: 'SENT', attempt_no: 2 }]);
    });

    it('still knows of the new attempt when the old one has ended', async () => {
      const { relay, letGo, begun } = held();
      const warnings: string[] = [];
      const worker = aWorker(relay, { log: createLogger('test', { level: 'warn', format: 'json', destination: { write: (line) => void warnings.push(line) } }) });
      worker.start();
      await request(1);
      await until(begun, (attempts) => attempts === 1);
      await takeBack();
      await until(begun, (attempts) => attempts === 2);
      letGo(1);
      await until(() => warnings.join(''), (said) => said.includes('another worker answers for this mail'));
      const stopped = worker.stop(30_000, () => Promise.resolve(expect(relay.received).toHaveLength(1)));
      letGo(2);
      await stopped;
      expect(await service.states()).toEqual({ SENT: 1 });
    });
  });

  it('does not forget the relay’s 250 while the database is away, for however long (F19, F20)', async () => {
    let nowMs = 0;
    const database = new SeverableDatabase(service.database);
    const refusals = () => database.refused.filter((sql) => sql.includes('WITH settled')).length;
    const relay = new RelayAtHand({
      after: () => {
        database.state = 'away';
        return { kind: 'sent', reply: '250 OK' };
      },
    });
    start(aWorker(relay, { database, nowMs: () => nowMs }));
    await request(1);
    await until(refusals, (times) => times === 1);
    nowMs += 600_000;
    await until(refusals, (times) => times === 2);
    database.state = 'up';
    await states({ SENT: 1 });
    expect(relay.received).toHaveLength(1);
  });

  it('keeps a mail that cannot be rendered, with the reason, and does not touch the relay', async () => {
    const relay = new RelayAtHand();
    start(aWorker(relay, { composer: { compose: () => Promise.reject(new Error('no template "x"')) } }));
    await request(1);
    await until(() => service.database.query<{ last_error: string }>('SELECT last_error FROM inbox'), ([row]) => row?.last_error === 'no template "x"');
    expect(relay.mostAtOnce).toBe(0);
  });

  it('delivers 200 queued mails, to nobody twice, when workers are killed on the way', async () => {
    const received = new RelayAtHand();
    const requests = await request(200);
    let midway = 0;
    for (let generation = 0; generation < 3; generation++) {
      const database = new SeverableDatabase(service.database);
      // Killed before it can mark another mail: what it was sending has not reached DATA, so no mail is in doubt.
      const dying = aWorker(new RelayAtHand({
        before: () => {
          if (received.received.length >= (generation + 1) * 40) database.state = 'silent';
          return null;
        },
        after: (mail) => {
          received.received.push(mail);
          return { kind: 'sent', reply: '250 OK' };
        },
      }), { database, leaseSeconds: 1, heartbeatMs: 50, prefetch: 20 });
      dying.start();
      await until(() => database.state, (state) => state === 'silent');
      void dying.stop(0, () => new Promise(() => undefined));
      midway = received.received.length;
    }
    expect(midway).toBeLessThan(200);

    start(aWorker(received));
    start(aWorker(received));
    await until(() => service.states(), (seen) => (seen['SENT'] ?? 0) + (seen['UNCERTAIN'] ?? 0) === 200, 20_000);
    await dueNow();
    await states({ SENT: 200 });
    const copies = received.copies();
    expect(requests.filter(({ address }) => !copies.has(address))).toEqual([]);
    const settledLate = (await service.database.query<{ n: number }>('SELECT count(*)::int AS n FROM inbox WHERE uncertain_count > 0'))[0]?.n ?? 0;
    expect([...copies.values()].reduce((sum, n) => sum + n - 1, 0)).toBeLessThanOrEqual(settledLate);
    expect(Math.max(...copies.values())).toBeLessThanOrEqual(2);
  });

  describe('told to stop', () => {
    it('finishes what is in flight and leaves the rest for others', async () => {
      let letGo = (): void => undefined;
      const hanging = new Promise<void>((resolve) => (letGo = resolve));
      const relay = new RelayAtHand({ after: () => hanging.then(() => ({ kind: 'sent', reply: '250 OK' })) });
      await request(5);
      const worker = start(aWorker(relay, { concurrency: 2 }));
      await states({ PENDING: 3, SENDING: 2 });
      const stopped = worker.stop(30_000, async () => undefined);
      letGo();
      await stopped;
      expect(await service.states()).toEqual({ SENT: 2, PENDING: 3 });
    });

    it('hands back a mail that does not get to DATA in time; it cannot go out from here any more', async () => {
      let letGo = (): void => undefined;
      const hanging = new Promise<void>((resolve) => (letGo = resolve));
      const relay = new RelayAtHand({ before: () => hanging.then(() => null) });
      await request(1);
      const worker = start(aWorker(relay));
      await states({ SENDING: 1 });
      await worker.stop(10, () => Promise.resolve(letGo()));
      expect(await service.states()).toEqual({ PENDING: 1 });
      expect(relay.received).toEqual([]);
    });
  });
});
