import { baseUrl, ServiceUnderTest, type AskOptions, type ErrorBody } from '../testing/service-under-test.ts';

const recovery = '/api/identity/recovery/v0.9';
const user = '/api/identity/user/v1.0';
const flows = '/api/users/v2/recovery';
const connector = '/api/server/v1/identity-governance/QWNjb3VudCBNYW5hZ2VtZW50/connectors/YWNjb3VudC1yZWNvdmVyeQ';
const password = 'a password nobody has guessed';
const scenario = { key: 'RecoveryScenario', value: 'NOTIFICATION_BASED_PW_RECOVERY' };
const username = 'http://wso2.org/claims/username';
const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const search = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';
const toml = '[identity_mgt.username_recovery.email]\nenable_username_recovery = true\n';

let service: ServiceUnderTest;
beforeAll(async () => {
  service = await ServiceUnderTest.start(toml);
  await service.aUser('kim', { name: { familyName: 'Berry' } });
  await service.aUser('anna');
});
afterAll(() => service.stop());

/** Its pages ask through the client library of its identity framework (`org.wso2.carbon.identity.mgt.endpoint.util`), with the credentials that are its own. */
describe('WSO2’s recovery portal', () => {
  const callback = encodeURIComponent(`${baseUrl}/after?way=mail`);
  const portal = { headers: { authorization: `Client ${Buffer.from(`portal:${password}`).toString('base64')}` }, as: null };
  beforeAll(async () => {
    await service.reconfigure(`${toml}[identity_mgt.user_self_registration]\nallow_self_registration = true\n`);
    const { body } = await service.ask('/scim2/Users', { body: { userName: 'portal', password } });
    await service.ask(`/api/rekey/v1/users/${(body as { id: string }).id}/roles`, { method: 'PUT', body: { roles: ['recovery-client'] } });
  });
  afterAll(() => service.reconfigure(toml));

  it.each<[what: string, address: string, status: number, body: unknown]>([
    ['which ways it may show', '/api/server/v1/identity-governance/preferences', 200, [{ 'connector-name': 'account-recovery', properties: ['Recovery.Notification.Password.Enable', 'Recovery.CallbackRegex'] }]],
    ['by what people sign in', '/api/server/v1/identity-governance/preferences', 200, [{ 'connector-name': 'multiattribute.login.handler', properties: ['account.multiattributelogin.handler.enable'] }]],
    ['for a link', `${recovery}/recover-password`, 202, { user: { username: 'kim', 'tenant-domain': 'carbon.super' }, properties: [{ key: 'callback', value: callback }, { key: 'sessionDataKey' }, { key: 'spId', value: '' }, { key: 'sp' }, { key: 'isAccessUrlAvailable', value: 'false' }] }],
    ['for a link, without going on anywhere', `${recovery}/recover-password`, 202, { user: { username: 'kim' }, properties: [{ key: 'callback', value: '' }] }],
    ['whether a name is taken', `${user}/validate-username`, 200, { username: 'kim', properties: [{ key: 'skipSignUpEnableCheck', value: false }, { key: 'tenantDomain', value: 'carbon.super' }] }],
    ['for an account', `${user}/me`, 201, { user: { username: 'robin', 'tenant-domain': 'carbon.super', password, claims: [{ uri: 'http://wso2.org/claims/emailaddress', value: 'robin@example.com' }] }, properties: [{ key: 'callback', value: callback }, { key: 'consent' }] }],
    ['for its mail again', `${user}/resend-code`, 201, { user: { username: 'robin', 'tenant-domain': 'carbon.super', realm: 'PRIMARY' } }],
    ['for it with a property that is empty', `${user}/resend-code`, 201, { user: { username: 'robin' }, properties: [{}, { key: '', value: '' }] }],
    ['for a way to recover', `${flows}/password/init`, 200, { claims: [{ uri: username, value: 'kim' }] }],
  ])('asks %s (%s, %i)', async (_, address, status, body) => expect((await service.ask(address, { body, ...portal })).status).toBe(status));

  it('brings the person to where the callback leads, and to no other place, however that is encoded (S39)', async () => {
    await service.aUser('going-on');
    const ask = (value: string) => service.ask(`${recovery}/recover-password`, { body: { user: { username: 'going-on' }, properties: [{ key: 'callback', value }] }, ...portal });
    for (const other of ['https://evil.test/', `${baseUrl}@evil.test`, '//evil.test', `${baseUrl}/\0`]) {
      const answers = [await ask(encodeURIComponent(other)), await ask(encodeURIComponent(encodeURIComponent(other))), await ask(`${encodeURIComponent(other)}%`)];
      expect([other, ...answers.map(({ status, body }) => [status, (body as ErrorBody).code])]).toEqual([other, ...answers.map(() => [400, '20044'])]);
    }
    expect((await ask(callback)).status).toBe(202);
    expect(await service.database.query(`SELECT callback FROM recovery AS r JOIN user_account AS u ON u.id = r.user_id WHERE username = 'going-on'`)).toEqual([{ callback: decodeURIComponent(callback) }]);
  });
});

/** Java’s JSON libraries write every field that they know of, `null` where there is nothing to say. */
describe('a field that is null is as if it were not there:', () => {
  it.each<[address: string, status: number, body: unknown]>([
    [`${recovery}/recover-password`, 202, { user: { username: 'kim', realm: null, 'tenant-domain': null, userId: null }, properties: null }],
    [`${recovery}/recover-username`, 204, [{ uri: 'http://wso2.org/claims/givenname', value: 'Nobody', description: null }]],
    [`${user}/resend-code`, 201, { user: { username: 'kim', userId: null, realm: null }, properties: [{ ...scenario, other: null }] }],
    [`${user}/resend-code`, 201, { user: { username: 'kim' }, properties: null }],
    [`${user}/validate-username`, 200, { username: 'kim', properties: null }],
    [`${flows}/password/init`, 200, { claims: [{ uri: username, value: 'kim' }], properties: null }],
    [`${flows}/password/init`, 200, { claims: [{ uri: username, value: 'kim', userId: null }], userId: null }],
    ['/scim2/Users', 201, { userName: 'null', password, name: null, emails: null, displayName: null, 'urn:scim:wso2:schema': null }],
  ])('%s, %i', async (address, status, body) => expect((await service.ask(address, { body })).status).toBe(status));

  it.each<[what: string, address: string, body: unknown]>([
    ['the key', `${recovery}/set-password`, { key: null, password }],
    ['the code', `${recovery}/validate-code`, { code: null }],
    ['the username', `${recovery}/recover-password`, { user: { username: null } }],
    ['the user', `${recovery}/recover-password`, { user: null }],
    ['the claims', `${flows}/password/init`, { claims: null }],
    ['an entry of a list', `${flows}/password/init`, { claims: [null] }],
    ['what somebody else’s address would be', `${recovery}/recover-password`, { user: { username: 'kim' }, to: 'eve@evil.test', realm: null }],
    ['the whole body', `${recovery}/recover-password`, null],
    ['a field in the depth', `${recovery}/recover-password`, `{"user":${'{"a":'.repeat(9_000)}null${'}'.repeat(9_000)}}`],
  ])('but %s must be there (S23)', async (_, address, body) => {
    const answer = await service.ask(address, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
    expect(answer.status).toBe(400);
  });
});

describe('a way to write a request', () => {
  const kim = { body: { user: { username: 'kim' } } };
  it.each<[what: string, address: string, status: number, options: AskOptions]>([
    ['a character set', `${recovery}/recover-password`, 202, { ...kim, headers: { 'content-type': 'application/json;charset=UTF-8' } }],
    ['a content type in capitals', `${recovery}/recover-password`, 202, { ...kim, headers: { 'content-type': 'Application/JSON' } }],
    ['an old Accept', `${recovery}/recover-password`, 202, { ...kim, headers: { accept: 'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2' } }],
    ['an Accept of XML', `${recovery}/recover-password`, 202, { ...kim, headers: { accept: 'application/xml' } }],
    ['an Accept that is none', `${recovery}/claims`, 200, { headers: { accept: ';;' } }],
    ['an Accept of JSON at SCIM', '/scim2/Users', 200, { headers: { accept: 'application/json' } }],
    ['a content type without a body', '/scim2/Users', 200, { headers: { 'content-type': 'application/json' } }],
    ['a content type without a body, to delete', '/scim2/Users/00000000-0000-4000-8000-000000000000', 404, { method: 'DELETE', headers: { 'content-type': 'application/json' } }],
    ['JSON’s type at SCIM', '/scim2/Users', 201, { body: { userName: 'json', password }, headers: { 'content-type': 'application/json; charset=utf-8' } }],
    ['a slash at the end', `${recovery}/recover-password/`, 202, kim],
    ['a slash before the query', `${recovery}/recover-password/?type=email&notify=true`, 202, kim],
    ['a slash behind a tenant’s path', '/t/carbon.super/scim2/Users/?count=1', 200, {}],
    ['a slash behind the categories', '/api/server/v1/identity-governance/', 200, {}],
    ['a name with its tenant, for HTTP Basic', `${recovery}/recover-password`, 202, { ...kim, as: 'admin@carbon.super:admin' }],
    ['a name with its user store', `${recovery}/recover-password`, 202, { ...kim, as: 'PRIMARY/admin:admin' }],
    ['a name with both', `${recovery}/recover-password`, 202, { ...kim, as: 'PRIMARY/admin@carbon.super:admin' }],
    ['no user store and no tenant, blank', `${recovery}/recover-password`, 202, { body: { user: { username: 'kim', realm: '', 'tenant-domain': '' } } }],
    ['no tenant, blank in the query', `${recovery}/claims?tenant-domain=`, 200, {}],
    ['a name with both, of whom it is about', `${recovery}/recover-password`, 202, { body: { user: { username: 'PRIMARY/kim@carbon.super' } } }],
    ['a switch in capitals', `${recovery}/recover-password?notify=TRUE`, 202, kim],
    ['an empty parameter', `${recovery}/recover-password?type=&notify=true`, 202, kim],
    ['a switch that is no text', connector, 200, { method: 'PATCH', body: { operation: 'UPDATE', properties: [{ name: 'Recovery.NotifySuccess', value: true }] } }],
    ['a number that is no text', connector, 200, { method: 'PATCH', body: { operation: 'UPDATE', properties: [{ name: 'Recovery.ExpiryTime', value: 60 }] } }],
    ['a channel that is a number, of a code that nobody has', `${flows}/password/recover`, 404, { body: { recoveryCode: 'A'.repeat(43), channelId: 1 } }],
    ['a page of tenants', '/api/server/v1/tenants?limit=10&offset=0&sortBy=domainName&sortOrder=desc', 200, {}],
    ['an order in capitals', '/api/server/v1/tenants?sortOrder=DESC', 200, {}],
  ])('is understood: %s, %s, %i', async (_, address, status, options) => expect((await service.ask(address, options)).status).toBe(status));

  it.each([
    ['admin@nowhere.example:admin', 401],
    ['admin@carbon.super@carbon.super:admin', 401],
    ['@carbon.super:admin', 401],
    ['SECONDARY/admin:admin', 400],
    ['PRIMARY/:admin', 400],
  ])('lets nobody in as %s', async (as, status) => expect((await service.ask(`${recovery}/claims`, { as })).status).toBe(status));
});

describe('SCIM as WSO2’s own documentation writes it', () => {
  it.each<[query: string, found: readonly string[]]>([
    ['filter=userName+Eq+kim', ['kim']],
    ['filter=userName+eq+kim&domain=primary', ['kim']],
    ['filter=userName%20eq%20PRIMARY/kim', ['kim']],
    ['filter=userName+eq+%22PRIMARY/kim%22', ['kim']],
    ['filter=userName+sw+ki+and+name.familyName+co+err', ['kim']],
    ['filter=userName+Sw+ki&attributes=userName,name.familyName&domain=PRIMARY&startIndex=1&count=10&sortBy=userName&sortOder=ascending', ['kim']],
    ['filter=emails+eq+kim@example.com', ['kim']],
    ['filter=emails.value+co+kim@', ['kim']],
    ['filter=name.familyName%20EQ%20Berry', ['kim']],
    ['filter=userName+eq+nobody+or+userName+eq+kim', ['kim']],
    ['filter=(userName+eq+kim)', ['kim']],
    ['filter=emails%5Bvalue+sw+kim%5D', ['kim']],
    ['filter=userName+eq+%22anna%22+or+userName+eq+kim&sortBy=userName&sortOder=descending', ['kim', 'anna']],
    ['filter=active+eq+True+and+userName+eq+kim', ['kim']],
    ['filter=userName+eq+kim+and+active+eq+true', ['kim']],
    ['filter=userName+eq+true', []],
    ['filter=userName+eq+5', []],
    ['filter=meta.created+gt+2020-01-01T00:00:00Z+and+userName+eq+kim', ['kim']],
    ['filter=urn:scim:wso2:schema:accountLocked+eq+false+and+userName+eq+kim', ['kim']],
    ['filter=userName+eq+kim&attributes=&excludedAttributes=', ['kim']],
    ['filter=userName+eq+kim&sortBy=userName&sortOrder=DESCENDING', ['kim']],
  ])('GET /scim2/Users?%s', async (query, found) => {
    const answer = await service.ask(`/scim2/Users?${query}`);
    expect([answer.status, answer.body]).toEqual([200, expect.objectContaining({ Resources: found.map((userName) => expect.objectContaining({ userName }) as unknown) })]);
  });

  it('knows no user store but the one', async () => {
    expect((await service.ask('/scim2/Users?domain=SECONDARY')).status).toBe(400);
  });

  it.each<[what: string, body: unknown]>([
    ['the domain', { schemas: [search], attributes: ['name.familyName', 'userName'], filter: 'userName sw ki and name.familyName co err', domain: 'PRIMARY', startIndex: 1, count: 10 }],
    ['no schemas', { filter: 'userName eq kim' }],
    ['null', { schemas: [search], filter: 'userName eq kim', sortBy: null }],
  ])('searches by a body with %s', async (_, body) => {
    const answer = await service.ask('/scim2/Users/.search', { body });
    expect([answer.status, answer.body]).toEqual([200, expect.objectContaining({ totalResults: 1 })]);
  });

  it.each<[what: string, body: Record<string, unknown>]>([
    ['no schemas', {}],
    ['empty schemas', { schemas: [] }],
    ['WSO2’s schemas', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', 'urn:scim:wso2:schema'] }],
    ['schemas that are not known', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', 'urn:scim:schemas:extension:custom:User'] }],
    ['addresses as texts', { emails: ['a@example.com'] }],
    ['addresses as objects', { emails: [{ type: 'home', value: 'h@example.com', primary: true }, { type: 'work', value: 'w@example.com' }] }],
    ['an address as text', { emails: 'a@example.com' }],
    ['an address as object', { emails: { value: 'a@example.com' } }],
    ['switches as texts', { active: 'true', emails: [{ value: 'a@example.com', primary: 'true' }], 'urn:scim:wso2:schema': { accountLocked: 'false' } }],
    ['a user store', { userName: 'PRIMARY/stored' }],
    ['a user store in small letters', { userName: 'primary/small' }],
  ])('makes a user with %s', async (what, body) => {
    const answer = await service.ask('/scim2/Users', { body: { userName: `with ${what}`, password, ...body } });
    expect([answer.status, answer.body]).toEqual([201, expect.objectContaining({ userName: expect.stringMatching(/^(?:with|stored|small)/) as string })]);
  });

  it.each<[what: string, body: unknown]>([
    ['no schemas', { Operations: [{ op: 'replace', value: { nickName: 'shaggy' } }] }],
    ['an empty list', { schemas: [], Operations: [{ op: 'replace', value: { nickName: 'shaggy' } }] }],
    ['an operation in capitals', { schemas: [patchOp], Operations: [{ op: 'Replace', path: 'nickName', value: 'shaggy' }] }],
    ['null for a path', { schemas: [patchOp], Operations: [{ op: 'add', path: null, value: { nickName: 'shaggy' } }] }],
    ['a switch as text', { schemas: [patchOp], Operations: [{ op: 'replace', value: { 'urn:scim:wso2:schema': { accountLocked: 'false' }, nickName: 'shaggy' } }] }],
  ])('changes a user with %s', async (_, body) => {
    const { body: found } = await service.ask('/scim2/Users?filter=userName+eq+%22kim%22');
    const answer = await service.ask(`/scim2/Users/${(found as { Resources: [{ id: string }] }).Resources[0].id}`, { method: 'PATCH', body });
    expect([answer.status, answer.body]).toEqual([200, expect.objectContaining({ nickName: 'shaggy' })]);
  });
});
