import { until } from '@rekey/test-kit';
import { baseUrl, ServiceUnderTest, type Answer, type ErrorBody } from '../testing/service-under-test.ts';

const enabled = '[identity_mgt.username_recovery.email]\nenable_username_recovery = true\n';
const claim = (name: string) => `http://wso2.org/claims/${name}`;
const address = (value: string) => [{ uri: claim('emailaddress'), value }];

let service: ServiceUnderTest;
beforeAll(async () => void (service = await ServiceUnderTest.start(enabled)));
afterAll(() => service.stop());

const recover = (claims: unknown, query = 'notify=true', path = '/api/identity/recovery/v0.9/recover-username/') => service.ask(`${path}?${query}`, { body: claims });
const codeOf = (answer: Answer) => [answer.status, (answer.body as ErrorBody).code];
const setting = (name: string, value: string) => service.ask('/api/server/v1/identity-governance/QWNjb3VudCBNYW5hZ2VtZW50/connectors/YWNjb3VudC1yZWNvdmVyeQ', { method: 'PATCH', body: { operation: 'UPDATE', properties: [{ name, value }] } });
const mailsTo = (username: string) => service.eventsOf('UsernameRecoveryRequested', username);

describe('recovering a username', () => {
  it('answers 202 with an empty body, and mails the name to the stored address of the one account that has the claims', async () => {
    await service.aUser('ada', { name: { givenName: 'Ada', familyName: 'Lovelace' }, locale: 'de_DE' });
    const answer = await recover([...address('ada@example.com'), { uri: claim('lastname'), value: 'Lovelace' }]);
    expect([answer.status, answer.text]).toEqual([202, '']);
    await until(() => mailsTo('ada').length === 1);
    expect(mailsTo('ada')[0]?.data).toMatchObject({
      user: { username: 'ada', realm: 'PRIMARY', tenantDomain: 'carbon.super' },
      recipient: { address: 'ada@example.com', locale: 'de_DE', claims: { givenname: 'Ada' } },
      linkBase: `${baseUrl}/myaccount/signin`,
      templateType: 'accountidrecovery',
    });
  });

  it('is the same with a slash at the end, without, and for a tenant in the path or in the query', async () => {
    await service.aUser('slash');
    const ways = [
      ['/api/identity/recovery/v0.9/recover-username', 'notify=false'],
      ['/api/identity/recovery/v0.9/recover-username/', 'notify=false&tenant-domain=carbon.super'],
      ['/t/carbon.super/api/identity/recovery/v0.9/recover-username', 'notify=false'],
      ['/t/carbon.super/api/identity/recovery/v0.9/recover-username/', 'notify=false&tenant-domain=nowhere.example'],
    ] as const;
    for (const [path, query] of ways) expect([path, (await recover(address('slash@example.com'), query, path)).text]).toEqual([path, 'slash']);
  });

  it('answers 204 and mails nobody where no account has the claims, or several have', async () => {
    for (const username of ['twin-a', 'twin-b']) await service.aUser(username, { name: { familyName: 'Twin' } });
    for (const claims of [address('nobody@example.com'), [{ uri: claim('lastname'), value: 'Twin' }], [...address('twin-a@example.com'), { uri: claim('lastname'), value: 'Other' }]]) {
      const answer = await recover(claims);
      expect([answer.status, answer.text]).toEqual([204, '']);
    }
    expect((await recover([{ uri: claim('lastname'), value: 'twin' }, ...address('TWIN-A@example.com')], 'notify=false')).text).toBe('twin-a');
    expect([...mailsTo('twin-a'), ...mailsTo('twin-b')]).toEqual([]);
  });

  it('hands the name to a caller who notifies by itself, and mails nothing', async () => {
    await service.aUser('handed');
    const answer = await recover(address('handed@example.com'), 'notify=false');
    expect([answer.status, answer.text, answer.headers.get('content-type')]).toEqual([202, 'handed', 'text/plain; charset=utf-8']);
    expect(mailsTo('handed')).toEqual([]);
  });

  it('mails once for fifty requests at once', async () => {
    await service.aUser('fifty');
    const answers = await Promise.all(Array.from({ length: 50 }, () => recover(address('fifty@example.com'))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    await until(() => mailsTo('fifty').length > 0);
    expect(await service.database.query(`SELECT FROM outbox WHERE published_at IS NULL`)).toEqual([]);
    expect(mailsTo('fifty')).toHaveLength(1);
  });

  it('mails nobody who may not recover: disabled, locked by an administrator', async () => {
    await service.aUser('disabled', { 'urn:scim:wso2:schema': { accountDisabled: true } });
    await service.aUser('locked', { 'urn:scim:wso2:schema': { accountLocked: 'true' } });
    for (const username of ['disabled', 'locked']) expect((await recover(address(`${username}@example.com`))).status).toBe(202);
    await until(async () => (await service.database.query(`SELECT FROM outbox WHERE published_at IS NULL`)).length === 0);
    expect([...mailsTo('disabled'), ...mailsTo('locked')]).toEqual([]);
  });

  it('finds an account by its new address alone, once it has one', async () => {
    await service.aUser('moved');
    const user = await service.users.findUser({ tenantDomain: 'carbon.super', realm: 'PRIMARY', username: 'moved' });
    if (user) await service.users.setClaims(user, { [claim('emailaddress')]: 'elsewhere@example.com' });
    expect((await recover(address('moved@example.com'), 'notify=false')).status).toBe(204);
    expect((await recover(address('elsewhere@example.com'), 'notify=false')).text).toBe('moved');
  });

  it('finds nobody by what only looks like the stored claim (S6)', async () => {
    await service.aUser('mike');
    await service.aUser('straße', { emails: ['straße@example.com'] });
    const tricks = ['mıke@example.com', 'mİke@example.com', 'ｍike@example.com', 'mike@example.com.', 'mike@example.com ', 'mi\u200Bke@example.com', 'mike@exampl\u0435.com', 'strasse@example.com', 'STRAẞE@example.com', 'mike@example.com, eve@evil.test', 'mike@example.com\r\nBcc: eve@evil.test', '%', '*'];
    for (const value of tricks) expect([value, (await recover(address(value), 'notify=false')).status]).toEqual([value, 204]);
    for (const value of ['MIKE@Example.com', 'straße@example.com', 'STRAßE@EXAMPLE.COM']) expect([value, (await recover(address(value), 'notify=false')).status]).toEqual([value, 202]);
  });

  it.each([
    ['no claims', []],
    ['claims without values, as GET /claims gives them', [{ uri: claim('emailaddress'), value: null }]],
    ['a claim twice (S4)', [...address('kim@example.com'), ...address('eve@evil.test')]],
    ['a claim that is not listed', [...address('kim@example.com'), { uri: claim('identity/accountLocked'), value: 'true' }]],
  ])('refuses %s with 20014', async (_, claims) => {
    expect(codeOf(await recover(claims))).toEqual([400, '20014']);
  });

  it.each([
    ['no list', { uri: claim('emailaddress'), value: 'kim@example.com' }],
    ['a list for a value (S4)', [{ uri: claim('emailaddress'), value: ['kim@example.com', 'eve@evil.test'] }]],
    ['where to send it (S5)', [{ uri: claim('emailaddress'), value: 'kim@example.com', 'send-to': 'eve@evil.test' }]],
    ['a NUL', [{ uri: claim('emailaddress'), value: 'kim\0@example.com' }]],
    ['a value far too long', [{ uri: claim('emailaddress'), value: 'k'.repeat(2_000) }]],
  ])('refuses %s as malformed', async (_, claims) => {
    expect(codeOf(await recover(claims))).toEqual([400, 'RKY-10001']);
  });

  it('is for administrators, and for tenants that there are', async () => {
    expect((await service.ask('/api/identity/recovery/v0.9/recover-username', { as: null, body: address('kim@example.com') })).status).toBe(401);
    await service.aUser('plain');
    expect((await service.ask('/api/identity/recovery/v0.9/recover-username', { as: `plain:first password of ${'plain'.length}`, body: address('kim@example.com') })).status).toBe(403);
    expect(codeOf(await recover(address('kim@example.com'), 'tenant-domain=nowhere.example'))).toEqual([400, '18016']);
  });

  it('never leaves its tenant', async () => {
    await service.database.query(`INSERT INTO tenant (domain) VALUES ('apart.example')`);
    await service.users.addUser({ tenantDomain: 'apart.example', realm: 'PRIMARY', username: 'apart' }, null, { [claim('emailaddress')]: 'apart@example.com' });
    expect((await recover(address('apart@example.com'), 'notify=false')).status).toBe(204);
  });

  it('leaves a record of who asked and what came of it', async () => {
    await service.aUser('audited');
    await recover(address('audited@example.com'), 'notify=false');
    await recover(address('nobody@example.com'), 'notify=true');
    const records = () => service.database.query(`SELECT DISTINCT actor, operation, outcome FROM audit_record WHERE (operation, username) = ('handOverUsername', 'audited') OR (operation, outcome) = ('requestUsername', 'nobody') ORDER BY operation`);
    await until(async () => (await records()).length === 2);
    expect(await records()).toEqual([{ actor: 'admin@carbon.super', operation: 'handOverUsername', outcome: 'done' }, { actor: 'admin@carbon.super', operation: 'requestUsername', outcome: 'nobody' }]);
  });
});

describe('recovering a username at My Account, by whoever has no credentials', () => {
  const ask = (claims: unknown, more: object = {}) => service.ask('/api/rekey/v1/username-recovery', { as: null, body: { claims, ...more } });

  it('mails it to the stored address of the one account that has the claims, and says in the mail from where it was asked', async () => {
    await service.aUser('lost', { name: { familyName: 'Findling' } });
    const answer = await ask([...address('lost@example.com'), { uri: claim('lastname'), value: 'findling' }]);
    expect([answer.status, answer.body]).toEqual([202, {}]);
    await until(() => mailsTo('lost').length === 1);
    expect(mailsTo('lost')[0]?.data).toMatchObject({ recipient: { address: 'lost@example.com' }, clientAddress: '127.0.0.1', templateType: 'accountidrecovery' });
  });

  it('answers everybody alike: one account, none, several, one that may not recover, one without an address (S1)', async () => {
    await service.aUser('found');
    for (const username of ['several-a', 'several-b']) await service.aUser(username, { name: { familyName: 'Several' } });
    await service.aUser('barred', { 'urn:scim:wso2:schema': { accountDisabled: true } });
    await service.aUser('unreachable', { emails: [], name: { givenName: 'Unreachable' } });
    const answers = [];
    for (const claims of [address('found@example.com'), address('nobody@example.com'), [{ uri: claim('lastname'), value: 'Several' }], address('barred@example.com'), [{ uri: claim('givenname'), value: 'Unreachable' }]]) answers.push(await ask(claims));
    expect(new Set(answers.map(({ status, text, headers }) => JSON.stringify([status, text, [...headers.keys()]]))).size).toBe(1);
    await until(async () => (await service.database.query(`SELECT FROM outbox WHERE published_at IS NULL`)).length === 0);
    expect(['found', 'several-a', 'several-b', 'barred', 'unreachable'].map((username) => mailsTo(username).length)).toEqual([1, 0, 0, 0, 0]);
  });

  it.each([
    ['no claims', [], '20014'],
    ['a claim twice (S4)', [...address('kim@example.com'), ...address('eve@evil.test')], '20014'],
    ['a claim that is not listed', [{ uri: claim('identity/accountLocked'), value: 'true' }], '20014'],
    ['an empty claim', address(''), 'RKY-10001'],
    ['where to send it (S5)', [{ ...address('kim@example.com')[0], 'send-to': 'eve@evil.test' }], 'RKY-10001'],
    ['text for claims', 'kim@example.com', 'RKY-10001'],
  ])('refuses %s, whoever they mean', async (_, claims, code) => {
    expect(codeOf(await ask(claims))).toEqual([400, code]);
  });

  it('is refused to every page of another site (S37)', async () => {
    const answer = await service.ask('/api/rekey/v1/username-recovery', { as: null, body: { claims: address('found@example.com') }, headers: { 'sec-fetch-site': 'cross-site' } });
    expect(codeOf(answer)).toEqual([403, 'RKY-10009']);
  });

  it('wants a challenge solved first where the tenant does, before anybody is looked for (S14)', async () => {
    await service.aUser('challenged');
    await setting('Recovery.ReCaptcha.Username.Enable', 'true');
    for (const claims of [address('challenged@example.com'), address('nobody@example.com'), []]) expect(codeOf(await ask(claims))).toEqual([403, 'RKY-10130']);
    expect(codeOf(await ask(address('challenged@example.com'), { captcha: 'eyJ9' }))).toEqual([403, 'RKY-10130']);
    await setting('Recovery.ReCaptcha.Username.Enable', 'false');
    expect(mailsTo('challenged')).toEqual([]);
  });
});

describe('the mails with a username', () => {
  it('are as many within the hour as [rate_limit] allows, and the answer stays the same', async () => {
    const limited = await ServiceUnderTest.start(`${enabled}[identity_mgt.password_reset_email]\ncooldown = "0s"\n[rate_limit]\nmails_per_account_per_hour = 3\n`);
    try {
      await limited.aUser('often');
      const answers = [];
      for (let turn = 0; turn < 6; turn++) answers.push(await limited.ask('/api/identity/recovery/v0.9/recover-username?notify=true', { body: address('often@example.com') }));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
      await until(async () => (await limited.database.query(`SELECT FROM outbox WHERE published_at IS NULL`)).length === 0);
      expect(limited.eventsOf('UsernameRecoveryRequested', 'often')).toHaveLength(3);
    } finally {
      await limited.stop();
    }
  });
});

describe('the claims of username recovery', () => {
  it('are told in WSO2’s shape', async () => {
    const answer = await service.ask('/api/identity/recovery/v0.9/claims?tenant-domain=carbon.super&profile-name=endUser');
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(
      ['emailaddress', 'mobile', 'givenname', 'lastname'].map((name, index) => ({
        uri: claim(name),
        value: null,
        description: expect.any(String),
        'display-name': expect.any(String),
        dialect: 'http://wso2.org/claims',
        'validation-regex': null,
        required: false,
        'read-only': false,
        'display-order': index + 1,
      })),
    );
  });

  it('are for administrators, and of tenants that there are', async () => {
    expect((await service.ask('/api/identity/recovery/v0.9/claims', { as: null })).status).toBe(401);
    expect(codeOf(await service.ask('/api/identity/recovery/v0.9/claims?tenant-domain=nowhere.example'))).toEqual([400, '18016']);
  });
});

describe('username recovery that is off', () => {
  it('is refused to everybody alike with 20031, for each tenant by itself', async () => {
    const atMyAccount = () => service.ask('/api/rekey/v1/username-recovery', { as: null, body: { claims: address('off@example.com') } });
    const ways = async () => ((await service.ask('/api/rekey/v1/recovery/ways', { as: null })).body as { username: string[] }).username;
    await service.aUser('off');
    expect(await ways()).toEqual(['emailaddress', 'mobile', 'givenname', 'lastname'].map(claim));
    await setting('Recovery.Notification.Username.Enable', 'false');
    expect([codeOf(await atMyAccount()), await ways()]).toEqual([[400, '20031'], []]);
    for (const claims of [address('off@example.com'), address('nobody@example.com')]) expect(codeOf(await recover(claims))).toEqual([400, '20031']);
    await setting('Recovery.Notification.Username.Enable', 'true');
    await setting('Recovery.Notification.InternallyManage', 'false');
    expect([codeOf(await atMyAccount()), await ways()]).toEqual([[400, '20031'], []]);
    await setting('Recovery.Notification.InternallyManage', 'true');
    expect((await recover(address('off@example.com'), 'notify=false')).text).toBe('off');
  });
});
