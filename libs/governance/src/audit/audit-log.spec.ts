import { jest } from '@jest/globals';
import { createLogger } from '@rekey/observability';
import { actAs, AuditLog, inRequest, type UserOperationListener } from '../index.ts';
import { claim, locked, publishedListeners, UsersUnderTest } from '../testing/users-under-test.ts';

let test: UsersUnderTest;
beforeAll(async () => (test = await UsersUnderTest.open()));
afterAll(() => test.close());

const right = 'correct horse';
const better = 'battery staple';

interface Row {
  readonly operation: string;
  readonly outcome: string;
  readonly user_id: string | null;
  readonly username: string | null;
  readonly actor: string | null;
  readonly request_id: string | null;
  readonly claims: readonly string[];
  readonly trace: readonly { readonly listener: string; readonly hook: string; readonly verdict: string; readonly microseconds: number }[];
}

/** What one test leads to, all of it written. */
async function recordsOf(work: (users: ReturnType<UsersUnderTest['manager']>) => Promise<void>, setting: Parameters<UsersUnderTest['manager']>[0] = {}): Promise<readonly Row[]> {
  const [last] = await test.database.query<{ id: string }>('SELECT coalesce(max(id), 0) AS id FROM audit_record');
  const audit = new AuditLog(test.database, createLogger('test', { level: 'silent' }));
  await work(test.manager({ ...setting, audit }));
  await audit.stop();
  return test.database.query<Row>('SELECT * FROM audit_record WHERE id > $1 ORDER BY id', [last?.id]);
}

describe('the audit', () => {
  it('knows of every sign-in, change of a password, new user and deletion, and what came of it', async () => {
    const records = await recordsOf(async (users) => {
      const user = await test.aUser(users, right);
      await users.authenticate(user, right);
      await users.authenticate(user, 'wrong horse');
      await users.updateCredential(user, right, better);
      await users.updateCredential(user, right, better);
      await users.updateCredentialByAdmin(user, 'short', async () => Promise.resolve(true));
      await users.setClaims(user, { [locked]: 'true' });
      await users.authenticate(user, better);
      await users.deleteUser(user);
    });
    expect(records.map(({ operation, outcome }) => `${operation} ${outcome}`)).toEqual([
      'addUser done',
      'authenticate done',
      'authenticate 17002',
      'updateCredential done',
      'updateCredential 17002',
      'updateCredentialByAdmin 20035',
      'setClaims done',
      'authenticate 17003',
      'deleteUser done',
    ]);
    expect(new Set(records.map(({ user_id }) => user_id)).size).toBe(1);
    expect(records.find(({ outcome }) => outcome === '17003')?.trace).toContainEqual(expect.objectContaining({ listener: 'governance_identity_mgt', hook: 'pre', verdict: '17003' }));
  });

  it('knows of another address: a recovery link goes there', async () => {
    const records = await recordsOf(async (users) => {
      const user = await test.aUser(users, null);
      await users.setClaims(user, { [claim('emailaddress')]: 'moved@example.com' });
    });
    expect(records.map(({ operation, claims }) => [operation, claims])).toEqual([['addUser', []], ['setClaims', [claim('emailaddress')]]]);
  });

  it('knows nothing of what was only read, nor of claims that say nothing about access', async () => {
    const records = await recordsOf(async (users) => {
      const user = await test.aUser(users, null);
      await users.getClaims(user);
      await users.setClaims(user, { [claim('givenname')]: 'Kim' });
      await users.listUsers(user, null, 10);
    });
    expect(records.map(({ operation }) => operation)).toEqual(['addUser']);
  });

  it('knows what a listener refused or failed at, whatever the operation', async () => {
    const strict: UserOperationListener = { name: 'strict', pre: { listUsers: () => ({ kind: 'refuse', code: 'NO-LISTS', message: 'no' }), getClaims: () => { throw new Error('out of order'); } } };
    const listeners = { ...publishedListeners, strict: { priority: 1, enable: true, onFailure: 'continue' as const } };
    const records = await recordsOf(async (users) => {
      await users.listUsers({ tenantDomain: 'carbon.super', realm: 'PRIMARY' }, null, 10);
      await users.getClaims({ id: '5c0ffee0-0000-4000-8000-000000000001', tenantDomain: 'carbon.super', realm: 'PRIMARY', username: 'kim' });
    }, { listeners, more: [strict] });
    expect(records.map(({ operation, outcome }) => `${operation} ${outcome}`)).toEqual(['listUsers NO-LISTS', 'getClaims done']);
    expect(records[1]?.trace).toContainEqual(expect.objectContaining({ listener: 'strict', verdict: 'failed' }));
  });

  it('holds no password, and not the name that nobody has: people type their passwords there', async () => {
    const records = await recordsOf(async (users) => {
      const user = await test.aUser(users, right, { [claim('givenname')]: 'a value' });
      await users.authenticate({ ...user, username: 'my secret password' }, right);
      await users.updateCredential(user, right, better);
    });
    expect(records.map(({ username }) => username === null)).toEqual([false, true, false]);
    expect(JSON.stringify(records)).not.toMatch(/correct horse|battery staple|my secret password|a value|argon2/);
  });

  it('names the request and who asked', async () => {
    const [record] = await recordsOf(async (users) => {
      const user = await test.aUser(users, null);
      await inRequest('request-1', async () => {
        await Promise.resolve();
        actAs({ ...user, username: 'admin' });
        await users.deleteUser(user);
      });
    }).then((records) => records.filter(({ operation }) => operation === 'deleteUser'));
    expect(record).toMatchObject({ actor: 'admin@carbon.super', request_id: 'request-1' });
  });

  it('never keeps an operation waiting: while the database is away records queue, the queue ends, and what is dropped is counted', async () => {
    const away = { query: jest.fn<() => Promise<never>>().mockRejectedValue(new Error('no connection')) };
    const log = createLogger('test', { level: 'silent' });
    const errors = jest.spyOn(log, 'error');
    const audit = new AuditLog(away, log, { capacity: 2, everyMs: 1 });
    audit.start();
    const users = test.manager({ audit });
    const user = await test.aUser(users, right);
    for (let count = 0; count < 3; count++) expect(await users.authenticate(user, right)).toMatchObject({ kind: 'authenticated' });
    away.query.mockRejectedValue(new Error('still no connection'));
    await audit.stop();
    // In one line or two, as the queue was looked at meanwhile.
    const told = errors.mock.calls.flatMap(([fields, message]) => (message?.includes('dropped') ? [fields as { dropped: number }] : []));
    expect(told.reduce((sum, { dropped }) => sum + dropped, 0)).toBe(2);
    expect(errors).toHaveBeenCalledWith(expect.objectContaining({ lost: 2 }), expect.stringContaining('lost'));
  });

  it('writes what waited once the database is back', async () => {
    const [last] = await test.database.query<{ id: string }>('SELECT coalesce(max(id), 0) AS id FROM audit_record');
    let isBack = false;
    const database = { query: async <Row>(sql: string, parameters?: readonly unknown[]) => (isBack ? test.database.query<Row>(sql, parameters) : Promise.reject(new Error('no connection'))) };
    const audit = new AuditLog(database, createLogger('test', { level: 'silent' }), { everyMs: 1 });
    audit.start();
    await test.aUser(test.manager({ audit }), null);
    isBack = true;
    await audit.stop();
    expect(await test.database.query('SELECT operation FROM audit_record WHERE id > $1', [last?.id])).toEqual([{ operation: 'addUser' }]);
  });

  it('forgets after 90 days', async () => {
    const audit = new AuditLog(test.database, createLogger('test', { level: 'silent' }));
    const insert = (days: number, name: string) =>
      test.database.query(`INSERT INTO audit_record (at, tenant_domain, operation, username, outcome, claims, trace) VALUES (now() - make_interval(days => $1), 'carbon.super', 'pruned', $2, 'done', '[]', '[]')`, [days, name]);
    await Promise.all([insert(91, 'old'), insert(89, 'young')]);
    expect(await audit.prune()).toBe(false);
    expect(await test.database.query(`SELECT username FROM audit_record WHERE operation = 'pruned'`)).toEqual([{ username: 'young' }]);
  });
});
