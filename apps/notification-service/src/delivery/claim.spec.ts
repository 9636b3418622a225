import { randomUUID } from 'node:crypto';
import { InboxUnderTest } from '../testing/inbox-under-test.ts';
import { claimDue } from './claim-statements.ts';
import type { ClaimedDelivery } from './delivery.ts';
import { rescueLost } from './lease-statements.ts';
import { attemptKey, handBackUnsent, markData, settle, unclaim, type Settlement } from './settle-statements.ts';

describe('claiming due mails', () => {
  let service: InboxUnderTest;
  beforeAll(async () => (service = await InboxUnderTest.open()));
  afterAll(() => service.close());
  beforeEach(() => service.empty());

  const [ann, bob] = [randomUUID(), randomUUID()];
  const claim = async (owner = ann, limit = 10): Promise<readonly ClaimedDelivery[]> => (await claimDue(service.database, { limit, owner, leaseSeconds: 30 }, service.reports)).claimed;
  const accept = async (...published: { record: Parameters<ReturnType<InboxUnderTest['inbox']>['accept']>[0][number] }[]): Promise<void> => service.inbox().accept(published.map(({ record }) => record));

  async function claimedRequest(owner = ann, options: { user?: string; generation?: number } = {}): Promise<ClaimedDelivery> {
    const request = await service.publisher.recoveryRequested(options);
    await accept(request);
    const [claimed] = await claim(owner);
    if (claimed?.eventId !== request.id) throw new Error('the request was not claimed');
    return claimed;
  }

  function sent(delivery: ClaimedDelivery): Settlement {
    return { ...delivery, finalState: 'SENT', uncertain: false, failed: false, retryAfterSeconds: 0, stage: 'sent', reply: '250 OK', relay: 'relay.example', dialogue: [], rendered: null, report: service.reports.entry({ ...delivery, state: 'SENT' }, '250 OK') };
  }

  it('hands each of 40 mails to exactly one of eight racing claimers', async () => {
    await accept(...(await Promise.all(Array.from({ length: 40 }, () => service.publisher.recoveryRequested()))));
    const taken = (await Promise.all(Array.from({ length: 8 }, () => claim(randomUUID(), 10)))).flat();

    expect(new Set(taken.map(({ eventId }) => eventId)).size).toBe(taken.length);
    expect(taken).toHaveLength(40);
  });

  it('says whether there may be more: also where one person’s mails were all it saw', async () => {
    const user = randomUUID();
    await accept(...Array.from({ length: 3 }, () => service.publisher.passwordRecovered({ user })), await service.publisher.recoveryRequested());
    const looks = [];
    for (let look = 0; look < 2; look++) {
      const { claimed, mayBeMore } = await claimDue(service.database, { limit: 3, owner: ann, leaseSeconds: 30 }, service.reports);
      looks.push([claimed.length, mayBeMore]);
    }

    expect(looks).toEqual([[1, true], [1, false]]);
  });

  it('never has two mails of one person in flight, however many claim', async () => {
    const user = randomUUID();
    await accept(...Array.from({ length: 12 }, () => service.publisher.passwordRecovered({ user })));
    for (let round = 0; round < 12; round++) {
      const owners = Array.from({ length: 6 }, () => randomUUID());
      const taken = (await Promise.all(owners.map(async (owner) => (await claim(owner, 2)).map((delivery) => ({ owner, delivery }))))).flat();
      expect(taken).toHaveLength(1);
      for (const { owner, delivery } of taken) await settle(service.database, owner, [sent(delivery)]);
    }
    expect(await service.states()).toEqual({ SENT: 12 });
  });

  it('sends a person’s notices in the order they came', async () => {
    const user = randomUUID();
    const notices = [1, 2, 3].map(() => service.publisher.passwordRecovered({ user }));
    await accept(...notices);
    const order: string[] = [];
    for (let round = 0; round < 3; round++) {
      for (const delivery of await claim()) {
        order.push(delivery.eventId);
        await settle(service.database, ann, [sent(delivery)]);
      }
    }
    expect(order).toEqual(notices.map(({ id }) => id));
  });

  it('makes one mail of a link asked for again and again before the first went out', async () => {
    const user = randomUUID();
    const resends = await Promise.all([1, 2, 3, 4, 5].map(() => service.publisher.recoveryRequested({ user })));
    await accept(...resends);

    expect((await claim(ann, 1)).length + (await claim(ann, 10)).length).toBe(1);
    expect(await service.states()).toEqual({ SUPERSEDED: 4, SENDING: 1 });
    expect(await service.stateOf(resends[4]?.id ?? '')).toBe('SENDING');
  });

  it('does not mail an earlier copy that was resting when a later one went out', async () => {
    const user = randomUUID();
    const earlier = await claimedRequest(ann, { user });
    await settle(service.database, ann, [{ ...sent(earlier), finalState: null, failed: true, retryAfterSeconds: 5, report: null }]);
    const later = await claimedRequest(bob, { user });
    await settle(service.database, bob, [sent(later)]);
    await service.database.query(`UPDATE inbox SET next_at = now() WHERE state = 'PENDING'`);
    expect(await claim()).toEqual([]);
    expect(await service.stateOf(earlier.eventId)).toBe('SUPERSEDED');
  });

  it('mails both copies where the first had gone out before', async () => {
    const user = randomUUID();
    const first = await claimedRequest(ann, { user });
    await accept(await service.publisher.recoveryRequested({ user }));
    expect(await claim()).toEqual([]);
    await settle(service.database, ann, [sent(first)]);
    expect(await claim()).toHaveLength(1);
  });

  it('does not mail a link with less than a minute left, and says so', async () => {
    const [late, inTime] = [await service.publisher.recoveryRequested({ validForSeconds: 50 }), await service.publisher.recoveryRequested({ validForSeconds: 90 })];
    await accept(late, inTime);

    expect((await claim()).map(({ eventId }) => eventId)).toEqual([inTime.id]);
    expect(await service.stateOf(late.id)).toBe('EXPIRED');
    expect(await service.outcomesOf(late.id)).toEqual(['NotificationExpired']);
  });

  it('retires a mail, and comes to the next, although an earlier one waits for the mail before it of the same person', async () => {
    const user = randomUUID();
    await accept(service.publisher.passwordRecovered({ user }), service.publisher.passwordRecovered({ user }));
    expect(await claim(ann, 1)).toHaveLength(1);
    const [late, inTime] = [await service.publisher.recoveryRequested({ validForSeconds: 50 }), await service.publisher.recoveryRequested()];
    await accept(late);
    await accept(inTime);

    expect(await claim(ann, 1)).toEqual([]);
    expect(await service.stateOf(late.id)).toBe('EXPIRED');
    expect((await claim(ann, 1)).map(({ eventId }) => eventId)).toEqual([inTime.id]);
  });

  it('mails a notice to its last second, and not after', async () => {
    const [last, past] = [service.publisher.passwordRecovered({ validForSeconds: 20 }), service.publisher.passwordRecovered({ validForSeconds: -1 })];
    await accept(last, past);

    expect((await claim()).map(({ eventId }) => eventId)).toEqual([last.id]);
    expect(await service.stateOf(past.id)).toBe('EXPIRED');
  });

  it('does not claim a mail again before its time', async () => {
    const delivery = await claimedRequest();
    await settle(service.database, ann, [{ ...sent(delivery), finalState: null, failed: true, retryAfterSeconds: 30, report: null }]);
    expect(await claim()).toEqual([]);
    expect(await service.stateOf(delivery.eventId)).toBe('PENDING');
  });

  describe('at the 354', () => {
    it('lets the newest link go out, once', async () => {
      const delivery = await claimedRequest();
      expect(await markData(service.database, ann, 30, [delivery])).toEqual(new Set([attemptKey(delivery)]));
      expect(await markData(service.database, ann, 30, [delivery])).toEqual(new Set());
    });

    it.each([
      ['a newer link was asked for', (user: string) => service.publisher.recoveryRequested({ user, generation: 2 })],
      ['the link was voided', async (user: string) => Promise.resolve(service.publisher.voided(user, 1))],
    ])('withdraws a mail when meanwhile %s', async (_, happening) => {
      const user = randomUUID();
      const delivery = await claimedRequest(ann, { user });
      await accept(await happening(user));
      expect(await markData(service.database, ann, 30, [delivery])).toEqual(new Set());
    });

    it('withdraws a mail whose link has just expired', async () => {
      const delivery = await claimedRequest();
      await service.database.query(`UPDATE inbox SET expires_at = now() - interval '1 ms'`);
      expect(await markData(service.database, ann, 30, [delivery])).toEqual(new Set());
    });

    it('withdraws a mail whose lease has run out, or is another’s (F9)', async () => {
      const delivery = await claimedRequest();
      expect(await markData(service.database, bob, 30, [delivery])).toEqual(new Set());
      await service.database.query(`UPDATE inbox SET lease_until = now() - interval '1 ms'`);
      expect(await markData(service.database, ann, 30, [delivery])).toEqual(new Set());
    });

    it('lets a notice go out even when the person has asked for a link again', async () => {
      const user = randomUUID();
      await accept(service.publisher.passwordRecovered({ user }));
      const [notice] = await claim();
      await accept(await service.publisher.recoveryRequested({ user, generation: 2 }));
      if (!notice) throw new Error('the notice was not claimed');
      expect(await markData(service.database, ann, 30, [notice])).toEqual(new Set([attemptKey(notice)]));
    });
  });

  describe('settling', () => {
    it('writes SENT and its event once, whoever says it again', async () => {
      const delivery = await claimedRequest();
      const settled = await Promise.all([1, 2, 3].map(() => settle(service.database, ann, [sent(delivery)])));
      expect(settled.filter((events) => events.size === 1)).toHaveLength(1);
      expect(await service.outcomesOf(delivery.eventId)).toEqual(['NotificationSent']);
      expect(await service.database.query('SELECT attempt_no, stage, reply FROM attempt')).toEqual([{ attempt_no: 1, stage: 'sent', reply: '250 OK' }]);
    });

    it('ignores what an earlier attempt still wants to say (F9)', async () => {
      const earlier = await claimedRequest(ann);
      await service.database.query(`UPDATE inbox SET lease_until = now() - interval '1 s'`);
      await rescueLost(service.database, service.reports);
      const [later] = await claim(bob);
      expect(later?.attemptNo).toBe(2);

      expect(await settle(service.database, ann, [sent(earlier)])).toEqual(new Set());
      expect(await service.stateOf(earlier.eventId)).toBe('SENDING');
      expect(await service.outcomesOf(earlier.eventId)).toEqual([]);
    });

    it('tells two attempts of one mail apart, though one process has both', async () => {
      const earlier = await claimedRequest(ann);
      await service.database.query(`UPDATE inbox SET lease_until = now() - interval '1 s'`);
      await rescueLost(service.database, service.reports);
      const [later] = await claim(ann);
      if (!later) throw new Error('the mail was not claimed again');
      expect(await markData(service.database, ann, 30, [earlier, later])).toEqual(new Set([attemptKey(later)]));
      const rejected: Settlement = { ...sent(earlier), finalState: 'REJECTED', report: service.reports.entry({ ...earlier, state: 'REJECTED' }) };
      expect(await settle(service.database, ann, [rejected, sent(later)])).toEqual(new Set([attemptKey(later)]));
      expect(await service.outcomesOf(later.eventId)).toEqual(['NotificationSent']);
    });

    it('settles many at once, each by itself', async () => {
      await accept(...(await Promise.all([1, 2, 3].map(() => service.publisher.recoveryRequested()))));
      const [first, second, third] = await claim();
      if (!first || !second || !third) throw new Error('expected three');
      await settle(service.database, ann, [sent(first), { ...sent(second), finalState: 'REJECTED', reply: '550 no such person' }, { ...sent(third), attemptNo: 9 }]);
      expect(await service.states()).toEqual({ SENT: 1, REJECTED: 1, SENDING: 1 });
      expect(await service.outcomesOf(third.eventId)).toEqual([]);
    });

    it('remembers which relays put a mail off after its dot, and no other refusal (F29)', async () => {
      const delivery = await claimedRequest();
      expect(delivery.putOffBy).toEqual([]);
      for (const [attemptNo, relay, stage, reply] of [[1, 'first', 'dot', '451 later'], [2, 'second', 'rcpt', '450 greylisted'], [3, 'first', 'dot', '452 full']] as const) {
        await settle(service.database, ann, [{ ...sent(delivery), attemptNo, finalState: null, report: null, failed: true, relay, stage, reply }]);
        expect(await claim()).toMatchObject([{ attemptNo: attemptNo + 1, putOffBy: attemptNo === 3 ? ['first', 'first'] : ['first'] }]);
      }
    });

    it('gives a claim back uncounted when the relay would not talk at all (F24)', async () => {
      const delivery = await claimedRequest();
      await unclaim(service.database, ann, { ...delivery, stage: 'connect', reply: 'refused', relay: 'relay.example', dialogue: [], rendered: null });
      const [again] = await claim(bob);
      expect(again).toMatchObject({ eventId: delivery.eventId, attemptNo: 1, failures: 0, lastError: 'connect: refused' });
      expect(await service.database.query('SELECT attempt_no, stage, reply, relay FROM attempt')).toEqual([{ attempt_no: 1, stage: 'connect', reply: 'refused', relay: 'relay.example' }]);
      expect(await settle(service.database, ann, [sent(delivery)])).toEqual(new Set());
      expect(await settle(service.database, bob, again ? [sent(again)] : [])).toEqual(new Set([attemptKey({ eventId: delivery.eventId, attemptNo: 1 })]));
    });

    it('gives one claim back, and not the next, which has its number, where the answer to the first time was lost', async () => {
      const delivery = await claimedRequest();
      const letGo = { ...delivery, stage: 'connect', reply: 'refused', relay: 'relay.example', dialogue: [], rendered: null };
      await unclaim(service.database, ann, letGo);
      const [again] = await claim(ann);
      expect(again?.attemptNo).toBe(delivery.attemptNo);
      await unclaim(service.database, ann, letGo);
      expect(await service.stateOf(delivery.eventId)).toBe('SENDING');
    });

    it('hands back at shutdown only what has not reached DATA', async () => {
      await accept(...(await Promise.all([1, 2].map(() => service.publisher.recoveryRequested()))));
      const [first, second] = await claim();
      if (!first || !second) throw new Error('expected two');
      await markData(service.database, ann, 30, [first]);
      expect(await handBackUnsent(service.database, ann)).toBe(1);
      expect(await service.stateOf(first.eventId)).toBe('SENDING');
      expect(await markData(service.database, ann, 30, [second])).toEqual(new Set());
    });
  });

  describe('rescuing', () => {
    const leaseRunsOut = () => service.database.query(`UPDATE inbox SET lease_until = now() - interval '1 s' WHERE state = 'SENDING'`);

    it('leaves a living lease alone', async () => {
      await claimedRequest();
      expect(await rescueLost(service.database, service.reports)).toEqual([]);
    });

    it('opens again, at once, what had not reached DATA (F4)', async () => {
      const delivery = await claimedRequest();
      await leaseRunsOut();
      const rescued = (await Promise.all([1, 2, 3].map(() => rescueLost(service.database, service.reports)))).flat();
      expect(rescued).toMatchObject([{ eventId: delivery.eventId, state: 'PENDING', uncertainCount: 0 }]);
      expect(await claim(bob)).toHaveLength(1);
    });

    it('tries once more what was lost in DATA, then closes it and reports (F5)', async () => {
      const delivery = await claimedRequest();
      await markData(service.database, ann, 30, [delivery]);
      await leaseRunsOut();
      expect(await rescueLost(service.database, service.reports)).toMatchObject([{ state: 'UNCERTAIN', uncertainCount: 1 }]);

      const [again] = await claim(bob);
      await markData(service.database, bob, 30, again ? [again] : []);
      await leaseRunsOut();
      expect(await rescueLost(service.database, service.reports)).toMatchObject([{ state: 'UNCERTAIN_CLOSED', uncertainCount: 2 }]);
      expect(await service.outcomesOf(delivery.eventId)).toEqual(['NotificationFailed']);
      expect(await claim(ann)).toEqual([]);
    });

    it('lets a mail that loses its sender again and again rest longer each time', async () => {
      await claimedRequest();
      await leaseRunsOut();
      await rescueLost(service.database, service.reports);
      await claim();
      await leaseRunsOut();
      await rescueLost(service.database, service.reports);
      expect(await claim()).toEqual([]);
    });
  });
});
