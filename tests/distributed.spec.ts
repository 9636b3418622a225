import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { missingForKafka } from '@rekey/kafka';
import { localPorts } from '@rekey/local-stack';
import { kafkaUnavailable, until } from '@rekey/test-kit';
import { InboxClient, keyOf, linkOf } from './testing/inbox-client.ts';
import { claimOffset } from './testing/ports.ts';
import { isRunning } from './testing/started-program.ts';
import { failingStart, startRekey, type RekeyOptions, type StartedRekey } from './testing/started-rekey.ts';

const script = 'tools/distributed/dist/main.js';
const processes = ['gateway', 'inbox', 'kafka', 'notification-service', 'notification-service-2', 'postgres', 'recovery-service'];

/** A broker of the environment would not be one of its processes. */
const withoutBroker = { KAFKA_BROKERS: undefined, REKEY_WORKERS: undefined };

async function pidsIn(home: string): Promise<Record<string, number>> {
  const folder = path.join(home, 'run');
  const names = (await readdir(folder)).filter((file) => file.endsWith('.pid')).map((file) => path.basename(file, '.pid')).sort();
  const entries = await Promise.all(names.map(async (name) => [name, Number(await readFile(path.join(folder, `${name}.pid`), 'utf8'))] as const));
  return Object.fromEntries(entries);
}

// A broker of its own: one that KAFKA_BROKERS names will not do.
const unavailable = kafkaUnavailable() ?? missingForKafka();
if (unavailable !== null) process.stderr.write(`SKIPPED: npm run start:distributed: ${unavailable}\n`);

(unavailable === null ? describe : describe.skip)('npm run start:distributed', () => {
  let folder: string;
  let leftRunning: Record<string, number>;
  let rekey: StartedRekey;
  let inbox: InboxClient;

  /** Its supervisor is killed at once, and the tests are about the next start in the same folder. */
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rekey-distributed-'));
    const options: RekeyOptions = { script, args: ['--workers', '2'], home: path.join(folder, 'home'), offset: (await claimOffset()).offset, env: withoutBroker };
    const killed = await startRekey(options);
    leftRunning = await pidsIn(killed.home);
    await killed.kill();
    rekey = await startRekey(options);
    inbox = new InboxClient(rekey.inboxUrl);
  }, 180_000);
  afterAll(async () => {
    await rekey.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }, 90_000);

  const post = (address: string, body: unknown, user = 'admin:admin') =>
    fetch(rekey.httpUrl + address, { method: 'POST', headers: { authorization: `Basic ${Buffer.from(user).toString('base64')}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const recover = async (username: string) => (await post('/api/identity/recovery/v0.9/recover-password?type=email&notify=true', { user: { username, realm: 'PRIMARY', 'tenant-domain': 'carbon.super' }, properties: [] })).status;

  async function aUser(username: string): Promise<string> {
    expect((await post('/scim2/Users', { userName: username, emails: [`${username}@example.com`] })).status).toBe(201);
    return `${username}@example.com`;
  }

  it('runs each part as a process of its own, whose pid a file holds', async () => {
    const pids = await pidsIn(rekey.home);
    expect(Object.keys(pids)).toEqual(processes);
    expect(new Set(Object.values(pids)).size).toBe(processes.length);
    expect(Object.values(pids).filter((pid) => !isRunning(pid))).toEqual([]);
  });

  it('ends what a killed one left running before it starts', () => {
    expect(Object.keys(leftRunning)).toEqual(processes);
    expect(Object.values(leftRunning).filter(isRunning)).toEqual([]);
  });

  it('says where everything is and what to try', () => {
    const { inboxWeb, kafka } = localPorts(rekey.offset);
    for (const place of [`${rekey.baseUrl}/myaccount/`, `http://localhost:${inboxWeb}`, `127.0.0.1:${kafka}`, rekey.home, 'kim']) expect(rekey.output()).toContain(place);
  });

  it('prints one log of lines that name their process, and no JSON', () => {
    const lines = rekey.output().split('\n').filter((line) => /^\d\d:\d\d:\d\d /.test(line));
    const named = new Set(lines.map((line) => line.split(/ +/)[1]));
    expect([...named]).toEqual(expect.arrayContaining(['rekey', 'kafka', 'inbox', 'recovery-service', 'notification-service', 'notification-service-2', 'gateway']));
    expect(rekey.output()).not.toContain('{"level"');
  });

  it('recovers the demo user through the gateway: 202, the mail, a new password, signed in', async () => {
    expect(await recover('kim')).toBe(202);
    const [mail] = await inbox.mailsTo('kim@example.com', 1);
    if (!mail) throw new Error('a mail was waited for');
    expect(linkOf(mail)).toBe(`${rekey.baseUrl}/myaccount/reset#key=${keyOf(mail)}`);

    const reset = await post('/api/identity/recovery/v0.9/set-password', { key: keyOf(mail), password: 'Password1!', properties: [] });
    expect([reset.status, await reset.json()]).toEqual([200, { username: 'kim', realm: 'PRIMARY', 'tenant-domain': 'carbon.super' }]);
    expect((await post('/api/rekey/v1/session', { username: 'kim', password: 'Password1!' })).status).toBe(200);
    await inbox.mailsTo('kim@example.com', 2);
  });

  it('serves My Account at the gateway', async () => {
    const page = await fetch(`${rekey.httpUrl}/myaccount/`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
  });

  it('has each service say that it lives and is ready', async () => {
    const { recoveryService, notificationService } = localPorts(rekey.offset);
    const origins = [rekey.httpUrl, ...[recoveryService, notificationService, notificationService + 1].map((port) => `http://127.0.0.1:${port}`)];
    const answers = () => Promise.all(origins.flatMap((origin) => ['live', 'ready'].map(async (path) => (await fetch(`${origin}/health/${path}`)).status)));
    await until(answers, (statuses) => statuses.every((status) => status === 200));
  });

  it('passes a SIGHUP on: every service reads its configuration again, and none ends', async () => {
    const before = await pidsIn(rekey.home);
    process.kill(rekey.pid, 'SIGHUP');
    const answer = (name: string) => new RegExp(`^\\d\\d:\\d\\d:\\d\\d ${name} +the configuration was read again`, 'm');
    for (const name of ['recovery-service', 'notification-service', 'notification-service-2']) await until(() => Promise.resolve(answer(name).test(rekey.output())));
    expect(await pidsIn(rekey.home)).toEqual(before);
    expect((await fetch(`${rekey.httpUrl}/health/ready`)).status).toBe(200);
  });

  it('starts every service again that was killed, and works on', async () => {
    const services = ['gateway', 'inbox', 'notification-service', 'recovery-service'];
    const before = await pidsIn(rekey.home);
    for (const name of services) process.kill(before[name]!, 'SIGKILL');
    await until(async () => {
      const now = await pidsIn(rekey.home);
      return services.every((name) => now[name] !== undefined && now[name] !== before[name] && isRunning(now[name]));
    });
    await until(async () => (await fetch(`${rekey.httpUrl}/health/ready`).catch(() => null))?.status === 200);
    const address = await aUser('after-a-kill');
    expect(await recover('after-a-kill')).toBe(202);
    // The group waits for the killed worker until its session runs out.
    await until(async () => (await inbox.mails(address)).length === 1, Boolean, 60_000);
    const after = await pidsIn(rekey.home);
    expect([after['kafka'], after['postgres'], after['notification-service-2']]).toEqual([before['kafka'], before['postgres'], before['notification-service-2']]);
  }, 120_000);

  it('starts a killed database again, and works on', async () => {
    const before = await pidsIn(rekey.home);
    process.kill(before['postgres']!, 'SIGKILL');
    await until(async () => ![undefined, before['postgres']].includes((await pidsIn(rekey.home))['postgres']));
    await until(async () => (await fetch(`${rekey.httpUrl}/health/ready`)).status === 200);
    const address = await aUser('after-a-crash');
    expect(await recover('after-a-crash')).toBe(202);
    await inbox.mailsTo(address, 1);
  });

  it('refuses a second start in the same data folder, and goes on', async () => {
    const { output, code } = await failingStart({ script, home: rekey.home, env: withoutBroker });
    expect([code, output]).toEqual([1, expect.stringContaining(`the data folder ${rekey.home} is in use by process ${rekey.pid}`)]);
    expect((await fetch(`${rekey.httpUrl}/health/ready`)).status).toBe(200);
  });

  it('ends with all its processes at a SIGTERM, with exit code 0 and no pid file left', async () => {
    const pids = Object.values(await pidsIn(rekey.home));
    expect(pids).toHaveLength(processes.length);
    expect(await rekey.stop()).toBe(0);
    expect(pids.filter(isRunning)).toEqual([]);
    expect(await readdir(path.join(rekey.home, 'run'))).toEqual([]);
    expect(await readdir(rekey.home)).not.toContain('lock');
  });
});

(unavailable === null ? describe : describe.skip)('npm run start:distributed, for a whole network,', () => {
  /** On Linux what listens on every address has this one too; what listens on 127.0.0.1 has not. */
  const beyond = '127.0.0.2';
  const forEveryone = [[/^offset = /m, 'listen_address = "0.0.0.0"\noffset = '], ['password = "admin"', 'password = "one that nobody knows"']] as const;

  it('opens the gateway alone: services and their health, which speak plain HTTP, stay on loopback (S41)', async () => {
    const rekey = await startRekey({ script, edits: forEveryone, env: withoutBroker });
    const { https, ...others } = localPorts(rekey.offset);
    expect(await accepts(https, beyond)).toBe(true);
    const open = await Promise.all(Object.entries(others).map(async ([name, port]) => [name, await accepts(port, beyond)] as const));
    expect(open.filter(([, isOpen]) => isOpen)).toEqual([]);
    expect(await accepts(others.recoveryService, '127.0.0.1')).toBe(true);
    await rekey.stop();
  }, 120_000);

  it('does not start with an account that was made with the sample password before (S41)', async () => {
    const home = await mkdtemp(path.join(tmpdir(), 'rekey-home-'));
    const onLoopback = await startRekey({ home });
    await onLoopback.stop();
    const { output, code } = await failingStart({ script, home, edits: forEveryone, env: withoutBroker });
    expect([code, output]).toEqual([1, expect.stringContaining('recovery-service does not start: the account admin still has the sample password')]);
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }, 120_000);

  async function accepts(port: number, host: string): Promise<boolean> {
    const socket = connect({ port, host });
    try {
      await once(socket, 'connect');
      return true;
    } catch {
      return false;
    } finally {
      socket.destroy();
    }
  }
});

describe('npm run start:distributed, where it cannot start,', () => {
  let folder: string;
  let offset: number;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rekey-distributed-'));
    ({ offset } = await claimOffset());
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** @returns the one line, where it is one, and what still runs */
  async function refusal(name: string, options: RekeyOptions): Promise<{ fault: string; code: number | null; left: string[] }> {
    const home = options.home ?? path.join(folder, name);
    const { output, code } = await failingStart({ script, offset, ...options, home, env: { ...withoutBroker, ...options.env } });
    const faults = output.split('\n').filter((line) => line.includes('FATAL'));
    expect(faults).toHaveLength(1);
    expect(output).not.toMatch(/^ {4}at /m);
    const left = await readdir(path.join(home, 'run')).catch(() => []);
    return { fault: faults[0] ?? '', code, left };
  }

  it('names the port that is in use', async () => {
    const { https } = localPorts(offset);
    const other = createServer().listen(https, '127.0.0.1');
    await once(other, 'listening');
    expect(await refusal('port', {})).toEqual({ fault: expect.stringContaining(`port ${https} is in use by another program`), code: 1, left: [] });
    other.close();
  });

  it('names the folder that cannot be written', async () => {
    const file = path.join(folder, 'a-file');
    await writeFile(file, '');
    expect(await refusal('folder', { home: path.join(file, 'home') })).toEqual({ fault: expect.stringContaining(`${file}/home`), code: 1, left: [] });
  });

  it('says what is missing for Kafka, and what else would do, before it makes a database', async () => {
    const { fault, code, left } = await refusal('java', { env: { PATH: '/nonexistent' } });
    expect([code, left]).toEqual([1, []]);
    for (const word of ['Java', 'Maven', 'KAFKA_BROKERS', 'Docker']) expect(fault).toContain(word);
    expect(await readdir(path.join(folder, 'java'))).not.toContain('postgres');
  });

  it('names the option that is wrong', async () => {
    expect((await refusal('workers', { args: ['--workers', 'many'] })).fault).toContain('--workers must be a whole number from 1 to 64, not "many"');
    expect((await refusal('variable', { env: { REKEY_WORKERS: '0' } })).fault).toContain('REKEY_WORKERS must be a whole number from 1 to 64, not "0"');
    expect((await refusal('option', { args: ['--worker', '2'] })).fault).toContain("Unknown option '--worker'");
  });

  it('names the place of a fault in deployment.toml', async () => {
    expect((await refusal('toml', { edits: [[/^\[server\]/m, '[server]\nhostnam = "x"']] })).fault).toMatch(/deployment\.toml:\d+:\d+: server\.hostnam/);
  });
});
