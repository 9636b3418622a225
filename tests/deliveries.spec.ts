import { randomUUID } from 'node:crypto';
import { until } from '@rekey/test-kit';
import { BothServices, embeddedBus, keyIn } from './testing/both-services.ts';

const address = '/api/rekey/v1/deliveries';
const acme = '/t/acme.example';

interface Page {
  readonly deliveries: readonly { readonly id: string; readonly reference: string; readonly state: string; readonly acceptedAt: string; readonly user: { readonly id: string; readonly username: string } }[];
  readonly next: string | null;
}

let services: BothServices;
let boss: string;
beforeAll(async () => {
  services = await BothServices.start(await embeddedBus());
  const owner = { username: 'boss', password: randomUUID(), email: 'boss@acme.example', firstname: 'Robin', lastname: 'Okafor', provisioningMethod: 'inline-password' };
  await services.post('/api/server/v1/tenants', { domain: 'acme.example', owners: [owner] });
  boss = `boss@acme.example:${owner.password}`;
});
afterAll(() => services.stop());

const listed = async (query: Readonly<Record<string, string>> = {}, at = address, as?: string) => (await services.ask('GET', `${at}?${new URLSearchParams(query).toString()}`, undefined, as)).body as Page;
const shown = async (id: string) => (await services.ask('GET', `${address}/${id}`)).body;

/** Somebody who asked for a link, once its mail has been sent. */
async function mailed(username: string) {
  await services.aUser(username);
  await services.recover(username);
  const [mail] = await services.mailsTo(username, 1);
  if (!mail) throw new Error('a mail was waited for');
  await until(async () => (await listed({ user: username, state: 'SENT' })).deliveries.length === 1);
  const [delivery] = (await listed({ user: username })).deliveries;
  if (!delivery) throw new Error('a delivery was waited for');
  return { mail, delivery };
}

describe('following a mail', () => {
  it('goes from the event that asked for it to the relay’s 250 and the new password, and tells no secret (S16)', async () => {
    const { mail, delivery } = await mailed('kim');
    expect(await shown(delivery.id)).toMatchObject({
      ...delivery,
      state: 'SENT',
      eventType: 'PasswordRecoveryRequested',
      templateType: 'passwordreset',
      user: { username: 'kim', realm: 'PRIMARY' },
      recipient: 'k***@example.com',
      published: { topic: 'recovery.events.v1', partition: 0 },
      messageId: mail.parsed.messageId,
      ending: expect.stringContaining('the relay has taken the mail'),
      passwordSetAt: null,
      possibleCopies: 0,
      attemptsMade: [{ number: 1, rendered: { templateType: 'passwordreset', locale: 'en_US', version: 'shipped' }, stage: 'sent', reply: expect.stringMatching(/^250/), dialogue: expect.arrayContaining([expect.objectContaining({ who: 'relay', line: expect.stringMatching(/^354/) })]) }],
    });
    const key = keyIn(mail);
    expect(JSON.stringify(await shown(delivery.id))).not.toContain(key);
    expect(JSON.stringify(await shown(delivery.id))).not.toContain('#key');
    expect(await services.setPassword(key, 'another one nobody has guessed')).toBe(200);
    await until(async () => (await shown(delivery.id) as { passwordSetAt: string | null }).passwordSetAt !== null);
  });

  it('begins with its reference number, or whatever else is known of it', async () => {
    const { delivery } = await mailed('lee');
    await mailed('robin');
    const { id, reference, user, acceptedAt } = delivery;
    const later = new Date(Date.parse(acceptedAt) + 3_600_000).toISOString();
    for (const query of [{ reference }, { reference: reference.toLowerCase() }, { recipient: 'LEE@example.com' }, { user: user.id }, { user: 'Lee' }, { user: 'lee', type: 'PasswordReset' }, { user: 'lee', type: 'passwordrecoveryrequested' }, { user: 'lee', state: 'SENT' }, { user: 'lee', from: acceptedAt, to: later }]) {
      expect([query, (await listed(query)).deliveries.map((found) => found.id)]).toEqual([query, [id]]);
    }
    for (const query of [{ user: 'lee', state: 'REJECTED' }, { user: 'lee', from: later }, { user: 'lee', relay: 'another.example' }, { user: 'lee', cause: 'rcpt 550' }, { reference: 'nothing' }]) expect((await listed(query)).deliveries).toEqual([]);
  });

  it('reads on where a page ended, whatever comes in meanwhile', async () => {
    for (const name of ['page-1', 'page-2', 'page-3']) await mailed(name);
    const seen: Page['deliveries'][number][] = [];
    for (let after: string | null = '', round = 0; after !== null; round++) {
      const { deliveries, next }: Page = await listed({ limit: '2', ...(after === '' ? {} : { after }) });
      seen.push(...deliveries);
      after = next;
      if (round === 0) await mailed('page-late');
    }
    expect(seen.map(({ user }) => user.username).filter((name) => name.startsWith('page'))).toEqual(['page-3', 'page-2', 'page-1']);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
  });

  it('is for the administrators of its tenant alone (S34)', async () => {
    const { delivery } = await mailed('alone');
    expect((await listed({}, acme + address)).deliveries).toEqual([]);
    expect((await listed({}, address, boss)).deliveries).toEqual([]);
    const statuses = [];
    for (const [at, as] of [[`${address}/${delivery.id}`, boss], [`${acme}${address}/${delivery.id}`, 'admin@carbon.super:admin'], [`/t/carbon.super${address}`, boss], [address, 'alone:another password'], [`${address}/7`, 'admin@carbon.super:admin']] as const) statuses.push((await services.ask('GET', at, undefined, as)).status);
    expect(statuses).toEqual([404, 404, 403, 401, 404]);
  });

  it('ends at the desk where it failed, from which it is sent again once, audited (S34)', async () => {
    const { delivery: { id } } = await mailed('desk');
    const cause = 'rcpt 550 5.1.1';
    await services.databases[1].query(`UPDATE inbox SET state = 'REJECTED', cause = $2, sent_at = NULL WHERE event_id = $1`, [id, cause]);
    expect((await services.ask('GET', `${address}/failures`)).body).toMatchObject({ groups: [{ state: 'REJECTED', cause, count: 1, newest: [id] }] });
    expect((await services.ask('GET', `${address}/failures`, undefined, boss)).body).toEqual({ groups: [] });
    expect((await services.ask('POST', `${address}/${id}/replay`, {}, boss)).status).toBe(404);

    expect(await services.post(`${address}/replay`, { filter: { state: 'REJECTED', cause } })).toMatchObject({ status: 200, body: { outcomes: { replayed: 1 }, next: null } });
    const [, again] = await services.mailsTo('desk', 2);
    await until(async () => (await listed({ user: 'desk', state: 'SENT' })).deliveries.length === 1);
    expect(await services.post(`${address}/${id}/replay`, {})).toMatchObject({ status: 409, body: { code: 'RKY-10210' } });
    expect(await shown(id)).toMatchObject({ messageId: again?.parsed.messageId, replays: [{ by: 'admin@carbon.super', copy: false }] });
    const outcomes = async () => services.databases[0].query(`SELECT claims, outcome FROM audit_record WHERE operation = 'replayDeliveries' AND actor = 'admin@carbon.super' ORDER BY at`);
    await until(async () => (await outcomes()).length === 2);
    expect(await outcomes()).toEqual([{ claims: [cause, 'REJECTED'], outcome: 'replayed: 1' }, { claims: [id], outcome: 'sent' }]);
  });

  it('ends before the relay where the address bounced, of which the asking stranger sees nothing, and goes on once it is off the list', async () => {
    const [bounces, suppressed] = ['/api/rekey/v1/bounces', '/api/rekey/v1/suppressed-addresses'];
    const { mail } = await mailed('bouncing');
    expect(await services.post(bounces, { messageId: mail.parsed.messageId, kind: 'soft', reason: 'full' })).toMatchObject({ status: 200, body: { suppressed: false } });
    expect(await services.post(bounces, { messageId: '<0198e6a1-7c3b-7d52-9c1e-3a5b8f2d4e60@id.example.com>', kind: 'hard', reason: 'unknown' })).toMatchObject({ status: 404 });
    expect(await services.ask('POST', bounces, { messageId: mail.parsed.messageId, kind: 'hard', reason: 'unknown' }, boss)).toMatchObject({ status: 404 });
    for (const suppressed of [true, false]) expect(await services.post(bounces, { messageId: mail.parsed.messageId, kind: 'hard', reason: 'unknown' })).toMatchObject({ status: 200, body: { suppressed } });

    const resent = () => services.resend('bouncing');
    expect(await resent()).toBe(await services.resend('kim'));
    await until(async () => (await listed({ user: 'bouncing', state: 'SUPPRESSED' })).deliveries.length === 1);
    const [delivery] = (await listed({ user: 'bouncing', state: 'SUPPRESSED' })).deliveries;
    expect(await shown(delivery?.id ?? '')).toMatchObject({ ending: 'the address is on the suppression list', attemptsMade: [] });
    const { addresses: [entry] } = (await services.ask('GET', `${suppressed}?address=BOUNCING@example.com`)).body as { addresses: { id: string }[] };
    expect(entry).toMatchObject({ address: 'b***@example.com', kind: 'hard', reason: 'unknown' });
    expect((await services.ask('GET', suppressed, undefined, boss)).body).toEqual({ addresses: [], next: null });
    expect((await services.ask('DELETE', `${suppressed}/${entry?.id}`, undefined, boss)).status).toBe(404);

    expect((await services.ask('DELETE', `${suppressed}/${entry?.id}`)).status).toBe(204);
    expect(await services.post(`${address}/${delivery?.id}/replay`, {})).toMatchObject({ status: 200, body: { outcome: 'replayed' } });
    await services.mailsTo('bouncing', 2);
  });

  it.each(['state=LOST', 'limit=0', 'limit=1000', 'after=bm8', 'after=', 'from=0000-01-01T00:00:00Z', 'from=2026-02-30T00:00:00Z', 'to=yesterday', 'recipient=%00', 'nobody=asks'])('is refused where it is asked for by %s', async (query) => {
    const { status, body } = await services.ask('GET', `${address}?${query}`);
    expect([status, (body as { code: string }).code]).toEqual([400, 'RKY-10001']);
  });
});
