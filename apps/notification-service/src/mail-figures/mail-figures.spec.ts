import { InboxUnderTest } from '../testing/inbox-under-test.ts';
import { mailFigures, openMails } from './mail-figures.ts';

describe('the figures of mails', () => {
  let service: InboxUnderTest;
  beforeAll(async () => (service = await InboxUnderTest.open()));
  afterAll(() => service.close());

  it('count what came in by the hour, what became of it and how long it took, and what is still to be sent', async () => {
    const mails = [['2026-11-25T10:10:00Z', 'SENT', 1], ['2026-11-25T10:20:00Z', 'SENT', 3], ['2026-11-25T10:30:00Z', 'REJECTED', null], ['2026-11-25T11:59:59Z', 'PENDING', null], ['2026-11-25T12:00:00Z', 'SENT', 1]] as const;
    for (const [at, state, seconds] of mails) {
      const { id, record } = await service.publisher.recoveryRequested();
      await service.inbox().accept([record]);
      await service.database.query(`UPDATE inbox SET state = $2, received_at = $3, sent_at = $3::timestamptz + make_interval(secs => $4) WHERE event_id = $1`, [id, state, at, seconds]);
    }
    const asked = { ask: 'figures', tenantDomain: 'carbon.super', from: '2026-11-25T10:00:00Z', to: '2026-11-25T12:00:00Z', buckets: 2 } as const;
    expect(await mailFigures(service.database, asked)).toEqual([{ accepted: 3, sent: 2, failed: 1, medianMs: 2000, p95Ms: 2900 }, { accepted: 1, sent: 0, failed: 0, medianMs: null, p95Ms: null }]);
    expect(await openMails(service.database, 'carbon.super')).toEqual({ open: 1, oldestOpenAt: '2026-11-25T11:59:59.000Z' });
    expect([await mailFigures(service.database, { ...asked, tenantDomain: 'acme.example', buckets: 1 }), await openMails(service.database, 'acme.example')]).toEqual([[{ accepted: 0, sent: 0, failed: 0, medianMs: null, p95Ms: null }], { open: 0, oldestOpenAt: null }]);
  });
});
