import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { databaseFault, serviceConfig } from './service-config.ts';
import { messageOf } from './testing/deployment-texts.ts';

const variables = ['REKEY_CONFIG', 'REKEY_LOCAL', 'REKEY_HOME', 'REKEY_PORT', 'KAFKA_BROKERS'] as const;
const given = Object.fromEntries(variables.map((name) => [name, process.env[name]]));
const database = '[database.identity_db]\nname = "recovery"\nusername = "a"\npassword = "b"\n';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'rekey-service-config-'));
  for (const name of variables) delete process.env[name];
  process.env['REKEY_HOME'] = folder;
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  for (const name of variables) {
    if (given[name] === undefined) delete process.env[name];
    else process.env[name] = given[name];
  }
});

function configure(toml: string): string {
  const file = path.join(folder, 'deployment.toml');
  writeFileSync(file, toml);
  process.env['REKEY_CONFIG'] = file;
  return path.relative('.', file);
}

describe('a service that runs by itself', () => {
  it('has its own database and the brokers', () => {
    configure(`${database}[kafka]\nbrokers = ["one:9092"]`);
    expect(serviceConfig('identity_db')).toMatchObject({ database: { name: 'recovery' }, kafka: { brokers: ['one:9092'] }, localFile: null, port: null });
  });

  it('takes its brokers from KAFKA_BROKERS and its port from REKEY_PORT', () => {
    configure(database);
    process.env['KAFKA_BROKERS'] = 'two:9092';
    process.env['REKEY_PORT'] = '9501';
    expect(serviceConfig('identity_db')).toMatchObject({ kafka: { brokers: ['two:9092'] }, port: '9501' });
  });

  it('is told what is missing and which commands start it here', () => {
    const file = configure('');
    expect(messageOf(() => serviceConfig('identity_db'))).toBe(`${file}: [database.identity_db] and [kafka] missing: run \`npm run database\` and \`npm run kafka\` in other terminals for local ones (or set KAFKA_BROKERS), or name yours there`);
    configure(`${database}[kafka]\nbrokers = ["one:9092"]`);
    expect(messageOf(() => serviceConfig('notification_db'))).toBe(`${file}: [database.notification_db] missing: run \`npm run database\` in other terminals for local ones, or name yours there`);
  });
});

describe('a database that cannot be opened', () => {
  const deployment = { database: { host: 'db.test', port: 5432, name: 'recovery', username: 'a', password: 'hunter2', poolSize: 1, ssl: false }, localFile: null };

  it.each(['ECONNREFUSED', 'ENOTFOUND', '28P01', '3D000'])('with %s is named in one line without its password', (code) => {
    expect(databaseFault(Object.assign(new Error('hunter2'), { code }), deployment)).toMatchObject({ name: 'DeploymentConfigError', message: `the database recovery at db.test:5432 cannot be opened (${code})` });
  });

  it('for any other reason keeps its error', () => {
    const error = Object.assign(new Error('syntax'), { code: '42601' });
    expect(databaseFault(error, deployment)).toBe(error);
    expect(databaseFault('text', deployment)).toBe('text');
  });
});
