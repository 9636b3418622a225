import { createHash } from 'node:crypto';
import { jest } from '@jest/globals';
import { loadDeploymentConfig, type DeploymentConfig } from '@rekey/deployment-config';
import { PasswordHasher } from '@rekey/identity';
import { until } from '@rekey/test-kit';
import { rememberedMs } from '../authentication/basic-authentication.ts';
import { ServiceUnderTest, type Answer, type AskOptions, type ErrorBody } from '../testing/service-under-test.ts';
import { pruneRateLimit } from './rate-limit-statements.ts';

const password = 'a password nobody has guessed';
const newPassword = 'another password, as good as that';
const mailsPerHour = 3;
const requestsPerMinute = 8;
const failuresPerHour = 6;

/** Tests say by `X-Forwarded-For` whom the gateway got a request from. */
const behindGateway = '[server]\ntrusted_proxies = ["127.0.0.1"]\n';
let service: ServiceUnderTest;
beforeAll(async () => void (service = await ServiceUnderTest.start(`${behindGateway}[identity_mgt.password_reset_email]\ncooldown = "0s"\n
  [rate_limit]\nrequests_per_address_per_minute = ${requestsPerMinute}\nmails_per_account_per_hour = ${mailsPerHour}\nfailed_sign_ins_per_account_per_hour = ${failuresPerHour}`)));
afterAll(() => service.stop());
afterEach(() => jest.restoreAllMocks());

let lastAddress = 0;
/** One that nobody has asked from yet. */
function anAddress(): string {
  lastAddress++;
  return `198.18.${lastAddress >> 8}.${lastAddress & 255}`;
}

const from = (address: string, more: AskOptions = {}): AskOptions => ({ as: null, ...more, headers: { 'x-forwarded-for': address, ...more.headers } });
const forgot = (username: string, address = anAddress(), more: AskOptions = {}) => service.ask('/api/rekey/v1/recovery', from(address, { body: { username }, ...more }));
const sendAgain = (username: string, address = anAddress()) => service.ask('/api/rekey/v1/recovery/resend', from(address, { body: { username } }));
const signIn = async (username: string, given: string, address = anAddress(), at = service.url) => (await service.ask('/api/rekey/v1/session', from(address, { body: { username, password: given }, at }))).status;
const me = async (username: string, given: string, address = anAddress()) => (await service.ask('/api/identity/user/v1.0/me', from(address, { as: `${username}:${given}` }))).status;
const resend = (username: string, realm = 'PRIMARY') =>
  service.ask('/api/identity/user/v1.0/resend-code', { body: { user: { username, realm }, properties: [{ key: 'RecoveryScenario', value: 'NOTIFICATION_BASED_PW_RECOVERY' }] } });

const mailsTo = (username: string): number => service.eventsOf('PasswordRecoveryRequested', username).length;
const inTurn = async <T>(count: number, ask: (index: number) => Promise<T>): Promise<T[]> => {
  const answers: T[] = [];
  for (let index = 0; index < count; index++) answers.push(await ask(index));
  return answers;
};
/** All that a client can see, less what differs from any answer to the next. */
const seen = ({ status, headers, text }: Answer) => ({ status, headers: [...headers].filter(([name]) => name !== 'date'), text: text.replace(/"traceId":"[^"]+"/, '') });
const published = async () => until(async () => (await service.database.query(`SELECT FROM outbox WHERE published_at IS NULL LIMIT 1`)).length === 0);

describe('the mails of one account', () => {
  it('stop at so many in an hour, and a hundred requests in a minute all get one answer, whoever they name (S9)', async () => {
    await service.aUser('s9');
    const answers = [...(await inTurn(100, () => service.recover('s9'))), ...(await inTurn(100, () => service.recover('s9-nobody')))];
    expect(new Set(answers.map((answer) => JSON.stringify(seen(answer)))).size).toBe(1);
    expect(answers[0]?.status).toBe(202);
    await published();
    expect(mailsTo('s9')).toBe(mailsPerHour);
  });

  it('are counted together at every door and for every way to write the name (S10)', async () => {
    await service.aUser('åsa.s10');
    const ways = ['åsa.s10', 'ÅSA.S10', 'A\u030Asa.s10', 'PRIMARY/åsa.s10', 'primary/Åsa.s10', 'åsa.s10@carbon.super', 'PRIMARY/åsa.S10@CARBON.SUPER', 'åsa.s10+tag', 'åsa.s10\u200B'];
    for (const name of ways) {
      await forgot(name);
      await sendAgain(name);
      await service.ask('/t/carbon.super/api/rekey/v1/recovery', from(anAddress(), { body: { username: name } }));
      await service.recover(name);
      await service.ask('/t/carbon.super/api/identity/recovery/v0.9/recover-password', { body: { user: { username: name, realm: 'primary', 'tenant-domain': 'Carbon.Super' }, properties: [] } });
      await resend(name);
    }
    await published();
    expect(mailsTo('åsa.s10')).toBe(mailsPerHour);
  });

  it('are as few of a burst at two instances, and after one was started anew (S10)', async () => {
    await service.aUser('s10-burst');
    const first = await service.anotherInstance();
    const burst = (at: string) => Promise.all(Array.from({ length: 30 }, () => forgot('s10-burst', anAddress(), { at })));
    await Promise.all([burst(service.url), burst(first.url)]);
    await inTurn(5, () => forgot('s10-burst', anAddress(), { at: first.url }));
    await first.service.stop();
    const second = await service.anotherInstance();
    await burst(second.url);
    await second.service.stop();
    await published();
    expect(mailsTo('s10-burst')).toBe(mailsPerHour);
  });

  it('come again when the hour is over', async () => {
    await service.aUser('next-hour');
    await inTurn(mailsPerHour + 1, () => forgot('next-hour'));
    await service.database.query(`UPDATE recovery SET mails_until = mails_until - interval '1 hour'`);
    await inTurn(mailsPerHour + 1, () => forgot('next-hour'));
    await published();
    expect(mailsTo('next-hour')).toBe(2 * mailsPerHour);
  });

  it('cost a name that nobody has the same: its row says the same as a person’s', async () => {
    await service.aUser('counted');
    const rows = async () => service.database.query(`SELECT decoy, mails, generation, mails_until > now() AS running FROM recovery ORDER BY issued_at DESC LIMIT 1`);
    await inTurn(mailsPerHour + 2, () => forgot('counted'));
    const [known] = await rows();
    await inTurn(mailsPerHour + 2, () => forgot('counted-nobody'));
    const [unknown] = await rows();
    expect(known).toEqual({ decoy: false, mails: mailsPerHour, generation: mailsPerHour, running: true });
    expect(unknown).toEqual({ ...known, decoy: true });
  });

  it('leave the old password and the newest link working (S11)', async () => {
    await service.aUser('s11', { password });
    await inTurn(100, () => service.recover('s11'));
    await published();
    expect(await signIn('s11', password)).toBe(200);
    const newest = await service.keyOf('s11', mailsPerHour);
    expect((await service.ask('/api/rekey/v1/recovery/reset', from(anAddress(), { body: { key: newest, password: newPassword } }))).status).toBe(200);
    expect(await signIn('s11', newPassword)).toBe(200);
  });

  it('change nothing about the account, nor does what is beyond them (S12)', async () => {
    await service.aUser('s12', { password });
    await signIn('s12', password);
    const account = () => service.database.query(`SELECT a.*, i.*, s.* FROM user_account a LEFT JOIN identity_data i ON i.user_id = a.id LEFT JOIN session s ON s.user_id = a.id WHERE a.username = 's12'`);
    const before = await account();
    await inTurn(50, () => forgot('s12'));
    await inTurn(20, () => sendAgain('s12'));
    expect(await account()).toEqual(before);
  });
});

describe('the requests of one address', () => {
  it('get 429 and a time to come back beyond so many in a minute, be the accounts there or not (S9)', async () => {
    await service.aUser('s9-known');
    const [address, other] = [anAddress(), anAddress()];
    const answers = await inTurn(requestsPerMinute + 2, (index) => forgot(index % 2 ? 's9-known' : `s9-unknown-${index}`, address));
    expect(answers.map(({ status }) => status)).toEqual([...Array.from({ length: requestsPerMinute }, () => 202), 429, 429]);
    const [beyond, further] = answers.slice(requestsPerMinute).map(({ headers, body }) => ({ retryAfter: Number(headers.get('retry-after')), body: { ...(body as ErrorBody), traceId: '' } }));
    expect(beyond).toEqual({ retryAfter: expect.any(Number), body: { code: 'RKY-10011', message: 'Too Many Requests', description: expect.any(String), traceId: '' } });
    expect(further?.body).toEqual(beyond?.body);
    expect(beyond?.retryAfter).toBeGreaterThan(50);
    expect(beyond?.retryAfter).toBeLessThanOrEqual(60);
    expect((await forgot('s9-known', other)).status).toBe(202);
  });

  it('are counted together at every door that strangers reach', async () => {
    const address = anAddress();
    const doors = ['/api/rekey/v1/recovery', '/api/rekey/v1/recovery/resend', '/api/rekey/v1/recovery/key', '/api/rekey/v1/recovery/reset', '/api/rekey/v1/session'];
    const bodies = [{ username: 'doors' }, { username: 'doors' }, { key: 'k' }, { key: 'k', password }, { username: 'doors', password }];
    const askAll = async () => inTurn(doors.length, async (door) => (await service.ask(doors[door] ?? '', from(address, { body: bodies[door] }))).status);
    expect(await askAll()).toEqual([202, 202, 400, 400, 401]);
    await inTurn(requestsPerMinute, () => forgot('doors', address));
    expect(await askAll()).toEqual(doors.map(() => 429));
  });

  it('end guesses at keys, at whichever door; the key itself still works from elsewhere (S24)', async () => {
    await service.aUser('s24');
    await service.recover('s24');
    const [key, guesser] = [await service.keyOf('s24'), anAddress()];
    const show = (shown: string, address: string) => service.ask('/api/rekey/v1/recovery/key', from(address, { body: { key: shown } }));
    const reset = (shown: string, address: string) => service.ask('/api/rekey/v1/recovery/reset', from(address, { body: { key: shown, password: newPassword } }));
    const guesses = await inTurn(100, (nth) => (nth % 2 === 0 ? show : reset)(`${nth}`.padStart(43, 'A'), guesser));
    expect(guesses.map(({ status }) => status)).toEqual([...Array.from({ length: requestsPerMinute }, () => 400), ...Array.from({ length: 100 - requestsPerMinute }, () => 429)]);
    expect((await reset(key, guesser)).status).toBe(429);
    expect((await reset(key, anAddress())).status).toBe(200);
  });

  it('are as few behind an invented X-Forwarded-For, within one /64, over two instances and after a start (S10)', async () => {
    const instance = await service.anotherInstance();
    const spoofed = anAddress();
    const ways: Record<string, (index: number, at: string) => Promise<Answer>> = {
      'an invented header': (index, at) => forgot(`nobody-${index}`, `10.9.8.${index}, ${spoofed}`, { at }),
      'an IPv6 /64': (index, at) => forgot(`nobody-${index}`, `2001:db8:5:5:${index.toString(16)}::1`, { at }),
    };
    for (const [way, ask] of Object.entries(ways)) {
      const statuses = (await Promise.all(Array.from({ length: 40 }, (_, index) => ask(index, index % 2 ? service.url : instance.url)))).map(({ status }) => status);
      expect([way, statuses.filter((status) => status === 202).length]).toEqual([way, requestsPerMinute]);
    }
    await instance.service.stop();
    const started = await service.anotherInstance();
    for (const [way, ask] of Object.entries(ways)) expect([way, (await ask(99, started.url)).status]).toEqual([way, 429]);
    await started.service.stop();
  });

  it('are never too many with right credentials: a portal calls for everyone', async () => {
    const portal = anAddress();
    const calls = await inTurn(3 * requestsPerMinute, async (index) =>
      (await service.ask('/api/identity/recovery/v0.9/recover-password', from(portal, { as: 'admin:admin', body: { user: { username: `portal-${index}` }, properties: [] } }))).status);
    expect(calls).toEqual(calls.map(() => 202));
    // The service remembers right credentials for a second; these it has not seen.
    const callers = await inTurn(requestsPerMinute + 1, (index) => service.aUser(`caller-${index}`, { password }));
    expect(await inTurn(callers.length, (index) => me(`caller-${index}`, password, portal))).toEqual(callers.map(() => 200));
    await inTurn(requestsPerMinute + 1, () => forgot('portal', portal));
    expect((await service.ask('/scim2/Users', from(portal, { as: 'admin:admin', body: { userName: 'portal-user' } }))).status).toBe(201);
  });

  it('are never too many with right credentials, nor if all come at once, and use up nothing', async () => {
    const portal = anAddress();
    const callers = await inTurn(3 * requestsPerMinute, (index) => service.aUser(`at-once-${index}`, { password }));
    expect(await Promise.all(callers.map((caller) => me(caller, password, portal)))).toEqual(callers.map(() => 200));
    expect(await me('admin', 'admin', portal)).toBe(200);
  });

  it('are never too many with credentials that were right from there before: wrong ones at its login form do not stop a portal itself', async () => {
    const portal = anAddress();
    expect(await me('admin', 'admin', portal)).toBe(200);
    await inTurn(requestsPerMinute, (index) => me(`nobody-${index}`, 'wrong', portal));
    const now = Date.now.bind(Date);
    jest.spyOn(Date, 'now').mockImplementation(() => now() + rememberedMs);
    expect([await me('nobody', 'wrong', portal), await me('admin', 'wrong', portal), await me('admin', 'admin', portal)]).toEqual([429, 429, 200]);
  });

  it('with wrong credentials get 429 too, on every API, and then right ones that were never used there as well', async () => {
    const address = anAddress();
    const statuses = await inTurn(requestsPerMinute + 1, (index) => me(`nobody-${index}`, 'wrong', address));
    expect(statuses).toEqual([...Array.from({ length: requestsPerMinute }, () => 401), 429]);
    expect((await service.ask('/scim2/Users', from(address, { as: 'admin:admin', body: { userName: 'never-made' } }))).status).toBe(429);
  });

  it('with wrong credentials are as few of a burst: the right ones among many more tell nothing (S10)', async () => {
    const address = anAddress();
    await service.aUser('burst-target', { password });
    const statuses = await Promise.all(Array.from({ length: 60 }, (_, index) => me(`burst-${index}`, 'wrong', address)));
    expect(statuses.filter((status) => status === 401)).toHaveLength(requestsPerMinute);
    expect(statuses.filter((status) => status === 429)).toHaveLength(60 - requestsPerMinute);
    expect(await me('burst-target', password, address)).toBe(429);
  });

  it('are counted anew when the minute is over', async () => {
    const address = anAddress();
    await inTurn(requestsPerMinute, () => forgot('minute', address));
    await service.database.query(`UPDATE request_count SET ends_at = ends_at - interval '1 minute'`);
    expect((await forgot('minute', address)).status).toBe(202);
  });
});

describe('guesses at one account', () => {
  const wrong = (username: string, count: number, address?: string) => inTurn(count, (index) => signIn(username, `guess ${index}`, address));
  /** The outcomes of sign-ins, once so many are written. */
  const auditedOf = async (username: string, count: number) => {
    const records = () => service.database.query<{ outcome: string }>(`SELECT outcome FROM audit_record WHERE operation = 'authenticate' AND username = $1 ORDER BY id`, [username]);
    await until(async () => (await records()).length >= count);
    return (await records()).map(({ outcome }) => outcome);
  };

  it('end after so many in an hour, over all addresses, doors and ways to write the name: then the right one is refused as a wrong one is (S10)', async () => {
    await service.aUser('åsa', { password });
    const ways = ['åsa', 'ÅSA', 'A\u030Asa', 'PRIMARY/åsa', 'primary/Åsa@carbon.super'];
    await inTurn(failuresPerHour, (index) => (index % 2 ? signIn : me)(ways[index % ways.length] ?? '', `guess ${index}`));
    expect([await signIn('åsa', password), await me('åsa', password)]).toEqual([401, 401]);
    const answers = await Promise.all(['åsa', 'nobody'].map((username) => service.ask('/api/rekey/v1/session', from(anAddress(), { body: { username, password } }))));
    expect(seen(answers[0] as Answer)).toEqual(seen(answers[1] as Answer));
  });

  it('end likewise in a burst at two instances, and after a start (S10)', async () => {
    await service.aUser('burst', { password });
    const instance = await service.anotherInstance();
    await Promise.all(Array.from({ length: 40 }, (_, index) => signIn('burst', `guess ${index}`, anAddress(), index % 2 ? service.url : instance.url)));
    await instance.service.stop();
    const started = await service.anotherInstance();
    expect(await signIn('burst', password, anAddress(), started.url)).toBe(401);
    await started.service.stop();
  });

  it('end likewise for a right one that was looked at before the limit and comes after it; the audit says so (S10)', async () => {
    await service.aUser('late', { password });
    const verify = PasswordHasher.prototype.verify;
    jest.spyOn(PasswordHasher.prototype, 'verify').mockImplementationOnce(async function (this: PasswordHasher, given, hash) {
      await wrong('late', failuresPerHour);
      return verify.call(this, given, hash);
    });
    expect(await signIn('late', password)).toBe(401);
    expect(await auditedOf('late', failuresPerHour + 3)).toEqual([...Array.from({ length: failuresPerHour }, () => '17002'), 'limited', 'done', 'limited']);
  });

  it('leave one record once there is an end to them, without a name that nobody has: it may be a password', async () => {
    await service.aUser('limited', { password });
    await wrong('limited', failuresPerHour + 2);
    await wrong('a password in the wrong field', failuresPerHour + 2);
    expect(await auditedOf('limited', failuresPerHour + 1)).toEqual([...Array.from({ length: failuresPerHour }, () => '17002'), 'limited']);
    const ofNobody = () => service.database.query(`SELECT FROM audit_record WHERE outcome = 'limited' AND username IS NULL`);
    await until(async () => (await ofNobody()).length === 1);
    expect(await service.database.query(`SELECT a FROM audit_record a WHERE to_jsonb(a)::text LIKE '%wrong field%'`)).toEqual([]);
  });

  it('do not keep a person out who signs in from where they have before (S11)', async () => {
    await service.aUser('at-home', { password });
    const home = anAddress();
    expect(await signIn('at-home', password, home)).toBe(200);
    await wrong('at-home', failuresPerHour + 3);
    expect(await signIn('at-home', password)).toBe(401);
    expect(await signIn('at-home', password, home)).toBe(200);
    expect(await me('at-home', password, home)).toBe(200);
  });

  it('at home have an allowance of their own, which ends too', async () => {
    await service.aUser('shared-home', { password });
    const home = anAddress();
    await signIn('shared-home', password, home);
    await wrong('shared-home', failuresPerHour, home);
    expect([await signIn('shared-home', password, home), await signIn('shared-home', password)]).toEqual([401, 200]);
  });

  it('do not keep a person out who has a link: the address where it was used is known, and counting begins anew (S11)', async () => {
    await service.aUser('linked', { password });
    const home = anAddress();
    await wrong('linked', failuresPerHour);
    await forgot('linked');
    expect((await service.ask('/api/rekey/v1/recovery/reset', from(home, { body: { key: await service.keyOf('linked'), password: newPassword } }))).status).toBe(200);
    await wrong('linked', failuresPerHour);
    expect([await signIn('linked', newPassword), await signIn('linked', newPassword, home)]).toEqual([401, 200]);
  });

  it('begin anew with a new password, set at whichever door, for every address (S11)', async () => {
    await service.aUser('at-a-portal', { password });
    const home = anAddress();
    await signIn('at-a-portal', password, home);
    await wrong('at-a-portal', failuresPerHour, home);
    await wrong('at-a-portal', failuresPerHour);
    expect([await me('at-a-portal', password), await me('at-a-portal', password, home)]).toEqual([401, 401]);
    await forgot('at-a-portal');
    expect((await service.setPassword(await service.keyOf('at-a-portal'), newPassword)).status).toBe(200);
    expect([await me('at-a-portal', newPassword), await me('at-a-portal', newPassword, home)]).toEqual([200, 200]);
  });

  it('that cannot be forgotten make no failure of a reset that is done', async () => {
    await service.aUser('forgetful', { password });
    await forgot('forgetful');
    const key = await service.keyOf('forgetful');
    await service.database.query(`ALTER TABLE known_address RENAME TO known_address_away`);
    const answer = await service.ask('/api/rekey/v1/recovery/reset', from(anAddress(), { body: { key, password: newPassword } }));
    await service.database.query(`ALTER TABLE known_address_away RENAME TO known_address`);
    expect([answer.status, await signIn('forgetful', newPassword)]).toEqual([200, 200]);
  });

  it('change nothing about the account once they are refused (S12)', async () => {
    await service.aUser('left-alone', { password });
    await wrong('left-alone', failuresPerHour);
    const account = () => service.database.query(`SELECT a.*, i.* FROM user_account a LEFT JOIN identity_data i ON i.user_id = a.id WHERE a.username = 'left-alone'`);
    const before = await account();
    await wrong('left-alone', 10);
    await signIn('left-alone', password);
    expect(await account()).toEqual(before);
  });

  it('are forgotten after an hour, and addresses after thirty days without a sign-in', async () => {
    await service.aUser('long-ago', { password });
    const home = anAddress();
    await signIn('long-ago', password, home);
    await wrong('long-ago', failuresPerHour);
    await service.database.query(`UPDATE known_address SET signed_in_at = signed_in_at - interval '31 days'`);
    expect(await signIn('long-ago', password, home)).toBe(401);
    await service.database.query(`UPDATE request_count SET ends_at = ends_at - interval '1 hour'`);
    await pruneRateLimit(service.database);
    expect(await service.database.query(`SELECT FROM request_count UNION ALL SELECT FROM known_address`)).toEqual([]);
    expect(await signIn('long-ago', password)).toBe(200);
  });

  it('stand in the tables under names that nobody without the secret can search for', async () => {
    const [typed, home] = ['a password in the wrong field', anAddress()];
    await service.aUser('searched', { password });
    await signIn('searched', password, home);
    await signIn(typed, 'wrong', home);
    const digest = (...parts: readonly string[]) => createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
    const searched = ['searched', typed].flatMap((username) => [username, digest('carbon.super', 'PRIMARY', username), digest('carbon.super', 'PRIMARY', username, home)]);
    const stored = JSON.stringify(await service.database.query(`SELECT to_jsonb(c) FROM request_count c UNION ALL SELECT to_jsonb(k) FROM known_address k`));
    expect([home, ...searched].filter((text) => stored.includes(text))).toEqual([]);
  });

  it('are none while a listener fails', async () => {
    await service.aUser('no-guess', { password });
    await service.database.query(`ALTER TABLE identity_data RENAME TO identity_data_away`);
    const statuses = await inTurn(failuresPerHour + 1, () => signIn('no-guess', password));
    await service.database.query(`ALTER TABLE identity_data_away RENAME TO identity_data`);
    expect(statuses).toEqual(statuses.map(() => 500));
    expect(await signIn('no-guess', password)).toBe(200);
  });

  it('are none where the password is right, however often', async () => {
    await service.aUser('often', { password });
    const statuses = await Promise.all(Array.from({ length: 5 * failuresPerHour }, () => signIn('often', password)));
    expect(statuses).toEqual(statuses.map(() => 200));
  });
});

describe('the limits in deployment.toml', () => {
  const configured = (rateLimit: string): DeploymentConfig => loadDeploymentConfig([{ name: 'test', toml: `[identity_mgt.password_reset_email]\nenable_password_reset_email = true\ncooldown = "0s"\n[rate_limit]\n${rateLimit}` }], {}).config;

  it('can be turned off and given other numbers while the service runs', async () => {
    const reloaded = await ServiceUnderTest.start(behindGateway);
    const address = anAddress();
    const ask = async (username: string) => (await reloaded.ask('/api/rekey/v1/recovery', from(address, { body: { username } }))).status;
    await reloaded.aUser('reloaded', { password });

    await reloaded.service.reconfigure(configured('requests_per_address_per_minute = 2\nmails_per_account_per_hour = 1'));
    expect(await inTurn(4, () => ask('reloaded'))).toEqual([202, 202, 429, 429]);

    await reloaded.service.reconfigure(configured('enable = false\nrequests_per_address_per_minute = 1\nmails_per_account_per_hour = 1\nfailed_sign_ins_per_account_per_hour = 1'));
    expect(await inTurn(10, () => ask('reloaded'))).toEqual(Array.from({ length: 10 }, () => 202));
    await until(() => reloaded.eventsOf('PasswordRecoveryRequested', 'reloaded').length === 11);
    await inTurn(3, () => reloaded.mayGo('reloaded', 'wrong'));
    expect(await reloaded.mayGo('reloaded', password)).toBe(true);
    await reloaded.stop();
  });
});
