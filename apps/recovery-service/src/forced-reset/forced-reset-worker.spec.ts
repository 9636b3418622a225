import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { User } from '@rekey/identity';
import { until } from '@rekey/test-kit';
import { ServiceUnderTest, type ErrorBody } from '../testing/service-under-test.ts';
import type { ShownForcedReset } from './shown-forced-reset.ts';

const api = '/api/rekey/v1/forced-resets';

let service: ServiceUnderTest;
beforeEach(async () => void (service = await ServiceUnderTest.start()));
afterEach(() => service.stop());

/** Users `kim-00`, `kim-01` and so on. */
async function people(count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const username = `kim-${String(index).padStart(2, '0')}`;
    await service.users.addUser({ tenantDomain: 'carbon.super', realm: 'PRIMARY', username }, null, { 'http://wso2.org/claims/emailaddress': `${username}@example.com` });
  }
}

const ask = async (address: string, options = {}) => (await service.ask(api + address, options)).body as ShownForcedReset;
const start = (at?: string) => ask('', { body: { filter: 'userName sw "kim-"' }, ...(at === undefined ? {} : { at }) });
const stateOf = (id: string, at?: string) => ask(`/${id}`, at === undefined ? {} : { at });
const move = (id: string, verb: string) => ask(`/${id}/${verb}`, { method: 'POST' });
const isDone = (id: string, at?: string) => until(async () => (await stateOf(id, at)).state === 'done');

/** How many mails each person was written, who was written any. */
const mails = async () => (await service.database.query<{ mails: number }>(`SELECT count(*)::integer AS mails FROM outbox WHERE awaits_outcome GROUP BY key`)).map(({ mails: count }) => count);
const oneEach = (count: number) => Array.from({ length: count }, () => 1);

/** While `work` is done, nobody gets at this user: whoever wants to reset them waits. */
async function holding(username: string, work: () => Promise<void>): Promise<void> {
  await service.database.transaction(async (tx) => {
    await tx.query(`SELECT FROM user_account WHERE username = $1 FOR UPDATE`, [username]);
    await work();
  });
}

describe('a forced reset', () => {
  it('that is paused goes no further from the answer on, and resumed, goes on with the next one', async () => {
    await people(30);
    let id = '';
    await holding('kim-10', async () => {
      ({ id } = await start());
      await until(async () => (await stateOf(id)).done === 10);
      expect(await move(id, 'pause')).toMatchObject({ state: 'paused', done: 10 });
      expect(await move(id, 'pause')).toMatchObject({ state: 'paused' });
    });
    // Another one's turn comes, and this one's does not.
    await isDone((await ask('', { body: { users: ['nobody'] } })).id);
    expect([await stateOf(id), await mails()]).toEqual([expect.objectContaining({ state: 'paused', done: 10, finishedAt: null }), oneEach(10)]);
    await move(id, 'resume');
    await isDone(id);
    expect([await stateOf(id), await mails()]).toEqual([expect.objectContaining({ total: 30, done: 30, failed: 0, skipped: 0 }), oneEach(30)]);
  });

  it('that is cancelled resets nobody else, and cannot go on', async () => {
    await people(5);
    let id = '';
    await holding('kim-03', async () => {
      ({ id } = await start());
      await until(async () => (await stateOf(id)).done === 3);
      expect(await move(id, 'cancel')).toMatchObject({ state: 'cancelled', finishedAt: expect.any(String) });
    });
    const { status, body } = await service.ask(`${api}/${id}/resume`, { method: 'POST' });
    expect([status, (body as ErrorBody).code, (await move(id, 'cancel')).state]).toEqual([409, 'RKY-10201', 'cancelled']);
    await isDone((await ask('', { body: { users: ['nobody'] } })).id);
    expect([(await stateOf(id)).done, await mails()]).toEqual([3, oneEach(3)]);
  });

  it('is done by several instances at once, and mails everybody once', async () => {
    await people(50);
    const another = await service.anotherInstance();
    const { id } = await start();
    // As if each took the other for dead, all the time.
    for (let isOver = false; !isOver; isOver = (await stateOf(id)).state === 'done') await service.database.query('UPDATE forced_reset SET claimed_until = NULL');
    await another.service.stop();
    expect([await stateOf(id), await mails()]).toEqual([expect.objectContaining({ total: 50, done: 50, failed: 0, skipped: 0 }), oneEach(50)]);
  });

  it('goes on at another instance where the one at work is killed, and mails everybody once', async () => {
    await people(30);
    const folder = await mkdtemp(path.join(tmpdir(), 'rekey-recovery-'));
    const file = path.join(folder, 'config.json');
    await writeFile(file, JSON.stringify(service.config));
    await service.service.stop();
    const killed = spawn(process.execPath, [fileURLToPath(new URL('../../dist/testing/recovery-process.js', import.meta.url)), file], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(killed.stdout, 'data')) as [Buffer];
    const at = /http:\S+/.exec(line.toString())?.[0] ?? '';
    let id = '';
    await holding('kim-12', async () => {
      ({ id } = await start(at));
      await until(async () => (await stateOf(id, at)).done === 12);
      killed.kill('SIGKILL');
      await once(killed, 'exit');
    });
    // Its lease runs out.
    await service.database.query(`UPDATE forced_reset SET claimed_until = now() - interval '1 second'`);
    const another = await service.anotherInstance();
    await isDone(id, another.url);
    expect([await stateOf(id, another.url), await mails()]).toEqual([expect.objectContaining({ total: 30, done: 30, failed: 0, skipped: 0 }), oneEach(30)]);
    await another.service.stop();
    await rm(folder, { recursive: true });
  });

  it('counts whom it cannot reset, and goes on with the others', async () => {
    await people(6);
    await service.database.query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not this one'; END $$`);
    await service.database.query(`CREATE TRIGGER refuses BEFORE UPDATE ON user_account FOR EACH ROW WHEN (old.username = 'kim-02') EXECUTE FUNCTION refuse()`);
    const { id } = await start();
    await isDone(id);
    expect(await stateOf(id)).toMatchObject({ total: 6, done: 5, failed: 1, reasons: { failed: { 18013: 1 }, skipped: {} } });
    expect(await mails()).toEqual(oneEach(5));
  });

  it('waits for whatever is away, and counts nobody as failed for that', async () => {
    await people(6);
    await service.database.query('CREATE SEQUENCE tries');
    await service.database.query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM nextval('tries'); RAISE 'no room' USING ERRCODE = '53300'; END $$`);
    await service.database.query(`CREATE TRIGGER refuses BEFORE UPDATE ON user_account FOR EACH ROW WHEN (old.username = 'kim-02') EXECUTE FUNCTION refuse()`);
    const { id } = await start();
    await until(async () => Number((await service.database.query<{ tries: string }>('SELECT last_value AS tries FROM tries'))[0]?.tries) > 1);
    expect(await stateOf(id)).toMatchObject({ state: 'running', done: 2, failed: 0 });
    await service.database.query('DROP TRIGGER refuses ON user_account');
    await isDone(id);
    expect([await stateOf(id), await mails()]).toEqual([expect.objectContaining({ total: 6, done: 6, failed: 0, skipped: 0 }), oneEach(6)]);
  });

  it('counts who is deleted before their turn as skipped', async () => {
    await people(3);
    const users = await service.database.query<User>(`SELECT id, username, realm, tenant_domain AS "tenantDomain" FROM user_account WHERE username LIKE 'kim-%' ORDER BY id`);
    const [first, last] = [users[0]?.username ?? '', users[2]];
    let id = '';
    await holding(first, async () => {
      ({ id } = await ask('', { body: { users: users.map((user) => user.id) } }));
      await until(async () => (await stateOf(id)).state === 'running');
      if (last) await service.users.deleteUser(last);
    });
    await isDone(id);
    expect(await stateOf(id)).toMatchObject({ total: 3, done: 2, reasons: { failed: {}, skipped: { 'no-such-user': 1 } } });
  });

  it('rests while its tenant is not active', async () => {
    const boss = await service.aTenant('rests.example');
    const { id } = await ask('', { body: { users: ['nobody'] }, as: boss });
    const state = async () => (await service.database.query<{ state: string }>('SELECT state FROM forced_reset WHERE forced_reset_id = $1', [id]))[0]?.state;
    await until(async () => (await state()) === 'done');
    await service.database.query(`UPDATE tenant SET active = false WHERE domain = 'rests.example'`);
    await service.database.query(`UPDATE forced_reset SET state = 'queued' WHERE forced_reset_id = $1`, [id]);
    await isDone((await ask('', { body: { users: ['nobody'] } })).id);
    expect(await state()).toBe('queued');
    await service.database.query(`UPDATE tenant SET active = true WHERE domain = 'rests.example'`);
    await until(async () => (await state()) === 'done');
  });

  it('lets other people’s mails go first: while many are on their way, it goes on one by one', async () => {
    await people(40);
    await service.database.query(
      `INSERT INTO outbox (id, topic, key, headers, payload, expires_at, awaits_outcome, published_at)
       SELECT gen_random_uuid(), 'recovery.events.v1', 'elsewhere', '{}', '', now() + interval '1 hour', true, now() FROM generate_series(1, 500)`,
    );
    const { id } = await start();
    await until(async () => (await stateOf(id)).done >= 2);
    expect((await move(id, 'pause')).done).toBeLessThan(40);
    await service.database.query(`UPDATE outbox SET confirmed_at = now() WHERE key = 'elsewhere'`);
    await move(id, 'resume');
    await isDone(id);
  });
});
