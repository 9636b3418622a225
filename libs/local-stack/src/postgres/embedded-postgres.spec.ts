import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort, isRunning, silent, startEmbeddedPostgres, type EmbeddedPostgres } from '../index.ts';
import { runPostgres } from './embedded-postgres.ts';

describe('the embedded PostgreSQL', () => {
  let dataFolder: string;
  let port: number;
  let running: EmbeddedPostgres | undefined;

  beforeEach(async () => {
    dataFolder = join(await mkdtemp(join(tmpdir(), 'rekey-postgres-')), 'data');
    port = await freePort();
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
    await rm(join(dataFolder, '..'), { recursive: true, force: true });
  });
  const start = async () => (running = await startEmbeddedPostgres({ dataFolder, port }));

  it('keeps what was written, from one start to the next', async () => {
    const first = await start();
    await first.ensureDatabase('recovery');
    await query(first.url('recovery'), `CREATE TABLE note AS SELECT 'kept' AS text`);
    await first.stop();
    const second = await start();
    await second.ensureDatabase('recovery');
    expect(await query(second.url('recovery'), 'SELECT text FROM note')).toEqual([{ text: 'kept' }]);
  });

  it('lets a service into its own database only, and gives it no power over the server', async () => {
    const { ensureDatabase, settings, url } = await start();
    await Promise.all(['recovery', 'notification', 'recovery'].map((name) => ensureDatabase(name)));
    expect(settings('recovery').password).not.toBe(settings('notification').password);
    await expect(query(url('recovery').replace(/recovery$/, 'notification'), 'SELECT 1')).rejects.toThrow(/pg_hba.conf/);
    await expect(query(url('recovery').replace(/recovery$/, 'postgres'), 'SELECT 1')).rejects.toThrow(/pg_hba.conf/);
    await expect(query(url('recovery'), 'CREATE DATABASE more')).rejects.toThrow(/permission denied/);
    await expect(query(url('recovery'), `COPY (SELECT 1) TO PROGRAM 'true'`)).rejects.toThrow(/permission denied/);
    await expect(query(url('recovery').replace(/:[^:@]+@/, ':guess@'), 'SELECT 1')).rejects.toThrow(/password authentication failed/);
  });

  it('listens on the loopback address only, writes safely, and keeps its secret to itself', async () => {
    const { url, ensureDatabase } = await start();
    await ensureDatabase('recovery');
    const shown = async (name: string) => (await query(url('recovery'), `SELECT current_setting('${name}') AS value`))[0];
    expect(await shown('listen_addresses')).toEqual({ value: '127.0.0.1' });
    expect(await shown('fsync')).toEqual({ value: 'on' });
    expect((await stat(join(dataFolder, 'secret'))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(dataFolder, 'postgres.log'), 'utf8')).toContain('ready to accept connections');
  });

  it('takes the place of one whose starter was killed', async () => {
    const orphan = await runPostgres({ dataFolder, port, log: silent, settings: {} });
    await writeFile(join(dataFolder, 'owner'), JSON.stringify({ pid: orphan.pid, birth: 'of another process' }));
    const { ensureDatabase, url } = await start();
    expect(isRunning(orphan.pid)).toBe(false);
    await ensureDatabase('recovery');
    expect(await query(url('recovery'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('starts after a crash of PostgreSQL itself', async () => {
    const first = await start();
    await first.ensureDatabase('recovery');
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    await first.stop();
    const second = await start();
    expect(await query(second.url('recovery'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('is not misled by a pid file that names another program', async () => {
    await (await start()).stop();
    await writeFile(join(dataFolder, 'cluster', 'postmaster.pid'), `${process.pid}\n${dataFolder}\n`);
    await expect(start()).resolves.toBeDefined();
  });

  it('tells which process has the folder', async () => {
    await start();
    await expect(startEmbeddedPostgres({ dataFolder, port: port + 1 })).rejects.toThrow(`${dataFolder} is in use by process ${process.pid}`);
  });

  it('tells which port is taken, and gives the folder back', async () => {
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    await expect(start()).rejects.toThrow(`port ${port} is in use by another program`);
    other.close();
    await once(other, 'close');
    await expect(start()).resolves.toBeDefined();
  });

  it('tells which folder cannot be made', async () => {
    const file = join(tmpdir(), `rekey-${port}`);
    await writeFile(file, '');
    await expect(startEmbeddedPostgres({ dataFolder: join(file, 'data'), port })).rejects.toThrow(`cannot write in the data folder ${join(file, 'data')} (ENOTDIR)`);
    await rm(file);
  });

  it('quotes PostgreSQL’s last words in one line', async () => {
    await (await start()).stop();
    running = undefined;
    await writeFile(join(dataFolder, 'cluster', 'postgresql.conf'), 'shared_bufers = 1\n');
    const failure = await start().catch((error: unknown) => error);
    expect(String(failure)).toMatch(/^LocalStackError: PostgreSQL does not start: .*shared_bufers.*$/);
  });

  it('works below a folder that only its owner may enter', async () => {
    await chmod(join(dataFolder, '..'), 0o700);
    const { ensureDatabase, url } = await start();
    await ensureDatabase('recovery');
    expect(await query(url('recovery'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
