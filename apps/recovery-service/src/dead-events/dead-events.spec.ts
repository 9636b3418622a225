import { randomUUID } from 'node:crypto';
import type { DeadEvent, DeliveryOutcome, DeliveryRequest } from '@rekey/events';
import { until } from '@rekey/test-kit';
import { aDeadEvent } from '../deliveries/testing/a-delivery.ts';
import { ServiceUnderTest, type ErrorBody } from '../testing/service-under-test.ts';

const door = '/api/rekey/v1/dead-events';
const nobody = randomUUID();

describe('the door to what could not be read', () => {
  let service: ServiceUnderTest;
  let events: DeadEvent[];
  let asked: DeliveryRequest[];
  beforeAll(async () => (service = await ServiceUnderTest.start('', undefined, (_type, request) => answer(request as DeliveryRequest))));
  afterAll(() => service.stop());
  beforeEach(() => {
    [events, asked] = [Array.from({ length: 3 }, () => aDeadEvent(randomUUID())), []];
  });

  /** As the notification service would. */
  function answer(request: DeliveryRequest): DeliveryOutcome {
    asked.push(request);
    const found = 'id' in request ? events.find(({ id }) => id === request.id) : undefined;
    if (request.ask === 'list-dead') {
      const begin = events.findIndex(({ id }) => id === request.after) + 1;
      const page = events.slice(begin, begin + request.limit);
      return { kind: 'dead-page', events: page, next: begin + page.length < events.length ? (page.at(-1)?.id ?? null) : null };
    }
    if (request.ask === 'discard-dead' && found) return { kind: 'discarded', event: { ...found, state: 'discarded', discardedAt: found.lastAt, discardedBy: request.by, discardReason: request.reason } };
    return { kind: 'unknown' };
  }

  it('gives it page by page, and asks for what is open where no state is named', async () => {
    const seen: string[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const { body } = await service.ask(`${door}?limit=2${next && `&after=${next}`}`);
      const page = body as { events: DeadEvent[]; next: string | null };
      seen.push(...page.events.map(({ id }) => id));
      next = page.next;
    }
    expect(seen).toEqual(events.map(({ id }) => id));
    await service.ask(`${door}?state=discarded&cause=read`);
    expect(asked.map((request) => request.ask === 'list-dead' && [request.filter, request.limit, request.dead])).toEqual([[{ state: 'open' }, 2, true], [{ state: 'open' }, 2, true], [{ state: 'discarded', cause: 'read' }, 20, true]]);
  });

  it('refuses pages that there cannot be', async () => {
    const answers = await Promise.all(['limit=0', 'limit=101', 'after=x', 'state=gone', 'page=2'].map(async (query) => service.ask(`${door}?${query}`)));
    expect([answers.map(({ status }) => status), asked]).toEqual([[400, 400, 400, 400, 400], []]);
  });

  it('leaves one unread in the name of whoever says so, with the reason, and writes it down', async () => {
    const [{ id } = aDeadEvent(nobody)] = events;
    const { status, body } = await service.ask(`${door}/${id}/discard`, { body: { reason: 'nobody publishes it any more' } });
    expect([status, body]).toEqual([200, expect.objectContaining({ id, state: 'discarded', discardedBy: 'admin@carbon.super', discardReason: 'nobody publishes it any more' })]);
    const records = () => service.database.query(`SELECT outcome FROM audit_record WHERE operation = 'discardDeadEvent'`);
    await until(async () => (await records()).length > 0);
    expect(await records()).toEqual([{ outcome: 'discarded' }]);
  });

  it('leaves nothing unread without a reason, and nothing that there is not', async () => {
    const [{ id } = aDeadEvent(nobody)] = events;
    const answers = await Promise.all([{}, { reason: '' }, { reason: 'x'.repeat(501) }, { reason: 'so', by: 'somebody else' }].map(async (body) => service.ask(`${door}/${id}/discard`, { body })));
    expect([answers.map(({ status }) => status), asked]).toEqual([[400, 400, 400, 400], []]);
    for (const unknown of [nobody, 'no-id']) {
      const { status, body } = await service.ask(`${door}/${unknown}/discard`, { body: { reason: 'so' } });
      expect([status, (body as ErrorBody).code]).toEqual([404, 'RKY-10004']);
    }
  });

  it('is closed to the people of other tenants', async () => {
    const boss = await service.aTenant('dead.example');
    const [{ id } = aDeadEvent(nobody)] = events;
    const answers = [await service.ask(`/t/dead.example${door}`, { as: boss }), await service.ask(`/t/dead.example${door}/${id}/discard`, { as: boss, body: { reason: 'so' } }), await service.ask(door, { as: boss })];
    expect([answers.map(({ status }) => status >= 400 && status < 500), asked]).toEqual([[true, true, true], []]);
  });
});
