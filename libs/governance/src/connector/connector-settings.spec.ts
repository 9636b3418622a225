import { setTimeout as pause } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { Database } from '@rekey/messaging';
import { publishedConfig, UsersUnderTest } from '../testing/users-under-test.ts';
import { ConnectorSettings } from './connector-settings.ts';
import { GovernanceConnectors } from './governance-connectors.ts';
import { StoredSettings } from './stored-settings.ts';

const tenant = 'carbon.super';
const other = 'other.example';
const category = 'QWNjb3VudCBNYW5hZ2VtZW50';
const recovery = 'YWNjb3VudC1yZWNvdmVyeQ';
const master = 'Recovery.Notification.Password.Enable';
const expiry = 'Recovery.ExpiryTime';

let test: UsersUnderTest;
beforeAll(async () => {
  test = await UsersUnderTest.open();
  await test.database.query(`INSERT INTO tenant (domain) VALUES ($1)`, [other]);
});
afterAll(() => test.close());
beforeEach(() => test.database.query('TRUNCATE governance_setting'));
afterEach(() => jest.restoreAllMocks());

function open(database: Pick<Database, 'query' | 'transaction'> = test.database) {
  const stored = new StoredSettings(database);
  const connectors = new GovernanceConnectors(stored, () => publishedConfig, publishedConfig);
  const change = (name: string, value: string, tenantDomain = tenant) => connectors.update(tenantDomain, category, [{ id: recovery, properties: [{ name, value }] }]);
  return { settings: new ConnectorSettings(stored, () => publishedConfig), change };
}

describe('the settings of a tenant', () => {
  it('are what deployment.toml says until somebody sets them, and each tenant’s own from then on', async () => {
    const { settings, change } = open();
    await change(expiry, '7', other);
    expect([(await settings.accountRecovery(tenant)).linkValidityMinutes, (await settings.accountRecovery(other)).linkValidityMinutes]).toEqual([60, 7]);
  });

  it('are what deployment.toml says where what is stored fits no more', async () => {
    await test.database.query(`INSERT INTO governance_setting (tenant_domain, connector, name, value) VALUES ($1, 'account-recovery', $2, '10080')`, [tenant, expiry]);
    expect((await open().settings.accountRecovery(tenant)).linkValidityMinutes).toBe(60);
  });

  it('are seen at once here, and within five seconds elsewhere', async () => {
    const now = jest.spyOn(Date, 'now').mockReturnValue(1_000_000);
    const [here, elsewhere] = [open(), open()];
    const seen = async ({ settings }: typeof here) => (await settings.accountRecovery(tenant)).notificationBasedPasswordRecovery;
    await seen(elsewhere);
    await here.change(master, 'false');
    expect([await seen(here), await seen(elsewhere)]).toEqual([false, true]);
    now.mockReturnValue(1_005_000);
    expect(await seen(elsewhere)).toBe(false);
  });

  it('are not forgotten for what somebody began to read before they were set', async () => {
    let slow = true;
    let answer = () => {};
    const held = new Promise<void>((resolve) => (answer = resolve));
    const { settings, change } = open({
      async query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]> {
        const isHeld = slow;
        slow = false;
        const rows = await test.database.query<Row>(sql, parameters);
        if (isHeld) await held;
        return rows;
      },
      transaction: (work) => test.database.transaction(work),
    });
    const before = settings.accountRecovery(tenant);
    await change(master, 'false');
    answer();
    expect((await before).notificationBasedPasswordRecovery).toBe(true);
    expect((await settings.accountRecovery(tenant)).notificationBasedPasswordRecovery).toBe(false);
  });

  it('are asked for once in a while, of all connectors and however many want to know, and again where the database was away', async () => {
    const asked = jest.spyOn(Database.prototype, 'query');
    const { settings } = open();
    await Promise.all(Array.from({ length: 20 }, () => [settings.accountRecovery(tenant), settings.accountLock(tenant), settings.passwordPolicy(tenant)]).flat());
    expect(asked).toHaveBeenCalledTimes(1);
    const again = open().settings;
    asked.mockRejectedValueOnce(new Error('no connection'));
    await expect(again.accountRecovery(tenant)).rejects.toThrow('no connection');
    expect((await again.accountRecovery(tenant)).linkValidityMinutes).toBe(60);
  });

  it('wait for no other connection within a transaction, where every one is taken by such a transaction', async () => {
    const { settings } = open();
    let all = 0;
    const begun: Promise<void>[] = [];
    for (let transaction = 0; transaction < 10; transaction++) {
      begun.push(
        test.database.transaction(async (tx) => {
          all++;
          while (all < 10) await pause(5);
          expect((await settings.within(tx).accountLock(tenant)).notify).toBe(true);
        }),
      );
    }
    await Promise.all(begun);
  });
});

describe('allowed callbacks', () => {
  it('match the pattern as a whole', async () => {
    const { callbackPattern } = await open().settings.accountRecovery(tenant);
    expect(callbackPattern.test('https://localhost:9443/myaccount')).toBe(true);
    for (const evil of ['https://evil.test/https://localhost:9443/', 'https://localhost:9443.evil.test/', '//evil.test', 'https://localhost:9443/\n//evil.test']) expect([evil, callbackPattern.test(evil)]).toEqual([evil, false]);
  });
});
