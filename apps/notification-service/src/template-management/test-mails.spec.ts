import { randomUUID } from 'node:crypto';
import { claimDue } from '../delivery/claim-statements.ts';
import { findDeliveries } from '../delivery-log/delivery-log-statements.ts';
import { bouncedMails } from '../suppression/bounce-statements.ts';
import { suppress } from '../suppression/suppression-statements.ts';
import { InboxUnderTest } from '../testing/inbox-under-test.ts';
import { TestMails } from './test-mails.ts';

describe('a test mail, to whom every rule of mails applies', () => {
  let service: InboxUnderTest;
  beforeAll(async () => (service = await InboxUnderTest.open()));
  afterAll(() => service.close());
  beforeEach(() => service.empty());

  const tenantDomain = 'carbon.super';
  const address = 'Kim@Example.com';
  const sent = async (): Promise<string> => {
    const template = { id: 'en_US', contentType: 'text/html', subject: 'Hi', body: '<p>Hi</p>', footer: '' };
    await new TestMails(service.database, (eventId) => `<${eventId}@example.com>`).send({ ask: 'test', tenantDomain, template, recipient: { address, user: { id: randomUUID(), username: 'Kim', realm: 'PRIMARY' } } });
    const [row] = await service.database.query<{ id: string }>('SELECT event_id AS id FROM inbox');
    return row?.id ?? '';
  };
  const claimed = () => claimDue(service.database, { limit: 10, owner: randomUUID(), leaseSeconds: 30 }, service.reports);

  it('goes to no address that is suppressed', async () => {
    const id = await sent();
    await suppress(service.database, { tenantDomain, address: address.toLowerCase(), kind: 'hard', reason: '550 5.1.1', by: 'relay' });
    expect((await claimed()).claimed).toEqual([]);
    expect(await service.stateOf(id)).toBe('SUPPRESSED');
  });

  it('counts for the limit of its domain', async () => {
    await sent();
    expect((await claimed()).claimed).toMatchObject([{ recipientDomain: 'example.com' }]);
  });

  it('is found when it comes back, and by whom it was for', async () => {
    const id = await sent();
    expect(await bouncedMails(service.database, tenantDomain, { messageId: `<${id}@example.com>`, kind: 'hard', reason: '550 5.1.1' })).toEqual([{ eventId: id, tenantDomain, address }]);
    for (const filter of [{ recipient: address }, { user: 'Kim' }]) expect(await findDeliveries(service.database, { tenantDomain, sources: [] }, filter, null, 10)).toMatchObject([{ id }]);
  });
});
