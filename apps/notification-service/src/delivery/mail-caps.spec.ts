import { randomUUID } from 'node:crypto';
import { InboxUnderTest } from '../testing/inbox-under-test.ts';
import { claimDue, type MailCaps } from './claim-statements.ts';
import { rescueLost } from './lease-statements.ts';
import { settle, unclaim } from './settle-statements.ts';

describe('caps', () => {
  let service: InboxUnderTest;
  beforeAll(async () => (service = await InboxUnderTest.open()));
  afterAll(() => service.close());
  beforeEach(() => service.empty());

  const three: MailCaps = { perHourPerRecipient: 3, perMinutePerTenant: null };
  const address = 'kim@example.com';
  const owner = randomUUID();
  const claim = async (caps = three, limit = 20, as = owner) => (await claimDue(service.database, { limit, owner: as, leaseSeconds: 30, caps }, service.reports)).claimed;
  const requested = (options: Parameters<typeof service.publisher.recoveryRequested>[0] = {}) => service.publisher.recoveryRequested({ address, validForSeconds: 7200, ...options });
  async function accept(...requests: ReturnType<typeof requested>[]) {
    const published = await Promise.all(requests);
    await service.inbox().accept(published.map(({ record }) => record));
    return published;
  }
  /** Claims until nothing more is taken. */
  async function claimAll(caps = three) {
    const taken = [];
    for (let some = await claim(caps); some.length > 0; some = await claim(caps)) taken.push(...some);
    return taken;
  }
  const heldUntil = (id: string) => service.database.query<{ minutes: number; cause: string }>(`SELECT round(extract(epoch FROM next_at - now()) / 60)::int AS minutes, cause FROM inbox WHERE event_id = $1 AND state = 'PENDING'`, [id]);
  const windowsEnd = async () => void (await service.database.query(`UPDATE mail_count SET ends_at = now()`), await service.database.query(`UPDATE inbox SET next_at = now() WHERE state = 'PENDING'`));

  it('make a bomb of mails to one address, whosever accounts they are, a few, and hold the others for the hour', async () => {
    const bomb = await accept(...Array.from({ length: 8 }, (_, n) => requested({ address: n % 2 ? address : 'KIM@Example.com' })), requested({ address: 'lee@example.com' }));
    const taken = await claimAll();
    expect(taken).toHaveLength(4);
    expect(await service.states()).toEqual({ SENDING: 4, PENDING: 5 });
    const held = bomb.find(({ id }) => !taken.some(({ eventId }) => eventId === id));
    expect(await heldUntil(held?.id ?? '')).toEqual([{ minutes: 60, cause: 'cap mails_per_hour_per_recipient' }]);
  });

  it('let no more through to racing claimers', async () => {
    await accept(...Array.from({ length: 20 }, () => requested()));
    for (let round = 0; round < 4; round++) await Promise.all(Array.from({ length: 6 }, () => claim(three, 5, randomUUID())));
    expect(await service.states()).toEqual({ SENDING: 3, PENDING: 17 });
  });

  it('send, once the hour is over, the newest link of those that were held', async () => {
    const user = randomUUID();
    await accept(requested(), requested(), requested());
    await claimAll();
    const [older] = await accept(requested({ user }));
    expect(await claim()).toEqual([]);
    const [newer] = await accept(requested({ user, generation: 2 }));
    expect(await claim()).toEqual([]);
    await windowsEnd();
    expect((await claimAll()).map(({ eventId }) => eventId)).toEqual([newer?.id]);
    expect(await service.stateOf(older?.id ?? '')).toBe('SUPERSEDED');
  });

  it('end a mail whose link does not live until then, with a reason that operators see', async () => {
    await accept(requested(), requested(), requested());
    await claimAll();
    const [late] = await accept(requested({ validForSeconds: 1800 }));
    expect(await claim()).toEqual([]);
    expect(await service.stateOf(late?.id ?? '')).toBe('CAPPED');
    expect(await service.outcomesOf(late?.id ?? '')).toEqual(['NotificationFailed']);
    expect(await service.database.query('SELECT cause FROM inbox WHERE event_id = $1', [late?.id])).toEqual([{ cause: 'cap mails_per_hour_per_recipient' }]);
  });

  it('count a mail once, however often it is tried', async () => {
    const mails = await accept(requested(), requested(), requested());
    for (let round = 0; round < 5; round++) {
      const [refused, lost, deferred, ...more] = await claimAll();
      if (!refused || !lost || !deferred) throw new Error('expected three');
      expect(more).toEqual([]);
      await unclaim(service.database, owner, { ...refused, stage: 'greeting', reply: '554', relay: 'relay.example', dialogue: [], rendered: null });
      await service.database.query(`UPDATE inbox SET lease_until = now() - interval '1 s' WHERE event_id = $1`, [lost.eventId]);
      await rescueLost(service.database, service.reports);
      await settle(service.database, owner, [{ ...deferred, finalState: null, uncertain: true, failed: true, retryAfterSeconds: 5, stage: 'dot', reply: 'lost', relay: null, dialogue: [], rendered: null, report: null }]);
      await service.database.query(`UPDATE inbox SET next_at = now()`);
    }
    expect(await service.database.query('SELECT mails FROM mail_count')).toEqual([{ mails: mails.length }]);
  });

  it('hold what one tenant sends beyond its own for the minute, whoever claims', async () => {
    const ofTenant: MailCaps = { perHourPerRecipient: 3, perMinutePerTenant: 5 };
    const mails = await accept(...Array.from({ length: 9 }, () => service.publisher.recoveryRequested()));
    for (let round = 0; round < 6; round++) await Promise.all(Array.from({ length: 3 }, () => claim(ofTenant, 4, randomUUID())));
    expect(await service.states()).toEqual({ SENDING: 5, PENDING: 4 });
    const held = await Promise.all(mails.map(({ id }) => heldUntil(id)));
    expect(held.flat()).toEqual(Array.from({ length: 4 }, () => ({ minutes: 1, cause: 'cap mails_per_minute_per_tenant' })));
    await windowsEnd();
    expect(await claimAll(ofTenant)).toHaveLength(4);
  });

  it('are of a tenant’s own: what comes to an address from one leaves the other alone', async () => {
    await accept(...Array.from({ length: 4 }, () => requested()));
    await service.database.query(`UPDATE inbox SET tenant_domain = 'acme.example' WHERE position = (SELECT max(position) FROM inbox)`);
    expect(await claimAll()).toHaveLength(4);
  });

  it('hold nothing where none are set', async () => {
    await accept(...Array.from({ length: 8 }, () => requested()));
    expect(await claim({ perHourPerRecipient: null, perMinutePerTenant: null })).toHaveLength(8);
    expect(await service.database.query('SELECT FROM mail_count')).toEqual([]);
  });
});
