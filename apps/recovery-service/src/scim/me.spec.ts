import { ServiceUnderTest } from '../testing/service-under-test.ts';

const password = 'a password nobody has guessed';
const wso2 = 'urn:scim:wso2:schema';
const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

let service: ServiceUnderTest;
beforeAll(async () => void (service = await ServiceUnderTest.start()));
afterAll(() => service.stop());

const as = (name: string) => `${name}:${password}`;
const patch = (name: string, ...operations: object[]) => service.ask('/scim2/Me', { method: 'PATCH', as: as(name), body: { schemas: [patchOp], Operations: operations } });

describe('one’s own account', () => {
  it('is read by its owner, and by nobody without credentials', async () => {
    await service.aUser('reader', { password });
    const answer = await service.ask('/scim2/Me?attributes=userName,emails', { as: as('reader') });
    expect([answer.status, answer.body]).toEqual([200, { schemas: expect.anything() as unknown, id: expect.any(String) as string, userName: 'reader', emails: [{ value: 'reader@example.com', primary: true }] }]);
    expect(answer.headers.get('location')).toMatch(/\/scim2\/Users\/[0-9a-f-]{36}$/);
    for (const other of [null, 'reader:wrong']) expect((await service.ask('/scim2/Me', { as: other })).body).toMatchObject({ status: '401', code: '17002' });
  });

  it('is read again only when it has changed', async () => {
    await service.aUser('cache', { password });
    const etag = (await service.ask('/scim2/Me', { as: as('cache') })).headers.get('etag') ?? '';
    const again = await service.ask('/scim2/Me', { as: as('cache'), headers: { 'if-none-match': etag } });
    expect([again.status, again.text]).toEqual([304, '']);
    await patch('cache', { op: 'add', path: 'title', value: 'Engineer' });
    expect((await service.ask('/scim2/Me', { as: as('cache'), headers: { 'if-none-match': etag } })).status).toBe(200);
  });

  it('is changed by its owner', async () => {
    await service.aUser('changer', { password });
    expect((await patch('changer', { op: 'replace', path: 'displayName', value: 'C.' })).body).toMatchObject({ userName: 'changer', displayName: 'C.' });
    const answer = await service.ask('/scim2/Me', { method: 'PUT', as: as('changer'), body: { userName: 'changer', name: { givenName: 'C' }, emails: ['changer@example.com'] } });
    expect(answer.body).toMatchObject({ name: { givenName: 'C' } });
    expect(answer.body).not.toHaveProperty('displayName');
  });

  it.each<[what: string, operation: object]>([
    ['a lock', { op: 'replace', path: `${wso2}:accountLocked`, value: true }],
    ['a lock, by the older name', { op: 'replace', path: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:accountLocked', value: false }],
    ['locks, as a whole', { op: 'replace', path: wso2, value: { accountLocked: false } }],
    ['locks, within a resource', { op: 'add', value: { [wso2]: { accountDisabled: false } } }],
    ['no locks at all', { op: 'remove', path: wso2 }],
    ['a forced reset', { op: 'replace', path: `${wso2}:forcePasswordReset`, value: false }],
    ['active', { op: 'replace', path: 'active', value: true }],
    ['a name', { op: 'replace', path: 'userName', value: 'admin' }],
    ['a password without the old one', { op: 'replace', path: 'password', value: 'another one nobody has guessed' }],
  ])('is not given %s by its owner (S34)', async (what, operation) => {
    const name = await service.aUser(`owner-${what.length}-${JSON.stringify(operation).length}`, { password });
    expect((await patch(name, operation)).body).toMatchObject({ status: '400', scimType: 'mutability' });
    expect(await service.mayGo(name, password)).toBe(true);
  });

  it('leaves locks out of a replacement, as read only', async () => {
    await service.aUser('replacing', { password });
    const body = { userName: 'replacing', active: false, [wso2]: { accountLocked: true, forcePasswordReset: true } };
    expect((await service.ask('/scim2/Me', { method: 'PUT', as: as('replacing'), body })).body).toMatchObject({ active: true, [wso2]: { accountLocked: false, forcePasswordReset: false } });
    expect(await service.mayGo('replacing', password)).toBe(true);
  });

  it('is deleted by its owner, as in WSO2, but not by the administrator', async () => {
    await service.aUser('leaver', { password });
    expect((await service.ask('/scim2/Me', { method: 'DELETE', as: as('leaver') })).status).toBe(204);
    expect(await service.mayGo('leaver', password)).toBe(false);
    expect((await service.ask('/scim2/Me', { method: 'DELETE' })).body).toMatchObject({ status: '403', code: 'RKY-10005' });
    expect((await service.ask('/scim2/Me')).status).toBe(200);
  });
});
