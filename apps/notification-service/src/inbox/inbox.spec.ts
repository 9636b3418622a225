import { randomUUID } from 'node:crypto';
import type { IncomingRecord } from '@rekey/messaging';
import { until } from '@rekey/test-kit';
import { InboxUnderTest } from '../testing/inbox-under-test.ts';
import { Publisher } from '../testing/publisher.ts';
import { Intake } from './intake.ts';

describe('accepting events', () => {
  let service: InboxUnderTest;
  beforeAll(async () => (service = await InboxUnderTest.open()));
  afterAll(() => service.close());
  beforeEach(() => service.empty());

  const deadReasons = async (): Promise<string[]> => (await service.database.query<{ reason: string }>('SELECT reason FROM dead ORDER BY reason')).map(({ reason }) => reason);

  it('keeps a request as one pending mail, its secret still sealed', async () => {
    const request = await service.publisher.recoveryRequested();
    await service.inbox().accept([request.record]);

    const [row] = await service.database.query<{ state: string; message_id: string; everything: string }>('SELECT state, message_id, inbox::text AS everything FROM inbox');
    expect(row).toMatchObject({ state: 'PENDING', message_id: `<${request.id}@example.com>` });
    expect(row?.everything).not.toContain(request.key);
  });

  it('takes an event that comes five times, in one batch and in others, at other offsets, as one mail (F39, F41)', async () => {
    const { record } = await service.publisher.recoveryRequested();
    const again = (offset: number): IncomingRecord => ({ ...record, offset: String(offset) });
    await service.inbox().accept([record, again(7), again(8)]);
    await Promise.all([service.inbox().accept([again(9)]), service.inbox().accept([again(10)])]);

    expect(await service.states()).toEqual({ PENDING: 1 });
  });

  it('takes no more while as many mails wait as may, and looks again as often as it is asked', async () => {
    let nowMs = 0;
    const intake = new Intake(service.database, 2, () => nowMs);
    const requests = await Promise.all([service.publisher.recoveryRequested(), service.publisher.recoveryRequested()]);
    await intake.requireRoom();
    await service.inbox().accept(requests.map(({ record }) => record));
    await intake.requireRoom(); // it has just looked
    nowMs += 1_000;
    await expect(intake.requireRoom()).rejects.toThrow('2 mails wait to be sent, and no more may');
    await service.database.query(`UPDATE inbox SET state = 'SENT' WHERE event_id = $1`, [requests[0]?.id]);
    await intake.requireRoom();
  });

  it('takes another event at an offset it knows: a wiped topic counts from zero again (F13)', async () => {
    const [before, after] = [await service.publisher.recoveryRequested(), await service.publisher.recoveryRequested()];
    await service.inbox().accept([before.record]);
    await service.inbox().accept([{ ...after.record, offset: before.record.offset }]);

    expect(await service.states()).toEqual({ PENDING: 2 });
  });

  it.each([
    ['the older request first', [1, 2]],
    ['the newer request first', [2, 1]],
  ])('leaves only the newest link of a person to be mailed: %s (F40)', async (_, generations) => {
    const user = randomUUID();
    const requests = await Promise.all(generations.map((generation) => service.publisher.recoveryRequested({ user, generation })));
    for (const { record } of requests) await service.inbox().accept([record]);

    const [older, newer] = generations[0] === 1 ? requests : requests.toReversed();
    expect(await service.stateOf(older?.id ?? '')).toBe('SUPERSEDED');
    expect(await service.stateOf(newer?.id ?? '')).toBe('PENDING');
    expect(await service.outcomesOf(older?.id ?? '')).toEqual(['NotificationSuperseded']);
  });

  it.each(['before', 'after', 'in one batch'])('cancels a mail whose link was voided, the voiding coming %s', async (when) => {
    const user = randomUUID();
    const [request, voided] = [await service.publisher.recoveryRequested({ user, generation: 3 }), service.publisher.voided(user, 3)];
    const batches = { before: [[voided], [request]], after: [[request], [voided]] }[when] ?? [[request, voided]];
    for (const batch of batches) await service.inbox().accept(batch.map(({ record }) => record));

    expect(await service.stateOf(request.id)).toBe('CANCELLED');
    expect(await service.outcomesOf(request.id)).toEqual(['NotificationSuperseded']);
  });

  it('cancels what is pending when the password was recovered, mails the notice, and leaves a later request alone', async () => {
    const user = randomUUID();
    const [request, later] = [await service.publisher.recoveryRequested({ user, generation: 1 }), await service.publisher.recoveryRequested({ user, generation: 2 })];
    const recovered = service.publisher.passwordRecovered({ user, generation: 1 });
    await service.inbox().accept([request.record, recovered.record, later.record]);

    expect(await service.stateOf(request.id)).toBe('CANCELLED');
    expect(await service.stateOf(recovered.id)).toBe('PENDING');
    expect(await service.stateOf(later.id)).toBe('PENDING');
  });

  it.each([
    ['another publisher', 'urn:example:portal', 'carbon.super'],
    ['a publisher of another tenant', 'urn:example:acme', 'acme.example'],
  ])('lets %s neither overtake, void nor repeat a link that is not its own, whatever ids it gives (S42)', async (_who, source, tenantDomain) => {
    const user = randomUUID();
    const other = service.publisher.another(source, tenantDomain);
    const [request, theirs, voided] = [await service.publisher.recoveryRequested({ user, generation: 2 }), await other.recoveryRequested({ user, generation: Number.MAX_SAFE_INTEGER }), other.voided(user, 7)];
    const same = await other.recoveryRequested({ user: user.toUpperCase(), generation: 2 });
    for (const { record } of [same, request, voided, theirs]) await service.inbox(other.reader).accept([record]);

    expect(await service.stateOf(request.id)).toBe('PENDING');
    expect(await service.stateOf(same.id)).toBe('CANCELLED');
    const [report] = await service.database.query<{ subject: string; told: string }>(`SELECT key AS subject, convert_from(payload, 'UTF8')::json->>'userId' AS told FROM outbox`);
    expect(report).toEqual({ subject: user, told: user });
  });

  it('mails nothing for a recovery that names no recipient', async () => {
    const user = randomUUID();
    const request = await service.publisher.recoveryRequested({ user });
    await service.inbox().accept([request.record, service.publisher.passwordRecovered({ user, silent: true }).record]);

    expect(await service.states()).toEqual({ CANCELLED: 1 });
  });

  it('mails that an account was locked, once, and leaves its link alone', async () => {
    const user = randomUUID();
    const [request, locked] = [await service.publisher.recoveryRequested({ user }), service.publisher.accountLocked({ user })];
    await service.inbox().accept([request.record, locked.record, locked.record, service.publisher.accountLocked({ user, silent: true }).record]);

    expect(await service.states()).toEqual({ PENDING: 2 });
  });

  it('keeps both mails of a link that was asked for again', async () => {
    const user = randomUUID();
    const [first, second] = [await service.publisher.recoveryRequested({ user }), await service.publisher.recoveryRequested({ user })];
    await service.inbox().accept([first.record, second.record]);

    expect(await service.states()).toEqual({ PENDING: 2 });
  });

  it('treats ids that differ only in their letters’ case as one', async () => {
    const user = randomUUID();
    const requests = await Promise.all([1, 2].map((generation) => service.publisher.recoveryRequested({ user: generation === 1 ? user : user.toUpperCase(), generation })));
    await service.inbox().accept(requests.map(({ record }) => record));

    expect(await service.states()).toEqual({ SUPERSEDED: 1, PENDING: 1 });
  });

  it('puts aside what cannot be read, whole and with the reason, and accepts the rest (F34)', async () => {
    const good = await service.publisher.recoveryRequested();
    const bad: IncomingRecord[] = [
      { ...good.record, value: Buffer.from('{"broken') },
      { ...good.record, value: null },
      { ...good.record, value: Buffer.alloc(0), key: 'a\0b', headers: { 'x\0': 'nul \0 and \ud800' } },
      { ...good.record, value: Buffer.from([0xff, 0xfe, 0x00]), headers: { ...good.record.headers, ce_source: 'urn:\0evil' } },
      { ...good.record, value: Buffer.alloc(2_000_000, 0) },
      (await service.publisher.recoveryRequested({ time: 'yesterday' })).record,
    ];
    await service.inbox().accept([...bad, good.record]);

    expect(await service.states()).toEqual({ PENDING: 1 });
    expect(await deadReasons()).toHaveLength(6);
    const published = await service.database.query<{ headers: Record<string, string>; size: number }>(`SELECT headers, length(payload) AS size FROM outbox WHERE topic = 'recovery.events.v1.dead'`);
    expect(published).toHaveLength(6);
    expect(published.every(({ headers, size }) => headers['rekey_dead_reason'] !== undefined && size <= 256 * 1024)).toBe(true);
  });

  it('is held up by no number of records that cannot be used, and keeps each that differs once (F38)', async () => {
    const good = await Promise.all(Array.from({ length: 200 }, () => service.publisher.recoveryRequested()));
    const poison = (index: number): IncomingRecord => ({ topic: 'recovery.events.v1', partition: 0, offset: String(index), key: null, headers: {}, value: Buffer.from(`junk ${index % 500}`) });
    await service.inbox().accept(Array.from({ length: 1_000 }, (_, index) => poison(index)));
    await service.inbox().accept(good.flatMap(({ record }, index) => [record, poison(index)]));

    expect(await service.states()).toEqual({ PENDING: 200 });
    expect(await service.database.query('SELECT count(*)::int AS rows, sum(times_seen)::int AS seen FROM dead')).toEqual([{ rows: 500, seen: 1_200 }]);
  });

  it('sends nothing of what somebody forged upon the topic: another address, another user, another link, another publisher (S42)', async () => {
    const { record } = await service.publisher.recoveryRequested();
    const stranger = await (await Publisher.create()).recoveryRequested();
    const text = record.value?.toString() ?? '';
    const { ce_signature: _taken, ...unsigned } = record.headers;
    const forged: IncomingRecord[] = [
      { ...record, value: Buffer.from(text.replace(/kim\.\w+@example\.com/, 'eve@evil.test')) },
      { ...record, value: Buffer.from(text.replace(/"linkBase":"[^"]+"/, '"linkBase":"https://evil.test"')) },
      { ...record, headers: { ...record.headers, ce_subject: randomUUID() } },
      { ...record, headers: { ...record.headers, ce_id: randomUUID() } },
      { ...record, headers: unsigned },
      stranger.record,
    ];
    await service.inbox().accept(forged);

    expect(await service.states()).toEqual({});
    expect([...new Set(await deadReasons())].sort()).toEqual(['the event is not signed', 'the signature does not match the data', 'the signature is for another id', 'the signature is for another subject']);
    await service.inbox().accept([record]);
    expect(await service.states()).toEqual({ PENDING: 1 });
  });

  it('counts the same unreadable record, however often it comes, in one row', async () => {
    const record: IncomingRecord = { topic: 'recovery.events.v1', partition: 0, offset: '0', key: null, headers: {}, value: Buffer.from('junk') };
    await service.inbox().accept([record, { ...record, offset: '1' }]);
    await service.inbox().accept([{ ...record, offset: '2' }]);

    expect(await service.database.query('SELECT times_seen, (SELECT count(*)::int FROM outbox) AS published FROM dead')).toEqual([{ times_seen: 3, published: 1 }]);
  });

  it('puts aside a signed event that fits the schema and no column, and accepts its neighbours', async () => {
    const neighbours = await Promise.all([1, 2, 3, 4].map(() => service.publisher.recoveryRequested()));
    const odd = await service.publisher.recoveryRequested();
    // The schema leaves nothing over today that PostgreSQL refuses: here a column is narrower than the schema knows.
    await service.database.query(`CREATE FUNCTION refuse_odd() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'too odd' USING ERRCODE = 'data_exception'; END $$`);
    await service.database.query(`CREATE TRIGGER refuse_odd BEFORE INSERT ON inbox FOR EACH ROW WHEN (NEW.event_id = '${odd.id}') EXECUTE FUNCTION refuse_odd()`);
    await service.inbox().accept([...neighbours.slice(0, 2), odd, ...neighbours.slice(2)].map(({ record }) => record));

    expect(await service.states()).toEqual({ PENDING: 4 });
    expect(await deadReasons()).toEqual([expect.stringContaining('PostgreSQL does not take a value of it')]);
    await service.database.query('DROP FUNCTION refuse_odd CASCADE');
  });

  it('wakes every sender on commit, and not for what it knew already', async () => {
    const [known, last] = await Promise.all([service.publisher.recoveryRequested(), service.publisher.recoveryRequested()]);
    const wakes: string[] = [];
    let after = 'connecting';
    const stopListening = service.database.listen('inbox', () => wakes.push(after));
    await until(() => wakes.length, (n) => n === 1);
    for (const [what, { record }] of [['new', known], ['known', known], ['last', last]] as const) {
      after = what;
      await service.inbox().accept([record]);
      // Notifications come in the order of the commits: the last one closes the account.
      if (what !== 'known') await until(() => wakes.length, (n) => n === (what === 'new' ? 2 : 3));
    }
    await stopListening();

    expect(wakes).toEqual(['connecting', 'new', 'last']);
  });
});
