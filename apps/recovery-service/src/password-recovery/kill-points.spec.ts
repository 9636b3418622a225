import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '@rekey/test-kit';
import { ServiceUnderTest } from '../testing/service-under-test.ts';

const script = fileURLToPath(new URL('../../dist/testing/recovery-process.js', import.meta.url));
const address = '/api/identity/recovery/v0.9/recover-password?type=email&notify=true';
const password = 'a password nobody has guessed';

let service: ServiceUnderTest;
let folder: string;
let file: string;
beforeAll(async () => {
  service = await ServiceUnderTest.start();
  folder = await mkdtemp(path.join(tmpdir(), 'rekey-recovery-'));
  file = path.join(folder, 'config.json');
  await writeFile(file, JSON.stringify(service.config));
});
afterAll(async () => {
  await service.stop();
  await rm(folder, { recursive: true });
});

/** Another instance, as a process that kills itself there. */
async function doomed(point: string): Promise<{ readonly url: string; readonly died: Promise<unknown> }> {
  const child: ChildProcess = spawn(process.execPath, [script, file], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_OPTIONS: undefined, CRASH_AT: point } });
  const died = once(child, 'exit');
  if (!child.stdout) throw new TypeError('a process whose output is piped has it');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: /http:\S+/.exec(line.toString())?.[0] ?? '', died };
}

/** @returns the status, or `info`: it may have happened, or not */
async function tried(work: Promise<{ readonly status: number }>): Promise<number | 'info'> {
  return work.then(({ status }) => status, () => 'info' as const);
}

const outboxOf = (username: string) => service.database.query<{ id: string }>(`SELECT id FROM outbox WHERE headers->>'ce_type' = 'PasswordRecoveryRequested' AND convert_from(payload, 'UTF8')::json->'user'->>'username' = $1`, [username]);

describe('the recovery service, killed while somebody asks for a link', () => {
  it.each([
    { point: 'K1', when: 'before the key is issued', left: [0] },
    { point: 'K2', when: 'while its statement is on its way', left: [0, 1] },
    { point: 'K3', when: 'when it is committed, before the reply', left: [1] },
  ])('at $point, $when: there is the key and its event, or neither, and who asks again has one mail (F1)', async ({ point, left }) => {
    const username = await service.aUser(`kim-${point.toLowerCase()}`);
    const asking = { body: { user: { username, realm: 'PRIMARY' }, properties: [] }, headers: { 'idempotency-key': randomUUID() } };
    const { url, died } = await doomed(point);
    expect(await tried(service.ask(address, { ...asking, at: url }))).toBe('info');
    expect(await died).toEqual([null, 'SIGKILL']);
    const written = (await outboxOf(username)).length;
    expect(left).toContain(written);
    const [keys] = await service.database.query<{ keys: number }>(`SELECT count(*)::int AS keys FROM recovery JOIN user_account ON id = user_id WHERE username = $1`, [username]);
    expect(keys?.keys).toBe(written);

    // Whoever died with it is not heard of again.
    await service.database.query(`UPDATE idempotent_request SET held_until = now() - interval '1 second' WHERE answer IS NULL`);
    expect((await service.ask(address, asking)).status).toBe(202);
    await until(() => service.eventsOf('PasswordRecoveryRequested', username).length > 0);
    expect(await outboxOf(username)).toHaveLength(1);
    expect(new Set(service.eventsOf('PasswordRecoveryRequested', username).map(({ id }) => id)).size).toBe(1);
  });
});

describe('the recovery service, killed while somebody sets a password', () => {
  it.each([
    { point: 'K18', when: 'before the transaction', isSet: false },
    { point: 'K19', when: 'within it', isSet: false },
    { point: 'K20', when: 'when it is committed, before the reply', isSet: true },
  ])('at $point, $when: the key is spent and the password set, or neither (I4)', async ({ point, isSet }) => {
    const username = await service.aUser(`lee-${point.toLowerCase()}`);
    await service.recover(username);
    const key = await service.keyOf(username);
    const { url, died } = await doomed(point);
    expect(await tried(service.ask('/api/identity/recovery/v0.9/set-password', { body: { key, password, properties: [] }, at: url }))).toBe('info');
    expect(await died).toEqual([null, 'SIGKILL']);

    expect(await service.mayGo(username, password)).toBe(isSet);
    expect((await service.setPassword(key, password)).status).toBe(isSet ? 400 : 200);
    expect(await service.mayGo(username, password)).toBe(true);
  });
});

const relayPoints = [
  { point: 'K4', username: 'robin-k4', when: 'when it has claimed an event' },
  { point: 'K5', username: 'robin-k5', when: 'while it publishes it' },
  { point: 'K6', username: 'robin-k6', when: 'when the bus has it, before it is marked' },
] as const;

describe('the relay of the outbox, killed', () => {
  beforeAll(async () => {
    for (const { username } of relayPoints) await service.aUser(username);
    // Its own relay would be quicker.
    await service.service.stop();
  });
  // An event that is left of what was killed before would be another one's end, and so would one that is published again after a minute without an outcome.
  beforeEach(async () => void (await service.database.query('UPDATE outbox SET published_at = now(), confirmed_at = now()')));

  it.each(relayPoints)('at $point, $when: another one publishes it, under the same id (F2)', async ({ point, username }) => {
    const { url, died } = await doomed(point);
    await tried(service.ask(address, { body: { user: { username, realm: 'PRIMARY' }, properties: [] }, at: url }));
    expect(await died).toEqual([null, 'SIGKILL']);
    const [event] = await outboxOf(username);
    await service.database.query(`UPDATE outbox SET claimed_until = now() - interval '1 second' WHERE published_at IS NULL`);
    const another = await service.anotherInstance();
    try {
      await until(() => service.eventsOf('PasswordRecoveryRequested', username).length > 0);
      expect(service.eventsOf('PasswordRecoveryRequested', username).map(({ id }) => id)).toEqual([event?.id]);
    } finally {
      await another.service.stop();
    }
  });
});
