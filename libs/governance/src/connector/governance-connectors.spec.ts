import { setTimeout as pause } from 'node:timers/promises';
import { loadDeploymentConfig } from '@rekey/deployment-config';
import { actAs, inRequest } from '../audit/request-context.ts';
import { publishedConfig, UsersUnderTest } from '../testing/users-under-test.ts';
import { connectorCategories } from './connectors.ts';
import { GovernanceConnectors, type ConnectorChange } from './governance-connectors.ts';
import { StoredSettings } from './stored-settings.ts';

const tenant = 'carbon.super';
const idOf = (name: string) => Buffer.from(name).toString('base64url');
const management = idOf('Account Management');
const password = 'Recovery.Notification.Password';
const master = `${password}.Enable`;
const link = `${password}.emailLink.Enable`;
const otp = `${password}.OTP.SendOTPInEmail`;
const username = 'Recovery.Notification.Username';

let test: UsersUnderTest;
beforeAll(async () => (test = await UsersUnderTest.open()));
afterAll(() => test.close());
beforeEach(() => test.database.query('TRUNCATE governance_setting'));

const open = (config = publishedConfig) => new GovernanceConnectors(new StoredSettings(test.database), () => config, publishedConfig);
const change = (name: string, values: Record<string, string>): ConnectorChange => ({ id: idOf(name), properties: Object.entries(values).map(([property, value]) => ({ name: property, value })) });
const categoryOf = (name: string) => connectorCategories.find(({ connectors }) => connectors.some((connector) => connector.name === name))?.category.id ?? '';
const update = (connectors: GovernanceConnectors, name: string, values: Record<string, string>) => connectors.update(tenant, categoryOf(name), [change(name, values)]);
const valuesOf = async (connectors: GovernanceConnectors, name: string) => Object.fromEntries((await connectors.readByName(tenant, name))?.properties.map((property) => [property.name, property.value]) ?? []);
const stored = () => test.database.query('SELECT FROM governance_setting');

/** Beside what cannot be changed: each property, what deployment.toml says of it, another value, and what is too much or nonsense. */
const changeable: readonly [connector: string, property: string, byDefault: string, another: string, ...wrong: string[]][] = [
  ['self-sign-up', 'SelfRegistration.Enable', 'false', 'true', 'True', ''],
  ['self-sign-up', 'SelfRegistration.LockOnCreation', 'true', 'false', '1'],
  ['self-sign-up', 'SelfRegistration.ReCaptcha', 'false', 'true', 'on'],
  ['self-sign-up', 'SelfRegistration.ResendConfirmationReCaptcha', 'false', 'true', 'on'],
  ['self-sign-up', 'SelfRegistration.VerificationCode.ExpiryTime', '1440', '1', '0', '1441', '-1', '1e2', '60.5'],
  ['self-sign-up', 'SelfRegistration.CallbackRegex', 'https://localhost:9443/.*', 'https://ok\\.test/.*', '', '('],
  ['self-sign-up', 'SelfRegistration.NotifyAccountConfirmation', 'false', 'true', 'yes'],
  ['account.lock.handler', 'account.lock.handler.lock.on.max.failed.attempts.enable', 'false', 'true', 'TRUE'],
  ['account.lock.handler', 'account.lock.handler.On.Failure.Max.Attempts', '5', '100', '0', '101', '٣'],
  ['account.lock.handler', 'account.lock.handler.Time', '5', '0', '-1', '44641', 'Infinity', '5m'],
  ['account.lock.handler', 'account.lock.handler.login.fail.timeout.ratio', '2', '1.5', '0', '0.5', '101', 'NaN'],
  ['account.lock.handler', 'account.lock.handler.notification.manageInternally', 'true', 'false', 'null'],
  ['account-recovery', master, 'true', 'false', 'yes', ''],
  ['account-recovery', otp, 'false', 'true', ' true'],
  ['account-recovery', link, 'true', 'false', '0'],
  ['account-recovery', `${password}.OTP.UseUppercaseCharactersInOTP`, 'true', 'false', 'x'],
  ['account-recovery', `${password}.OTP.UseLowercaseCharactersInOTP`, 'true', 'false', 'x'],
  ['account-recovery', `${password}.OTP.UseNumbersInOTP`, 'true', 'false', 'x'],
  ['account-recovery', `${password}.OTP.OTPLength`, '6', '10', '5', '11', 'six'],
  ['account-recovery', 'Recovery.ReCaptcha.Password.Enable', 'false', 'true', 'x'],
  ['account-recovery', `${username}.Enable`, 'false', 'true', 'x'],
  ['account-recovery', `${username}.Email.Enable`, 'false', 'true', 'x'],
  ['account-recovery', 'Recovery.ReCaptcha.Username.Enable', 'false', 'true', 'x'],
  ['account-recovery', 'Recovery.Notification.InternallyManage', 'true', 'false', 'x'],
  ['account-recovery', 'Recovery.NotifySuccess', 'true', 'false', 'yes'],
  ['account-recovery', 'Recovery.ExpiryTime', '60', '1440', '0', '1441', '60.5', '1e2', '１０'],
  ['account-recovery', 'Recovery.CallbackRegex', 'https://localhost:9443/.*', '.*', '(', 'https://ok\\.test)|(?:.*', ''],
  ['account-recovery', `${password}.MaxFailedAttempts`, '3', '1', '0', '11'],
  ['account-recovery', `${password}.MaxResendAttempts`, '5', '0', '101', '-1'],
  ['admin-forced-password-reset', 'Recovery.AdminPasswordReset.RecoveryLink', 'true', 'false', 'x'],
  ['admin-forced-password-reset', 'Recovery.AdminPasswordReset.OTP', 'false', 'true', 'x'],
  ['admin-forced-password-reset', 'Recovery.AdminPasswordReset.ExpiryTime', '1440', '5', '0', '1441'],
  ['account.disable.handler', 'account.disable.handler.enable', 'true', 'false', 'x'],
  ['passwordPolicy', 'passwordPolicy.enable', 'true', 'false', 'x'],
  ['passwordPolicy', 'passwordPolicy.min.length', '8', '64', '7', '129', '8.5'],
  ['passwordPolicy', 'passwordPolicy.max.length', '128', '64', '63', '129'],
  ['passwordPolicy', 'passwordPolicy.pattern', '', '.*[0-9].*', '[', 'a)|(?:b'],
  ['passwordPolicy', 'passwordPolicy.errorMsg', 'The password does not have the form that this organisation asks for.', 'A digit, please.', '', ' ', 'x'.repeat(256)],
  ['passwordHistory', 'passwordHistory.enable', 'false', 'true', 'x'],
  ['passwordHistory', 'passwordHistory.count', '5', '24', '0', '25'],
  ['user-claim-update', 'UserClaimUpdate.Email.EnableVerification', 'false', 'true', 'x'],
  ['user-claim-update', 'UserClaimUpdate.Email.VerificationCode.ExpiryTime', '1440', '1', '0', '1441'],
  ['user-claim-update', 'UserClaimUpdate.Email.EnableNotification', 'true', 'false', 'x'],
  ['user-email-verification', 'EmailVerification.Enable', 'false', 'true', 'x'],
  ['user-email-verification', 'EmailVerification.ExpiryTime', '1440', '1', '0', '1441'],
  ['user-email-verification', 'EmailVerification.AskPassword.ExpiryTime', '1440', '1', '0', '1441'],
];

describe('the governance connectors', () => {
  it('have WSO2’s names, and ids made of them', () => {
    expect(connectorCategories.map(({ category, connectors }) => [category.name, category.id, connectors.map(({ name, id }) => [name, id])])).toEqual([
      ['User Onboarding', 'VXNlciBPbmJvYXJkaW5n', [['self-sign-up', 'c2VsZi1zaWduLXVw'], ['user-email-verification', 'dXNlci1lbWFpbC12ZXJpZmljYXRpb24']]],
      ['Login Attempts Security', 'TG9naW4gQXR0ZW1wdHMgU2VjdXJpdHk', [['account.lock.handler', 'YWNjb3VudC5sb2NrLmhhbmRsZXI']]],
      ['Account Management', 'QWNjb3VudCBNYW5hZ2VtZW50', [['account-recovery', 'YWNjb3VudC1yZWNvdmVyeQ'], ['admin-forced-password-reset', idOf('admin-forced-password-reset')], ['account.disable.handler', idOf('account.disable.handler')], ['multiattribute.login.handler', idOf('multiattribute.login.handler')]]],
      ['Password Policies', 'UGFzc3dvcmQgUG9saWNpZXM', [['passwordPolicy', 'cGFzc3dvcmRQb2xpY3k'], ['passwordHistory', idOf('passwordHistory')]]],
      ['Other Settings', 'T3RoZXIgU2V0dGluZ3M', [['user-claim-update', idOf('user-claim-update')]]],
    ]);
  });

  it('are read as WSO2 shows them', async () => {
    const read = await open().read(tenant, management, idOf('account-recovery'));
    expect(read).toMatchObject({ id: 'YWNjb3VudC1yZWNvdmVyeQ', name: 'account-recovery', category: 'Account Management', friendlyName: 'Account Recovery', order: 0, subCategory: 'DEFAULT' });
    expect(read?.properties[0]).toEqual({ name: master, value: 'true', displayName: 'Notification based password recovery', description: expect.any(String), meta: { type: 'boolean', groupID: 0 } });
  });

  it('share no property: a name means one thing', () => {
    const names = connectorCategories.flatMap(({ connectors }) => connectors.flatMap(({ properties }) => properties.map(({ name }) => name)));
    expect(new Set(names).size).toBe(names.length);
  });

  it('are not found under other ids', async () => {
    expect(await open().read(tenant, idOf('account-recovery'), management)).toBeNull();
    expect(await open().read(tenant, idOf('Password Policies'), idOf('account-recovery'))).toBeNull();
    expect(await open().ofCategory(tenant, `${management}=`)).toEqual([]);
    expect(await open().update(tenant, management, [{ id: 'x', properties: [] }])).toEqual({ kind: 'unknown-connector' });
    expect(await open().revert(tenant, 'x', idOf('account-recovery'), [])).toEqual({ kind: 'unknown-connector' });
  });
});

describe('each property', () => {
  it('is in the table of this test, or has one value alone', () => {
    const inTable = new Set(changeable.map(([, property]) => property));
    const others = connectorCategories.flatMap(({ connectors }) => connectors.flatMap(({ properties }) => properties.filter(({ name }) => !inTable.has(name))));
    for (const { expected } of others) expect(expected).toMatch(/^".*": .+/);
  });

  it.each(changeable)('%s %s is what deployment.toml says, and can be changed within its bounds', async (connector, property, byDefault, another, ...wrong) => {
    const connectors = open();
    expect((await valuesOf(connectors, connector))[property]).toBe(byDefault);
    for (const value of wrong) expect([value, await update(connectors, connector, { [property]: value })]).toEqual([value, { kind: 'refused', message: `${property}: expected ${expectedOf(property)}, got "${value}"`, names: [property] }]);
    expect(await stored()).toEqual([]);
    expect(await update(connectors, connector, { [property]: another })).toMatchObject({ kind: 'changed', names: expect.arrayContaining([property]) });
    expect((await valuesOf(connectors, connector))[property]).toBe(another);
  });

  it.each([
    ['account-recovery', 'Recovery.Question.Password.Enable', 'Recovery.Question.Password.Enable: expected "false": Rekey asks no security questions, got "true"'],
    ['multiattribute.login.handler', 'account.multiattributelogin.handler.enable', 'account.multiattributelogin.handler.enable: expected "false": people sign in with their username, got "true"'],
    ['account-recovery', `${password}.smsOtp.Enable`, `${password}.smsOtp.Enable: expected "false": Rekey sends no text messages, got "true"`],
    ['account-recovery', 'Recovery.AutoLogin.Enable', 'Recovery.AutoLogin.Enable: expected "false": a reset signs nobody in (WSO2-2021-1292), got "true"'],
    ['admin-forced-password-reset', 'Recovery.AdminPasswordReset.Offline', 'Recovery.AdminPasswordReset.Offline: expected "false": no code is kept where an administrator can read it, got "true"'],
  ])('of what Rekey does not do stays as it is, and says why: %s %s', async (connector, property, message) => {
    const connectors = open();
    expect(await update(connectors, connector, { [property]: 'true' })).toEqual({ kind: 'refused', message, names: [property] });
    expect(await update(connectors, connector, { [property]: 'false' })).toEqual({ kind: 'changed', names: [property] });
  });

  it.each(changeable)('%s %s is what the file says under the key that it names', (_, property, byDefault, another) => {
    const found = propertyOf(property);
    const isMinutes = /validity|unlock_after/.test(found?.key ?? '');
    // A way of recovery is on where recovery is.
    const base = 'identity_mgt.password_reset_email.enable_password_reset_email';
    const says = (text: string) => {
      const toml = `${found?.key === base ? '' : `${base} = true\n`}${found?.key} = ${JSON.stringify(isMinutes ? `${text}m` : text)}`;
      return found?.defaultTextOf(loadDeploymentConfig([{ name: 'deployment.toml', toml }], {}).config);
    };
    if (found?.key) for (const text of [another, byDefault].filter((text) => text !== '')) expect(says(text)).toBe(text);
    else expect(['Recovery.Notification.Password.MaxFailedAttempts', 'account.disable.handler.enable', 'passwordPolicy.errorMsg']).toContain(property);
  });

  it('takes its whole form back as it was read', async () => {
    const connectors = open();
    for (const { category, connectors: those } of connectorCategories) {
      for (const { name, id } of those) {
        const before = await valuesOf(connectors, name);
        expect(await connectors.update(tenant, category.id, [{ ...change(name, before), id }])).toMatchObject({ kind: 'changed' });
        expect(await valuesOf(connectors, name)).toEqual(before);
      }
    }
  });

  it('gives a lock’s seconds of deployment.toml in minutes, and takes them back', async () => {
    const connectors = open({ ...publishedConfig, accountLocking: { ...publishedConfig.accountLocking, autoUnlockAfterSeconds: 10 } });
    const values = await valuesOf(connectors, 'account.lock.handler');
    expect(values['account.lock.handler.Time']).toBe('0.1667');
    expect(await update(connectors, 'account.lock.handler', values)).toMatchObject({ kind: 'changed' });
  });
});

describe('switches', () => {
  const open3 = async (before: readonly [string, string, string]) => {
    const connectors = open();
    await test.database.query(`INSERT INTO governance_setting (tenant_domain, connector, name, value) SELECT $1, 'account-recovery', name, value FROM unnest($2::text[], $3::text[]) AS s (name, value)`, [tenant, [master, link, otp], before]);
    return connectors;
  };

  it.each<[string, [string, string, string], Record<string, string>, [string, string, string]]>([
    ['the master turns the usual way on', ['false', 'false', 'false'], { [master]: 'true' }, ['true', 'true', 'false']],
    ['the master turns its way off', ['true', 'true', 'false'], { [master]: 'false' }, ['false', 'false', 'false']],
    ['the master turns both ways off', ['true', 'true', 'true'], { [master]: 'false' }, ['false', 'false', 'false']],
    ['a way turns the master on', ['false', 'false', 'false'], { [link]: 'true' }, ['true', 'true', 'false']],
    ['the other way turns the master on too', ['false', 'false', 'false'], { [otp]: 'true' }, ['true', 'false', 'true']],
    ['a second way beside the first', ['true', 'true', 'false'], { [otp]: 'true' }, ['true', 'true', 'true']],
    ['one of two ways turned off leaves the master on', ['true', 'true', 'true'], { [link]: 'false' }, ['true', 'false', 'true']],
    ['the last way turned off turns the master off', ['true', 'false', 'true'], { [otp]: 'false' }, ['false', 'false', 'false']],
    ['one way in place of the other', ['true', 'true', 'false'], { [link]: 'false', [otp]: 'true' }, ['true', 'false', 'true']],
    ['the master turned on with a way named', ['false', 'false', 'false'], { [master]: 'true', [otp]: 'true' }, ['true', 'false', 'true']],
    ['a whole form with the master turned on', ['false', 'false', 'false'], { [master]: 'true', [link]: 'false', [otp]: 'false' }, ['true', 'true', 'false']],
    ['a whole form with the master turned off', ['true', 'true', 'false'], { [master]: 'false', [link]: 'true', [otp]: 'false' }, ['false', 'false', 'false']],
    ['a whole form with a way turned on', ['false', 'false', 'false'], { [master]: 'false', [link]: 'true', [otp]: 'false' }, ['true', 'true', 'false']],
    ['a whole form with the way turned off', ['true', 'true', 'false'], { [master]: 'true', [link]: 'false', [otp]: 'false' }, ['false', 'false', 'false']],
    ['the master turned on where it is on', ['true', 'false', 'true'], { [master]: 'true' }, ['true', 'false', 'true']],
    ['another property', ['true', 'true', 'false'], { 'Recovery.ExpiryTime': '5' }, ['true', 'true', 'false']],
  ])('pull each other: %s', async (_, before, values, after) => {
    const connectors = await open3(before);
    expect(await update(connectors, 'account-recovery', values)).toMatchObject({ kind: 'changed' });
    const now = await valuesOf(connectors, 'account-recovery');
    expect([now[master], now[link], now[otp]]).toEqual(after);
  });

  it('turn on the way that deployment.toml names', async () => {
    const { passwordRecovery } = publishedConfig;
    const connectors = open({ ...publishedConfig, passwordRecovery: { ...passwordRecovery, enable: false, otp: { ...passwordRecovery.otp, sendInEmail: true } } });
    await update(connectors, 'account-recovery', { [master]: 'true' });
    expect(await valuesOf(connectors, 'account-recovery')).toMatchObject({ [master]: 'true', [link]: 'false', [otp]: 'true' });
  });

  it('of username recovery pull each other likewise', async () => {
    const connectors = open();
    await update(connectors, 'account-recovery', { [`${username}.Enable`]: 'true' });
    expect(await valuesOf(connectors, 'account-recovery')).toMatchObject({ [`${username}.Enable`]: 'true', [`${username}.Email.Enable`]: 'true' });
    await update(connectors, 'account-recovery', { [`${username}.Email.Enable`]: 'false' });
    expect(await valuesOf(connectors, 'account-recovery')).toMatchObject({ [`${username}.Enable`]: 'false', [`${username}.Email.Enable`]: 'false' });
  });
});

describe('a change', () => {
  it.each([
    ['account-recovery', { 'Recovery.NotifySuccess': 'false', 'Recovery.Unknown': 'true' }, 'unknown-property', /^Recovery\.Unknown: expected one of Recovery\.Notification/],
    ['account-recovery', { 'Recovery.NotifySuccess': 'false', constructor: 'true' }, 'unknown-property', /^constructor: expected one of/],
    ['account-recovery', { 'Recovery.NotifySuccess': 'false', 'passwordPolicy.enable': 'false' }, 'unknown-property', /^passwordPolicy\.enable: expected one of/],
    ['passwordPolicy', { 'passwordPolicy.enable': 'true', 'passwordPolicy.min.length': '7' }, 'refused', /from 8 to 128, got "7"/],
    ['passwordPolicy', { 'passwordPolicy.min.length': '65', 'passwordPolicy.max.length': '64' }, 'refused', /^passwordPolicy\.min\.length: expected at most passwordPolicy\.max\.length \(64\), got "65"/],
    ['account-recovery', { [`${password}.OTP.UseUppercaseCharactersInOTP`]: 'false', [`${password}.OTP.UseLowercaseCharactersInOTP`]: 'false', [`${password}.OTP.UseNumbersInOTP`]: 'false' }, 'refused', /one kind of character/],
  ] as const)('is made whole, or nothing of it: %s %j', async (connector, values, kind, message) => {
    expect(await update(open(), connector, { ...values })).toEqual({ kind, message: expect.stringMatching(message), names: expect.any(Array) });
    expect(await stored()).toEqual([]);
  });

  it('is held against what was set before it', async () => {
    const connectors = open();
    await update(connectors, 'passwordPolicy', { 'passwordPolicy.min.length': '100' });
    expect(await update(connectors, 'passwordPolicy', { 'passwordPolicy.max.length': '99' })).toMatchObject({ kind: 'refused' });
    expect(await update(connectors, 'passwordPolicy', { 'passwordPolicy.max.length': '100' })).toMatchObject({ kind: 'changed' });
  });

  it('counts no more where deployment.toml has come to say what contradicts it, and does again once it does not', async () => {
    await update(open(), 'passwordPolicy', { 'passwordPolicy.min.length': '100' });
    const narrow = open({ ...publishedConfig, passwordPolicy: { ...publishedConfig.passwordPolicy, maxLength: 64 } });
    expect(await valuesOf(narrow, 'passwordPolicy')).toMatchObject({ 'passwordPolicy.min.length': '8', 'passwordPolicy.max.length': '64' });
    expect(await valuesOf(open(), 'passwordPolicy')).toMatchObject({ 'passwordPolicy.min.length': '100' });
  });

  it('counts for itself: what contradicts deployment.toml takes nothing else with it, and stands in the way of nothing else', async () => {
    const character = (kind: string) => `${password}.OTP.Use${kind}InOTP`;
    const otpOf = (kinds: { uppercase: boolean; lowercase: boolean; numeric: boolean }) => open({ ...publishedConfig, passwordRecovery: { ...publishedConfig.passwordRecovery, otp: { ...publishedConfig.passwordRecovery.otp, ...kinds } } });
    await update(otpOf({ uppercase: false, lowercase: false, numeric: true }), 'account-recovery', { [master]: 'false', 'Recovery.ReCaptcha.Password.Enable': 'true' });
    await update(otpOf({ uppercase: true, lowercase: true, numeric: true }), 'account-recovery', { [character('Numbers')]: 'false' });
    const contradicting = otpOf({ uppercase: false, lowercase: false, numeric: true });
    expect(await valuesOf(contradicting, 'account-recovery')).toMatchObject({ [master]: 'false', 'Recovery.ReCaptcha.Password.Enable': 'true', [character('Numbers')]: 'true' });
    expect(await update(contradicting, 'account-recovery', { 'Recovery.ExpiryTime': '5' })).toMatchObject({ kind: 'changed' });
    expect(await contradicting.revert(tenant, management, idOf('account-recovery'), ['Recovery.ExpiryTime'])).toMatchObject({ kind: 'changed' });
    expect(await update(contradicting, 'account-recovery', { [character('Numbers')]: 'false' })).toMatchObject({ kind: 'refused' });
  });

  it('is held against what another one leaves that is made at the same time', async () => {
    const racing = [open(), open()] as const;
    const outcomes = await Promise.all([update(racing[0], 'passwordPolicy', { 'passwordPolicy.min.length': '100' }), update(racing[1], 'passwordPolicy', { 'passwordPolicy.max.length': '99' })]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['changed', 'refused']);
  });

  it('of several connectors is made of all of them or of none', async () => {
    const connectors = open();
    const several = (count: string) => connectors.update(tenant, idOf('Password Policies'), [change('passwordPolicy', { 'passwordPolicy.enable': 'false' }), change('passwordHistory', { 'passwordHistory.count': count })]);
    expect(await several('25')).toMatchObject({ kind: 'refused' });
    expect(await stored()).toEqual([]);
    expect(await several('24')).toEqual({ kind: 'changed', names: ['passwordPolicy.enable', 'passwordHistory.count'] });
  });

  it('counts once where one connector is named twice', async () => {
    const connectors = open();
    const twice = ['1', '2'].map((minutes) => change('account-recovery', { 'Recovery.ExpiryTime': minutes }));
    expect(await connectors.update(tenant, management, twice)).toEqual({ kind: 'changed', names: ['Recovery.ExpiryTime'] });
    expect((await valuesOf(connectors, 'account-recovery'))['Recovery.ExpiryTime']).toBe('2');
  });

  it('takes turns with another one of the same properties', async () => {
    const connectors = open();
    await update(connectors, 'account-recovery', { 'Recovery.ExpiryTime': '5' });
    let both: Promise<unknown[]> | undefined;
    await test.database.transaction(async (tx) => {
      await tx.query(`SELECT FROM governance_setting WHERE name = 'Recovery.ExpiryTime' FOR UPDATE`);
      both = Promise.all([update(connectors, 'account-recovery', { [link]: 'false', 'Recovery.ExpiryTime': '6' }), update(connectors, 'account-recovery', { 'Recovery.ExpiryTime': '7', [master]: 'false' })]);
      while ((await test.database.query(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)).length < 2) await pause(5);
    });
    expect(await both).toMatchObject([{ kind: 'changed' }, { kind: 'changed' }]);
    expect(await valuesOf(connectors, 'account-recovery')).toMatchObject({ [master]: 'false', [link]: 'false', [otp]: 'false' });
  });
});

describe('an explained setting', () => {
  const explained = async (connectors: GovernanceConnectors, name: string, connector = 'account-recovery') => (await connectors.explain(tenant, connector))?.settings.find((setting) => setting.name === name);

  it('says what counts, what the file says and what is shipped, under which key', async () => {
    const connectors = open({ ...publishedConfig, passwordRecovery: { ...publishedConfig.passwordRecovery, linkValidityMinutes: 30 } });
    expect(await explained(connectors, 'Recovery.ExpiryTime')).toEqual({ name: 'Recovery.ExpiryTime', displayName: 'Recovery link expiry time in minutes', description: expect.any(String), type: 'integer', expected: 'whole minutes from 1 to 1440', key: 'identity_mgt.password_reset_email.reset_mail_validity', fixedBecause: null, value: '30', inFile: '30', default: '60', own: null });
    expect(await explained(connectors, 'Recovery.AutoLogin.Enable')).toMatchObject({ key: null, fixedBecause: 'a reset signs nobody in (WSO2-2021-1292)' });
    expect(await connectors.explain(tenant, 'no-such-connector')).toBeNull();
  });

  it('says who set it, and when; of a program that nobody is known', async () => {
    const connectors = open();
    await inRequest('a request', async () => {
      actAs({ id: '00000000-0000-4000-8000-000000000001', username: 'robin', realm: 'PRIMARY', tenantDomain: tenant });
      await update(connectors, 'account-recovery', { 'Recovery.ExpiryTime': '5' });
    });
    await update(connectors, 'account-recovery', { 'Recovery.NotifySuccess': 'false' });
    expect(await explained(connectors, 'Recovery.ExpiryTime')).toMatchObject({ value: '5', inFile: '60', own: { changedBy: 'robin@carbon.super', changedAt: expect.any(Date) } });
    expect(await explained(connectors, 'Recovery.NotifySuccess')).toMatchObject({ own: { changedBy: null } });
  });

  it('is the file’s where what was set does not count', async () => {
    await update(open(), 'passwordPolicy', { 'passwordPolicy.min.length': '100' });
    const narrow = open({ ...publishedConfig, passwordPolicy: { ...publishedConfig.passwordPolicy, maxLength: 64 } });
    expect(await explained(narrow, 'passwordPolicy.min.length', 'passwordPolicy')).toMatchObject({ value: '8', own: null });
  });
});

describe('the version of a connector', () => {
  const versionOf = async (connectors: GovernanceConnectors, name = 'account-recovery') => (await connectors.explain(tenant, name))?.version;

  it('is another one for each change of what counts, and of where it comes from', async () => {
    const versions = [await versionOf(open())];
    await update(open(), 'account-recovery', { 'Recovery.ExpiryTime': '60' });
    versions.push(await versionOf(open()));
    await update(open(), 'account-recovery', { 'Recovery.ExpiryTime': '61' });
    versions.push(await versionOf(open()), await versionOf(open({ ...publishedConfig, passwordRecovery: { ...publishedConfig.passwordRecovery, notifyOnReset: false } })));
    expect(new Set(versions).size).toBe(4);
    await update(open(), 'passwordPolicy', { 'passwordPolicy.min.length': '9' });
    expect(await versionOf(open())).toBe(versions[2]);
  });

  it('lets one of two who read the same change it, and loses nothing of the other’s', async () => {
    const read = await versionOf(open());
    const by = async (minutes: string) => open().update(tenant, management, [change('account-recovery', { 'Recovery.ExpiryTime': minutes })], (version) => version === read);
    const outcomes = await Promise.all([by('7'), by('8')]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['another-version', 'changed']);
    expect(await open().revert(tenant, management, idOf('account-recovery'), ['Recovery.ExpiryTime'], (version) => version === read)).toEqual({ kind: 'another-version' });
  });
});

describe('what is taken back', () => {
  it('is what deployment.toml says again, switches with those that they pull', async () => {
    const connectors = open();
    await update(connectors, 'account-recovery', { [master]: 'false', 'Recovery.ExpiryTime': '5', 'Recovery.NotifySuccess': 'false' });
    expect(await connectors.revert(tenant, management, idOf('account-recovery'), [link, 'Recovery.ExpiryTime'])).toEqual({ kind: 'changed', names: [link, 'Recovery.ExpiryTime', master, otp] });
    expect(await valuesOf(connectors, 'account-recovery')).toMatchObject({ [master]: 'true', [link]: 'true', 'Recovery.ExpiryTime': '60', 'Recovery.NotifySuccess': 'false' });
  });

  it('is refused where what stays would not go with it', async () => {
    const connectors = open({ ...publishedConfig, passwordPolicy: { ...publishedConfig.passwordPolicy, minLength: 100 } });
    await update(connectors, 'passwordPolicy', { 'passwordPolicy.min.length': '8', 'passwordPolicy.max.length': '64' });
    expect(await connectors.revert(tenant, idOf('Password Policies'), idOf('passwordPolicy'), ['passwordPolicy.min.length'])).toMatchObject({ kind: 'refused' });
    expect(await connectors.revert(tenant, idOf('Password Policies'), idOf('passwordPolicy'), ['passwordPolicy.min'])).toMatchObject({ kind: 'unknown-property' });
    expect(await valuesOf(connectors, 'passwordPolicy')).toMatchObject({ 'passwordPolicy.min.length': '8' });
  });
});

function propertyOf(name: string) {
  return connectorCategories.flatMap(({ connectors }) => connectors.flatMap(({ properties }) => properties)).find((property) => property.name === name);
}

function expectedOf(name: string): string | undefined {
  return propertyOf(name)?.expected;
}
