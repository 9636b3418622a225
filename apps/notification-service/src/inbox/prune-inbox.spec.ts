import { InboxUnderTest } from '../testing/inbox-under-test.ts';
import { pruneInbox } from './prune-inbox.ts';

describe('what became of mails', () => {
  let service: InboxUnderTest;
  beforeAll(async () => (service = await InboxUnderTest.open()));
  afterAll(() => service.close());
  beforeEach(() => service.empty());

  const prune = (days: number, daysOfTenant = {}) => pruneInbox(service.database, { days, daysOfTenant });
  const kept = async () => (await service.database.query<{ event_id: string }>('SELECT event_id FROM filed_mail JOIN inbox USING (event_id) ORDER BY filed_mail.position')).map((row) => row.event_id);

  /** A mail that came in, and came to its end, so long ago. */
  async function sentDaysAgo(days: number, tenantDomain = 'carbon.super', finished = true) {
    const published = await service.publisher.recoveryRequested();
    await service.inbox().accept([published.record]);
    const [id, ago] = [published.id, `now() - make_interval(hours => ${days * 24 + 1})`];
    await service.database.query(`UPDATE filed_mail SET received_at = ${ago}, tenant_domain = $2 WHERE event_id = $1`, [id, tenantDomain]);
    await service.database.query(`UPDATE inbox SET received_at = (SELECT received_at FROM filed_mail WHERE event_id = $1), tenant_domain = $2, state = $3, finished_at = CASE $3 WHEN 'SENT' THEN ${ago} END WHERE event_id = $1`, [id, tenantDomain, finished ? 'SENT' : 'PENDING']);
    await service.database.query(`INSERT INTO attempt (event_id, attempt_no, started_at, stage, reply, ended_at) VALUES ($1, 1, now(), 'sent', '250', now())`, [id]);
    await service.database.query(`INSERT INTO bounce (event_id, kind, bounced_at, reason, reported_by) VALUES ($1, 'soft', now(), 'full', 'relay')`, [id]);
    return published;
  }

  it('is removed after its tenant’s own time, with all that belongs to it, and what is open is not', async () => {
    const [, young, ofAcme, , open] = [await sentDaysAgo(30), await sentDaysAgo(29), await sentDaysAgo(40, 'acme.example'), await sentDaysAgo(7, 'brief.example'), await sentDaysAgo(40, 'carbon.super', false)];
    expect(await prune(30, { 'acme.example': 365, 'brief.example': 7 })).toBe(false);
    expect(await kept()).toEqual([young, ofAcme, open].map(({ id }) => id));
    for (const table of ['attempt', 'bounce']) expect(await service.database.query(`SELECT FROM ${table}`)).toHaveLength(3);
  });

  it('is forgotten but for the event’s id, as long as it may come again: it makes no second mail (F39)', async () => {
    const { id, record } = await sentDaysAgo(7);
    await prune(7);
    await service.inbox().accept([record]);
    expect(await kept()).toEqual([]);
    expect(await service.database.query('SELECT event_id FROM past_event')).toEqual([{ event_id: id }]);

    await service.database.query(`UPDATE past_event SET received_at = now() - interval '31 days'`);
    await prune(7);
    expect(await service.database.query('SELECT FROM past_event')).toEqual([]);
  });
});
