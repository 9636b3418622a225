import { randomUUID } from 'node:crypto';
import { until } from '@rekey/test-kit';
import { ServiceUnderTest, type Answer, type AskOptions, type ErrorBody } from '../testing/service-under-test.ts';
import type { ShownForcedReset } from './shown-forced-reset.ts';

const api = '/api/rekey/v1/forced-resets';
const good = 'a password nobody has guessed';
const everybody = (prefix: string) => `userName sw "${prefix}-"`;

let service: ServiceUnderTest;
beforeAll(async () => void (service = await ServiceUnderTest.start()));
afterAll(() => service.stop());

const shownIn = ({ body }: Answer) => body as ShownForcedReset;
const codeOf = ({ status, body }: Answer) => [status, (body as ErrorBody).code];
const start = (body: object, options: AskOptions = {}, prefix = '') => service.ask(prefix + api, { body, ...options });
const stateOf = async (id: string, prefix = '') => shownIn(await service.ask(`${prefix}${api}/${id}`));
const move = (id: string, verb: 'pause' | 'resume' | 'cancel', prefix = '') => service.ask(`${prefix}${api}/${id}/${verb}`, { method: 'POST' });
const mailsTo = (username: string) => service.eventsOf('PasswordRecoveryRequested', username).map(({ data }) => data.templateType);

/** @returns their names: `<prefix>-0` and so on */
async function people(prefix: string, count: number): Promise<readonly string[]> {
  const names = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  for (const name of names) await service.users.addUser({ tenantDomain: 'carbon.super', realm: 'PRIMARY', username: name }, null, { 'http://wso2.org/claims/emailaddress': `${name}@example.com` });
  return names;
}

/** Waits until it is over. */
async function outcomeOf(id: string, prefix = ''): Promise<ShownForcedReset> {
  await until(async () => ['done', 'cancelled'].includes((await stateOf(id, prefix)).state));
  return stateOf(id, prefix);
}

async function startedAndDone(body: object): Promise<ShownForcedReset> {
  const answer = await start(body);
  expect(answer.status).toBe(202);
  return outcomeOf(shownIn(answer).id);
}

describe('a reset that the helpdesk forces', () => {
  /** @returns credentials */
  async function helper(name: string, role = 'helpdesk'): Promise<string> {
    await service.aUser(name, { password: good });
    const { id } = (await service.users.findUser({ tenantDomain: 'carbon.super', realm: 'PRIMARY', username: name })) ?? { id: '' };
    await service.ask(`/api/rekey/v1/users/${id}/roles`, { method: 'PUT', body: { roles: [role] } });
    return `${name}:${good}`;
  }

  it('reaches those whom it names, and nobody who has a role', async () => {
    const as = await helper('hal');
    await helper('ada', 'auditor');
    await people('called', 1);
    const answer = await start({ users: ['called-0', 'admin', 'ada', 'hal'] }, { as });
    expect(answer.status).toBe(202);
    expect(await outcomeOf(shownIn(answer).id)).toMatchObject({ done: 1, failed: 0, reasons: { skipped: { 'has-role': 2, oneself: 1 } }, startedBy: 'hal@carbon.super' });
    await service.keyOf('called-0');
    expect(['admin', 'ada'].flatMap(mailsTo)).toEqual([]);
  });

  it('names them: a filter is an administrator’s, and so is what is under way', async () => {
    const as = await helper('hope');
    await people('hoped', 1);
    expect(codeOf(await start({ filter: everybody('hoped') }, { as }))).toEqual([403, 'RKY-10005']);
    const { id } = shownIn(await start({ users: ['hoped-0'] }, { as }));
    for (const verb of ['pause', 'resume', 'cancel']) expect(codeOf(await service.ask(`${api}/${id}/${verb}`, { method: 'POST', as }))).toEqual([403, 'RKY-10005']);
    expect((await service.ask(`${api}/${id}`, { as })).status).toBe(200);
  });

  it('is one for each who asks in a browser, also with the same Idempotency-Key', async () => {
    await people('keyed', 2);
    for (const name of ['hank', 'hugo']) await helper(name);
    const ids = [];
    for (const [name, user] of [['hank', 'keyed-0'], ['hugo', 'keyed-1'], ['hank', 'keyed-0']] as const) {
      const cookie = await service.cookieOf(`${name}:${good}`);
      const answer = await start({ users: [user] }, { as: null, headers: { cookie, 'idempotency-key': 'the-same-key' } });
      expect(answer.status).toBe(202);
      ids.push(shownIn(answer).id);
    }
    expect([ids[0] === ids[1], ids[0] === ids[2]]).toEqual([false, true]);
  });
});

describe('a reset that is forced upon a list', () => {
  it('is answered at once, says where to ask how far it has come, and resets everybody on it once', async () => {
    const names = await people('listed', 3);
    const answer = await start({ users: names });
    const { id } = shownIn(answer);
    expect([answer.status, answer.headers.get('location')]).toEqual([202, `https://id.example.com${api}/${id}`]);
    expect(await outcomeOf(id)).toMatchObject({ state: 'done', filter: null, way: null, total: 3, done: 3, failed: 0, skipped: 0, startedBy: 'admin@carbon.super', startedAt: expect.any(String), finishedAt: expect.any(String) });
    for (const name of names) await service.keyOf(name);
    expect(names.map(mailsTo)).toEqual(names.map(() => ['adminforcedpasswordreset']));
  });

  it('knows users by name or id, in any case, once however often they are named; who is unknown is skipped, and no error', async () => {
    const names = await people('mixed', 2);
    const [first, second] = await Promise.all(names.map(async (username) => service.users.findUser({ tenantDomain: 'carbon.super', realm: 'PRIMARY', username })));
    const users = [first?.id, first?.id.toUpperCase(), 'MIXED-0', 'PRIMARY/mixed-0', 'mixed-1@carbon.super', second?.id, 'nobody-here', 'Nobody-Here', randomUUID(), ' ', 'a\u200Bb'];
    const done = await startedAndDone({ users });
    expect(done).toMatchObject({ state: 'done', done: 2, failed: 0, reasons: { failed: {}, skipped: { 'no-such-user': done.total - 2 } } });
    expect(done.skipped).toBe(4);
    await service.keyOf('mixed-1');
    expect(names.map(mailsTo)).toEqual(names.map(() => ['adminforcedpasswordreset']));
  });

  it('leaves out whoever has started it, so that nobody locks themselves out', async () => {
    await people('beside', 1);
    expect(await startedAndDone({ users: ['admin', 'beside-0'] })).toMatchObject({ done: 1, reasons: { skipped: { oneself: 1 } } });
    expect((await service.ask('/api/rekey/v1/roles')).status).toBe(200);
  });

  it('may have ten thousand users, and no more', async () => {
    const users = Array.from({ length: 10_001 }, (_, index) => `nobody-of-many-${index}`);
    expect(codeOf(await start({ users }))).toEqual([400, 'RKY-10001']);
    expect(await startedAndDone({ users: users.slice(1) })).toMatchObject({ total: 10_000, skipped: 10_000 });
    expect(codeOf(await start({ users: ['x'.repeat(1_100_000)] }))).toEqual([413, 'RKY-10002']);
  });
});

describe('a reset that is forced upon those of a filter', () => {
  it('begins at once, however many others do: none waits for a connection that another one of them holds', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, (_, nth) => start({ filter: `userName eq "no-such-${nth}"` })));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
  });

  it('resets everybody whom it finds, over many portions, and nobody else', async () => {
    const names = await people('filtered', 45);
    await people('other', 1);
    expect(await startedAndDone({ filter: everybody('filtered') })).toMatchObject({ filter: everybody('filtered'), total: 45, done: 45 });
    for (const name of names) await service.keyOf(name);
    expect(names.flatMap(mailsTo)).toHaveLength(45);
    expect(mailsTo('other-0')).toEqual([]);
  });

  it('meets everybody once, also where the reset itself changes whom it finds', async () => {
    await people('changing', 25);
    const notYet = `${everybody('changing')} and not (urn:scim:wso2:schema:forcePasswordReset eq true)`;
    expect(await startedAndDone({ filter: notYet })).toMatchObject({ total: 25, done: 25 });
    expect(await startedAndDone({ filter: notYet })).toMatchObject({ total: 0, done: 0, state: 'done' });
  });

  it.each(['userName', 'userName eq', 'password eq "x"', '((((', 'userName eq "', 'x'.repeat(2_049)])('that cannot be read is refused: %s', async (filter) => {
    expect(codeOf(await start({ filter }))).toEqual([400, 'RKY-10001']);
  });
});

describe('a forced reset', () => {
  it.each([{}, { users: [] }, { users: ['kim'], filter: 'userName eq "kim"' }, { users: 'kim' }, { users: [7] }, { users: ['kim'], way: 'sms' }, { users: ['kim'], to: 'eve@evil.test' }])('that is asked for by %j is refused', async (body) => {
    expect(codeOf(await start(body))).toEqual([400, 'RKY-10001']);
  });

  it('mails codes where that is asked for, and only where the tenant mails them', async () => {
    await people('coded', 1);
    expect(codeOf(await start({ users: ['coded-0'], way: 'otp' }))).toEqual([400, 'RKY-10200']);
    await service.reconfigure('[identity_mgt.password_reset_by_admin]\nenable_emailed_otp_based_reset = true\n');
    expect(await startedAndDone({ users: ['coded-0'], way: 'otp' })).toMatchObject({ way: 'otp', done: 1 });
    expect(await service.keyOf('coded-0')).toMatch(/^[A-Za-z0-9]{6}$/);
    await service.reconfigure('');
    expect(mailsTo('coded-0')).toEqual(['adminforcedpasswordresetwithotp']);
  });

  it('that is asked for again with its Idempotency-Key is the same, and mails nobody twice', async () => {
    await people('retried', 1);
    const again = () => start({ users: ['retried-0'] }, { headers: { 'idempotency-key': 'start-once' } });
    const [first, second] = [await again(), await again()];
    expect([second.status, shownIn(second).id, second.headers.get('location')]).toEqual([202, shownIn(first).id, first.headers.get('location')]);
    await outcomeOf(shownIn(first).id);
    await service.keyOf('retried-0');
    expect(mailsTo('retried-0')).toHaveLength(1);
    expect(codeOf(await start({ users: ['retried-1'] }, { headers: { 'idempotency-key': 'start-once' } }))).toEqual([422, 'RKY-10013']);
  });

  it.each([
    ['cannot be kept', 'RAISE EXCEPTION USING MESSAGE = TG_NAME', [500, '18013']],
    ['is another instance’s to give by now', 'RETURN NULL', [409, 'RKY-10014']],
  ])('is started with the answer to its Idempotency-Key or not at all: nothing is where that %s', async (what, instead, refused) => {
    const username = `unanswered-${refused[0]}`;
    await people(username, 1);
    const ask = () => start({ users: [`${username}-0`] }, { headers: { 'idempotency-key': what.replace(/\W/g, '-') } });
    await service.database.query(`CREATE FUNCTION unanswerable() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${instead}; END $$`);
    await service.database.query(`CREATE TRIGGER unanswerable BEFORE UPDATE OF answer ON idempotent_request FOR EACH ROW WHEN (NEW.answer IS NOT NULL) EXECUTE FUNCTION unanswerable()`);
    const started = async () => (await service.database.query('SELECT FROM forced_reset')).length;
    const before = await started();
    const first = await ask();
    await service.database.query('DROP FUNCTION unanswerable CASCADE');
    expect([codeOf(first), await started()]).toEqual([refused, before]);
    const { id } = shownIn(await ask());
    expect([shownIn(await ask()).id, await started()]).toEqual([id, before + 1]);
    await outcomeOf(id);
    await service.keyOf(`${username}-0`);
    expect(mailsTo(`${username}-0`)).toHaveLength(1);
  });

  it('is audited: who started it, and each user whom it reset, under its own id (S34)', async () => {
    await people('audited', 2);
    const { id } = await startedAndDone({ users: ['audited-0', 'audited-1'] });
    await move(id, 'cancel');
    const records = () => service.database.query<{ operation: string }>(`SELECT operation, username, actor, outcome FROM audit_record WHERE claims ? $1 OR request_id = $1 ORDER BY username NULLS FIRST, at`, [id]);
    await until(async () => (await records()).length === 4);
    expect(await records()).toEqual([
      { operation: 'startForcedReset', username: null, actor: 'admin@carbon.super', outcome: 'done' },
      { operation: 'cancelForcedReset', username: null, actor: 'admin@carbon.super', outcome: 'RKY-10201' },
      { operation: 'setClaims', username: 'audited-0', actor: 'admin@carbon.super', outcome: 'done' },
      { operation: 'setClaims', username: 'audited-1', actor: 'admin@carbon.super', outcome: 'done' },
    ]);
  });
});

describe('the list of forced resets', () => {
  it('goes from page to page, newest first', async () => {
    const prefix = '/t/pages.example';
    await service.aTenant('pages.example');
    const ids: string[] = [];
    for (let turn = 0; turn < 5; turn++) ids.unshift(shownIn(await start({ users: ['nobody'] }, {}, prefix)).id);
    const found: string[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const { forcedResets, next } = (await service.ask(`${prefix}${api}?limit=2${after && `&after=${after}`}`)).body as { forcedResets: readonly ShownForcedReset[]; next: string | null };
      found.push(...forcedResets.map(({ id }) => id));
      after = next;
    }
    expect(found).toEqual(ids);
  });
});

describe('an administrator’s forced resets', () => {
  it('are nothing that an ordinary user, or a portal, may see or start (S34)', async () => {
    await service.aUser('ordinary', { password: good });
    const id = shownIn(await start({ users: ['nobody'] })).id;
    const calls = [`POST ${api}`, `GET ${api}`, `GET ${api}/${id}`, ...['pause', 'resume', 'cancel'].map((verb) => `POST ${api}/${id}/${verb}`)];
    for (const call of calls) {
      const [method = '', address = ''] = call.split(' ');
      const options = { method, ...(address === api && method === 'POST' ? { body: { users: ['kim'] } } : {}) };
      expect([call, ...codeOf(await service.ask(address, { ...options, as: `ordinary:${good}` }))]).toEqual([call, 403, 'RKY-10005']);
      expect([call, ...codeOf(await service.ask(address, { ...options, as: null }))]).toEqual([call, 401, '17002']);
    }
  });

  it('stay within their tenant, whose users they know alone', async () => {
    const [boss, prefix] = [await service.aTenant('apart.example'), '/t/apart.example'];
    await people('apart', 1);
    const kim = await service.users.findUser({ tenantDomain: 'carbon.super', realm: 'PRIMARY', username: 'apart-0' });
    const ours = shownIn(await start({ users: ['apart-0'] })).id;
    await outcomeOf(ours);
    const theirs = [shownIn(await start({ users: ['apart-0', kim?.id] }, { as: boss })), shownIn(await start({ filter: 'userName pr' }, { as: boss }))];
    expect(await outcomeOf(theirs[0]?.id ?? '', prefix)).toMatchObject({ done: 0, skipped: 2, startedBy: 'boss@apart.example' });
    expect(await outcomeOf(theirs[1]?.id ?? '', prefix)).toMatchObject({ total: 1, done: 0, reasons: { skipped: { oneself: 1 } } });
    for (const address of [`${api}/${ours}`, `${prefix}${api}/${ours}`]) expect(codeOf(await service.ask(address, { as: boss }))).toEqual([404, 'RKY-10004']);
    expect(codeOf(await service.ask(`${api}/${ours}/cancel`, { method: 'POST', as: boss }))).toEqual([404, 'RKY-10004']);
    expect(codeOf(await service.ask(`/t/carbon.super${api}`, { as: boss }))).toEqual([403, 'RKY-10005']);
    expect(mailsTo('apart-0')).toHaveLength(1);
  });

  it.each(['no-id', randomUUID(), '%00', '../sessions'])('are not there under %s', async (id) => {
    expect((await service.ask(`${api}/${id}`)).status).toBe(404);
  });
});
