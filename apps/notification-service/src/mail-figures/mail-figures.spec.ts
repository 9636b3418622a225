import { InboxUnderTest } from '../testing/inbox-under-test.ts';
import { mailFigures } from './mail-figures.ts';
import { MailCounts, pruneMailCounts } from './mail-counts.ts';
import { openMailsOf } from './open-mails.ts';

describe('the figures of mails', () => {
  let service: InboxUnderTest;
  beforeAll(async () => (service = await InboxUnderTest.open()));
  afterAll(() => service.close());
  beforeEach(async () => {
    await service.empty();
    await service.database.query('TRUNCATE mail_minute, mail_hour, waiting_minute');
    await countedUntil('2026-03-01T10:00:00Z');
  });

  const nothing = { accepted: 0, sent: 0, failed: 0, failures: {}, medianMs: null, p95Ms: null, oldestSeconds: null };
  const counts = () => new MailCounts(service.database, service.log);
  const countedUntil = async (time: string) => service.database.query(`UPDATE counted_until SET until = $1`, [time]);
  const count = async () => {
    while (await counts().count());
  };
  const asked = { ask: 'figures', tenantDomain: 'carbon.super', from: '2026-03-01T10:00:00Z', to: '2026-03-01T12:00:00Z', buckets: 2 } as const;
  const figures = async (more = {}) => mailFigures(service.database, { ...asked, ...more });

  /** A mail that came in then, and ended so many seconds later. */
  async function mail(at: string, state: string, seconds: number | null): Promise<void> {
    const { id, record } = await service.publisher.recoveryRequested();
    await service.inbox().accept([record]);
    await service.database.query(
      `WITH mail AS (UPDATE inbox SET state = $2, created_at = $3, received_at = $3, finished_at = $3::timestamptz + make_interval(secs => $4), sent_at = CASE WHEN $2 = 'SENT' THEN $3::timestamptz + make_interval(secs => $4) END WHERE event_id = $1)
       UPDATE filed_mail SET received_at = $3 WHERE event_id = $1`,
      [id, state, at, seconds],
    );
  }

  async function someMails(): Promise<void> {
    await mail('2026-03-01T10:10:00Z', 'SENT', 1);
    await mail('2026-03-01T10:20:00Z', 'SENT', 3);
    await mail('2026-03-01T10:30:00Z', 'REJECTED', 1);
    await mail('2026-03-01T10:59:59Z', 'EXPIRED', 2);
    await mail('2026-03-01T11:59:59Z', 'PENDING', null);
    await mail('2026-03-01T12:00:00Z', 'SENT', 1);
  }
  const ofSomeMails = [
    { ...nothing, accepted: 4, sent: 2, failed: 1, failures: { REJECTED: 1 }, medianMs: expect.closeTo(1_000, -3), p95Ms: expect.closeTo(3_000, -3) },
    { ...nothing, accepted: 1, failed: 1, failures: { EXPIRED: 1 } },
  ];

  it('count what came in and what ended, part by part, with how long it took', async () => {
    await someMails();
    expect(await figures()).toEqual(ofSomeMails);
    expect(await figures({ tenantDomain: 'acme.example', buckets: 1 })).toEqual([nothing]);
  });

  it.each(['2026-03-01T10:20:00Z', '2026-03-01T11:00:00Z', '2026-03-02T00:00:00Z'])('are the same whether minutes are written down, here up to %s, or not', async (until) => {
    await someMails();
    await count();
    for (const [table, length] of [['mail_minute', 'minute'], ['mail_hour', 'hour']]) await service.database.query(`DELETE FROM ${table} WHERE begins_at >= date_trunc($2, $1::timestamptz)`, [until, length]);
    await countedUntil(until);
    expect(await figures()).toEqual(ofSomeMails);
    expect(await figures({ to: '2026-03-01T11:30:00Z', buckets: 3 })).toMatchObject([{ accepted: 2 }, { accepted: 2 }, { accepted: 0, failed: 1 }]);
  });

  it('are written down once, however many count, and no minute before it is over', async () => {
    await someMails();
    await mail(new Date().toISOString(), 'SENT', 0);
    await Promise.all(Array.from({ length: 5 }, count));
    expect(await service.database.query(`SELECT happening, sum(mails)::integer AS mails FROM mail_minute GROUP BY happening ORDER BY happening`)).toEqual([{ happening: 'ACCEPTED', mails: 6 }, { happening: 'EXPIRED', mails: 1 }, { happening: 'REJECTED', mails: 1 }, { happening: 'SENT', mails: 3 }]);
    const now = Date.now();
    expect(await figures({ from: new Date(now - 60_000).toISOString(), to: new Date(now + 60_000).toISOString(), buckets: 1 })).toMatchObject([{ accepted: 1, sent: 1 }]);
  });

  it('wait for a transaction that has yet to say what happened before', async () => {
    await count();
    await service.database.transaction(async (tx) => {
      await tx.query('SELECT 1');
      const [begun] = await tx.query<{ at: Date }>(`SELECT now() AS at`);
      await count();
      const [counted] = await service.database.query<{ until: Date }>(`SELECT until FROM counted_until`);
      expect(counted?.until.getTime()).toBeLessThanOrEqual(begun?.at.getTime() ?? 0);
    });
  });

  it('tell what is still to be sent, and for how long the oldest of it has waited', async () => {
    const at = new Date(Date.now() - 600_000).toISOString();
    await mail(at, 'PENDING', null);
    expect(await openMailsOf(service.database, 'carbon.super')).toEqual({ open: 1, oldestOpenAt: at });
    expect(await openMailsOf(service.database, 'acme.example')).toEqual({ open: 0, oldestOpenAt: null });
    await count();
    const [{ oldestSeconds } = nothing] = await figures({ from: new Date(Date.now() - 120_000).toISOString(), to: new Date(Date.now() + 60_000).toISOString(), buckets: 1 });
    expect(oldestSeconds).toBeGreaterThanOrEqual(600);
  });

  it('are forgotten after the longest time that is ever asked for', async () => {
    await someMails();
    await count();
    expect(await pruneMailCounts(service.database)).toBe(false);
    expect(await service.database.query('SELECT FROM mail_minute, mail_hour')).toEqual([]);
  });
});
