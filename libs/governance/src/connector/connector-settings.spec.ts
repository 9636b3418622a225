import { setTimeout as pause } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { Database, type SqlExecutor } from '@rekey/messaging';
import { UsersUnderTest } from '../testing/users-under-test.ts';
import { ConnectorSettings, type Connector } from './connector-settings.ts';

const category = 'QWNjb3VudCBNYW5hZ2VtZW50';
const connector = 'YWNjb3VudC1yZWNvdmVyeQ';
const master = 'Recovery.Notification.Password.Enable';
const emailLink = 'Recovery.Notification.Password.emailLink.Enable';
const config = {
  passwordRecovery: { enable: false, linkValidityMinutes: 60, notifyOnReset: true, manageInternally: true, callbackPattern: 'https://localhost:9443/.*', recaptcha: false },
  usernameRecovery: { enable: false, recaptcha: true },
};
const tenant = 'carbon.super';

let test: UsersUnderTest;
beforeAll(async () => (test = await UsersUnderTest.open()));
afterAll(() => test.close());
beforeEach(() => test.database.query('TRUNCATE governance_setting'));
afterEach(() => jest.restoreAllMocks());

const open = (database: SqlExecutor = test.database) => new ConnectorSettings(database, config);
const change = (settings: ConnectorSettings, values: Record<string, string>) => settings.update(tenant, category, connector, Object.entries(values).map(([name, value]) => ({ name, value })));
const valuesOf = (read: Connector | null) => Object.fromEntries((read?.properties ?? []).map(({ name, value }) => [name, value]));
const switches = async (settings: ConnectorSettings) => {
  const values = valuesOf(await settings.read(tenant, category, connector));
  return [values[master], values[emailLink]];
};

describe('the account recovery connector', () => {
  it('has WSO2’s ids, names, labels and, until somebody changes them, the values of deployment.toml', async () => {
    const read = await open().read(tenant, category, connector);
    expect(read).toMatchObject({ id: connector, name: 'account-recovery', category: 'Account Management', friendlyName: 'Account Recovery' });
    expect(read?.properties.map(({ displayName, name, value }) => [displayName, name, value])).toEqual([
      ['Notification based password recovery', master, 'false'],
      ['Recovery link via email', emailLink, 'false'],
      ['Recovery link expiry time in minutes', 'Recovery.ExpiryTime', '60'],
      ['Notify when recovery success', 'Recovery.NotifySuccess', 'true'],
      ['Manage notifications sending internally', 'Recovery.Notification.InternallyManage', 'true'],
      ['Recovery callback URL regex', 'Recovery.CallbackRegex', 'https://localhost:9443/.*'],
      ['Username recovery', 'Recovery.Notification.Username.Enable', 'false'],
      ['reCaptcha for password recovery', 'Recovery.ReCaptcha.Password.Enable', 'false'],
      ['reCaptcha for username recovery', 'Recovery.ReCaptcha.Username.Enable', 'true'],
    ]);
  });

  it('is not found under another id', async () => {
    expect(await open().read(tenant, connector, category)).toBeNull();
    expect(await open().update(tenant, category, 'x', [])).toEqual({ kind: 'unknown-connector' });
  });

  it('is each tenant’s own', async () => {
    await test.database.query(`INSERT INTO tenant (domain) VALUES ('other.example') ON CONFLICT DO NOTHING`);
    const settings = open();
    await change(settings, { [master]: 'true' });
    expect((await settings.accountRecovery(tenant)).notificationBasedPasswordRecovery).toBe(true);
    expect((await settings.accountRecovery('other.example')).notificationBasedPasswordRecovery).toBe(false);
  });
});

describe('the switches of notification based recovery', () => {
  it.each<[string, [string, string], Record<string, string>, string]>([
    ['the master turns its way on', ['false', 'false'], { [master]: 'true' }, 'true'],
    ['the master turns its way off', ['true', 'true'], { [master]: 'false' }, 'false'],
    ['the way turns the master on', ['false', 'false'], { [emailLink]: 'true' }, 'true'],
    ['the only way turned off turns the master off', ['true', 'true'], { [emailLink]: 'false' }, 'false'],
    ['a whole form with the master turned on', ['false', 'false'], { [master]: 'true', [emailLink]: 'false' }, 'true'],
    ['a whole form with the master turned off', ['true', 'true'], { [master]: 'false', [emailLink]: 'true' }, 'false'],
    ['a whole form with the way turned on', ['false', 'false'], { [master]: 'false', [emailLink]: 'true' }, 'true'],
    ['a whole form with the way turned off', ['true', 'true'], { [master]: 'true', [emailLink]: 'false' }, 'false'],
    ['the master turned on where it is on', ['true', 'true'], { [master]: 'true' }, 'true'],
    ['another property', ['true', 'true'], { 'Recovery.ExpiryTime': '5' }, 'true'],
  ])('pull each other: %s', async (_, [masterBefore, linkBefore], values, expected) => {
    await test.database.query(`INSERT INTO governance_setting (tenant_domain, connector, name, value) VALUES ($1, 'account-recovery', $2, $3), ($1, 'account-recovery', $4, $5)`, [tenant, master, masterBefore, emailLink, linkBefore]);
    const settings = open();
    expect(await change(settings, values)).toMatchObject({ kind: 'updated' });
    expect(await switches(settings)).toEqual([expected, expected]);
    expect((await settings.accountRecovery(tenant)).notificationBasedPasswordRecovery).toBe(expected === 'true');
  });
});

describe('a change of the settings', () => {
  it.each([
    [{ 'Recovery.ExpiryTime': '0' }, /Recovery\.ExpiryTime: expected whole minutes from 1 to 1440, got "0"/],
    [{ 'Recovery.ExpiryTime': '1441' }, /1 to 1440/],
    [{ 'Recovery.ExpiryTime': '60.5' }, /1 to 1440/],
    [{ 'Recovery.ExpiryTime': '1e2' }, /1 to 1440/],
    [{ 'Recovery.NotifySuccess': 'yes' }, /"true" or "false"/],
    [{ [master]: '' }, /"true" or "false"/],
    [{ 'Recovery.CallbackRegex': '(' }, /regular expression/],
    [{ 'Recovery.CallbackRegex': 'https://ok\\.test)|(?:.*' }, /regular expression/],
    [{ 'Recovery.Unknown': 'true' }, /Recovery\.Unknown: expected one of/],
    [{ __proto__: null, constructor: 'true' }, /constructor: expected one of/],
  ])('is refused whole where a part of it is wrong: %j', async (wrong, message) => {
    const settings = open();
    const outcome = await change(settings, { [master]: 'true', ...wrong } as Record<string, string>);
    expect(outcome).toEqual({ kind: 'refused', message: expect.stringMatching(message) });
    expect(await test.database.query('SELECT FROM governance_setting')).toEqual([]);
  });

  it.each(['1', '1440'])('may set the expiry to %s minutes', async (value) => {
    const settings = open();
    await change(settings, { 'Recovery.ExpiryTime': value });
    expect((await settings.accountRecovery(tenant)).linkValidityMinutes).toBe(Number(value));
  });

  it('is seen at once here, and within five seconds elsewhere', async () => {
    const now = jest.spyOn(Date, 'now').mockReturnValue(1_000_000);
    const [here, elsewhere] = [open(), open()];
    await elsewhere.accountRecovery(tenant);
    await change(here, { [master]: 'true' });
    expect((await here.accountRecovery(tenant)).notificationBasedPasswordRecovery).toBe(true);
    expect((await elsewhere.accountRecovery(tenant)).notificationBasedPasswordRecovery).toBe(false);
    now.mockReturnValue(1_005_000);
    expect((await elsewhere.accountRecovery(tenant)).notificationBasedPasswordRecovery).toBe(true);
  });

  it('is not forgotten for what somebody began to read before it', async () => {
    let slow = true;
    let answer = () => {};
    const held = new Promise<void>((resolve) => (answer = resolve));
    const sometimesSlow: SqlExecutor = {
      async query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]> {
        const isHeld = slow;
        slow = false;
        const rows = await test.database.query<Row>(sql, parameters);
        if (isHeld) await held;
        return rows;
      },
    };
    const settings = open(sometimesSlow);
    const before = settings.accountRecovery(tenant);
    await change(settings, { [master]: 'true' });
    answer();
    expect((await before).notificationBasedPasswordRecovery).toBe(false);
    expect((await settings.accountRecovery(tenant)).notificationBasedPasswordRecovery).toBe(true);
  });

  it('takes turns with another one that names the same properties in another order', async () => {
    const settings = open();
    await change(settings, { [master]: 'true', 'Recovery.ExpiryTime': '5' });
    let both: Promise<unknown[]> | undefined;
    await test.database.transaction(async (tx) => {
      // Holds up both of them, in the middle of what they would write in the order of their requests.
      await tx.query(`SELECT FROM governance_setting WHERE name = 'Recovery.ExpiryTime' FOR UPDATE`);
      both = Promise.all([change(settings, { [emailLink]: 'false', 'Recovery.ExpiryTime': '6' }), change(settings, { [master]: 'false', 'Recovery.ExpiryTime': '7' })]);
      while ((await test.database.query(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)).length < 2) await pause(5);
    });
    expect(await both).toMatchObject([{ kind: 'updated' }, { kind: 'updated' }]);
    expect(await switches(open())).toEqual(['false', 'false']);
  });

  it('is asked for once in a while, however many want to know, and again where the database was away', async () => {
    const asked = jest.spyOn(Database.prototype, 'query');
    const settings = open();
    await Promise.all(Array.from({ length: 20 }, () => settings.accountRecovery(tenant)));
    expect(asked).toHaveBeenCalledTimes(1);
    const again = open();
    asked.mockRejectedValueOnce(new Error('no connection'));
    await expect(again.accountRecovery(tenant)).rejects.toThrow('no connection');
    expect((await again.accountRecovery(tenant)).linkValidityMinutes).toBe(60);
  });
});

describe('allowed callbacks', () => {
  it('match the pattern as a whole', async () => {
    const { callbackPattern } = await open().accountRecovery(tenant);
    expect(callbackPattern.test('https://localhost:9443/myaccount')).toBe(true);
    for (const evil of ['https://evil.test/https://localhost:9443/', 'https://localhost:9443.evil.test/', '//evil.test', 'https://localhost:9443/\n//evil.test']) expect([evil, callbackPattern.test(evil)]).toEqual([evil, false]);
  });
});
