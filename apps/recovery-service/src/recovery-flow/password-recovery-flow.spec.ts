import { until } from '@rekey/test-kit';
import { ServiceUnderTest, baseUrl, type Answer } from '../testing/service-under-test.ts';
import { pruneFlows } from './recovery-flow-statements.ts';
import { bodyOf, outcomeOf, started, Steps, type Version } from './testing/steps.ts';

const good = 'a password nobody has guessed';
const other = 'another password, as good as that';
const versions: readonly Version[] = ['v1', 'v2'];

let service: ServiceUnderTest;
let v1: Steps;
let v2: Steps;
beforeAll(async () => {
  service = await ServiceUnderTest.start();
  [v1, v2] = [new Steps(service, 'v1'), new Steps(service, 'v2')];
});
afterAll(() => service.stop());

const stepsOf = (version: Version): Steps => (version === 'v1' ? v1 : v2);
const codeShape = expect.stringMatching(/^[\w-]{43}$/) as string;
const linkTo = (version: Version, rel: string, step: string) => ({ rel, href: `/t/carbon.super/api/users/${version}/recovery/password/${step}`, type: 'POST' });
const ofV2 = (version: Version) => (version === 'v2' ? { flowConfirmationCode: codeShape } : {});
const flowRow = (column: string) => `UPDATE recovery_flow SET ${column} = now() WHERE user_id = (SELECT id FROM user_account WHERE username = $1)`;
/** Rows of the tables that a step writes. */
const counted = async () => (await service.database.query('SELECT (SELECT count(*)::int FROM recovery_flow) AS flows, (SELECT count(*)::int FROM recovery) AS recoveries, (SELECT count(*)::int FROM outbox) AS events'))[0];

describe.each(versions)('recovering a password by the steps of %s', (version) => {
  const steps = () => stepsOf(version);

  it('leads from who it is to the new password, each answer naming the next call', async () => {
    const name = await service.aUser(`whole-${version}`);
    const init = await steps().init(name);
    expect(init.status).toBe(200);
    expect(init.body).toEqual([{
      mode: 'recoverWithNotifications',
      ...ofV2(version),
      channelInfo: { recoveryCode: codeShape, channels: [{ id: '1', type: 'EMAIL', value: '*****@*****', preferred: true }] },
      links: [linkTo(version, 'next', 'recover')],
    }]);
    const { recoveryCode, flowConfirmationCode } = started(init);

    const recover = await steps().recover(recoveryCode);
    const afterMail = [linkTo(version, 'next', 'confirm'), linkTo(version, 'resend', 'resend')];
    expect([recover.status, recover.body]).toEqual([202, { code: 'PWR-02001', message: expect.any(String), ...ofV2(version), notificationChannel: 'EMAIL', resendCode: codeShape, links: afterMail }]);
    const key = await service.keyOf(name);
    expect(service.eventsOf('PasswordRecoveryRequested', name)[0]?.data).toMatchObject({ templateType: 'passwordreset', recipient: { address: `${name}@example.com` } });

    const resend = await steps().resend(bodyOf(recover).resendCode);
    expect([resend.status, resend.body]).toEqual([202, { code: 'UAR-02001', message: expect.any(String), ...ofV2(version), notificationChannel: 'EMAIL', resendCode: codeShape, links: afterMail }]);
    expect(await service.keyOf(name, 2)).toBe(key);
    if (version === 'v2') expect([bodyOf(recover).flowConfirmationCode, bodyOf(resend).flowConfirmationCode]).toEqual([flowConfirmationCode, flowConfirmationCode]);

    const confirm = await steps().confirm(key);
    expect([confirm.status, confirm.body]).toEqual([200, { resetCode: codeShape, links: [linkTo(version, 'next', 'reset')] }]);
    const { resetCode } = bodyOf(confirm);
    expect(new Set([recoveryCode, flowConfirmationCode, bodyOf(recover).resendCode, bodyOf(resend).resendCode, key, resetCode]).size).toBe(6);

    const refusedPassword = await steps().reset(resetCode, 'short', flowConfirmationCode);
    expect([outcomeOf(refusedPassword), refusedPassword.body]).toEqual([[412, 'PWR-10006'], expect.objectContaining({ message: 'Precondition Failed', resetCode, links: [linkTo(version, 'next', 'reset')], reasons: [{ code: 'too-short', message: expect.any(String) }] })]);

    const reset = await steps().reset(resetCode, good, flowConfirmationCode);
    expect([reset.status, reset.body]).toEqual([200, { code: 'PWR-02005', message: expect.any(String) }]);
    expect(await service.mayGo(name, good)).toBe(true);
    expect(outcomeOf(await steps().reset(resetCode, other, flowConfirmationCode))).toEqual([406, 'UAR-10001']);
    expect(outcomeOf(await steps().confirm(key))).toEqual([406, 'UAR-10001']);
    await until(() => service.eventsOf('PasswordRecovered', name).length === 1);
  });

  it('hands the confirmation code to a caller who notifies, and another one for the resend code', async () => {
    const external = await ServiceUnderTest.start('[identity_mgt.recovery.notification]\nmanage_internally = false\n');
    try {
      await external.aUser('external', { emails: [] });
      const own = new Steps(external, version);
      const init = await own.init('external');
      expect(started(init).channels).toEqual([{ id: '1', type: 'EXTERNAL', value: '', preferred: true }]);
      const { flowConfirmationCode, recoveryCode } = started(init);
      const recover = await own.recover(recoveryCode);
      expect([outcomeOf(recover), bodyOf(recover).notificationChannel]).toEqual([[200, 'PWR-02002'], 'EXTERNAL']);
      const resend = await own.resend(bodyOf(recover).resendCode);
      expect([outcomeOf(resend), bodyOf(resend).notificationChannel]).toEqual([[200, 'UAR-02001'], 'EXTERNAL']);
      expect(outcomeOf(await own.confirm(bodyOf(recover).confirmationCode))).toEqual([406, 'UAR-10001']);
      const { resetCode } = bodyOf(await own.confirm(bodyOf(resend).confirmationCode));
      expect((await own.reset(resetCode, good, flowConfirmationCode)).status).toBe(200);
      expect(external.eventsOf('PasswordRecoveryRequested', 'external')).toEqual([]);
    } finally {
      await external.stop();
    }
  });

  it('takes the key of a link that was asked for elsewhere, and leaves it live', async () => {
    const name = await service.aUser(`elsewhere-${version}`);
    await service.recover(name);
    const key = await service.keyOf(name);
    expect((await steps().confirm(key)).status).toBe(200);
    expect((await steps().confirm(key)).status).toBe(200);
    expect((await service.setPassword(key, good)).status).toBe(200);
  });

  it('takes each recovery code and each resend code once, of any number of racers', async () => {
    const name = await service.aUser(`once-${version}`);
    const { recoveryCode } = started(await steps().init(name));
    const recovers = await Promise.all(Array.from({ length: 20 }, () => steps().recover(recoveryCode)));
    expect(recovers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(new Set(recovers.filter(({ status }) => status !== 202).map((answer) => outcomeOf(answer).join()))).toEqual(new Set(['406,UAR-10001']));
    const { resendCode } = bodyOf(recovers.find(({ status }) => status === 202) as Answer);
    const resends = await Promise.all(Array.from({ length: 20 }, () => steps().resend(resendCode)));
    expect(resends.filter(({ status }) => status === 202)).toHaveLength(1);
    await service.keyOf(name, 2);
    expect(service.eventsOf('PasswordRecoveryRequested', name)).toHaveLength(2);
  });

  it('lets exactly one of fifty resets win (S19), and of several confirmations the newest count', async () => {
    const name = await service.aUser(`raced-${version}`);
    const { flowConfirmationCode } = await steps().toMail(name);
    const key = await service.keyOf(name);
    const resetCodes = (await Promise.all(Array.from({ length: 5 }, () => steps().confirm(key)))).map((answer) => bodyOf(answer).resetCode);
    const passwords = Array.from({ length: 50 }, (_, racer) => `the password of racer ${racer}`);
    const answers = await Promise.all(passwords.map((password, racer) => steps().reset(resetCodes[racer % 5], password, flowConfirmationCode)));
    const winners = passwords.filter((_, racer) => answers[racer]?.status === 200);
    expect(winners).toHaveLength(1);
    expect(new Set(answers.filter(({ status }) => status !== 200).map((answer) => outcomeOf(answer).join()))).toEqual(new Set(['406,UAR-10001']));
    expect(await service.mayGo(name, winners[0] ?? '')).toBe(true);
  });

  it('lets a recovery code and a resend code expire, by the database’s clock', async () => {
    const name = await service.aUser(`expired-${version}`);
    const late = started(await steps().init(name));
    await service.database.query(flowRow('recovery_code_expires_at'), [name]);
    expect(outcomeOf(await steps().recover(late.recoveryCode))).toEqual([406, 'UAR-10013']);
    const { resendCode } = await steps().toMail(name);
    await service.database.query(flowRow('resend_code_expires_at'), [name]);
    expect(outcomeOf(await steps().resend(resendCode))).toEqual([406, 'UAR-10013']);
  });

  it('lets a reset code live as long as the key that it came of', async () => {
    const name = await service.aUser(`late-${version}`);
    const { flowConfirmationCode } = await steps().toMail(name);
    const { resetCode } = bodyOf(await steps().confirm(await service.keyOf(name)));
    await service.database.query(`UPDATE recovery SET expires_at = now() WHERE user_id = (SELECT id FROM user_account WHERE username = $1)`, [name]);
    expect(outcomeOf(await steps().reset(resetCode, good, flowConfirmationCode))).toEqual([406, 'UAR-10001']);
  });

  it('ends with whatever replaces the link: a newer flow, a link from elsewhere, another address (S20, S22)', async () => {
    const name = await service.aUser(`replaced-${version}`);
    const afterCooldown = async () => void (await service.database.query(`UPDATE recovery SET issued_at = issued_at - interval '61 seconds'`));
    const first = await steps().toMail(name);
    const { resetCode } = bodyOf(await steps().confirm(await service.keyOf(name)));
    await afterCooldown();
    const second = await steps().toMail(name);
    expect(outcomeOf(await steps().reset(resetCode, good, first.flowConfirmationCode))).toEqual([406, 'UAR-10001']);
    expect(outcomeOf(await steps().resend(first.resendCode))).toEqual([406, 'UAR-10012']);
    const ofSecond = bodyOf(await steps().confirm(await service.keyOf(name, 2))).resetCode;
    await afterCooldown();
    await service.recover(name);
    expect(outcomeOf(await steps().reset(ofSecond, good, second.flowConfirmationCode))).toEqual([406, 'UAR-10001']);

    const third = bodyOf(await steps().confirm(await service.keyOf(name, 3))).resetCode;
    const user = await service.users.findUser({ tenantDomain: 'carbon.super', realm: 'PRIMARY', username: name });
    if (user) await service.users.setClaims(user, { 'http://wso2.org/claims/emailaddress': 'elsewhere@example.com' });
    expect(outcomeOf(await steps().reset(third, good, second.flowConfirmationCode))).toEqual([406, 'UAR-10001']);
  });

  it('skips no step, and takes no code for another (S17, S27)', async () => {
    const [name, another] = [await service.aUser(`skipping-${version}`), await service.aUser(`other-${version}`)];
    const mine = await steps().toMail(name);
    const key = await service.keyOf(name);
    const theirs = await steps().toMail(another);
    const theirKey = await service.keyOf(another);
    const { resetCode } = bodyOf(await steps().confirm(key));
    const theirReset = bodyOf(await steps().confirm(theirKey)).resetCode;
    const codes = { ...mine, key, resetCode, theirKey, theirReset };
    const wrong = async (step: (code: string) => Promise<Answer>, right: readonly string[]) => {
      const others = Object.values({ ...codes, theirFlow: theirs.flowConfirmationCode }).filter((code) => code !== undefined && !right.includes(code));
      const answers = await Promise.all(others.map(step));
      expect(answers.filter(({ status }) => status !== 404 && status !== 406).map(({ text }) => text)).toEqual([]);
    };
    await wrong((code) => steps().recover(code), []);
    await wrong((code) => steps().resend(code), [mine.resendCode]);
    await wrong((code) => steps().confirm(code), [key, theirKey]);
    await wrong((code) => steps().reset(code, good, mine.flowConfirmationCode), version === 'v1' ? [resetCode, theirReset] : [resetCode]);
    if (version === 'v2') await wrong((code) => steps().reset(resetCode, good, code), [mine.flowConfirmationCode]);
    // Where keys are taken, the codes of the steps are none.
    for (const code of [mine.recoveryCode, mine.resendCode, resetCode]) expect(outcomeOf(await service.setPassword(code, good))).toEqual([400, '18001']);
    expect((await steps().reset(resetCode, good, mine.flowConfirmationCode)).status).toBe(200);
    expect(await service.mayGo(another, good)).toBe(false);
  });

  it('knows no code of the other version', async () => {
    const name = await service.aUser(`versions-${version}`);
    const foreign = stepsOf(version === 'v1' ? 'v2' : 'v1');
    const { recoveryCode } = started(await steps().init(name));
    expect(outcomeOf(await foreign.recover(recoveryCode))).toEqual([404, 'UAR-10008']);
    const { resendCode, flowConfirmationCode } = await steps().toMail(name);
    expect(outcomeOf(await foreign.resend(resendCode))).toEqual([404, 'UAR-10008']);
    const { resetCode } = bodyOf(await steps().confirm(await service.keyOf(name)));
    expect((await foreign.reset(resetCode, good, flowConfirmationCode ?? (version === 'v1' ? 'A'.repeat(43) : undefined))).status).toBeGreaterThanOrEqual(400);
    expect(await service.mayGo(name, good)).toBe(false);
  });

  it('knows no code of another tenant, nor its users (S41)', async () => {
    await service.database.query(`INSERT INTO tenant (domain) VALUES ('apart.example') ON CONFLICT DO NOTHING`);
    const name = await service.aUser(`apart-${version}`);
    const there = new Steps(service, version, 'apart.example');
    await until(async () => (await there.init(name)).status === 200);
    const { recoveryCode } = started(await steps().init(name));
    expect(outcomeOf(await there.recover(recoveryCode))).toEqual([404, 'UAR-10008']);
    const { resendCode, flowConfirmationCode } = await steps().toMail(name);
    const key = await service.keyOf(name);
    expect(outcomeOf(await there.resend(resendCode))).toEqual([404, 'UAR-10008']);
    expect(outcomeOf(await there.confirm(key))).toEqual([406, 'UAR-10001']);
    const { resetCode } = bodyOf(await steps().confirm(key));
    expect((await there.reset(resetCode, good, flowConfirmationCode)).status).toBe(version === 'v1' ? 406 : 404);
    expect((await steps().reset(resetCode, good, flowConfirmationCode)).status).toBe(200);
    expect(outcomeOf(await new Steps(service, version, 'nowhere.example').init(name))).toEqual([400, '18016']);
  });

  it('is refused for anything that is no code, no name, no channel, with 400 (S23)', async () => {
    const nothings = [null, '', [], {}, true, 0, 1e300, { $ne: 1 }, 'x'.repeat(1025), 'nul\0'];
    for (const thing of nothings) {
      const answers = [await steps().recover(thing), await steps().resend(thing), await steps().confirm(thing), await steps().reset(thing, good, 'A'.repeat(43)), await steps().call('password/init', { claims: thing }), await steps().recover('A'.repeat(43), thing)];
      expect(answers.map(outcomeOf)).toEqual(answers.map(() => [400, 'RKY-10001']));
    }
    for (const claims of [[], [{ uri: 'http://wso2.org/claims/username', value: { $ne: 1 } }], [{ uri: 'http://wso2.org/claims/username' }]]) expect((await steps().call('password/init', { claims })).status).toBe(400);
    for (const channelId of ['0', '-1', '2', '1e0', ' 1', '1.0']) expect(outcomeOf(await steps().recover('A'.repeat(43), channelId))).toEqual([406, 'UAR-10004']);
    expect((await steps().call('password/reset', { resetCode: 'A'.repeat(43), flowConfirmationCode: 'A'.repeat(43), password: { length: 20 } })).status).toBe(400);
  });

  it('is for administrators', async () => {
    await service.aUser(`ordinary-${version}`, { password: good });
    for (const step of ['init', 'recover', 'resend', 'confirm', 'reset']) {
      expect((await steps().call(`password/${step}`, {}, null)).status).toBe(401);
      expect((await steps().call(`password/${step}`, {}, `ordinary-${version}:${good}`)).status).toBe(403);
    }
  });

  it('takes a callback that is allowed into the mail, and refuses another, for which the recovery code is not spent', async () => {
    const name = await service.aUser(`callback-${version}`);
    const { recoveryCode } = started(await steps().init(name));
    const withCallback = async (value: string) => steps().recover(recoveryCode, '1', [{ key: 'callback', value }, { key: 'send-to', value: 'evil@evil.test' }]);
    expect(outcomeOf(await withCallback('https://evil.test/'))).toEqual([400, 'PWR-10007']);
    expect((await withCallback(`${baseUrl}/portal`)).status).toBe(202);
    await service.keyOf(name);
    expect(service.eventsOf('PasswordRecoveryRequested', name)[0]?.data).toMatchObject({ callback: `${baseUrl}/portal`, recipient: { address: `${name}@example.com` } });
  });

  it('gives known, unknown, disabled, locked and mail-less users answers that differ in their codes alone, after the same writes (S1)', async () => {
    const kinds = { known: {}, otherwise: { emails: ['r.okafor@corp.example'] }, disabled: { 'urn:scim:wso2:schema': { accountDisabled: true } }, locked: { 'urn:scim:wso2:schema': { accountLocked: 'true' } }, mailless: { emails: [] } };
    const names = [...Object.keys(kinds).map((kind) => `${kind}-${version}`), `unknown-${version}`, `s1-\u0131\ufb00-${version}`];
    for (const [kind, more] of Object.entries(kinds)) await service.aUser(`${kind}-${version}`, more);
    const shape = ({ status, headers, text }: Answer) => ({ status, headers: [...headers].filter(([name]) => name !== 'date' && name !== 'content-length'), text: text.replace(/"[\w-]{43}"/g, '"code"') });
    const seen: unknown[] = [];
    for (const name of names) {
      const before = await counted();
      const init = await steps().init(name);
      const recover = await steps().recover(started(init).recoveryCode);
      const resend = await steps().resend(bodyOf(recover).resendCode);
      const after = await counted();
      const written = Object.fromEntries(Object.entries(after ?? {}).map(([table, count]) => [table, Number(count) - Number(before?.[table])]));
      seen.push([shape(init), shape(recover), shape(resend), written]);
    }
    expect(seen).toEqual(seen.map(() => seen[0]));
    for (const kind of ['known', 'otherwise']) await service.keyOf(`${kind}-${version}`, 2);
    expect(names.filter((name) => service.eventsOf('PasswordRecoveryRequested', name).length > 0)).toEqual([`known-${version}`, `otherwise-${version}`]);
  });

  it('knows a person by the name, by other claims, or by both, which must then both be theirs; nobody can tell (S1)', async () => {
    const claim = (uri: string, value: string) => ({ uri: `http://wso2.org/claims/${uri}`, value });
    const addressOf = (name: string) => claim('emailaddress', `${name}@example.com`);
    const family = claim('lastname', version.toUpperCase());
    const ways: Readonly<Record<string, (name: string) => readonly object[]>> = {
      both: (name) => [claim('username', name), addressOf(name)],
      claims: (name) => [addressOf(name), family],
      more: (name) => [claim('givenname', 'sought'), claim('username', `PRIMARY/${name}`), family],
      others: (name) => [claim('username', name), addressOf(`both-${version}`)],
      wrong: (name) => [claim('username', name), claim('lastname', 'other')],
      several: () => [family, claim('givenname', 'Sought')],
    };
    const names = Object.keys(ways).map((way) => `${way}-${version}`);
    for (const name of names) await service.aUser(name, { name: { givenName: 'Sought', familyName: version } });
    const seen: unknown[] = [];
    for (const [way, claimsOf] of [...Object.entries(ways), ['nobody', ways['both'] ?? (() => [])] as const]) {
      const before = await counted();
      const init = await steps().call('password/init', { claims: claimsOf(`${way}-${version}`) });
      const recover = await steps().recover(started(init).recoveryCode);
      const after = await counted();
      seen.push([init.status, recover.status, Object.entries(after ?? {}).map(([table, count]) => [table, Number(count) - Number(before?.[table])])]);
    }
    expect(seen).toEqual(seen.map(() => seen[0]));
    for (const way of ['both', 'claims', 'more']) await service.keyOf(`${way}-${version}`);
    expect(names.filter((name) => service.eventsOf('PasswordRecoveryRequested', name).length > 0)).toEqual(['both', 'claims', 'more'].map((way) => `${way}-${version}`));
    for (const more of [claim('username', 'x'), claim('country', 'X')]) expect(outcomeOf(await steps().call('password/init', { claims: [claim('username', 'x'), more] }))).toEqual([400, '20014']);
  });

  it('says 403 where recovery by mail is off, to everybody alike', async () => {
    const off = await ServiceUnderTest.start('[identity_mgt.password_reset_email]\nenable_password_reset_email = false\n');
    try {
      await off.aUser('known');
      const own = new Steps(off, version);
      for (const name of ['known', 'unknown']) expect(outcomeOf(await own.init(name))).toEqual([403, 'PWR-10004']);
      expect(outcomeOf(await own.recover('A'.repeat(43)))).toEqual([403, 'PWR-10002']);
      expect(outcomeOf(await own.resend('A'.repeat(43)))).toEqual([403, 'PWR-10002']);
    } finally {
      await off.stop();
    }
  });

  it('tells callers who is there where deployment.toml says so', async () => {
    const telling = await ServiceUnderTest.start('[identity_mgt.recovery]\nnotify_user_existence = true\nnotify_recovery_email_existence = true\nnotify_user_account_status = true\n');
    try {
      const own = new Steps(telling, version);
      await telling.aUser('disabled', { 'urn:scim:wso2:schema': { accountDisabled: true } });
      await telling.aUser('locked', { 'urn:scim:wso2:schema': { accountLocked: 'true' } });
      await telling.aUser('mailless', { emails: [] });
      await telling.aUser('kim', { emails: ['r.okafor@corp.example'] });
      expect(await Promise.all(['unknown', 'mailless', 'locked', 'disabled'].map(async (name) => outcomeOf(await own.init(name))))).toEqual([[404, 'UAR-10002'], [404, 'UAR-10003'], [403, 'UAR-17003'], [403, 'UAR-17004']]);
      expect(started(await own.init('kim')).channels[0]?.value).toBe('r*******@c**p.example');
      await telling.reconfigure('[identity_mgt.recovery]\nnotify_user_existence = true\n');
      for (const name of ['kim', 'mailless']) expect(started(await own.init(name)).channels[0]?.value).toBe('*****@*****');
    } finally {
      await telling.stop();
    }
  });
});

describe('version 1', () => {
  it('can be switched off, and version 2 stays', async () => {
    await service.aUser('without-v1');
    await service.reconfigure('[identity_mgt.recovery]\nenable_v1_api = false\n');
    const answers = await Promise.all(['init', 'recover', 'resend', 'confirm', 'reset'].map((step) => v1.call(`password/${step}`, {})));
    const init = await v2.init('without-v1');
    await service.reconfigure('');
    expect(answers.map(outcomeOf)).toEqual(answers.map(() => [404, 'UAR-10017']));
    expect(init.status).toBe(200);
  });
});

describe('what is stored of a flow', () => {
  it('holds none of its codes, in any encoding (S16)', async () => {
    await service.aUser('stored');
    const codes = await v2.toMail('stored');
    const key = await service.keyOf('stored');
    const { resetCode } = bodyOf(await v2.confirm(key));
    const tables = await service.database.query<{ name: string }>(`SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'`);
    const text = (await Promise.all(tables.map(async ({ name }) => JSON.stringify(await service.database.query(`SELECT t::text AS row FROM ${name} AS t`))))).join('\n');
    for (const code of [codes.recoveryCode, codes.flowConfirmationCode, codes.resendCode, key, resetCode]) {
      for (const secret of [code, Buffer.from(code).toString('hex'), Buffer.from(code, 'base64url').toString('hex')]) expect(text).not.toContain(secret);
    }
  });

  it('goes two days after it began', async () => {
    await service.aUser('pruned');
    await v2.init('pruned');
    await service.database.query(`UPDATE recovery_flow SET started_at = now() - interval '3 days' WHERE user_id = (SELECT id FROM user_account WHERE username = 'pruned')`);
    expect(await pruneFlows(service.database)).toBe(false);
    expect(await service.database.query(`SELECT FROM recovery_flow WHERE started_at < now() - interval '2 days'`)).toEqual([]);
  });
});
