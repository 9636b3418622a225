import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort, localPorts, startEmbeddedPostgres } from '@rekey/local-stack';
import { aDatabase, anSmtpSink } from '@rekey/test-kit';
import pg from 'pg';
import { InboxClient, keyOf, linkOf } from './testing/inbox-client.ts';
import { claimOffset } from './testing/ports.ts';
import { isRunning, root } from './testing/started-program.ts';
import { failingStart, startRekey, type StartedRekey } from './testing/started-rekey.ts';

const guide = {
  recover: `curl -X POST -H "Authorization: Basic YWRtaW46YWRtaW4=" -H "Content-Type: application/json" -d '{"user": {"username": "kim","realm": "PRIMARY","tenant-domain":"carbon.super"},"properties": []}' "https://localhost:9443/api/identity/recovery/v0.9/recover-password?type=email&notify=true"`,
  setPassword: `curl -X POST -H "Authorization: Basic YWRtaW46YWRtaW4=" -H "Content-Type: application/json" -d '{"key": "5c765a47-6764-4048-b5cf-55864cb654c0", "password": "Password1!","properties": []}' "https://localhost:9443/api/identity/recovery/v0.9/set-password"`,
  resend: `curl -X POST -H "Authorization: Basic YWRtaW46YWRtaW4=" -H "Content-Type: application/json" -d '{"user":{"username": "admin","realm": "PRIMARY"},"properties": [{"key":"RecoveryScenario","value":"NOTIFICATION_BASED_PW_RECOVERY"}]}' "https://localhost:9443/api/identity/user/v1.0/resend-code" -k -v`,
};

describe('npm start', () => {
  let rekey: StartedRekey;
  let inbox: InboxClient;
  beforeAll(async () => {
    rekey = await startRekey({ env: { REKEY_LOG_LEVEL: 'debug' } });
    inbox = new InboxClient(rekey.inboxUrl);
  }, 120_000);
  afterAll(() => rekey.stop());

  /** A command of the guide in a shell, but for the port. @returns the status and the body */
  async function run(command: string): Promise<{ status: number; body: string }> {
    const { https } = localPorts(rekey.offset);
    const { stdout } = await promisify(execFile)('bash', ['-c', `${command.replace('localhost:9443', `localhost:${https}`)} -k -s -o - -w '\\n%{http_code}'`]);
    const [status = '', ...body] = stdout.split('\n').reverse();
    return { status: Number(status), body: body.reverse().join('\n') };
  }

  const post = (address: string, body: unknown, user = 'admin:admin') =>
    fetch(rekey.httpUrl + address, { method: 'POST', headers: { authorization: `Basic ${Buffer.from(user).toString('base64')}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });

  it('says where everything is and what to try', () => {
    expect(rekey.output()).toContain(`${rekey.baseUrl}/myaccount/`);
    expect(rekey.output()).toContain(`http://localhost:${localPorts(rekey.offset).inboxWeb}`);
    expect(rekey.output()).toContain('kim');
  });

  it('answers the guide’s three commands with 202, 200 and 201, from the demo user’s mail to the guide’s own password', async () => {
    expect(await run(guide.recover)).toEqual({ status: 202, body: '' });
    const [mail] = await inbox.mailsTo('kim@example.com', 1);
    if (!mail) throw new Error('a mail was waited for');
    expect(linkOf(mail)).toBe(`${rekey.baseUrl}/myaccount/reset#key=${keyOf(mail)}`);

    const reset = await run(guide.setPassword.replace('5c765a47-6764-4048-b5cf-55864cb654c0', keyOf(mail)));
    expect([reset.status, JSON.parse(reset.body)]).toEqual([200, { username: 'kim', realm: 'PRIMARY', 'tenant-domain': 'carbon.super' }]);
    expect(await run(guide.resend)).toEqual({ status: 201, body: '' });

    const me = await fetch(`${rekey.httpUrl}/api/identity/user/v1.0/me`, { headers: { authorization: `Basic ${Buffer.from('kim:Password1!').toString('base64')}` } });
    expect(me.status).toBe(200);
    expect(await inbox.mailsTo('kim@example.com', 2)).toHaveLength(2);
  });

  it('answers the same under /t/carbon.super', async () => {
    const inTenant = (command: string) => command.replace('localhost:9443/', 'localhost:9443/t/carbon.super/');
    expect((await run(inTenant(guide.recover))).status).toBe(202);
    expect((await run(inTenant(guide.setPassword))).status).toBe(400);
    expect((await run(inTenant(guide.resend))).status).toBe(201);
    const created = await post('/t/carbon.super/scim2/Users', { userName: 'lee', password: 'Password1!', emails: ['lee@example.com'] });
    expect(created.status).toBe(201);
    const me = await fetch(`${rekey.httpUrl}/t/carbon.super/api/identity/user/v1.0/me`, { headers: { authorization: `Basic ${Buffer.from('lee:Password1!').toString('base64')}` } });
    expect(me.status).toBe(200);
    expect((await post('/t/nowhere.example/scim2/Users', { userName: 'lee' })).status).toBe(400);
  });

  it('catches mails in an inbox that shows HTML, text, source and headers', async () => {
    await post('/scim2/Users', { userName: 'mia', emails: ['mia@example.com'] });
    await post('/api/identity/recovery/v0.9/recover-password', { user: { username: 'mia' } });
    const [mail] = await inbox.mailsTo('mia@example.com', 1);
    if (!mail) throw new Error('a mail was waited for');
    expect(mail.html).toContain('<html');
    expect(mail.text).toContain(linkOf(mail));
    expect(mail.headers).toContainEqual({ name: 'Auto-Submitted', value: 'auto-generated' });
    expect(await inbox.mailSource(mail.id)).toContain('Content-Type: multipart/alternative');
  });

  it('gives pages and answers the headers that keep them safe (S38)', async () => {
    const page = await fetch(`${rekey.httpUrl}/myaccount/`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    const answer = await post('/api/identity/recovery/v0.9/validate-code', { code: 'x' });
    expect([answer.status, answer.headers.get('cache-control'), answer.headers.get('referrer-policy')]).toEqual([400, 'no-store', 'no-referrer']);
  });

  it('listens on loopback alone', async () => {
    const { stdout } = await promisify(execFile)('ss', ['-Hltn']).catch(() => ({ stdout: '' }));
    const ports = Object.values(localPorts(rekey.offset)).map(String);
    const own = stdout.split('\n').map((line) => line.trim().split(/\s+/)[3] ?? '').filter((address) => ports.includes(address.split(':').at(-1) ?? ''));
    expect(own.filter((address) => !/^(127\.0\.0\.1|\[::1\]):/.test(address))).toEqual([]);
  });

  it('writes no secret to its log, not even at the level of debugging, nor anywhere in its data folder but the inbox and the keys (S16, S43)', async () => {
    await post('/scim2/Users', { userName: 'noa', emails: ['noa@example.com'] });
    await post('/api/identity/recovery/v0.9/recover-password', { user: { username: 'noa' } });
    const [mail] = await inbox.mailsTo('noa@example.com', 1);
    const key = mail ? keyOf(mail) : '';
    const password = 'Correct-horse-9';
    expect((await post('/api/identity/recovery/v0.9/set-password', { key, password: 'short' })).status).toBe(412);
    expect((await post('/api/identity/recovery/v0.9/set-password', { key, password })).status).toBe(200);
    expect((await post('/api/rekey/v1/session', { username: 'noa', password })).status).toBe(200);
    await inbox.mailsTo('noa@example.com', 2);

    const secrets = [key, password, Buffer.from('kim:Password1!').toString('base64'), Buffer.from(key).toString('base64'), Buffer.from(key).toString('hex')];
    for (const secret of secrets) expect(rekey.output()).not.toContain(secret);
    expect(rekey.output()).not.toContain('noa@example.com');
    const files = (await readdir(rekey.home, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile() && !entry.parentPath.includes(`${path.sep}inbox`));
    for (const { parentPath, name } of files) {
      const content = await readFile(path.join(parentPath, name)).catch(() => Buffer.alloc(0));
      for (const secret of [key, password]) expect([name, content.includes(secret)]).toEqual([name, false]);
    }
    expect(files.length).toBeGreaterThan(100);
    expect((await stat(path.join(rekey.home, 'keys.json'))).mode & 0o077).toBe(0);
  });
});

describe('npm start, a second time', () => {
  it('goes on with what the first one left, with its users, keys and certificate', async () => {
    const home = await mkdtemp(path.join(tmpdir(), 'rekey-home-'));
    const first = await startRekey({ home });
    const certificate = await readFile(path.join(home, 'certificate.pem'), 'utf8');
    const created = await fetch(`${first.httpUrl}/scim2/Users`, { method: 'POST', headers: { authorization: 'Basic YWRtaW46YWRtaW4=', 'content-type': 'application/json' }, body: '{"userName":"stays","password":"Password1!"}' });
    expect(created.status).toBe(201);
    const postmaster = Number((await readFile(path.join(home, 'postgres', 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0]);
    expect(isRunning(postmaster)).toBe(true);
    expect(await first.stop()).toBe(0);
    expect(isRunning(postmaster)).toBe(false);

    const second = await startRekey({ home, offset: first.offset });
    const me = await fetch(`${second.httpUrl}/api/identity/user/v1.0/me`, { headers: { authorization: `Basic ${Buffer.from('stays:Password1!').toString('base64')}` } });
    expect(me.status).toBe(200);
    expect(await readFile(path.join(home, 'certificate.pem'), 'utf8')).toBe(certificate);

    process.kill(second.pid, 'SIGINT');
    expect(await second.ended).toMatchObject({ code: 0 });
    await rm(home, { recursive: true, force: true });
  }, 90_000);

  it('also after it was killed: the database it left running is taken over, and nothing is lost', async () => {
    const home = await mkdtemp(path.join(tmpdir(), 'rekey-home-'));
    const first = await startRekey({ home });
    const ask = (rekey: StartedRekey, address: string, body: object) =>
      fetch(rekey.httpUrl + address, { method: 'POST', headers: { authorization: 'Basic YWRtaW46YWRtaW4=', 'content-type': 'application/json' }, body: JSON.stringify(body) });
    await ask(first, '/scim2/Users', { userName: 'killed', emails: ['killed@example.com'] });
    expect((await ask(first, '/api/identity/recovery/v0.9/recover-password', { user: { username: 'killed' } })).status).toBe(202);
    await first.kill();
    const second = await startRekey({ home, offset: first.offset });
    const mail = await new InboxClient(second.inboxUrl).firstMailTo('killed@example.com');
    expect((await ask(second, '/api/identity/recovery/v0.9/set-password', { key: keyOf(mail), password: 'Password1!' })).status).toBe(200);
    expect(await second.stop()).toBe(0);
    await rm(home, { recursive: true, force: true });
  }, 120_000);
});

describe('npm start, where it cannot', () => {
  const oneLine = (output: string) => output.trim().split('\n').filter((line) => !line.includes('INFO'));
  let blocker: Server | null = null;
  afterEach(async () => {
    if (blocker) await new Promise((resolve) => blocker?.close(resolve));
    blocker = null;
  });

  it.each(['https', 'http', 'inboxWeb', 'inboxSmtp', 'postgres'] as const)('names the port in use (%s), and leaves nothing running', async (part) => {
    const { offset, release } = await claimOffset();
    const port = localPorts(offset)[part];
    blocker = createServer().listen(port, '127.0.0.1');
    await once(blocker, 'listening');
    const { output, code } = await failingStart({ offset });
    expect(code).toBe(1);
    expect(oneLine(output)).toEqual([expect.stringContaining(`port ${port} is in use by another program`)]);
    await release();
  });

  it('names a data folder that cannot be made', async () => {
    const file = path.join(await mkdtemp(path.join(tmpdir(), 'rekey-home-')), 'a-file');
    await writeFile(file, '');
    const { output, code } = await failingStart({ home: path.join(file, 'home') });
    expect([code, oneLine(output)]).toEqual([1, [expect.stringContaining(path.join(file, 'home'))]]);
    await rm(path.dirname(file), { recursive: true });
  });

  it('names a data folder that another one has', async () => {
    const rekey = await startRekey();
    const { output, code } = await failingStart({ home: rekey.home });
    expect([code, oneLine(output)]).toEqual([1, [expect.stringMatching(`${rekey.home} is in use by process ${rekey.pid}`)]]);
    await rekey.stop();
  });

  it.each([
    ['an unknown key', [/^enable = false/m, 'enalbe = false'], /deployment\.toml:\d+:\d+: event\.default_listener\.identity_mgt\.enalbe: .*enable/],
    ['a wrong type', [/^priority= "95"/m, 'priority = "soon"'], /deployment\.toml:\d+:\d+: event\.default_listener\.governance_identity_mgt\.priority: expected a whole number/],
    ['two listeners with one priority', [/^priority= "97"/m, 'priority = 95'], /governance_identity_mgt/],
    ['what is no TOML', [/^enable = false/m, 'enable = '], /deployment\.toml:\d+:\d+: not valid TOML/],
    ['a link that works too long', ['"60m"', '"25h"'], /reset_mail_validity: expected .*24h/],
  ] as const)('names the fault in the file: %s', async (_what, edit, expected) => {
    const { output, code } = await failingStart({ edits: [edit] });
    expect([code, oneLine(output)]).toEqual([1, [expect.stringMatching(expected)]]);
  });

  it('refuses an option that there is not', async () => {
    const { output, code } = await failingStart({ args: ['--port', '1'] });
    expect([code, oneLine(output)]).toEqual([1, [expect.stringContaining("Unknown option '--port'")]]);
  });

  it('names a file that is not there', async () => {
    const { output, code } = await failingStart({ env: { REKEY_CONFIG: path.join(root, 'no-such.toml') } });
    expect([code, oneLine(output)]).toEqual([1, [expect.stringMatching(/no-such\.toml.*REKEY_CONFIG/)]]);
  });

  it('refuses an account that still has the sample password, also where the file has another one by now (S41)', async () => {
    const home = await mkdtemp(path.join(tmpdir(), 'rekey-home-'));
    const onLoopback = await startRekey({ home });
    expect(await onLoopback.stop()).toBe(0);
    const { output, code } = await failingStart({ home, edits: [[/^offset = /m, 'listen_address = "0.0.0.0"\noffset = '], ['password = "admin"', 'password = "one that nobody knows"']] });
    expect([code, oneLine(output)]).toEqual([1, [expect.stringMatching(/the account admin still has the sample password.*127\.0\.0\.1/)]]);
    await rm(home, { recursive: true, force: true });
  });

  it('refuses the sample password where others than this machine could use it', async () => {
    const { output, code } = await failingStart({ edits: [[/^offset = /m, 'listen_address = "0.0.0.0"\noffset = ']] });
    expect([code, oneLine(output)]).toEqual([1, [expect.stringContaining('sample password')]]);
  });
});

describe('npm start -- --help', () => {
  it('says what it does and what it reads, and starts nothing', async () => {
    const { output, code } = await failingStart({ args: ['--help'] });
    expect([code, output]).toEqual([0, expect.stringMatching(/^npm start\n[^]*REKEY_CONFIG[^]*REKEY_HOME/)]);
    expect(output).not.toMatch(/starting|ready/);
  });
});

describe('npm start, with a relay of one’s own', () => {
  it('signs in to it, mails by it, and starts no inbox', async () => {
    const sink = await anSmtpSink({ credentials: { username: 'rekey', password: 'relay password' }, keepDialogue: true });
    const relay = `[output_adapter.email]\nhostname = "${sink.host}"\nport = ${sink.port}\nfrom_address = "help@example.org"\nsignature = "Example"\nusername = "rekey"\npassword = "$env{MAIL_PASSWORD}"\nenable_start_tls = false\n`;
    const rekey = await startRekey({ edits: [[/^# \[output_adapter\.email\]/m, relay]], env: { MAIL_PASSWORD: 'relay password' } });
    await fetch(`${rekey.httpUrl}/api/identity/recovery/v0.9/recover-password`, { method: 'POST', headers: { authorization: 'Basic YWRtaW46YWRtaW4=', 'content-type': 'application/json' }, body: '{"user":{"username":"kim"}}' });
    const [mail] = await sink.waitForMails(1);
    expect(mail?.envelope).toEqual({ from: 'help@example.org', to: ['kim@example.com'] });
    expect(sink.dialogue.some((line) => line.startsWith('C: AUTH'))).toBe(true);
    await expect(fetch(rekey.inboxUrl)).rejects.toThrow();
    expect(rekey.output()).not.toContain('relay password');
    await rekey.stop();
    await sink.close();
  });

  it('finishes the mail in hand when it is told to end, and tells the recovery service what came of it', async () => {
    const home = await mkdtemp(path.join(tmpdir(), 'rekey-home-'));
    let tellToEnd = (): void => undefined;
    const sink = await anSmtpSink({ delayMs: { dot: 500 }, onMail: () => tellToEnd() });
    const relay = `[output_adapter.email]\nhostname = "${sink.host}"\nport = ${sink.port}\nfrom_address = "help@example.org"\nenable_authentication = false\nenable_start_tls = false\n`;
    const rekey = await startRekey({ home, edits: [[/^# \[output_adapter\.email\]/m, relay]] });
    tellToEnd = () => process.kill(rekey.pid, 'SIGTERM');
    await fetch(`${rekey.httpUrl}/api/identity/recovery/v0.9/recover-password`, { method: 'POST', headers: { authorization: 'Basic YWRtaW46YWRtaW4=', 'content-type': 'application/json' }, body: '{"user":{"username":"kim"}}' });
    expect(await rekey.ended).toMatchObject({ code: 0 });

    const postgres = await startEmbeddedPostgres({ dataFolder: path.join(home, 'postgres'), port: await freePort() });
    const rowsOf = async (database: string, sql: string) => {
      const client = new pg.Client(postgres.url(database));
      await client.connect();
      const { rows } = await client.query(sql);
      await client.end();
      return rows;
    };
    expect(await rowsOf('rekey_notification', 'SELECT published_at IS NOT NULL AS told FROM outbox')).toEqual([{ told: true }]);
    expect(await rowsOf('rekey_recovery', 'SELECT confirmed_at IS NOT NULL AS heard FROM outbox WHERE awaits_outcome')).toEqual([{ heard: true }]);
    await postgres.stop();
    await sink.close();
    await rekey.stop();
    await rm(home, { recursive: true, force: true });
  });
});

describe('npm start, with databases of one’s own', () => {
  it('works on them, runs no PostgreSQL of its own, and makes no demo user in them', async () => {
    const [identity, notification] = await Promise.all([aDatabase(), aDatabase()]);
    const table = (name: string, { settings: { host, port, name: database, username, password } }: typeof identity) =>
      `[database.${name}]\nhostname = "${host}"\nport = ${port}\nname = "${database}"\nusername = "${username}"\npassword = "${password}"\n`;
    const rekey = await startRekey({ edits: [[/^# \[output_adapter\.email\]/m, table('identity_db', identity) + table('notification_db', notification)]] });
    expect(await readdir(rekey.home)).not.toContain('postgres');
    expect(rekey.output()).not.toMatch(/kim|PostgreSQL/);
    const created = await fetch(`${rekey.httpUrl}/scim2/Users`, { method: 'POST', headers: { authorization: 'Basic YWRtaW46YWRtaW4=', 'content-type': 'application/json' }, body: '{"userName":"kim"}' });
    expect(created.status).toBe(201);
    expect(await rekey.stop()).toBe(0);
    await Promise.all([identity.drop(), notification.drop()]);
  });
});

describe('npm start, whose database ends', () => {
  it('says so and ends too, with an exit code that is not 0', async () => {
    const rekey = await startRekey();
    const postmaster = Number((await readFile(path.join(rekey.home, 'postgres', 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0]);
    process.kill(postmaster, 'SIGKILL');
    expect(await rekey.ended).toMatchObject({ code: 1 });
    expect(rekey.output()).toContain('PostgreSQL ended by itself');
    await rekey.stop();
  });
});
