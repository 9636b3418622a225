import { until } from '@rekey/test-kit';
import { byASteadyClock } from '@rekey/test-kit/steady-clock';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { DatabaseUnderTest } from '../testing/database-under-test.ts';
import { FrozenLine } from '../testing/frozen-line.ts';
import { gate } from '../testing/gate.ts';
import type { Database } from './database.ts';
import { isPostgresError } from './postgres-error.ts';

class CreateNote1000000000001 implements MigrationInterface {
  readonly name = 'CreateNote1000000000001';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE note (id int PRIMARY KEY, text text NOT NULL DEFAULT '')`);
  }
  async down(): Promise<void> {}
}

class AddRows1000000000002 implements MigrationInterface {
  readonly name = 'AddRows1000000000002';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('INSERT INTO note (id) SELECT generate_series(1, 10)');
  }
  async down(): Promise<void> {}
}

class FailHalfway1000000000003 implements MigrationInterface {
  readonly name = 'FailHalfway1000000000003';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('INSERT INTO note (id) VALUES (11)');
    await runner.query('SELECT no_such_function()');
  }
  async down(): Promise<void> {}
}

class TakeLong1000000000003 implements MigrationInterface {
  readonly name = 'TakeLong1000000000003';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('SELECT pg_sleep(0.4)');
  }
  async down(): Promise<void> {}
}

const migrations = [CreateNote1000000000001, AddRows1000000000002];

let under: DatabaseUnderTest;
beforeEach(async () => {
  under = await DatabaseUnderTest.make();
});
afterEach(async () => {
  await under.drop();
});

const noteIds = async (database: Database): Promise<number[]> => (await database.query<{ id: number }>('SELECT id FROM note ORDER BY id')).map(({ id }) => id);
/** What the server says to the statement: the error, not an assertion about it. */
const errorOf = (work: Promise<unknown>): Promise<unknown> => work.then(() => null, (error: unknown) => error);

describe('opening a database', () => {
  it('applies each migration once, however many processes open it at the same moment', async () => {
    const all = await Promise.all(Array.from({ length: 4 }, () => under.open({ migrations })));
    expect(await noteIds(all[0] as Database)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('leaves out what was applied before', async () => {
    await under.open({ migrations });
    const database = await under.open({ migrations });
    expect(await noteIds(database)).toHaveLength(10);
  });

  it('keeps the migrations before the one that fails, nothing of that one, and no connection', async () => {
    expect(await errorOf(under.open({ migrations: [...migrations, FailHalfway1000000000003] }))).toMatchObject({ code: '42883' });
    const database = await under.open();
    expect(await noteIds(database)).not.toContain(11);
    const others = () => database.query('SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()');
    expect(await until(others, (rows) => rows.length === 0)).toEqual([]);
  });

  it('gives migrations the time they need, whatever a statement may take later', async () => {
    const database = await under.open({ migrations: [...migrations, TakeLong1000000000003], limits: { statementTimeoutMs: 100 } });
    expect(await errorOf(database.query('SELECT pg_sleep(0.4)'))).toMatchObject({ code: '57014' });
  });

  it('says why it cannot', async () => {
    const closed = await FrozenLine.to(under.address);
    const { port } = closed;
    closed.close();
    expect(await errorOf(under.open({ port }))).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('says so where the connection breaks while it looks what was applied, and breaks nothing else', async () => {
    const database = await under.open({ migrations });
    const line = await FrozenLine.to(under.address);
    const looking = () => database.query(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`);
    const broken = await database.transaction(async (tx) => {
      await tx.query('LOCK TABLE migrations');
      const opened = errorOf(under.open({ port: line.port, migrations }));
      await until(looking, (rows) => rows.length === 1);
      line.close();
      return opened;
    });
    expect(broken).toMatchObject({ message: 'Connection terminated unexpectedly' });
  });
});

describe('a transaction', () => {
  let database: Database;
  beforeEach(async () => {
    database = await under.open({ migrations: [CreateNote1000000000001] });
  });

  it('keeps all that was done in it, and gives back what the work returned', async () => {
    const result = await database.transaction(async (tx) => {
      await tx.query('INSERT INTO note (id) VALUES ($1)', [1]);
      await tx.query('INSERT INTO note (id) VALUES ($1)', [2]);
      return 'done';
    });
    expect(result).toBe('done');
    expect(await noteIds(database)).toEqual([1, 2]);
  });

  it('leaves nothing where the work throws, and hands on what it threw', async () => {
    const failure = new Error('changed my mind');
    const work = database.transaction(async (tx) => {
      await tx.query('INSERT INTO note (id) VALUES (1)');
      throw failure;
    });
    expect(await errorOf(work)).toBe(failure);
    expect(await noteIds(database)).toEqual([]);
  });

  it('does not say it was committed where a failed statement’s error was swallowed', async () => {
    const work = database.transaction(async (tx) => {
      await tx.query('INSERT INTO note (id) VALUES (1)');
      await errorOf(tx.query('SELECT 1 / 0'));
    });
    await expect(work).rejects.toThrow('nothing was committed');
    expect(await noteIds(database)).toEqual([]);
  });

  it('is not seen by others before its end', async () => {
    await database.transaction(async (tx) => {
      await tx.query('INSERT INTO note (id) VALUES (1)');
      expect(await noteIds(database)).toEqual([]);
    });
    expect(await noteIds(database)).toEqual([1]);
  });

  it.each(['40001', '40P01'])('is run again after %s, with nothing left of the failed run (F23)', async (code) => {
    let runs = 0;
    await database.transaction(async (tx) => {
      runs++;
      await tx.query('INSERT INTO note (id) VALUES ($1)', [runs]);
      if (runs < 3) await tx.query(`DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '${code}'; END $$`);
    });
    expect(await noteIds(database)).toEqual([3]);
  });

  it('gives up after the third run, and runs nothing else again', async () => {
    let runs = 0;
    const failing = (code: string) => () =>
      database.transaction(async (tx) => {
        runs++;
        await tx.query(`DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '${code}'; END $$`);
      });
    expect(await errorOf(failing('40001')())).toMatchObject({ code: '40001' });
    expect(runs).toBe(3);
    runs = 0;
    expect(await errorOf(failing('23505')())).toMatchObject({ code: '23505' });
    expect(runs).toBe(1);
  });

  it('survives a real deadlock: both who met in it get through', async () => {
    await database.query(`INSERT INTO note (id, text) VALUES (1, ''), (2, '')`);
    const met = meetingOf(2);
    const crossing = (first: number, second: number) =>
      database.transaction(async (tx) => {
        await tx.query(`UPDATE note SET text = text || 'x' WHERE id = $1`, [first]);
        await met();
        await tx.query(`UPDATE note SET text = text || 'x' WHERE id = $1`, [second]);
      });
    await Promise.all([crossing(1, 2), crossing(2, 1)]);
    expect(await database.query('SELECT text FROM note')).toEqual([{ text: 'xx' }, { text: 'xx' }]);
  });

  it('fails, and only it, where its connection is lost (F19)', async () => {
    const other = await under.open();
    const work = database.transaction(async (tx) => {
      await tx.query('INSERT INTO note (id) VALUES (1)');
      await endConnectionOf(tx, other);
      await tx.query('INSERT INTO note (id) VALUES (2)');
    });
    await expect(work).rejects.toThrow();
    await database.transaction(async (tx) => tx.query('INSERT INTO note (id) VALUES (3)'));
    expect(await noteIds(database)).toEqual([3]);
  });
});

describe('the pool of connections', () => {
  byASteadyClock();

  it('has nobody wait without end while all are taken, and serves again when they are free (F22)', async () => {
    const database = await under.open({ poolSize: 2, limits: { connectionTimeoutMs: 200 } });
    const leave = gate();
    const entered = [gate(), gate()];
    const holders = entered.map(({ open }) =>
      database.transaction(async () => {
        open();
        await leave.opened;
      }),
    );
    await Promise.all(entered.map(({ opened }) => opened));
    await expect(database.query('SELECT 1')).rejects.toThrow(/timeout/i);
    leave.open();
    await Promise.all(holders);
    expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('replaces connections that the server ended while they were idle', async () => {
    const [database, other] = [await under.open({ poolSize: 1 }), await under.open()];
    await endConnectionOf(database, other);
    expect(await until(() => database.query('SELECT 1 AS one').catch(() => null), (rows) => rows !== null)).toEqual([{ one: 1 }]);
  });

  it('waits for no server that has gone silent, in or out of a transaction', async () => {
    const line = await FrozenLine.to(under.address);
    const limits = { connectionTimeoutMs: 300, answerTimeoutMs: 300 };
    const database = await under.open({ port: line.port, limits });
    await database.query('SELECT 1');
    line.freeze();
    await expect(database.query('SELECT 1')).rejects.toThrow(/timeout/i);
    line.thaw();
    const work = database.transaction(async (tx) => {
      await tx.query('SELECT 1');
      line.freeze();
      await tx.query('SELECT 1');
    });
    await expect(work).rejects.toThrow(/timeout/i);
    line.thaw();
    expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await database.close();
    line.close();
  });

  it('lets what is in hand finish when it is closed, and takes no more', async () => {
    const database = await under.open({ migrations: [CreateNote1000000000001] });
    const entered = gate();
    const leave = gate();
    const inHand = database.transaction(async (tx) => {
      entered.open();
      await leave.opened;
      await tx.query('INSERT INTO note (id) VALUES (1)');
    });
    await entered.opened;
    const closed = database.close();
    await expect(database.query('SELECT 1')).rejects.toThrow();
    leave.open();
    await Promise.all([inHand, closed, database.close()]);
    expect(await noteIds(await under.open())).toEqual([1]);
  });
});

describe('listening to a channel', () => {
  byASteadyClock();

  it('wakes when it listens, and at every notification', async () => {
    const database = await under.open();
    let woken = 0;
    const stop = database.listen('news', () => woken++);
    await until(() => woken, (times) => times === 1);
    await database.query('NOTIFY news');
    await until(() => woken, (times) => times === 2);
    await database.query('NOTIFY "other news"');
    await database.query('NOTIFY news');
    await until(() => woken, (times) => times >= 3);
    expect(woken).toBe(3);
    await stop();
  });

  it('connects again when its connection is ended, and wakes: something may have been missed', async () => {
    const database = await under.open();
    let woken = 0;
    database.listen('news', () => woken++);
    await until(() => woken, (times) => times === 1);
    const [ended] = await database.query<{ ended: boolean }>(`SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN "news"'`);
    expect(ended).toEqual({ ended: true });
    await until(() => woken, (times) => times === 2);
    await database.query('NOTIFY news');
    await until(() => woken, (times) => times === 3);
  });

  it('keeps trying while the server cannot be reached', async () => {
    const line = await FrozenLine.to(under.address);
    const database = await under.open({ port: line.port, limits: { connectionTimeoutMs: 1_000 } });
    line.freeze();
    let woken = 0;
    database.listen('news', () => woken++);
    await expect(database.query('SELECT 1')).rejects.toThrow(); // as the listener by now
    line.thaw();
    await until(() => woken, (times) => times === 1);
    await database.close();
    line.close();
  });

  it('leaves no connection behind when stopped, at once or later, or closed with the database', async () => {
    const [database, observer] = [await under.open(), await under.open()];
    const stopAtOnce = database.listen('one', () => undefined);
    await stopAtOnce();
    let woken = 0;
    const stopLater = database.listen('two', () => woken++);
    database.listen('three', () => woken++);
    await until(() => woken, (times) => times === 2);
    await stopLater();
    await database.close();
    const connections = () => observer.query(`SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`);
    expect(await until(connections, (rows) => rows.length === 0)).toEqual([]);
  });
});

describe('an error', () => {
  it('of PostgreSQL is told from others, with its code and constraint', async () => {
    const database = await under.open({ migrations });
    const error = await errorOf(database.query('INSERT INTO note (id) VALUES (1)'));
    expect(isPostgresError(error) && { code: error.code, constraint: error.constraint }).toEqual({ code: '23505', constraint: 'note_pkey' });
    expect(isPostgresError(Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' }))).toBe(false);
  });
});

/** @returns what each of so many calls, so that they go on together; later calls go on at once */
function meetingOf(people: number): () => Promise<void> {
  const everybody = gate();
  let here = 0;
  return async () => {
    if (++here === people) everybody.open();
    await everybody.opened;
  };
}

/** Ends the connection that `executor` uses, as a restart of the server does, and waits until it is gone. */
async function endConnectionOf(executor: Pick<Database, 'query'>, other: Database): Promise<void> {
  const [row] = await executor.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  await other.query('SELECT pg_terminate_backend($1)', [row?.pid]);
  await until(() => other.query('SELECT FROM pg_stat_activity WHERE pid = $1', [row?.pid]), (rows) => rows.length === 0);
}
