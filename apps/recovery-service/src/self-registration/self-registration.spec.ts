import type { User } from '@rekey/identity';
import { until } from '@rekey/test-kit';
import { pruneUnconfirmed } from './unconfirmed-accounts.ts';
import { ServiceUnderTest, baseUrl, type Answer, type AskOptions, type ErrorBody } from '../testing/service-under-test.ts';

const password = 'a password nobody has guessed';
const api = '/api/identity/user/v1.0';
const on = '[identity_mgt.user_self_registration]\nallow_self_registration = true\n';
const claim = (name: string): string => `http://wso2.org/claims/${name}`;
const address = (username: string) => ({ uri: claim('emailaddress'), value: `${username}@example.com` });

let service: ServiceUnderTest;
beforeAll(async () => void (service = await ServiceUnderTest.start(on)));
afterAll(() => service.stop());

const codeOf = ({ body }: Answer) => (body as ErrorBody | null)?.code;
const descriptionOf = ({ body }: Answer) => (body as ErrorBody).description;
const register = (username: string, more: object = {}, options: AskOptions = {}) => service.ask(`${api}/me`, { body: { user: { username, realm: 'PRIMARY', password, claims: [address(username)], ...more }, properties: [] }, ...options });
const keyOf = (username: string, nth = 1) => service.keyOf(username, nth, 'AccountConfirmationRequested');
const confirm = (code: unknown, more: object = {}, prefix = '') => service.ask(`${prefix}${api}/validate-code`, { body: { code, ...more } });
const confirmByLink = (key: unknown) => service.ask('/api/rekey/v1/registration/confirm', { as: null, body: { key } });
const resend = (username: string, properties: readonly object[] = [{ key: 'RecoveryScenario', value: 'SELF_SIGN_UP' }]) => service.ask(`${api}/resend-code`, { body: { user: { username }, properties } });
const mailsTo = (username: string) => service.eventsOf('AccountConfirmationRequested', username).map(({ data }) => data.templateType);
const rows = async () => (await service.database.query<{ keys: number; events: number }>('SELECT (SELECT count(*)::int FROM recovery) AS keys, (SELECT count(*)::int FROM outbox) AS events'))[0];

async function userOf(username: string): Promise<User> {
  const user = await service.users.findUser({ tenantDomain: 'carbon.super', realm: 'PRIMARY', username });
  if (!user) throw new Error(`there is no user ${username}`);
  return user;
}
const claimsOf = async (username: string) => service.users.getClaims(await userOf(username));

describe('registering', () => {
  it('makes an account that nobody signs in to, and mails a link to the page that confirms it', async () => {
    const answer = await register('kim', { claims: [address('kim'), { uri: claim('givenname'), value: 'Kim' }, { uri: claim('locale'), value: 'de_DE' }] });
    expect([answer.status, answer.body]).toEqual([201, { code: 'USR-02001', message: 'Successful user self registration. Pending account verification.', notificationChannel: 'EMAIL' }]);
    expect(await service.mayGo('kim', password)).toBe(false);
    expect(await keyOf('kim')).toMatch(/^[\w-]{43}$/);
    expect(service.eventsOf('AccountConfirmationRequested', 'kim')[0]?.data).toMatchObject({
      scenario: 'SELF_SIGN_UP',
      linkBase: `${baseUrl}/myaccount/confirm`,
      templateType: 'accountconfirmation',
      recipient: { address: 'kim@example.com', locale: 'de_DE', claims: { givenname: 'Kim' } },
    });
    expect(await claimsOf('kim')).toMatchObject({ [claim('identity/accountLocked')]: 'true', [claim('identity/lockedReason')]: 'PENDING_SELF_REGISTRATION', [claim('identity/accountState')]: 'PENDING_SR' });
  });

  it('tells a stranger at the sign-in no more than of a wrong password, and the trace that it is not confirmed', async () => {
    await register('unconfirmed');
    const signIn = (username: string) => service.ask('/api/rekey/v1/session', { as: null, body: { username, password } });
    const [pending, unknown] = [await signIn('unconfirmed'), await signIn('never-registered')];
    expect([pending.status, codeOf(pending), descriptionOf(pending)]).toEqual([unknown.status, codeOf(unknown), descriptionOf(unknown)]);
    const traced = async () => service.database.query(`SELECT FROM audit_record WHERE username = 'unconfirmed' AND operation = 'authenticate' AND outcome = '17005'`);
    await until(async () => (await traced()).length === 1);
  });

  it('gives no link to set a password for it: nobody has proved the address', async () => {
    await register('unproved');
    expect((await service.recover('unproved')).status).toBe(202);
    await keyOf('unproved');
    expect(service.eventsOf('PasswordRecoveryRequested', 'unproved')).toEqual([]);
  });

  it('with somebody’s address does not shut its owner out: nobody else is found by it before it is proved', async () => {
    await service.aUser('owner');
    await register('squatter', { claims: [address('owner')] });
    await service.reconfigure(`${on}[identity_mgt.username_recovery.email]\nenable_username_recovery = true\n`);
    const whoHasIt = async () => service.ask('/api/identity/recovery/v0.9/recover-username?notify=false', { body: [address('owner')] });
    expect((await whoHasIt()).text).toBe('owner');
    expect((await confirm(await keyOf('squatter'))).status).toBe(202);
    expect((await whoHasIt()).status).toBe(204);
    await service.reconfigure(on);
  });

  it('answers 409 for a name that is taken, in whatever case, and makes one account of ten at once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => register('racing')));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array.from({ length: 9 }, () => 409)]);
    const again = await register('Racing');
    expect([again.status, codeOf(again)]).toEqual([409, '20030']);
    await keyOf('racing');
    expect(mailsTo('racing')).toEqual(['accountconfirmation']);
  });

  it('refuses a password that breaks the policy with every reason, as WSO2 with 400, and makes nobody', async () => {
    const answer = await register('weakling', { password: 'weakling' });
    expect([answer.status, codeOf(answer), (answer.body as ErrorBody).reasons?.map(({ code }) => code)]).toEqual([400, '20035', ['too-short', 'contains-username']]);
    expect((await register('weakling')).status).toBe(201);
  });

  it('takes no claim that says what an account is, and none twice (S4)', async () => {
    for (const name of ['identity/accountLocked', 'identity/adminForcedPasswordReset', 'identity/emailVerified', 'role', 'userid', 'x\u0000']) {
      const answer = await register('claimant', { claims: [address('claimant'), { uri: claim(name), value: 'true' }] });
      expect([name, answer.status, codeOf(answer)]).toEqual([name, 400, 'RKY-10001']);
      expect(descriptionOf(answer)).toContain('user.claims.1.uri');
    }
    expect(descriptionOf(await register('claimant', { claims: [address('claimant'), address('evil')] }))).toContain('user.claims.1.uri');
    for (const value of ['a@x,b@y', 'a@x\r\nBcc: b@y', 'nobody', 'a\u0000@x']) expect((await register('claimant', { claims: [{ uri: claim('emailaddress'), value }] })).status).toBe(400);
    expect(await service.users.findUser({ tenantDomain: 'carbon.super', realm: 'PRIMARY', username: 'claimant' })).toBeNull();
  });

  it('asks for the address that is to be confirmed', async () => {
    const answer = await register('without-mail', { claims: [] });
    expect([answer.status, descriptionOf(answer)]).toEqual([400, expect.stringContaining(claim('emailaddress'))]);
  });

  it('refuses what is no registration, each by name (S23)', async () => {
    const refused = async (body: unknown) => descriptionOf(await service.ask(`${api}/me`, { body }));
    for (const body of [null, [], {}, { user: null }, { user: {} }, { user: { username: 'x', password: {} } }, { user: { username: ['x'], password } }, { user: { username: 'x', password, admin: true } }]) expect(await refused(body)).toContain('Malformed request');
    expect(codeOf(await register(' blank', { claims: [address('blank')] }))).toBe('18003');
    expect(codeOf(await register('SECONDARY/x', { claims: [address('x')] }))).toBe('RKY-10008');
    expect(codeOf(await service.ask(`${api}/me`, { body: { user: { username: 'elsewhere', password, claims: [address('elsewhere')] }, properties: [{ key: 'callback', value: 'https://evil.test/' }] } }))).toBe('20044');
  });

  it('is off by default', async () => {
    await service.reconfigure('');
    const answer = await register('too-early');
    expect([answer.status, codeOf(answer)]).toEqual([400, '20021']);
    await service.reconfigure(on);
  });

  it('opens the account at once where none is locked on creation', async () => {
    await service.reconfigure(`${on}lock_on_creation = false\n`);
    const answer = await register('at-once', { claims: [] });
    await service.reconfigure(on);
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([201, 'USR-02003']);
    expect(await service.mayGo('at-once', password)).toBe(true);
    expect(mailsTo('at-once')).toEqual([]);
  });
});

describe('confirming', () => {
  it('opens the account, once, and says whose it is', async () => {
    await register('lee');
    const key = await keyOf('lee');
    const answer = await confirm(key, { verifiedChannel: { type: 'EMAIL', claim: claim('emailaddress') }, properties: [] });
    expect([answer.status, answer.body]).toEqual([202, { username: 'lee', realm: 'PRIMARY' }]);
    expect(await service.mayGo('lee', password)).toBe(true);
    expect(await claimsOf('lee')).toMatchObject({ [claim('identity/accountLocked')]: 'false', [claim('identity/accountState')]: 'UNLOCKED', [claim('identity/emailVerified')]: 'true' });
    const again = await confirm(key);
    expect([again.status, codeOf(again)]).toEqual([400, '18001']);
    expect(service.eventsOf('AccountUnlocked', 'lee')).toEqual([]);
  });

  it('works by the link of the mail too, without credentials, and signs nobody in (S31)', async () => {
    await register('by-link');
    const answer = await confirmByLink(await keyOf('by-link'));
    expect([answer.status, answer.body, answer.headers.getSetCookie()]).toEqual([200, { username: 'by-link' }, []]);
    expect(await service.mayGo('by-link', password)).toBe(true);
  });

  it('is done by exactly one of fifty at once (S19)', async () => {
    await register('fifty');
    const key = await keyOf('fifty');
    const answers = await Promise.all(Array.from({ length: 50 }, () => confirmByLink(key)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array.from({ length: 49 }, () => 400)]);
  });

  it('takes its own keys alone: none of them sets a password, and none of a recovery confirms (S17)', async () => {
    await register('purposes');
    const key = await keyOf('purposes');
    expect(codeOf(await service.setPassword(key, 'another password, as good as that'))).toBe('18001');
    expect(codeOf(await service.ask('/api/rekey/v1/recovery/reset', { as: null, body: { key, password } }))).toBe('18001');
    await service.aUser('recovering');
    await service.recover('recovering');
    const recoveryKey = await service.keyOf('recovering');
    expect(codeOf(await confirmByLink(recoveryKey))).toBe('18001');
    expect((await confirm(recoveryKey)).status).toBe(202);
    expect((await service.setPassword(recoveryKey, password)).status).toBe(200);
    expect((await confirm(key)).status).toBe(202);
  });

  it('fails alike with keys that are wrong, expired, spent, of another tenant, or no keys at all (S23, S26)', async () => {
    for (const username of ['expired', 'spent', 'elsewhere']) await register(username);
    const [expired, spent, elsewhere] = [await keyOf('expired'), await keyOf('spent'), await keyOf('elsewhere')];
    await service.database.query(`UPDATE recovery SET expires_at = now() FROM user_account WHERE id = user_id AND username = 'expired'`);
    await confirm(spent);
    await service.database.query(`INSERT INTO tenant (domain) VALUES ('acme.example') ON CONFLICT DO NOTHING`);
    await until(async () => codeOf(await confirm(elsewhere, {}, '/t/acme.example')) === '18001');
    const answers = [await confirm('A'.repeat(43)), await confirm(expired), await confirm(spent), await confirm(elsewhere, {}, '/t/acme.example'), await confirm("' OR 1=1")];
    const of = ({ status, body }: Answer) => [status, { ...(body as ErrorBody), traceId: '' }];
    expect(answers.map(of)).toEqual(answers.map(() => of(answers[0] as Answer)));
    expect(codeOf(answers[0] as Answer)).toBe('18001');
    for (const code of [null, '', [], {}, true, 0, 1e999, { $ne: 1 }]) expect([code, (await confirm(code)).status]).toEqual([code, 400]);
    for (const channel of [{ type: 'SMS', claim: claim('mobile') }, { type: 'EMAIL' }, 'EMAIL']) expect((await confirm(elsewhere, { verifiedChannel: channel })).status).toBe(400);
    expect((await confirm(elsewhere)).status).toBe(202);
  });

  it('has a link that recovery v0.9 knows at its step, and no other does, without spending it', async () => {
    await register('looked-at');
    const code = await keyOf('looked-at');
    const check = (step?: string) => service.ask('/api/identity/recovery/v0.9/validate-code', { body: { code, step } });
    expect([(await check('CONFIRM_SIGN_UP')).status, (await check('CONFIRM_SIGN_UP')).body]).toEqual([202, { username: 'looked-at', realm: 'PRIMARY', 'tenant-domain': 'carbon.super' }]);
    for (const step of [undefined, 'UPDATE_PASSWORD', 'VALIDATE_CHALLENGE_QUESTION']) expect([step, codeOf(await check(step))]).toEqual([step, '18001']);
    expect((await confirm(code)).status).toBe(202);
    expect(codeOf(await check('CONFIRM_SIGN_UP'))).toBe('18001');
  });

  it('tells the person where people are told, at the address that was confirmed, and from where', async () => {
    await service.reconfigure(`${on}notify_account_confirmation = true\n`);
    await register('told');
    await confirmByLink(await keyOf('told'));
    await until(() => service.eventsOf('AccountChanged', 'told').length === 1);
    await service.reconfigure(on);
    expect(service.eventsOf('AccountChanged', 'told')[0]?.data).toMatchObject({ change: 'confirmed', templateType: 'selfSignUpSuccess', linkBase: `${baseUrl}/myaccount/signin`, recipient: { address: 'told@example.com' }, clientAddress: '127.0.0.1' });
  });

  it.each<[what: string, change: Readonly<Record<string, string>>]>([
    ['another address', { [claim('emailaddress')]: 'other@example.com' }],
    ['disabling it', { [claim('identity/accountDisabled')]: 'true' }],
    ['an administrator’s lock', { [claim('identity/accountLocked')]: 'true' }],
    ['an administrator who unlocks it', { [claim('identity/accountLocked')]: 'false' }],
  ])('is over with %s (S22)', async (what, change) => {
    const username = `over-${Buffer.from(what).toString('hex').slice(0, 12)}`;
    await register(username);
    const key = await keyOf(username);
    await service.users.setClaims(await userOf(username), change);
    expect(codeOf(await confirm(key))).toBe('18001');
  });

  it('is undone whole where the mail about it cannot be written', async () => {
    await service.reconfigure(`${on}notify_account_confirmation = true\n`);
    await register('undone');
    const key = await keyOf('undone');
    await service.database.query('ALTER TABLE outbox RENAME TO outbox_away');
    expect((await confirmByLink(key)).status).toBe(500);
    await service.database.query('ALTER TABLE outbox_away RENAME TO outbox');
    await service.reconfigure(on);
    expect(await service.mayGo('undone', password)).toBe(false);
    expect((await confirmByLink(key)).status).toBe(200);
  });
});

describe('the callback of a registration', () => {
  const registerFor = (username: string, callback: string) => service.ask(`${api}/me`, { body: { user: { username, password, claims: [address(username)] }, properties: [{ key: 'callback', value: callback }] } });
  const callbacksOf = (username: string) => service.eventsOf('AccountConfirmationRequested', username).map(({ data }) => data.callback);

  it('goes with each mail of its link, and is offered to whoever has confirmed', async () => {
    const callback = `${baseUrl}/portal?after=sign-up`;
    expect((await registerFor('going-on', callback)).status).toBe(201);
    await resend('going-on');
    const key = await keyOf('going-on', 2);
    expect(callbacksOf('going-on')).toEqual([callback, callback]);
    expect((await confirmByLink(key)).body).toEqual({ username: 'going-on', callback });
  });

  it('stays with a link that replaces one that has died', async () => {
    const callback = `${baseUrl}/portal`;
    await registerFor('late', callback);
    await keyOf('late');
    await service.database.query(`UPDATE recovery SET expires_at = now() WHERE user_id = $1`, [(await userOf('late')).id]);
    await resend('late');
    expect((await confirmByLink(await keyOf('late', 2))).body).toEqual({ username: 'late', callback });
  });

  it.each(['//evil.test', 'https:evil.test', `${baseUrl}@evil.test`, `${baseUrl}.evil.test`, '\\\\evil.test', 'javascript:alert(1)', 'data:text/html,x', `${baseUrl}/\r\nLocation: https://evil.test`, `${baseUrl}\\@evil.test`])('is refused where it leads astray: %j (S39)', async (callback) => {
    expect(codeOf(await registerFor('astray', callback))).toBe('20044');
  });

  it('is offered by no dead link, nor where it is allowed no more, nor as a script whatever is allowed (S39)', async () => {
    await registerFor('over', `${baseUrl}/portal`);
    await registerFor('narrowed', `${baseUrl}/portal`);
    const [over, narrowed] = [await keyOf('over'), await keyOf('narrowed')];
    await confirmByLink(over);
    for (const dead of [over, 'A'.repeat(43)]) expect((await confirmByLink(dead)).text).not.toContain('/portal');
    await service.reconfigure(`${on}[identity_mgt.recovery]\ncallback_url = "https://elsewhere\\\\.test/.*"\n`);
    expect((await confirmByLink(narrowed)).body).toEqual({ username: 'narrowed' });
    await service.reconfigure(`${on}[identity_mgt.recovery]\ncallback_url = ".*"\n`);
    expect((await registerFor('script', 'javascript:alert(1)')).status).toBe(201);
    expect((await confirmByLink(await keyOf('script'))).body).toEqual({ username: 'script' });
    await service.reconfigure(on);
  });
});

describe('the mail that asks for a confirmation', () => {
  it('is sent again with the same link, as often as links are, and without a RecoveryScenario this is what is meant', async () => {
    await register('again');
    expect([(await resend('again')).status, (await resend('again', [])).status]).toEqual([201, 201]);
    expect(new Set([await keyOf('again'), await keyOf('again', 2), await keyOf('again', 3)]).size).toBe(1);
    for (let turn = 0; turn < 10; turn++) await resend('again');
    await until(() => mailsTo('again').length >= 6);
    expect(mailsTo('again')).toEqual(['accountconfirmation', ...Array.from({ length: 5 }, () => 'resendaccountconfirmation')]);
    expect((await confirm(await keyOf('again', 3))).status).toBe(202);
  });

  it('has a new link once the old one has expired, and the old one stays dead (S20)', async () => {
    await register('renewed');
    const first = await keyOf('renewed');
    await service.database.query(`UPDATE recovery SET expires_at = now() FROM user_account WHERE id = user_id AND username = 'renewed'`);
    await resend('renewed');
    const second = await keyOf('renewed', 2);
    expect(codeOf(await confirm(first))).toBe('18001');
    expect((await confirm(second)).status).toBe(202);
  });

  it('goes to the new address, with a new link, once an administrator has mended the address', async () => {
    await register('mended');
    await keyOf('mended');
    await service.users.setClaims(await userOf('mended'), { [claim('emailaddress')]: 'right@example.com' });
    await resend('mended');
    expect((await confirm(await keyOf('mended', 2))).status).toBe(202);
    expect(service.eventsOf('AccountConfirmationRequested', 'mended')[1]?.data.recipient.address).toBe('right@example.com');
  });

  it('gives those who wait, those who do not and those who do not exist the same answer, and costs the same (S1)', async () => {
    await register('waiting');
    await service.aUser('confirmed-long-ago');
    const same = ({ status, headers, text }: Answer) => ({ status, text, headers: [...headers].filter(([name]) => name !== 'date') });
    const ways = [resend, (username: string) => service.ask('/api/rekey/v1/registration/resend', { as: null, body: { username } })];
    for (const ask of ways) {
      const answers: unknown[] = [];
      const written: unknown[] = [];
      for (const username of ['waiting', 'confirmed-long-ago', 'nobody-at-all']) {
        const before = await rows();
        answers.push(same(await ask(username)));
        written.push(Number((await rows())?.events) - Number(before?.events));
      }
      expect(answers).toEqual(answers.map(() => answers[0]));
      expect(written).toEqual([1, 1, 1]);
    }
    await keyOf('waiting', 3);
    expect([mailsTo('confirmed-long-ago'), mailsTo('nobody-at-all')]).toEqual([[], []]);
  });

  it('is not sent from another site’s page (S37)', async () => {
    for (const door of ['resend', 'confirm']) {
      const answer = await service.ask(`/api/rekey/v1/registration/${door}`, { as: null, body: {}, headers: { 'sec-fetch-site': 'cross-site' } });
      expect([door, answer.status]).toEqual([door, 403]);
    }
  });
});

describe('the mails that ask for a confirmation at one address', () => {
  const few = `${on}[rate_limit]\nmails_per_account_per_hour = 3\n`;
  const published = async () => until(async () => (await service.database.query(`SELECT FROM outbox WHERE published_at IS NULL LIMIT 1`)).length === 0);
  const mailsAt = (target: string) => service.events.filter(({ type, data }) => type === 'AccountConfirmationRequested' && 'recipient' in data && data.recipient?.address.toLowerCase() === target).length;

  it('stop at so many in an hour, however many accounts are registered with it, and each gets the same answer (S9)', async () => {
    await service.reconfigure(few);
    const spellings = ['bombed@example.com', 'Bombed@Example.com'];
    const answers = await Promise.all(Array.from({ length: 12 }, (_, nth) => register(`bomb-${nth}`, { claims: [{ uri: claim('emailaddress'), value: spellings[nth % 2] }] })));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(201);
    for (let nth = 0; nth < 12; nth++) await resend(`bomb-${nth}`);
    await published();
    await service.reconfigure(on);
    expect(mailsAt('bombed@example.com')).toBe(3);
  });

  it('that were too many are sent once they are asked for in another hour', async () => {
    await service.reconfigure(`${on}[rate_limit]\nmails_per_account_per_hour = 1\n`);
    for (const username of ['patient-1', 'patient-2']) await register(username, { claims: [address('patient')] });
    await service.database.query('DELETE FROM request_count');
    await resend('patient-2');
    await service.reconfigure(on);
    expect((await confirm(await keyOf('patient-2'))).status).toBe(202);
  });
});

describe('an account that nobody confirms', () => {
  const expire = (username: string, ago: string) => service.database.query(`UPDATE recovery SET expires_at = now() - $2::interval FROM user_account WHERE id = user_id AND username = $1`, [username, ago]);
  const isThere = async (username: string) => (await service.users.findUser({ tenantDomain: 'carbon.super', realm: 'PRIMARY', username })) !== null;

  it('is deleted a week after its link has expired, and its name is free again', async () => {
    for (const username of ['late', 'lapsed', 'unlocked', 'confirmed']) await register(username);
    await confirm(await keyOf('confirmed'));
    await service.users.setClaims(await userOf('unlocked'), { [claim('identity/accountLocked')]: 'false' });
    await expire('late', '6 days');
    for (const username of ['lapsed', 'unlocked', 'confirmed']) await expire(username, '8 days');
    const { id } = await userOf('lapsed');
    await pruneUnconfirmed(service.database, service.users, 1);
    expect(await Promise.all(['late', 'lapsed', 'unlocked', 'confirmed'].map(isThere))).toEqual([true, false, true, true]);
    expect(await service.database.query('SELECT FROM recovery WHERE user_id = $1', [id])).toEqual([]);
    await until(async () => (await service.database.query(`SELECT FROM audit_record WHERE username = 'lapsed' AND operation = 'deleteUser'`)).length === 1);
    expect((await register('lapsed')).status).toBe(201);
  });
});

describe('a username', () => {
  const statusOf = async (username: string, properties: readonly object[] = []) => (await service.ask(`${api}/validate-username`, { body: { username, properties } })).body;
  const skip = { key: 'skipSignUpEnableCheck', value: 'true' };

  it('is said to be free or not, in WSO2’s numbers', async () => {
    await register('taken');
    expect(await statusOf('free')).toEqual({ statusCode: 60_000 });
    expect(await statusOf('Taken')).toEqual({ statusCode: 60_002 });
    expect(await statusOf('taken@carbon.super')).toEqual({ statusCode: 60_002 });
    expect(await statusOf('t\u0131ken')).toEqual({ statusCode: 60_000 });
    expect(await statusOf('inv\u200bisible')).toEqual({ statusCode: 60_004 });
    expect(await statusOf('SECONDARY/x')).toEqual({ statusCode: 60_006 });
    expect(await statusOf('x', [{ key: 'tenantDomain', value: 'nowhere.example' }])).toEqual({ statusCode: 60_001 });
    expect((await service.ask(`${api}/validate-username`, { body: { username: '' } })).status).toBe(400);
  });

  it('is told apart from a tenant in which nobody registers', async () => {
    await service.reconfigure('');
    expect([await statusOf('free'), await statusOf('free', [skip])]).toEqual([{ statusCode: 60_003 }, { statusCode: 60_000 }]);
    await service.reconfigure(on);
  });
});
