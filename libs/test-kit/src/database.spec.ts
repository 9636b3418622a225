import pg from 'pg';
import { aDatabase, type TestDatabase } from './index.ts';

describe('a test database', () => {
  const open: TestDatabase[] = [];
  const database = async () => {
    const made = await aDatabase();
    open.push(made);
    return made;
  };
  afterEach(async () => {
    for (const made of open.splice(0)) await made.drop();
  });

  it('is real PostgreSQL 18, empty, and its owner may do as it likes in it', async () => {
    const { settings } = await database();
    await connected(settings, async (client) => {
      const [{ server_version: version }] = (await client.query('SHOW server_version')).rows;
      expect(version).toMatch(/^18\./);
      await client.query('CREATE TABLE note (text text)');
      expect((await client.query('SELECT FROM note')).rowCount).toBe(0);
    });
  });

  it('is entered by no other database’s role', async () => {
    const [one, other] = [await database(), await database()];
    await expect(connected({ ...one.settings, name: other.settings.name }, async () => {})).rejects.toThrow(/no pg_hba.conf entry|permission denied/);
  });

  it('is gone when dropped, connections or not', async () => {
    const { settings, drop } = await aDatabase();
    const client = await connectTo(settings);
    const cut = new Promise((resolve) => client.once('end', resolve));
    client.on('error', () => {});
    await drop();
    await cut;
    await expect(connectTo(settings)).rejects.toThrow();
  });

  it('is made side by side with others', async () => {
    const many = await Promise.all(Array.from({ length: 5 }, database));
    expect(new Set(many.map(({ settings }) => settings.name)).size).toBe(5);
  });
});

async function connectTo(settings: TestDatabase['settings']): Promise<pg.Client> {
  const client = new pg.Client({ ...settings, database: settings.name, user: settings.username, ssl: false });
  await client.connect();
  return client;
}

async function connected(settings: TestDatabase['settings'], work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = await connectTo(settings);
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
