import { parse } from 'smol-toml';
import { generateKeys, localDefaults, localPorts, type LocalDefaults } from './index.ts';

describe('the local defaults', () => {
  const database = { host: '127.0.0.1', port: 9432, name: 'rekey', username: 'rekey', password: 'p', poolSize: 10, ssl: false };

  async function defaultsWith(parts: Partial<LocalDefaults>) {
    const defaults = { ports: localPorts(0), keys: await generateKeys(), baseUrl: 'https://localhost:9443', mailCatcher: true, brokers: [], identityDatabase: database, notificationDatabase: database, ...parts };
    return parse(localDefaults(defaults));
  }

  it('say where the databases are', async () => {
    const table = { type: 'postgre', hostname: '127.0.0.1', port: 9432, name: 'rekey', username: 'rekey', password: 'p', pool_size: 10 };
    expect(await defaultsWith({})).toMatchObject({ database: { identity_db: table, notification_db: table } });
  });

  it('trust loopback to tell a client’s address where a gateway of this machine stands in front, and nobody else', async () => {
    expect((await defaultsWith({ behindGateway: true }))['server']).toEqual({ trusted_proxies: ['127.0.0.1', '::1'] });
    expect((await defaultsWith({}))['server']).toBeUndefined();
  });

  it('say where templates are asked for, where the services are processes of their own', async () => {
    expect((await defaultsWith({ notificationServices: ['http://127.0.0.1:9600'] }))['server']).toEqual({ notification_services: ['http://127.0.0.1:9600'] });
  });

  it('say nothing of a database, a relay or a broker that the operator names', async () => {
    const { database: databases, ...others } = await defaultsWith({ identityDatabase: null, mailCatcher: false });
    expect(Object.keys(Object(databases))).toEqual(['notification_db']);
    expect(Object.keys(others).sort()).toEqual(['event_publisher', 'keys']);
    expect(Object.keys(Object((await defaultsWith({ identityDatabase: null, notificationDatabase: null }))['database']))).toEqual([]);
  });
});
