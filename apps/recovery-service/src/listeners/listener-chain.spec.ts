import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '@rekey/test-kit';
import { ServiceUnderTest, type Answer, type ErrorBody } from '../testing/service-under-test.ts';

const misbehaving = fileURLToPath(new URL('../../../../libs/governance/src/third-party/testing/misbehaving.mjs', import.meta.url));
const listener = (module: string, more = '') => `[[event_listener]]\nid = "theirs"\norder = 40\nmodule = "${module}"\n${more}\n`;
const password = 'a password nobody has guessed';

let folder: string;
let service: ServiceUnderTest;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rekey-listeners-'));
  const shouts = path.join(folder, 'shouts.mjs');
  await writeFile(shouts, `export default { pre: { addUser: ({ claims }) => ({ kind: 'continue', claims }), deleteUser: () => ({ kind: 'refuse', code: 'NOT-DELETED', message: 'Users stay.' }), getClaims({ dryRun }) { if (dryRun) throw new Error('not now'); return { kind: 'continue' }; } } }`);
  const tellsDryRuns = path.join(folder, 'tells.mjs');
  await writeFile(tellsDryRuns, `export default { handle: ({ dryRun, user }) => (dryRun && user.username === 'told' ? { kind: 'refuse', code: 'DRY-RUN', message: 'A dry run.' } : { kind: 'continue' }) }`);
  const handler = `[[event_handler]]\nname = "tells"\nmodule = "${tellsDryRuns}"\nsubscriptions = ["PRE_AUTHENTICATION"]\n`;
  service = await ServiceUnderTest.start(`[identity_mgt.password_history]\nenable = true\n[identity_mgt.account_locking]\nenable_account_locking = true\nallowed_failed_attempts = 2\n${listener(shouts, 'on_failure = "continue"\ntime_limit = "3s"')}${handler}`);
  await service.aUser('kim', { password });
});
afterAll(async () => {
  await service.stop();
  await rm(folder, { recursive: true });
});

const address = '/api/rekey/v1/listeners';
const codeOf = ({ body }: Answer) => (body as ErrorBody).code;

describe('the chain, as an administrator sees it', () => {
  it('is shown in the order of calling, with what each listener stands for', async () => {
    const { status, body } = await service.ask(address);
    expect(status).toBe(200);
    const { listeners, warnings } = body as { listeners: { name: string; hooks: string[] }[]; warnings: string[] };
    expect(listeners.map(({ name }) => name)).toEqual(['theirs', 'identity_mgt', 'governance_identity_mgt', 'governance_identity_store']);
    expect(listeners[0]).toEqual({ name: 'theirs', kind: 'custom', priority: 40, enable: true, hooks: ['pre addUser', 'pre deleteUser', 'pre getClaims'], timeLimitMs: 3_000, onFailure: 'continue' });
    expect(listeners[1]).toMatchObject({ kind: 'default', priority: 50, enable: false });
    expect(listeners[2]).toMatchObject({ enable: true, onFailure: 'refuse', hooks: expect.arrayContaining(['pre authenticate', 'post authenticate']), handlers: expect.arrayContaining([expect.objectContaining({ name: 'account.lock.handler', enable: true }), { name: 'tells', priority: 200, enable: true, subscriptions: ['PRE_AUTHENTICATION'], within: [] }, expect.objectContaining({ name: 'codeInvalidation', within: ['setClaims', 'deleteUser'] })]) });
    expect(warnings).toEqual([]);
    expect((await service.ask(`/t/carbon.super${address}`)).body).toEqual(body);
  });

  it('shows what it said to the last operations, newest first', async () => {
    await service.mayGo('kim', password);
    const { body } = await service.ask(`${address}/traces?limit=1000`);
    const { traces } = body as { traces: { operation: string; username: string; outcome: string; steps: { listener: string; hook: string; verdict: string; microseconds: number }[] }[] };
    const trace = traces.find(({ operation, username }) => operation === 'authenticate' && username === 'kim');
    expect(trace).toMatchObject({ outcome: 'done', steps: expect.arrayContaining([{ listener: 'governance_identity_mgt', hook: 'pre', verdict: 'continue', microseconds: expect.any(Number) }]) });
    expect(JSON.stringify(body)).not.toContain(password);
    expect((await service.ask(`${address}/traces?limit=1`)).body).toMatchObject({ traces: [expect.anything()] });
    expect((await service.ask(`${address}/traces?limit=0`)).status).toBe(400);
  });

  it('shows them without those that only read, where that is asked for', async () => {
    const operations = async (query: string) => ((await service.ask(`${address}/traces?limit=1000${query}`)).body as { traces: { operation: string }[] }).traces.map(({ operation }) => operation);
    await service.mayGo('kim', password);
    await service.ask('/scim2/Users');
    expect(await operations('')).toEqual(expect.arrayContaining(['authenticate', 'listUsers', 'getClaims']));
    const without = await operations('&reads=false');
    expect(without).toContain('authenticate');
    expect(without.filter((operation) => operation === 'listUsers' || operation === 'getClaims')).toEqual([]);
  });

  it.each(['', '/traces'])('is nobody else’s business: %s', async (door) => {
    expect((await service.ask(address + door, { as: null })).status).toBe(401);
    expect(codeOf(await service.ask(address + door, { as: `kim:${password}` }))).toBe('RKY-10005');
    expect((await service.ask(`/t/nobody.example${address}${door}`)).status).toBe(400);
  });
});

describe('a dry run', () => {
  const dryRun = async (body: unknown) => service.ask(`${address}/dry-run`, { body });
  const user = { username: 'kim' };

  it('says what each listener would say to a sign-in, and that the password would be looked at', async () => {
    expect((await dryRun({ operation: 'authenticate', user })).body).toEqual({
      operation: 'authenticate',
      exists: true,
      wouldBePerformed: true,
      refusal: null,
      steps: [{ listener: 'governance_identity_mgt', hook: 'pre', verdict: 'continue', microseconds: expect.any(Number) }],
    });
  });

  it.each(['authenticate', 'updateCredential', 'updateCredentialByAdmin'])('says the same whether the password is the user’s or not: %s', async (operation) => {
    const [right, wrong] = [await dryRun({ operation, user, password }), await dryRun({ operation, user, password: 'another password nobody has guessed' })];
    const withoutTimes = ({ text }: Answer) => text.replace(/"microseconds":\d+/g, '');
    expect(withoutTimes(right)).toBe(withoutTimes(wrong));
  });

  it.each<[string, object, object]>([
    ['a password that the policy does not allow', { operation: 'updateCredentialByAdmin', user, password: 'short' }, { wouldBePerformed: false, refusal: { code: '20035', reasons: expect.arrayContaining([expect.objectContaining({ code: 'too-short' })]) } }],
    ['one that it allows', { operation: 'updateCredential', user, password }, { wouldBePerformed: true, refusal: null }],
    ['a deletion that a listener of the deployment’s own refuses', { operation: 'deleteUser', user }, { wouldBePerformed: false, refusal: { code: 'NOT-DELETED', message: 'Users stay.' }, steps: [{ listener: 'theirs', verdict: 'NOT-DELETED' }] }],
    ['a name that is taken', { operation: 'addUser', user, password }, { exists: true, wouldBePerformed: false, refusal: null }],
    ['a new user', { operation: 'addUser', user: { username: 'new' }, password }, { exists: false, wouldBePerformed: true, refusal: null }],
    ['a sign-in of nobody', { operation: 'authenticate', user: { username: 'nobody' } }, { exists: false, wouldBePerformed: false, refusal: null }],
    ['a handler that is told that it is one', { operation: 'authenticate', user: { username: 'told' } }, { refusal: { code: 'DRY-RUN' } }],
  ])('answers for %s', async (_, body, expected) => {
    const answer = await dryRun(body);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject(expected);
  });

  it('changes nothing: every table is afterwards as it was before', async () => {
    const tables = await service.database.query<{ name: string }>(`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`);
    // But for what any call of an administrator leaves: that somebody signed in, and from where.
    const contents = async () => {
      const rows = tables.filter(({ name }) => !['rate_limit_count', 'known_address'].includes(name)).map(async ({ name }) => [name, await service.database.query(`SELECT to_jsonb(t) FROM "${name}" t ${name === 'audit_record' ? `WHERE coalesce(username, '') NOT IN ('admin', 'kim')` : ''} ORDER BY 1`)]);
      return Promise.all(rows);
    };
    const user = { username: await service.aUser('locked') };
    for (let count = 0; count < 2; count++) await service.mayGo('locked', 'wrong');
    // Its time is over: a real sign-in would unlock it.
    await service.database.query(`UPDATE identity_data SET claims = claims || '{"http://wso2.org/claims/identity/unlockTime": "1"}' WHERE claims ->> 'http://wso2.org/claims/identity/accountLocked' = 'true'`);
    await until(async () => (await service.database.query(`SELECT FROM audit_record WHERE username = 'locked' AND operation = 'authenticate'`)).length === 2);
    await until(async () => (await service.database.query(`SELECT FROM outbox WHERE published_at IS NULL`)).length === 0);
    const before = await contents();
    expect(JSON.stringify(before)).toContain('accountLocked');
    for (const operation of ['authenticate', 'addUser', 'updateCredential', 'updateCredentialByAdmin', 'setClaims', 'deleteUser']) {
      for (const whom of [user, { username: 'nobody' }]) expect((await dryRun({ operation, user: whom, password, claims: { 'http://wso2.org/claims/identity/accountDisabled': 'true' } })).status).toBe(200);
    }
    // The audit is written in its order: once this is there, there is nothing before it.
    const kim = await service.users.findUser({ tenantDomain: 'carbon.super', realm: 'PRIMARY', username: 'kim' });
    await service.users.deleteUser(kim!);
    await until(async () => (await service.database.query(`SELECT FROM audit_record WHERE outcome = 'NOT-DELETED'`)).length === 1);
    expect(await contents()).toEqual(before);
  });

  it('is an administrator’s alone, and of operations that exist', async () => {
    expect((await service.ask(`${address}/dry-run`, { as: `kim:${password}`, body: { operation: 'authenticate', user } })).status).toBe(403);
    expect((await dryRun({ operation: 'signIn', user })).status).toBe(400);
  });
});

describe('a listener of a third party in deployment.toml', () => {
  it.each([
    ['throws', 'refuse', 500],
    ['hangs', 'refuse', 503],
    ['answers nothing', 'refuse', 500],
    ['throws', 'continue', 200],
    ['hangs', 'continue', 200],
    ['answers nothing', 'continue', 200],
  ])('that %s means %s at the sign-in: %i; the audit knows (S44, F47)', async (how, onFailure, status) => {
    const username = await service.aUser(`${how.replaceAll(' ', '-')}-${onFailure}`, { password });
    await service.reconfigure(listener(misbehaving, `time_limit = "1s"\non_failure = "${onFailure}"\n[event_listener.properties]\nhow = "${how}"`));
    try {
      expect((await service.ask('/api/rekey/v1/session', { as: null, body: { username, password } })).status).toBe(status);
    } finally {
      await service.reconfigure('');
    }
    const audited = async () => service.database.query<{ outcome: string; trace: { listener: string; verdict: string }[] }>(`SELECT outcome, trace FROM audit_record WHERE username = $1 AND operation = 'authenticate'`, [username]);
    await until(async () => (await audited()).length === 1);
    const [record] = await audited();
    const refusal = status === 503 ? 'RKY-10007' : '18013';
    expect(record).toMatchObject({ outcome: status === 200 ? 'done' : refusal });
    expect(record?.trace[0]).toMatchObject({ listener: 'theirs', verdict: status === 200 ? 'failed' : refusal });
  });

  it('that hangs whenever claims are read keeps nobody from signing in where it is to let operations go on (F47)', async () => {
    const hangs = path.join(folder, 'hangs.mjs');
    await writeFile(hangs, 'export default { pre: { getClaims: () => new Promise(() => {}) } }');
    await service.reconfigure(listener(hangs, 'on_failure = "continue"'));
    try {
      // Each reading takes the two seconds that the listener has, and so much have Rekey's own hooks, too.
      expect(await service.mayGo('kim', password)).toBe(true);
    } finally {
      await service.reconfigure('');
    }
  });

  it.each([
    ['/nowhere/listener.mjs', /event_listener\[0\]\.module: there is no file \/nowhere\/listener\.mjs$/],
    ['@example/absent', /^\[\[event_listener\]\] "theirs": the module @example\/absent cannot be used/],
  ])('that is not there is refused at start, and at a reload keeps the old chain: %s (S44)', async (module, message) => {
    const absent = listener(module);
    await expect(ServiceUnderTest.start(absent)).rejects.toThrow(message);
    const before = (await service.ask(address)).text;
    await expect(service.reconfigure(absent)).rejects.toThrow(message);
    expect((await service.ask(address)).text).toBe(before);
  });
});

describe('the audit', () => {
  it('says who did it, in which request', async () => {
    await service.reconfigure('');
    const answer = await service.ask('/scim2/Users', { body: { userName: 'audited', password, emails: ['audited@example.com'] } });
    expect(answer.status).toBe(201);
    const records = async () => service.database.query<{ actor: string; request_id: string }>(`SELECT actor, request_id FROM audit_record WHERE username = 'audited' AND operation = 'addUser'`);
    await until(async () => (await records()).length === 1);
    expect(await records()).toEqual([{ actor: 'admin@carbon.super', request_id: expect.stringMatching(/^[0-9a-f-]{36}$/) }]);
  });
});
