import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { configFromEnvironment, localFileIn } from './from-environment.ts';
import { messageOf } from './testing/deployment-texts.ts';

const variables = ['REKEY_CONFIG', 'REKEY_LOCAL', 'REKEY_HOME', 'KAFKA_BROKERS', 'OTEL_EXPORTER_OTLP_ENDPOINT'] as const;
const given = Object.fromEntries(variables.map((name) => [name, process.env[name]]));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'rekey-config-'));
  for (const name of variables) delete process.env[name];
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  for (const name of variables) {
    if (given[name] === undefined) delete process.env[name];
    else process.env[name] = given[name];
  }
});

function file(name: string, content: string | Buffer): string {
  const whole = path.join(folder, name);
  writeFileSync(whole, content);
  return whole;
}

describe('the deployment.toml that Rekey ships', () => {
  it('loads without a warning, with recovery on and the guide\'s example password accepted', () => {
    const { config, warnings } = configFromEnvironment();
    expect(warnings).toEqual([]);
    expect(config.passwordRecovery.enable).toBe(true);
    expect(config.passwordPolicy.minLength).toBe(8);
    expect(config.passwordRecovery.linkValidityMinutes).toBe(60);
    expect(config.server).toMatchObject({ baseUrl: 'https://localhost:9443', listenAddress: '127.0.0.1', httpsPort: 9443, httpPort: 9763 });
    expect(config.email).toBeNull();
    expect(config.kafka).toBeNull();
  });

  it('carries the three listeners with WSO2\'s own priorities and flags', () => {
    expect(configFromEnvironment().config.listeners).toMatchObject({
      identity_mgt: { priority: 50, enable: false },
      governance_identity_mgt: { priority: 95, enable: true },
      governance_identity_store: { priority: 97, enable: true },
    });
  });
});

describe('what the environment names', () => {
  it('is REKEY_CONFIG first, then KAFKA_BROKERS, then REKEY_LOCAL, then the defaults of the local modes', () => {
    process.env['REKEY_CONFIG'] = file('own.toml', '[server]\noffset = 1\n');
    process.env['REKEY_LOCAL'] = file('local.toml', '[server]\noffset = 2\nhostname = "local.test"\n[kafka]\nbrokers = ["local:1"]\npartitions = 3');
    process.env['KAFKA_BROKERS'] = 'one:9092, two:9092';
    const { config } = configFromEnvironment({ defaults: '[server]\nhostname = "deepest.test"\n[delivery]\nconcurrency = 4' });
    expect(config.server).toMatchObject({ offset: 1, hostname: 'local.test' });
    expect(config.kafka).toMatchObject({ brokers: ['one:9092', 'two:9092'], partitions: 3 });
    expect(config.delivery.concurrency).toBe(4);
  });

  it('is the collector of traces too, where the file names none', () => {
    process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = 'http://collector:4318/';
    process.env['REKEY_CONFIG'] = file('silent.toml', '');
    expect(configFromEnvironment().config.telemetry.otlpEndpoint).toBe('http://collector:4318');
    process.env['REKEY_CONFIG'] = file('own.toml', '[telemetry]\notlp_endpoint = "https://otlp.example.com/rekey"');
    expect(configFromEnvironment().config.telemetry.otlpEndpoint).toBe('https://otlp.example.com/rekey');
  });

  it('is named in errors by the file it stands in', () => {
    process.env['REKEY_CONFIG'] = file('own.toml', '[server]\noffset = 1\n');
    process.env['REKEY_LOCAL'] = file('local.toml', '\n[server]\nhostname = 5');
    expect(messageOf(() => configFromEnvironment())).toMatch(/local\.toml:3:1: server\.hostname: expected a host name, got 5$/);
    process.env['REKEY_LOCAL'] = file('local.toml', '');
    expect(messageOf(() => configFromEnvironment({ defaults: '[server]\nhostname = 5' }))).toBe('local defaults: server.hostname: expected a host name, got 5');
    process.env['KAFKA_BROKERS'] = 'no port';
    expect(messageOf(() => configFromEnvironment())).toContain('kafka.brokers[0]: expected "host:port", got "no port"');
  });

  it('fills $env{} from the environment of the process', () => {
    process.env['REKEY_CONFIG'] = file('own.toml', '[delivery]\nconcurrency = 7\n[super_admin]\nusername = "$env{REKEY_HOME}"');
    process.env['REKEY_HOME'] = '/var/lib/rekey';
    const { config, home } = configFromEnvironment();
    expect(config.superAdmin.username).toBe('/var/lib/rekey');
    expect(home).toBe('/var/lib/rekey');
  });

  it('keeps the data beside the shipped file by default', () => {
    expect(path.basename(configFromEnvironment().home)).toBe('.rekey');
  });

  it('includes the file of local parts that run by themselves, for those who ask', () => {
    process.env['REKEY_HOME'] = folder;
    expect(configFromEnvironment({ findLocalFile: true }).localFile).toBeNull();
    mkdirSync(path.dirname(localFileIn(folder)));
    writeFileSync(localFileIn(folder), '[delivery]\nconcurrency = 6');
    expect(configFromEnvironment({ findLocalFile: true })).toMatchObject({ localFile: localFileIn(folder), config: { delivery: { concurrency: 6 } } });
    expect(configFromEnvironment()).toMatchObject({ localFile: null, config: { delivery: { concurrency: 20 } } });
  });
});

describe('a file that cannot be read', () => {
  it.each(['REKEY_CONFIG', 'REKEY_LOCAL'])('is named with the reason and %s', (variable) => {
    process.env[variable] = path.join(folder, 'missing.toml');
    expect(messageOf(() => configFromEnvironment())).toBe(`${folder}/missing.toml: cannot be read (ENOENT); ${variable} names it`);
    process.env[variable] = folder;
    expect(messageOf(() => configFromEnvironment())).toBe(`${folder}: cannot be read (EISDIR); ${variable} names it`);
  });

  it('is one without permission', () => {
    const whole = file('closed.toml', '');
    chmodSync(whole, 0o000);
    process.env['REKEY_CONFIG'] = whole;
    if (process.getuid?.() === 0) expect(configFromEnvironment().warnings).toEqual([]); // root reads everything
    else expect(messageOf(() => configFromEnvironment())).toBe(`${whole}: cannot be read (EACCES); REKEY_CONFIG names it`);
  });

  it('is one that is not UTF-8, or not text', () => {
    process.env['REKEY_CONFIG'] = file('latin-1.toml', Buffer.from('[super_admin]\npassword = "schl\xfcssel"', 'latin1'));
    expect(messageOf(() => configFromEnvironment())).toBe(`${folder}/latin-1.toml: is not UTF-8 text, as TOML has to be; REKEY_CONFIG names it`);
    process.env['REKEY_CONFIG'] = file('zeros.toml', Buffer.alloc(1_000));
    expect(messageOf(() => configFromEnvironment())).toMatch(/zeros\.toml:1:1: not valid TOML: /);
  });
});
