import { ServiceUnderTest, baseUrl, type ErrorBody } from '../testing/service-under-test.ts';

const password = 'a password nobody has guessed';

let service: ServiceUnderTest;
beforeAll(async () => void (service = await ServiceUnderTest.start()));
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

  it('takes SCIM’s own content type, and WSO2’s ways to write an address and a user store', async () => {
    const answer = await create(JSON.stringify({ userName: 'PRIMARY/plain', password, emails: ['plain@example.com'] }), { headers: { 'content-type': 'application/scim+json' } });
    expect([answer.status, answer.body]).toEqual([201, expect.objectContaining({ userName: 'plain', emails: [{ value: 'plain@example.com', primary: true }] })]);
  });

  it('shows the claims to the user, at GET /me with their own credentials', async () => {
    await create({ userName: 'mine', password, name: { givenName: 'Mine' }, emails: ['mine@example.com'] });
    const answer = await service.ask('/api/identity/user/v1.0/me', { as: `mine:${password}` });
    expect([answer.status, answer.body]).toEqual([200, { basic: expect.objectContaining({ 'http://wso2.org/claims/username': 'mine', 'http://wso2.org/claims/givenname': 'Mine', 'http://wso2.org/claims/emailaddress': 'mine@example.com' }) }]);
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
