import { randomUUID } from 'node:crypto';
import type { EventReader } from '@rekey/events';
import { CrashCounter } from '../quarantine/crash-counter.ts';
import { InboxUnderTest } from '../testing/inbox-under-test.ts';
import { Publisher } from '../testing/publisher.ts';
import { DeliveryDesk } from './delivery-desk.ts';
import { readTimeline } from './delivery-log-statements.ts';

describe('the desk', () => {
  let service: InboxUnderTest;
  beforeAll(async () => (service = await InboxUnderTest.open()));
  afterAll(() => service.close());
  beforeEach(() => service.empty());

  const deskOf = (reader: EventReader) => new DeliveryDesk(service.database, reader, (records) => service.inbox(reader).accept(records));
  const desk = () => deskOf(service.publisher.reader);
  const asked = (more: { copy?: boolean; dead?: boolean } = {}) => ({ tenantDomain: 'carbon.super', by: 'admin@carbon.super', copy: false, dead: true, ...more });
  const replay = async (id: string, more = {}) => desk().replay({ ask: 'replay', ...asked(more), id });
  const verdictOf = async (id: string, more = {}) => {
    const outcome = await replay(id, more);
    return outcome.kind === 'replay' ? outcome.verdict : outcome.kind;
  };

  /** Somebody's mail that ended without being sent. */
  async function ended(options: Parameters<Publisher['recoveryRequested']>[0] & { state?: string; uncertain?: number } = {}) {
    const { state = 'REJECTED', uncertain = 0, ...request } = options;
    const published = await service.publisher.recoveryRequested(request);
    await service.inbox().accept([published.record]);
    await service.database.query(`UPDATE inbox SET state = $2, uncertain_count = $3, cause = 'rcpt 550 5.1.1', finished_at = now() WHERE event_id = $1`, [published.id, state, uncertain]);
    return published;
  }

  it('opens a mail that was refused, once of any number of submits, and keeps who had it done', async () => {
    const { id } = await ended();
    const verdicts = await Promise.all(Array.from({ length: 10 }, () => verdictOf(id)));
    expect(verdicts.toSorted()).toEqual([...Array<string>(9).fill('open'), 'replayed']);
    expect(await service.stateOf(id)).toBe('PENDING');
    expect(await service.database.query('SELECT event_id, replayed_by, copy FROM replay')).toEqual([{ event_id: id, replayed_by: 'admin@carbon.super', copy: false }]);
  });

  it('sends what may have arrived only where that is asked for, and counts the copy (I2)', async () => {
    const { id } = await ended({ state: 'UNCERTAIN_CLOSED', uncertain: 2 });
    expect([await verdictOf(id), await service.stateOf(id)]).toEqual(['may-be-a-copy', 'UNCERTAIN_CLOSED']);
    expect([await verdictOf(id, { copy: true }), await service.stateOf(id)]).toEqual(['replayed', 'UNCERTAIN']);
    expect(await service.database.query('SELECT copy FROM replay')).toEqual([{ copy: true }]);
  });

  it('refuses a link that is not the newest, is void, or is about to expire, and what was sent', async () => {
    const [overtaken, voided, expiring, repeated, sent] = [await ended(), await ended(), await ended({ validForSeconds: 100 }), await ended(), await ended({ state: 'SENT' })];
    await service.inbox().accept([(await service.publisher.recoveryRequested({ user: overtaken.user, generation: 2 })).record, service.publisher.voided(voided.user, 1).record, (await service.publisher.recoveryRequested({ user: repeated.user })).record]);
    const verdicts = [];
    for (const { id } of [overtaken, voided, expiring, repeated, sent]) verdicts.push(await verdictOf(id, { copy: true }));
    expect(verdicts).toEqual(['overtaken', 'void', 'expires-soon', 'overtaken', 'sent']);
    expect(await service.database.query('SELECT FROM replay')).toEqual([]);
  });

  it('shows the latest two hundred attempts of a mail that was tried for hours', async () => {
    const { id } = await ended();
    await service.database.query(`INSERT INTO attempt (event_id, attempt_no, started_at, stage, reply, ended_at) SELECT $1, 1, now() + n * interval '5 s', 'rcpt', n, now() FROM generate_series(1, 250) AS n`, [id]);
    const timeline = await readTimeline(service.database, 'carbon.super', id);
    expect(timeline?.attemptsMade.map(({ reply }) => Number(reply))).toEqual(Array.from({ length: 200 }, (_, n) => n + 51));
  });

  it('groups by cause, and replays a whole group', async () => {
    for (let n = 0; n < 3; n++) await ended();
    await ended({ state: 'UNCERTAIN_CLOSED', uncertain: 2 });
    const { groups } = (await desk().failures({ ask: 'failures', tenantDomain: 'carbon.super', dead: true })) as { groups: { state: string; cause: string; count: number; newest: string[] }[] };
    expect(groups.map(({ state, cause, count, newest }) => [state, cause, count, newest.length])).toEqual([['REJECTED', 'rcpt 550 5.1.1', 3, 3], ['UNCERTAIN_CLOSED', 'rcpt 550 5.1.1', 1, 1]]);
    const many = (state: 'REJECTED' | 'UNCERTAIN_CLOSED', cause: string) => desk().replayMany({ ask: 'replay-many', ...asked(), filter: { state, cause } });
    expect(await many('REJECTED', 'another')).toEqual({ kind: 'replays', verdicts: {}, next: null });
    expect(await many('REJECTED', 'rcpt 550 5.1.1')).toEqual({ kind: 'replays', verdicts: { replayed: 3 }, next: null });
    expect(await many('UNCERTAIN_CLOSED', 'rcpt 550 5.1.1')).toEqual({ kind: 'replays', verdicts: { 'may-be-a-copy': 1 }, next: null });
  });

  it('is of one tenant: no other has its mails sent again, and only the super tenant sees what is of none', async () => {
    const { id } = await ended();
    await service.inbox().accept([{ ...(await service.publisher.recoveryRequested()).record, value: Buffer.from('nonsense') }]);
    const stranger = { tenantDomain: 'acme.example', dead: false } as const;
    expect(await desk().failures({ ask: 'failures', ...stranger })).toEqual({ kind: 'failures', groups: [] });
    const [dead] = await service.database.query<{ id: string }>('SELECT id FROM dead');
    for (const other of [id, dead?.id ?? '', randomUUID()]) expect(await replay(other, stranger)).toEqual({ kind: 'unknown' });
    expect(await desk().replayMany({ ask: 'replay-many', ...asked(), ...stranger, filter: { state: 'DEAD' } })).toEqual({ kind: 'replays', verdicts: {}, next: null });
  });

  /** What could not be read. @returns its id */
  async function unreadable(): Promise<string> {
    const { record } = await service.publisher.recoveryRequested();
    await service.inbox().accept([{ ...record, value: Buffer.from(randomUUID()) }]);
    const [dead] = await service.database.query<{ id: string }>('SELECT id FROM dead ORDER BY first_at DESC LIMIT 1');
    return dead?.id ?? '';
  }
  const deadPage = async (more: { state?: 'open' | 'replayed' | 'discarded'; after?: string; limit?: number; dead?: boolean } = {}) => {
    const { state = 'open', dead = true, limit = 2, ...rest } = more;
    const outcome = await desk().listDead({ ask: 'list-dead', tenantDomain: 'carbon.super', dead, filter: { state }, limit, ...rest });
    if (outcome.kind !== 'dead-page') throw new Error(outcome.kind);
    return outcome;
  };

  it('lists what could not be read, newest first and page by page, to whoever may see what is of no tenant', async () => {
    const [first, second, third] = [await unreadable(), await unreadable(), await unreadable()];
    const page = await deadPage();
    expect([page.events.map(({ id }) => id), page.next]).toEqual([[third, second], second]);
    expect(page.events[0]).toMatchObject({ state: 'open', type: 'PasswordRecoveryRequested', publisher: { listed: true } });
    const last = await deadPage({ after: second });
    expect([last.events.map(({ id }) => id), last.next]).toEqual([[first], null]);
    expect((await deadPage({ dead: false })).events).toEqual([]);
  });

  it('leaves unread what is discarded, with who did so and why; another’s decision stands', async () => {
    const id = await unreadable();
    const discard = async (reason: string, dead = true) => desk().discardDead({ ask: 'discard-dead', tenantDomain: 'carbon.super', dead, by: 'admin@carbon.super', id, reason });
    expect(await discard('not mine', false)).toEqual({ kind: 'unknown' });
    await Promise.all([discard('a test of ours'), discard('a test of ours')]);
    expect(await discard('something else')).toMatchObject({ kind: 'discarded', event: { state: 'discarded', discardedBy: 'admin@carbon.super', discardReason: 'a test of ours' } });
    expect([(await deadPage()).events, (await deadPage({ state: 'discarded' })).events.length]).toEqual([[], 1]);
    expect(await desk().failures({ ask: 'failures', tenantDomain: 'carbon.super', dead: true })).toEqual({ kind: 'failures', groups: [] });
  });

  it('shows what could not be read without its data, and with nothing that steers a terminal', async () => {
    const { record, key } = await service.publisher.recoveryRequested();
    await service.inbox().accept([{ ...record, headers: { ...record.headers, ce_type: '\u001b[2J\u202eNonsense' } }]);
    const [dead] = await service.database.query<{ id: string }>('SELECT id FROM dead');
    const asked = { ask: 'show-dead', tenantDomain: 'carbon.super', id: dead?.id ?? '' } as const;
    const outcome = await desk().showDead({ ...asked, dead: true });
    expect(outcome).toMatchObject({ kind: 'dead', event: { published: { topic: record.topic }, bytes: record.value?.length, headers: { ce_type: '\\u{1b}[2J\\u{202e}Nonsense' } } });
    for (const secret of [key, record.headers['ce_signature'], 'sealedSecret']) expect(JSON.stringify(outcome)).not.toContain(secret);
    expect(await desk().showDead({ ...asked, dead: false })).toEqual({ kind: 'unknown' });
  });

  it('does not have an event kill one reader after another: after three it is refused, once (F37)', async () => {
    const later = await Publisher.create();
    await service.inbox().accept([(await later.recoveryRequested()).record]);
    const [dead] = await service.database.query<{ id: string }>('SELECT id FROM dead');
    const id = dead?.id ?? '';
    const killed = () => new CrashCounter(service.database, randomUUID()).begin(id);
    for (let process = 0; process < 2; process++) expect(await killed()).toBe('innocent');
    const upgraded = deskOf(later.reader);
    expect(await upgraded.replay({ ask: 'replay', ...asked(), id })).toEqual({ kind: 'replay', verdict: 'still-unreadable', reason: 'crashed the reader three times' });
    expect(await upgraded.replay({ ask: 'replay', ...asked(), id })).toEqual({ kind: 'replay', verdict: 'replayed' });
    expect(await service.database.query('SELECT FROM crash_count')).toEqual([]);
  });

  it('has an event read again that could not be read, as after an upgrade (F35)', async () => {
    const later = await Publisher.create();
    const { id, record } = await later.recoveryRequested();
    await service.inbox().accept([record]);
    const [dead] = await service.database.query<{ id: string }>('SELECT id FROM dead');
    const deadId = dead?.id ?? '';
    expect(await desk().showDead({ ask: 'show-dead', tenantDomain: 'carbon.super', dead: true, id: deadId })).toMatchObject({ kind: 'dead', event: { id: deadId, reason: expect.any(String), timesSeen: 1, replayedBy: null } });
    expect(await replay(deadId)).toEqual({ kind: 'replay', verdict: 'still-unreadable', reason: expect.any(String) });

    const upgraded = deskOf(later.reader);
    expect(await upgraded.replay({ ask: 'replay', ...asked(), id: deadId })).toEqual({ kind: 'replay', verdict: 'replayed' });
    expect(await service.stateOf(id)).toBe('PENDING');
    expect(await upgraded.replay({ ask: 'replay', ...asked(), id: deadId })).toEqual({ kind: 'replay', verdict: 'open' });
    expect(await upgraded.replayMany({ ask: 'replay-many', ...asked(), filter: { state: 'DEAD', user: 'kim' } })).toMatchObject({ kind: 'refused' });
    expect(await upgraded.replayMany({ ask: 'replay-many', ...asked(), filter: { state: 'DEAD' } })).toEqual({ kind: 'replays', verdicts: {}, next: null });
  });
});
