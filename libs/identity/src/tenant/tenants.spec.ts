import { jest } from '@jest/globals';
import { Database } from '@rekey/messaging';
import { aDatabase, type TestDatabase } from '@rekey/test-kit';
import { identityMigrations, Tenants } from '../index.ts';

describe('tenants', () => {
  let test: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    test = await aDatabase();
    database = await Database.open({ ...test.settings, poolSize: 2 }, identityMigrations);
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  it('are carbon.super, and those in the table that are active', async () => {
    await database.query(`INSERT INTO tenant (domain, active) VALUES ('open.example', true), ('shut.example', false)`);
    const tenants = new Tenants(database);
    const active = await Promise.all(['carbon.super', 'open.example', 'shut.example', 'nowhere.example'].map((domain) => tenants.isActive(domain)));
    expect(active).toEqual([true, true, false, false]);
  });

  it('are asked for once in five seconds, however many want to know', async () => {
    const tenants = new Tenants(database);
    const asked = jest.spyOn(database, 'query');
    const now = jest.spyOn(Date, 'now').mockReturnValue(1_000_000);
    await Promise.all(Array.from({ length: 20 }, () => tenants.isActive('carbon.super')));
    expect(asked).toHaveBeenCalledTimes(1);

    await database.query(`INSERT INTO tenant (domain) VALUES ('new.example')`);
    expect(await tenants.isActive('new.example')).toBe(false);
    now.mockReturnValue(1_005_001);
    expect(await tenants.isActive('new.example')).toBe(true);
  });

  it('are asked for again where the database was away', async () => {
    const tenants = new Tenants(database);
    jest.spyOn(database, 'query').mockRejectedValueOnce(new Error('no connection'));
    await expect(tenants.isActive('carbon.super')).rejects.toThrow('no connection');
    expect(await tenants.isActive('carbon.super')).toBe(true);
  });
});
