import { until } from '@rekey/test-kit';
import { Steps, started } from '../recovery-flow/testing/steps.ts';
import { ServiceUnderTest, baseUrl, type Answer, type ErrorBody } from '../testing/service-under-test.ts';

const good = 'a password nobody has guessed';
const other = 'another password, as good as that';

let service: ServiceUnderTest;
beforeAll(async () => void (service = await ServiceUnderTest.start()));
afterAll(() => service.stop());

const errorOf = (answer: Answer): ErrorBody => answer.body as ErrorBody;
const codeOf = (answer: Answer): string => errorOf(answer).code;
const resend = (username: string) =>
  service.ask('/api/identity/user/v1.0/resend-code', { body: { user: { username, realm: 'PRIMARY' }, properties: [{ key: 'RecoveryScenario', value: 'NOTIFICATION_BASED_PW_RECOVERY' }] } });

describe('asking for a recovery link', () => {
  it('answers 202 with an empty body, and publishes one signed event with the key sealed in it', async () => {
    await service.aUser('ada', { name: { givenName: 'Ada' }, locale: 'de_DE', timezone: 'Europe/Berlin' });
    const answer = await service.recover('ada');
    expect([answer.status, answer.text]).toEqual([202, '']);
    expect(await service.keyOf('ada')).toMatch(/^[\w-]{43}$/);
    const [event] = service.eventsOf('PasswordRecoveryRequested', 'ada');
    expect(event?.data).toMatchObject({
      generation: 1,
      recipient: { address: 'ada@example.com', locale: 'de_DE', claims: { givenname: 'Ada', timeZone: 'Europe/Berlin' } },
      linkBase: `${baseUrl}/myaccount/reset`,
      templateType: 'passwordreset',
    });
  });

  it('says in the mail from where a person has asked, and nothing of a portal that asks for them', async () => {
    for (const name of ['asks-oneself', 'asked-for']) await service.aUser(name);
    await service.ask('/api/rekey/v1/recovery', { as: null, body: { username: 'asks-oneself' } });
    await service.recover('asked-for');
    for (const name of ['asks-oneself', 'asked-for']) await service.keyOf(name);
    expect(['asks-oneself', 'asked-for'].map((name) => service.eventsOf('PasswordRecoveryRequested', name)[0]?.data.clientAddress)).toEqual(['127.0.0.1', undefined]);
  });

  it('gives known, unknown, disabled, locked and mail-less users the same answer, and mails the first only (S1)', async () => {
    await service.aUser('s1-known');
    await service.aUser('s1-disabled', { 'urn:scim:wso2:schema': { accountDisabled: true } });
    await service.aUser('s1-locked', { 'urn:scim:wso2:schema': { accountLocked: 'true' } });
    await service.aUser('s1-without-mail', { emails: [] });
    const names = ['s1-known', 's1-disabled', 's1-locked', 's1-without-mail', 's1-unknown', 's1-\u0131\ufb00'];
    const same = ({ status, headers, text }: Answer) => ({ status, text, headers: [...headers].filter(([name]) => name !== 'date') });
    const ways = [
      (name: string) => service.recover(name),
      (name: string) => service.ask('/api/rekey/v1/recovery', { as: null, body: { username: name } }),
      (name: string) => service.ask('/api/rekey/v1/recovery/resend', { as: null, body: { username: name } }),
      (name: string) => resend(name),
    ];
    for (const ask of ways) {
      const answers: ReturnType<typeof same>[] = [];
      for (const name of names) answers.push(same(await ask(name)));
      expect(answers).toEqual(answers.map(() => answers[0]));
    }
    await service.keyOf('s1-known');
    expect(names.filter((name) => service.eventsOf('PasswordRecoveryRequested', name).length > 0)).toEqual(['s1-known']);
  });

  it('costs a name that nobody has the same statements: a row of its own in each table', async () => {
    const rows = async () => (await service.database.query<{ recoveries: number; events: number }>('SELECT (SELECT count(*)::int FROM recovery) AS recoveries, (SELECT count(*)::int FROM outbox) AS events'))[0];
    await service.aUser('real-cost');
    const before = await rows();
    await service.recover('real-cost');
    const between = await rows();
    await service.recover('made-up-cost');
    const after = await rows();
    expect([after?.recoveries, after?.events]).toEqual([Number(between?.recoveries) + 1, Number(between?.events) + 1]);
    expect([between?.recoveries, between?.events]).toEqual([Number(before?.recoveries) + 1, Number(before?.events) + 1]);
  });

  it('mails one link for fifty requests at once, and it works (F49)', async () => {
    await service.aUser('fifty');
    const answers = await Promise.all(Array.from({ length: 50 }, () => service.recover('fifty')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const key = await service.keyOf('fifty');
    expect((await service.setPassword(key, good)).status).toBe(200);
    expect(service.eventsOf('PasswordRecoveryRequested', 'fifty')).toHaveLength(1);
  });

  it('mails the same key once more while the tolerance lasts, as long as there are resends, and then another one', async () => {
    await service.aUser('tolerant');
    await service.reconfigure('[identity_mgt.password_reset_email]\ncooldown = 0\nconfirmation_code_tolerance_period = "30m"\n[identity_mgt.resend_notification]\nmax_resend_attempts = 1\n');
    const keys: string[] = [];
    for (const nth of [1, 2, 3]) {
      await service.recover('tolerant');
      keys.push(await service.keyOf('tolerant', nth));
    }
    await service.reconfigure('');
    expect([keys[1] === keys[0], keys[2] === keys[0]]).toEqual([true, false]);
    expect(service.eventsOf('PasswordRecoveryRequested', 'tolerant').map(({ data }) => [data.templateType, data.generation])).toEqual([['passwordreset', 1], ['passwordreset', 1], ['passwordreset', 2]]);
    expect([codeOf(await service.setPassword(keys[0], good)), (await service.setPassword(keys[2], good)).status]).toEqual(['18001', 200]);
  });

  it('gives another key once the tolerance is over', async () => {
    await service.aUser('intolerant');
    await service.reconfigure('[identity_mgt.password_reset_email]\ncooldown = 0\nconfirmation_code_tolerance_period = "30m"\n');
    await service.recover('intolerant');
    await service.database.query(`UPDATE recovery SET issued_at = now() - interval '31 minutes' FROM user_account WHERE user_account.id = user_id AND username = 'intolerant'`);
    await service.recover('intolerant');
    await service.reconfigure('');
    expect(await service.keyOf('intolerant', 2)).not.toBe(await service.keyOf('intolerant', 1));
  });

  it('keeps the key while the cooldown lasts, and replaces it afterwards: then only the newest works (S20)', async () => {
    await service.aUser('newest');
    await service.recover('newest');
    const first = await service.keyOf('newest');
    await service.recover('newest');
    expect(service.eventsOf('PasswordRecoveryRequested', 'newest')).toHaveLength(1);
    await service.database.query(`UPDATE recovery SET issued_at = issued_at - interval '61 seconds'`);
    await service.recover('newest');
    const second = await service.keyOf('newest', 2);
    expect(service.eventsOf('PasswordRecoveryRequested', 'newest').map(({ data }) => data.generation)).toEqual([1, 2]);
    expect(codeOf(await service.setPassword(first, good))).toBe('18001');
    expect((await service.setPassword(second, good)).status).toBe(200);
  });

  it('refuses a callback that is not allowed, and carries one that is', async () => {
    await service.aUser('callback');
    const withCallback = (value: string) => service.recover('callback', 'type=email&notify=true', { properties: [{ key: 'callback', value }] });
    for (const value of ['https://evil.test/', `${baseUrl}.evil.test/`, `${baseUrl}@evil.test/`, 'javascript:alert(1)', `//${baseUrl}`]) {
      expect([(await withCallback(value)).status, codeOf(await withCallback(value))]).toEqual([400, '20044']);
    }
    expect((await withCallback(`${baseUrl}/portal`)).status).toBe(202);
    await service.keyOf('callback');
    expect(service.eventsOf('PasswordRecoveryRequested', 'callback')[0]?.data.callback).toBe(`${baseUrl}/portal`);
  });

  it('sends to the stored address alone: a property cannot redirect it (S5)', async () => {
    await service.aUser('stored');
    await service.recover('stored', 'type=email&notify=true', { properties: [{ key: 'send-to', value: 'evil@evil.test' }, { key: 'email', value: 'evil@evil.test' }] });
    await service.keyOf('stored');
    expect(JSON.stringify(service.eventsOf('PasswordRecoveryRequested', 'stored'))).not.toContain('evil');
  });

  it('knows one address, however a request words others: nothing is mailed to them (S4)', async () => {
    await service.aUser('one-address');
    const ask = (body: string, headers = {}) => service.ask('/api/identity/recovery/v0.9/recover-password?type=email&notify=true&email=evil@evil.test&username=evil', { body, headers: { 'content-type': 'application/json', ...headers } });
    const words = ['["one-address","evil"]', '{"a":"one-address"}', '"one-address,evil@evil.test"', '"one-address;evil@evil.test"', '"one-address\\r\\nBcc: evil@evil.test"'];
    for (const username of words) expect([400, 202]).toContain((await ask(`{"user":{"username":${username}}}`)).status);
    expect((await ask('{"user":{"username":"evil","username":"one-address"}}')).status).toBe(202);
    for (const more of ['"email":"evil@evil.test"', '"to":"evil@evil.test"', '"recipient":["evil@evil.test"]', '"callback":"https://evil.test"', '"host":"evil.test"']) {
      expect((await ask(`{"user":{"username":"one-address"},${more}}`)).status).toBe(400);
      expect((await ask(`{"user":{"username":"one-address",${more}}}`)).status).toBe(400);
    }
    expect((await ask('username=one-address&email=evil@evil.test', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415);
    await service.keyOf('one-address');
    expect(JSON.stringify(service.events)).not.toContain('evil.test');
  });

  it.each(['//evil.test', 'https:evil.test', `${baseUrl}@evil.test`, `${baseUrl}.evil.test`, '\\\\evil.test', 'javascript:alert(1)', 'data:text/html,x', `${baseUrl}/\r\nLocation: https://evil.test`, `${baseUrl}\\@evil.test`])('refuses the callback %j, for known and unknown alike (S39)', async (value) => {
    const properties = [{ key: 'callback', value }];
    const answers = [await service.recover('fifty', 'notify=true', { properties }), await service.recover('nobody-of-this-name', 'notify=false', { properties })];
    expect(answers.map((answer) => [answer.status, codeOf(answer)])).toEqual([[400, '20044'], [400, '20044']]);
    for (const steps of [new Steps(service, 'v1'), new Steps(service, 'v2')]) {
      for (const name of ['fifty', 'nobody-of-this-name']) {
        const answer = await steps.recover(started(await steps.init(name)).recoveryCode, '1', properties);
        expect([steps.version, name, answer.status, codeOf(answer)]).toEqual([steps.version, name, 400, 'PWR-10007']);
      }
    }
  });

  it('hands the key to a caller who notifies by itself, and mails nothing; every one of ten at once is a key of its own, the last of which works', async () => {
    await service.aUser('handed', { emails: [] });
    const answers = await Promise.all(Array.from({ length: 10 }, () => service.recover('handed', 'notify=false')));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    const keys = new Set(answers.map(({ text }) => text));
    expect(keys.size).toBe(10);
    const validity = await Promise.all([...keys].map(async (code) => (await service.ask('/api/identity/recovery/v0.9/validate-code', { body: { code } })).status));
    expect(validity.toSorted()).toEqual([202, ...Array.from({ length: 9 }, () => 400)]);
    expect((await service.recover('handed-to-nobody', 'notify=false')).text).toMatch(/^[\w-]{43}$/);
    expect(service.eventsOf('PasswordRecoveryRequested', 'handed')).toEqual([]);
  });

  it('mails at once after a key was handed over: only a mail of a moment ago is worth waiting for', async () => {
    await service.aUser('handed-then-mailed');
    await service.recover('handed-then-mailed', 'notify=false');
    await service.recover('handed-then-mailed');
    expect((await service.setPassword(await service.keyOf('handed-then-mailed'), good)).status).toBe(200);
  });

  it('changes nothing about the account (S12)', async () => {
    await service.aUser('untouched');
    const account = () => service.database.query(`SELECT * FROM user_account LEFT JOIN identity_data ON user_id = id WHERE username = 'untouched'`);
    const before = await account();
    await service.recover('untouched');
    expect(await account()).toEqual(before);
  });
});

describe('asking again', () => {
  it('repeats the same key in a mail of its own kind, and answers 201', async () => {
    await service.aUser('again');
    await service.recover('again');
    expect((await resend('again')).status).toBe(201);
    expect(await service.keyOf('again', 2)).toBe(await service.keyOf('again', 1));
    expect(service.eventsOf('PasswordRecoveryRequested', 'again')[1]?.data).toMatchObject({ templateType: 'resendPasswordReset', generation: 1 });
  });

  it('does so five times for one key, and says the same after that', async () => {
    await service.aUser('often');
    await service.recover('often');
    const answers = await Promise.all(Array.from({ length: 8 }, () => resend('often')));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    await service.keyOf('often', 6);
    expect(service.eventsOf('PasswordRecoveryRequested', 'often')).toHaveLength(6);
  });

  it('sends nothing where nothing was asked for before', async () => {
    await service.aUser('never-asked');
    expect((await resend('never-asked')).status).toBe(201);
    await service.aUser('asked-after-that');
    await service.recover('asked-after-that');
    await service.keyOf('asked-after-that');
    expect(service.eventsOf('PasswordRecoveryRequested', 'never-asked')).toEqual([]);
  });

  it('from My Account gives a new link where the old one has died', async () => {
    await service.aUser('died');
    await service.recover('died');
    const first = await service.keyOf('died');
    await service.database.query(`UPDATE recovery SET expires_at = now() WHERE user_id = (SELECT id FROM user_account WHERE username = 'died')`);
    expect((await service.ask('/api/rekey/v1/recovery/resend', { as: null, body: { username: 'died' } })).status).toBe(202);
    const second = await service.keyOf('died', 2);
    expect(second).not.toBe(first);
    expect((await service.setPassword(second, good)).status).toBe(200);
  });
});

describe('setting a new password with a key', () => {
  it('answers with the user, and ends every session (S32)', async () => {
    await service.aUser('reset', { password: good });
    const signedIn = await service.ask('/api/rekey/v1/session', { as: null, body: { username: 'reset', password: good } });
    const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    expect((await service.ask('/api/rekey/v1/session', { as: null, headers: { cookie } })).status).toBe(200);

    await service.recover('reset');
    const answer = await service.setPassword(await service.keyOf('reset'), other);
    expect([answer.status, answer.body]).toEqual([200, { username: 'reset', realm: 'PRIMARY', 'tenant-domain': 'carbon.super' }]);
    expect((await service.ask('/api/rekey/v1/session', { as: null, headers: { cookie } })).status).toBe(401);
    expect([await service.mayGo('reset', good), await service.mayGo('reset', other)]).toEqual([false, true]);
  });

  it('signs nobody in: no cookie, no token, no session (S31)', async () => {
    const myAccount = (key: string) => service.ask('/api/rekey/v1/recovery/reset', { as: null, body: { key, password: other } });
    for (const [username, reset, body] of [
      ['in-by-client', (key: string) => service.setPassword(key, other), { username: 'in-by-client', realm: 'PRIMARY', 'tenant-domain': 'carbon.super' }],
      ['in-by-page', myAccount, { username: 'in-by-page' }],
    ] as const) {
      await service.aUser(username, { password: good });
      await service.recover(username);
      const answer = await reset(await service.keyOf(username));
      expect([answer.status, answer.body, answer.headers.getSetCookie(), answer.headers.get('authorization')]).toEqual([200, body, [], null]);
      expect(await service.database.query(`SELECT FROM session WHERE user_id = (SELECT id FROM user_account WHERE username = $1)`, [username])).toEqual([]);
    }
  });

  it('tells the person at the stored address when that was and from where, with neither the password nor a key (S33)', async () => {
    await service.aUser('told', { password: good });
    await service.recover('told');
    const key = await service.keyOf('told');
    await service.ask('/api/rekey/v1/recovery/reset', { as: null, body: { key, password: other } });
    await until(() => service.eventsOf('PasswordRecovered', 'told').length === 1);
    const [event] = service.eventsOf('PasswordRecovered', 'told');
    expect(event?.data).toMatchObject({ recipient: { address: 'told@example.com' }, templateType: 'passwordresetsucess', recoveredAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/), clientAddress: '127.0.0.1' });
    for (const secret of [good, other, key]) expect(JSON.stringify(event)).not.toContain(secret);
    expect(event?.data).not.toHaveProperty('sealedSecret');
  });

  it('answers a password that the policy refuses with 412, 20035, every reason and the same key, which still works (S18)', async () => {
    await service.aUser('policy');
    await service.recover('policy');
    const key = await service.keyOf('policy');
    const refused = await service.setPassword(key, 'my policy');
    expect([refused.status, codeOf(refused), errorOf(refused).key]).toEqual([412, '20035', key]);
    expect(errorOf(refused).reasons?.map(({ code }) => code)).toEqual(['too-short', 'contains-username']);
    expect((await service.setPassword(key, good)).status).toBe(200);
  });

  it('asks for fifteen code points by default (S28)', async () => {
    await service.aUser('fifteen');
    await service.recover('fifteen');
    const key = await service.keyOf('fifteen');
    const emoji = '😀🚲🍒🌍🎲🔑🐘📷🌵🦆🍋🎺🧦🚀🪁';
    expect((await service.setPassword(key, emoji.slice(2))).status).toBe(412);
    expect((await service.setPassword(key, 'x'.repeat(129))).status).toBe(412);
    expect((await service.setPassword(key, emoji)).status).toBe(200);
  });

  it('knows a key under no other tenant’s path, and under none that there is not; a mailed link names no tenant, and works', async () => {
    await service.database.query(`INSERT INTO tenant (domain) VALUES ('other.example') ON CONFLICT DO NOTHING`);
    await service.aUser('tenanted');
    await service.recover('tenanted');
    const key = await service.keyOf('tenanted');
    const ways = ['/api/identity/recovery/v0.9/set-password', '/api/rekey/v1/recovery/reset'];
    const ask = (path: string, as: string | null) => service.ask(path, { as, body: { key, password: good } });
    await until(async () => codeOf(await ask(`/t/other.example${ways[1]}`, null)) !== '18016');
    for (const [index, way] of ways.entries()) {
      const as = index === 0 ? 'admin@carbon.super:admin' : null;
      expect(codeOf(await ask(`/t/other.example${way}`, as))).toBe('18001');
      expect(codeOf(await ask(`/t/nowhere.example${way}`, as))).toBe('18016');
    }
    for (const [path, body] of [['/api/identity/recovery/v0.9/validate-code', { code: key }], ['/api/identity/user/v1.0/validate-code', { code: key }], ['/api/rekey/v1/recovery/key', { key }]] as const) {
      expect(codeOf(await service.ask(`/t/other.example${path}`, { body }))).toBe('18001');
    }
    expect((await service.ask(`/t/carbon.super/api/rekey/v1/recovery/key`, { as: null, body: { key } })).status).toBe(200);
    expect((await ask(ways[1] ?? '', null)).status).toBe(200);
  });

  it('knows nobody by the hash of a key, which is what the database has', async () => {
    await service.aUser('hash');
    await service.recover('hash');
    const key = await service.keyOf('hash');
    const [row] = await service.database.query<{ hash: Buffer }>(`SELECT key_hash AS hash FROM recovery WHERE user_id = (SELECT id FROM user_account WHERE username = 'hash')`);
    for (const stored of [row?.hash.toString('base64url'), row?.hash.toString('hex')]) expect(codeOf(await service.setPassword(stored, good))).toBe('18001');
    expect((await service.setPassword(key, good)).status).toBe(200);
  });
});

describe('validating a code', () => {
  it('says whose it is and does not spend it (S35)', async () => {
    await service.aUser('validate');
    await service.recover('validate');
    const code = await service.keyOf('validate');
    const ask = (path: string, body: object) => service.ask(path, { body });
    for (let turn = 0; turn < 3; turn++) {
      const v09 = await ask('/api/identity/recovery/v0.9/validate-code', { code, step: 'UPDATE_PASSWORD' });
      expect([v09.status, v09.body]).toEqual([202, { username: 'validate', realm: 'PRIMARY', 'tenant-domain': 'carbon.super' }]);
      const v10 = await ask('/api/identity/user/v1.0/validate-code', { code, properties: [] });
      expect([v10.status, v10.body]).toEqual([202, { username: 'validate', realm: 'PRIMARY' }]);
    }
    for (const step of ['CONFIRM_SIGN_UP', 'VALIDATE_CHALLENGE_QUESTION', 'VALIDATE_ALL_CHALLENGE_QUESTION']) expect([step, codeOf(await ask('/api/identity/recovery/v0.9/validate-code', { code, step }))]).toEqual([step, '18001']);
    expect((await ask('/api/identity/recovery/v0.9/validate-code', { code, step: 'GUESS' })).status).toBe(400);
    expect(codeOf(await ask('/api/identity/recovery/v0.9/validate-code', { code: 'B'.repeat(43) }))).toBe('18001');
    expect((await service.setPassword(code, good)).status).toBe(200);
  });

  it('tells My Account the password policy of a live key, and of a dead one nothing', async () => {
    await service.aUser('shown');
    await service.recover('shown');
    const live = await service.ask('/api/rekey/v1/recovery/key', { as: null, body: { key: await service.keyOf('shown') } });
    expect([live.status, live.body]).toEqual([200, { username: 'shown', isFirst: false, passwordPolicy: { minLength: 15, maxLength: 128, requirements: [], patternMessage: null, notUsername: true, notKnown: true, history: 0 } }]);
    expect(codeOf(await service.ask('/api/rekey/v1/recovery/key', { as: null, body: { key: 'C'.repeat(43) } }))).toBe('18001');
  });

  it('tells My Account of no policy where no listener enforces one', async () => {
    const lax = await ServiceUnderTest.start('[event.default_listener.governance_identity_mgt]\nenable = false\n');
    await lax.aUser('lax');
    await lax.recover('lax');
    const key = await lax.keyOf('lax');
    const answer = await lax.ask('/api/rekey/v1/recovery/key', { as: null, body: { key } });
    expect(answer.body).toMatchObject({ passwordPolicy: { minLength: 1, maxLength: 4096, requirements: [], patternMessage: null, notUsername: false, notKnown: false, history: 0 } });
    expect((await lax.setPassword(key, 'x')).status).toBe(200);
    await lax.stop();
  });
});

describe('what is stored', () => {
  it('holds no key in any table, in any encoding (S16)', async () => {
    await service.aUser('secret');
    await service.recover('secret');
    const key = await service.keyOf('secret');
    await service.setPassword(key, good);
    const tables = await service.database.query<{ name: string }>(`SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'`);
    const text = (await Promise.all(tables.map(async ({ name }) => JSON.stringify(await service.database.query(`SELECT t::text AS row FROM ${name} AS t`))))).join('\n');
    expect(text).toContain('secret');
    for (const secret of [key, Buffer.from(key).toString('hex'), Buffer.from(key, 'base64url').toString('hex'), Buffer.from(key).toString('base64'), encodeURIComponent(key), good]) expect(text).not.toContain(secret);
  });
});
