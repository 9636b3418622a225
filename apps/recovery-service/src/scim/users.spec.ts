import { unconfirmed } from '@rekey/governance';
import { ServiceUnderTest, baseUrl, type ErrorBody } from '../testing/service-under-test.ts';

const password = 'a password nobody has guessed';

let service: ServiceUnderTest;
beforeAll(async () => {
  service = await ServiceUnderTest.start();
  await service.database.query(`INSERT INTO tenant (domain) VALUES ('apart.example')`);
});
afterAll(() => service.stop());

const create = (body: unknown, options = {}) => service.ask('/scim2/Users', { body, ...options });

describe('creating a user by SCIM', () => {
  it('answers 201 with the resource and where it is, without the password', async () => {
    const answer = await create({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'kim', password, name: { givenName: 'Kim', familyName: 'Meyer' }, emails: [{ value: 'kim@work.example', type: 'work' }, { value: 'kim@home.example', primary: true }] });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ userName: 'kim', name: { givenName: 'Kim', familyName: 'Meyer' }, emails: [{ value: 'kim@home.example', primary: true }, { value: 'kim@work.example', type: 'work' }], active: true });
    expect(answer.headers.get('location')).toBe(`${baseUrl}/scim2/Users/${(answer.body as { id: string }).id}`);
    expect(answer.text).not.toContain(password);
    expect(await service.mayGo('kim', password)).toBe(true);
  });

  it('takes what WSO2’s documentation makes a user from: who somebody is at work is shown, found, changed and removed', async () => {
    const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
    const made = await create({
      schemas: [],
      name: { familyName: 'Jackson', givenName: 'Kim' },
      userName: 'kimjackson',
      password,
      emails: [{ primary: true, value: 'kim.jackson@example.com', type: 'home' }, { value: 'kim_j@work.example', type: 'work' }],
      [enterprise]: { employeeNumber: '1234A', manager: { value: 'Taylor' } },
    });
    expect([made.status, made.body]).toEqual([201, expect.objectContaining({ schemas: expect.arrayContaining([enterprise]), [enterprise]: { employeeNumber: '1234A', manager: { value: 'Taylor' } } })]);
    const found = await service.ask(`/scim2/Users?filter=${encodeURIComponent(`${enterprise}:manager.value eq "taylor" and ${enterprise}:employeeNumber sw 12`)}`);
    expect(found.body).toMatchObject({ totalResults: 1, Resources: [{ userName: 'kimjackson' }] });
    const patch = (Operations: readonly object[]) => service.ask(`/scim2/Users/${(made.body as { id: string }).id}`, { method: 'PATCH', body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations } });
    const changed = await patch([{ op: 'replace', path: `${enterprise}:manager.displayName`, value: 'T. Aylor' }, { op: 'add', value: { [enterprise]: { department: 'Mail' } } }, { op: 'remove', path: `${enterprise}:employeeNumber` }]);
    expect([changed.status, (changed.body as Record<string, unknown>)[enterprise]]).toEqual([200, { department: 'Mail', manager: { value: 'Taylor', displayName: 'T. Aylor' } }]);
    const emptied = await patch([{ op: 'remove', path: `${enterprise}:manager` }, { op: 'remove', path: `${enterprise}:department` }]);
    expect(emptied.text).not.toContain(enterprise);
  });

  it('keeps phone numbers and postal addresses in the claims that WSO2 has for them', async () => {
    const contacts = { phoneNumbers: [{ value: '+1 555 0100', type: 'mobile' }, { value: '555-0101', type: 'work' }, { value: '555-0102' }, { value: '555-0103' }], addresses: [{ formatted: '2 Work Rd', type: 'work' }, { formatted: '1 Main St, Springfield', type: 'home' }, { formatted: 'PO Box 3' }] };
    const { body } = await create({ userName: 'reachable', password, ...contacts });
    expect(body).toMatchObject(contacts);
    const claim = (name: string) => `http://wso2.org/claims/${name}`;
    expect((await service.ask('/api/identity/user/v1.0/me', { as: `reachable:${password}` })).body).toMatchObject({
      basic: {
        [claim('mobile')]: '+1 555 0100', [claim('phoneNumbers.work')]: '555-0101', [claim('phoneNumbers')]: '555-0102,555-0103',
        [claim('region')]: '2 Work Rd', [claim('addresses.locality')]: '1 Main St, Springfield', [claim('addresses')]: 'PO Box 3',
      },
    });
    const { id } = body as { id: string };
    const replaced = await service.ask(`/scim2/Users/${id}`, { method: 'PUT', body: { userName: 'reachable', phoneNumbers: { VALUE: '555-0104', Type: 'MOBILE' } } });
    expect([replaced.status, (replaced.body as Record<string, unknown>)['phoneNumbers'], (replaced.body as object)]).toEqual([200, [{ value: '555-0104', type: 'mobile' }], expect.not.objectContaining({ addresses: expect.anything() as unknown })]);
  });

  it('takes SCIM’s own content type, and WSO2’s ways to write an address and a user store', async () => {
    const answer = await create(JSON.stringify({ userName: 'PRIMARY/plain', password, emails: ['plain@example.com'] }), { headers: { 'content-type': 'application/scim+json' } });
    expect([answer.status, answer.body]).toEqual([201, expect.objectContaining({ userName: 'plain', emails: [{ value: 'plain@example.com', primary: true }] })]);
  });

  it('shows the claims to the user, at GET /me with their own credentials', async () => {
    await create({ userName: 'mine', password, name: { givenName: 'Mine' }, emails: ['mine@example.com'] });
    const answer = await service.ask('/api/identity/user/v1.0/me', { as: `mine:${password}` });
    expect([answer.status, answer.body]).toEqual([200, expect.objectContaining({ basic: expect.objectContaining({ 'http://wso2.org/claims/username': 'mine', 'http://wso2.org/claims/givenname': 'Mine', 'http://wso2.org/claims/emailaddress': 'mine@example.com' }) })]);
    expect((await service.ask('/api/identity/user/v1.0/me', { as: 'mine:wrong' })).status).toBe(401);
  });

  it('refuses a second one of the same name, in whatever case, with 409', async () => {
    await create({ userName: 'twice', password });
    const answer = await create({ userName: 'Twice', password });
    expect([answer.status, (answer.body as ErrorBody).message]).toEqual([409, 'Conflict']);
  });

  it('makes exactly one of ten at once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => create({ userName: 'racing', password })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array.from({ length: 9 }, () => 409)]);
  });

  it('refuses a password that breaks the policy with every reason, and makes nobody', async () => {
    const answer = await create({ userName: 'weakling', password: 'weakling' });
    expect([answer.status, (answer.body as ErrorBody).code]).toEqual([412, '20035']);
    expect((answer.body as ErrorBody).reasons?.map(({ code }) => code)).toEqual(['too-short', 'contains-username']);
    expect((await create({ userName: 'weakling', password })).status).toBe(201);
  });

  it('refuses what is no mail address (S4, S7)', async () => {
    for (const value of ['a@x,b@y', 'a@x;b@y', 'a@x\r\nBcc: b@y', '"a@evil.test x"@ok.test', 'a@b@c', 'nobody', '<a@x>', 'a b@x', '@x', 'a@', 'a@x\u200b']) {
      const answer = await create({ userName: `address-${Buffer.from(value).toString('hex')}`, password, emails: [value] });
      expect([value, answer.status]).toEqual([value, 400]);
      expect((answer.body as ErrorBody).description).toContain('emails.0');
    }
    expect((await create({ userName: 'umlaut', password, emails: ['jörg.o’neil+tag@bücher.example'] })).status).toBe(201);
  });

  it('takes no text that the database cannot store', async () => {
    for (const givenName of ['K\0m', 'K\ud800m']) expect((await create({ userName: 'unstorable', name: { givenName } })).status).toBe(400);
  });

  it('makes nobody where the query cannot be read', async () => {
    expect((await service.ask('/scim2/Users?attributes=id&attributes=userName', { body: { userName: 'not-made', password } })).status).toBe(400);
    expect((await create({ userName: 'not-made', password })).status).toBe(201);
  });

  it('refuses unknown attributes, names nobody may have, and unknown user stores, each by name', async () => {
    const refused = async (body: object) => ((await create({ password, ...body })).body as ErrorBody).description;
    expect(await refused({ userName: 'x', isAdmin: true })).toContain('isAdmin');
    expect(await refused({ userName: ' blank' })).toContain('username');
    expect(await refused({ userName: 'SECONDARY/x' })).toContain('user store');
    expect(await refused({ userName: 7 })).toContain('userName');
  });

  it('is for administrators', async () => {
    expect((await create({ userName: 'no', password }, { as: null })).status).toBe(401);
    expect((await create({ userName: 'no', password }, { as: `kim:${password}` })).status).toBe(403);
  });
});

describe('a user by SCIM', () => {
  const wso2 = 'urn:scim:wso2:schema';
  const made = async (body: object) => (await create(body)).body as { id: string; meta: { version: string; location: string } };
  const put = (id: string, body: object, headers = {}) => service.ask(`/scim2/Users/${id}`, { method: 'PUT', body, headers });

  it('is read as it was answered, with its version', async () => {
    const user = await made({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'bjensen@example.com', externalId: 'bjensen', name: { formatted: 'Ms. Barbara J Jensen III', familyName: 'Jensen', givenName: 'Barbara' } });
    const answer = await service.ask(`/scim2/Users/${user.id}`);
    expect([answer.status, answer.body, answer.headers.get('etag')]).toEqual([200, user, user.meta.version]);
    expect(user.meta).toMatchObject({ resourceType: 'User', location: `${baseUrl}/scim2/Users/${user.id}` });
    expect((await service.ask(`/scim2/Users/${user.id}`, { headers: { 'if-none-match': `"x", ${user.meta.version}` } })).status).toBe(304);
  });

  it('has attributes in whatever case, an extension’s with their schema before them or the older one', async () => {
    expect(await made({ USERNAME: 'cased', NAME: { GIVENNAME: 'C' }, displayname: null, [`${wso2.toUpperCase()}:AccountLocked`]: 'true' })).toMatchObject({ userName: 'cased', name: { givenName: 'C' }, [wso2]: { accountLocked: true } });
    expect(await made({ userName: 'older', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { accountDisabled: 'true' } })).toMatchObject({ active: false, [wso2]: { accountDisabled: true } });
  });

  it('has no attribute whose text is blank, as WSO2’s portals send what was not filled in; a name or a password that is blank is refused', async () => {
    const user = await made({ userName: 'blank', name: { givenName: '', familyName: 'B' }, nickName: '', emails: [{ value: '', type: 'work' }, { value: 'b@x', type: '' }, ''] });
    expect(user).toMatchObject({ name: { familyName: 'B' }, emails: [{ value: 'b@x', primary: true }] });
    for (const absent of ['nickName', 'name.givenName']) expect(user).not.toHaveProperty(absent);
    for (const body of [{ userName: '' }, { userName: 'blank-2', password: '' }, { userName: 'blank-3', emails: [{ type: 'work' }] }]) expect((await create(body)).status).toBe(400);
  });

  it('is replaced: what is missing goes, but no lock is lifted by saying nothing of it', async () => {
    const { id } = await made({ userName: 'replaced', title: 'Engineer', emails: [{ value: 'a@x', type: 'work' }, 'b@x'], [wso2]: { accountLocked: true }, active: false });
    const answer = await put(id, { userName: 'PRIMARY/Replaced', id: 'ignored', displayName: 'R', emails: ['c@x'] });
    expect([answer.status, answer.body]).toEqual([200, expect.objectContaining({ id, userName: 'replaced', displayName: 'R', emails: [{ value: 'c@x', primary: true }], active: false })]);
    expect(answer.body).toMatchObject({ [wso2]: { accountLocked: true } });
    expect(answer.body).not.toHaveProperty('title');
    expect((await put(id, { ...(answer.body as object), active: true })).body).toMatchObject({ active: true, [wso2]: { accountDisabled: false } });
  });

  it('is not enabled again when the request that disabled it is sent again, nor the other way round', async () => {
    const read = await made({ userName: 'retried' });
    const disabling = { ...read, active: false };
    expect((await put(read.id, disabling)).body).toMatchObject({ active: false });
    expect(await put(read.id, disabling)).toMatchObject({ status: 412, body: { code: 'RKY-10120' } });
    const enabling = { ...((await service.ask(`/scim2/Users/${read.id}`)).body as object), [wso2]: { accountDisabled: false } };
    expect((await put(read.id, enabling)).body).toMatchObject({ active: true });
    expect(await put(read.id, enabling)).toMatchObject({ status: 412 });
    for (const status of [200, 200]) expect(await put(read.id, { ...disabling, meta: undefined })).toMatchObject({ status, body: { active: false } });
  });

  it('is locked by an administrator’s word where it waits for its confirmation, but not by what was read of it', async () => {
    const { id } = await made({ userName: 'waiting' });
    const user = await service.users.findUserById(id);
    if (user) await service.users.setClaims(user, unconfirmed);
    const { body: read } = await service.ask(`/scim2/Users/${id}`);
    expect((await put(id, { ...(read as object), displayName: 'W' })).body).toMatchObject({ displayName: 'W', [wso2]: { accountLocked: true, accountState: 'PENDING_SR' } });
    expect((await put(id, { userName: 'waiting', [wso2]: { accountLocked: false } })).body).toMatchObject({ [wso2]: { accountLocked: false, accountState: 'UNLOCKED' } });
    if (user) await service.users.setClaims(user, unconfirmed);
    expect((await put(id, { userName: 'waiting', [wso2]: { accountLocked: true } })).body).toMatchObject({ [wso2]: { accountLocked: true, accountState: 'LOCKED', lockedReason: 'ADMIN_INITIATED' } });
  });

  it('keeps its name and its password (S34)', async () => {
    const { id } = await made({ userName: 'kept', password });
    expect((await put(id, { userName: 'other' })).body).toMatchObject({ status: '400', scimType: 'mutability' });
    expect((await put(id, { userName: 'kept', password: 'another one nobody has guessed' })).body).toMatchObject({ status: '400', scimType: 'mutability' });
    expect((await put(id, {})).body).toMatchObject({ status: '400', scimType: 'invalidValue' });
    expect(await service.mayGo('kept', password)).toBe(true);
  });

  it('is replaced and deleted only as the version that is named', async () => {
    const { id, meta } = await made({ userName: 'versioned' });
    expect((await put(id, { userName: 'versioned', title: 'A' }, { 'if-match': meta.version })).status).toBe(200);
    expect((await put(id, { userName: 'versioned', title: 'B' }, { 'if-match': meta.version })).status).toBe(412);
    expect((await service.ask(`/scim2/Users/${id}`, { method: 'DELETE', headers: { 'if-match': meta.version } })).status).toBe(412);
    expect((await service.ask(`/scim2/Users/${id}`)).body).toMatchObject({ title: 'A' });
  });

  it('is deleted, once', async () => {
    const { id } = await made({ userName: 'deleted', password });
    const answers = await Promise.all([1, 2, 3].map(() => service.ask(`/scim2/Users/${id}`, { method: 'DELETE' })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 404, 404]);
    expect((await service.ask(`/scim2/Users/${id}`)).body).toMatchObject({ schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '404' });
    expect(await service.mayGo('deleted', password)).toBe(false);
  });

  it('is not the one who asks, to be deleted', async () => {
    const { id } = (await service.ask('/scim2/Me')).body as { id: string };
    expect((await service.ask(`/scim2/Users/${id}`, { method: 'DELETE' })).status).toBe(403);
  });

  it('is of one tenant: nothing crosses', async () => {
    const here = await made({ userName: 'here' });
    const there = await service.ask('/t/apart.example/scim2/Users', { body: { userName: 'there' } });
    expect(there.body).toMatchObject({ meta: { location: expect.stringContaining(`${baseUrl}/t/apart.example/scim2/Users/`) as string } });
    const { id } = there.body as { id: string };
    for (const [path, other] of [[`/t/apart.example/scim2/Users/${here.id}`, 'here'], [`/scim2/Users/${id}`, 'there']] as const) {
      expect((await service.ask(path)).status).toBe(404);
      expect((await service.ask(path, { method: 'PUT', body: { userName: other } })).status).toBe(404);
      expect((await service.ask(path, { method: 'PATCH', body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [{ op: 'replace', path: 'active', value: false }] } })).status).toBe(404);
      expect((await service.ask(path, { method: 'DELETE' })).status).toBe(404);
    }
    expect((await service.ask(`/t/apart.example/scim2/Users/${id}`)).body).toMatchObject({ userName: 'there', active: true });
  });

  it('is nobody for an id that is none', async () => {
    for (const id of ['1', '__proto__', '%00', 'a'.repeat(99), "x' OR '1'='1"]) expect([id, (await service.ask(`/scim2/Users/${encodeURIComponent(id)}`)).status]).toEqual([id, 404]);
  });
});
