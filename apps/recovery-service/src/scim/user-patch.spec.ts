import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { until } from '@rekey/test-kit';
import { ServiceUnderTest } from '../testing/service-under-test.ts';

const wso2 = 'urn:scim:wso2:schema';
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

let service: ServiceUnderTest;
let made = 0;
beforeAll(async () => void (service = await ServiceUnderTest.start()));
afterAll(() => service.stop());

interface Resource extends Record<string, unknown> {
  readonly id: string;
  readonly meta: { readonly version: string };
}

const before = {
  displayName: 'Kim',
  name: { givenName: 'Kim', familyName: 'Meyer' },
  emails: [{ value: 'kim@work.example', type: 'work', primary: true }, { value: 'kim@home.example', type: 'home' }],
  phoneNumbers: [{ value: '+1 555 0100', type: 'mobile' }, { value: '555-0101' }],
  addresses: [{ formatted: '1 Main St\nSpringfield, IL', type: 'home' }],
};
const aPerson = async (more: object = before) => (await service.ask('/scim2/Users', { body: { userName: `person-${++made}`, ...more } })).body as Resource;
const patch = (id: string, operations: unknown, headers: Record<string, string> = {}) => service.ask(`/scim2/Users/${id}`, { method: 'PATCH', body: { schemas: [patchOp], Operations: operations }, headers });
const read = async (id: string) => (await service.ask(`/scim2/Users/${id}`)).body as Resource;

describe('a patch of switches', () => {
  it.each(['active', `${wso2}:accountLocked`, `${wso2}:accountDisabled`])('takes back what it removes: %s', async (path) => {
    const { id } = await aPerson();
    await patch(id, [{ op: 'replace', path, value: path !== 'active' }]);
    expect((await patch(id, [{ op: 'remove', path }])).body).toMatchObject({ active: true, [wso2]: { accountLocked: false, accountDisabled: false } });
  });

  it('locks an account that waits for its confirmation, which then confirms nothing, and leaves it waiting where it says nothing of that', async () => {
    const { id } = await aPerson();
    const claims = Object.fromEntries(Object.entries({ accountLocked: 'true', lockedReason: 'PENDING_SELF_REGISTRATION', accountState: 'PENDING_SR' }).map(([name, value]) => [`http://wso2.org/claims/identity/${name}`, value]));
    const user = await service.users.findUserById(id);
    if (user) await service.users.setClaims(user, claims);
    expect((await patch(id, [{ op: 'replace', path: 'displayName', value: 'Kim M.' }])).body).toMatchObject({ [wso2]: { accountState: 'PENDING_SR' } });
    expect((await patch(id, [{ op: 'replace', path: `${wso2}:accountLocked`, value: true }])).body).toMatchObject({ [wso2]: { accountLocked: true, accountState: 'LOCKED', lockedReason: 'ADMIN_INITIATED' } });
    expect((await patch(id, [{ op: 'replace', path: `${wso2}:accountLocked`, value: false }])).body).toMatchObject({ [wso2]: { accountLocked: false } });
  });
});

describe('a patch', () => {
  it.each<[what: string, operations: readonly object[], after: object]>([
    ['replaces one value', [{ op: 'replace', path: 'displayName', value: 'Kim M.' }], { displayName: 'Kim M.' }],
    ['knows names in whatever case, and with their schema', [{ op: 'Replace', path: 'urn:ietf:params:scim:schemas:core:2.0:User:NAME.givenname', value: 'Kimberly' }], { name: { givenName: 'Kimberly', familyName: 'Meyer' } }],
    ['adds what is not there', [{ op: 'add', path: 'title', value: 'Engineer' }], { title: 'Engineer' }],
    ['removes a value', [{ op: 'remove', path: 'displayName' }], { displayName: undefined }],
    ['removes by null, as by remove', [{ op: 'replace', path: 'displayName', value: null }], { displayName: undefined }],
    ['removes by a blank text, as WSO2’s portals do', [{ op: 'replace', value: { displayName: '', phoneNumbers: [{ type: 'mobile', value: '' }] } }], { displayName: undefined, phoneNumbers: undefined }],
    ['removes one part by null', [{ op: 'replace', path: 'name', value: { givenName: null } }], { name: { familyName: 'Meyer' } }],
    ['removes one part by a blank text', [{ op: 'replace', value: { name: { familyName: '' } } }], { name: { givenName: 'Kim' } }],
    ['removes an address with its text', [{ op: 'remove', path: 'emails[type eq "home"].value' }], { emails: [before.emails[0]] }],
    ['removes an address by a blank text', [{ op: 'replace', path: 'emails[type eq "home"].value', value: '' }], { emails: [before.emails[0]] }],
    ['leaves the other parts of a complex attribute', [{ op: 'replace', path: 'name', value: { familyName: 'Huber' } }], { name: { givenName: 'Kim', familyName: 'Huber' } }],
    ['removes one part', [{ op: 'remove', path: 'name.familyName' }], { name: { givenName: 'Kim' } }],
    ['removes a complex attribute', [{ op: 'remove', path: 'name' }], { name: undefined }],
    ['takes a resource without a path', [{ op: 'add', value: { id: 'ignored', schemas: [], nickName: 'K', name: { middleName: 'A' }, 'name.honorificPrefix': 'Dr', [`${wso2}:accountLocked`]: true } }], { nickName: 'K', name: { givenName: 'Kim', familyName: 'Meyer', middleName: 'A', honorificPrefix: 'Dr' } }],
    ['takes a whole extension', [{ op: 'replace', path: wso2, value: { schemas: [wso2], accountLocked: true } }], { [wso2]: expect.objectContaining({ accountLocked: true, lockedReason: 'ADMIN_INITIATED' }) as object }],
    ['removes a whole extension', [{ op: 'add', path: enterprise, value: { department: 'Mail', manager: { value: 'Taylor' } } }, { op: 'replace', path: wso2, value: { accountLocked: true } }, { op: 'remove', path: enterprise }, { op: 'remove', path: wso2 }], { [enterprise]: undefined, [wso2]: expect.objectContaining({ accountLocked: false }) as object }],
    ['takes the extension within a resource', [{ op: 'replace', value: { [wso2]: { accountDisabled: 'true' } } }], { active: false, [wso2]: expect.objectContaining({ accountDisabled: true }) as object }],
    ['takes the older name of an extension', [{ op: 'replace', path: `${enterprise}:accountLocked`, value: 'True' }], { [wso2]: expect.objectContaining({ accountLocked: true }) as object }],
    ['disables by active', [{ op: 'replace', path: 'active', value: 'False' }], { active: false, [wso2]: expect.objectContaining({ accountDisabled: true }) as object }],
    ['adds an address', [{ op: 'add', path: 'emails', value: [{ value: 'kim@other.example', type: 'other' }] }], { emails: [before.emails[0], before.emails[1], { value: 'kim@other.example', type: 'other' }] }],
    ['adds none twice', [{ op: 'add', path: 'emails', value: { value: 'KIM@home.example', type: 'home' } }], { emails: before.emails }],
    ['adds one as plain text, and changes it', [{ op: 'add', path: 'emails', value: 'kim@x' }, { op: 'replace', path: 'emails[value eq "kim@x"].value', value: 'kim@y' }], { emails: [...before.emails, { value: 'kim@y' }] }],
    ['replaces every address', [{ op: 'replace', path: 'emails', value: ['new@example.com'] }], { emails: [{ value: 'new@example.com', primary: true }] }],
    ['replaces the address of a type', [{ op: 'replace', path: 'emails[type eq "home"].value', value: 'flat@home.example' }], { emails: [before.emails[0], { value: 'flat@home.example', type: 'home' }] }],
    ['adds the address of a type that there was not', [{ op: 'add', path: 'emails[type eq "other"].value', value: 'kim@other.example' }], { emails: [...before.emails, { value: 'kim@other.example', type: 'other' }] }],
    ['finds addresses by any filter', [{ op: 'remove', path: 'emails[value eq "kim@work.example" or (value co "]" and not (primary eq true))]' }], { emails: [{ value: 'kim@home.example', type: 'home', primary: true }] }],
    ['moves what is primary', [{ op: 'add', path: 'emails[type eq "home"].primary', value: true }], { emails: [{ value: 'kim@home.example', type: 'home', primary: true }, { value: 'kim@work.example', type: 'work' }] }],
    ['moves it with an address that is added', [{ op: 'add', path: 'emails', value: [{ value: 'new@example.com', primary: true }] }], { emails: [{ value: 'new@example.com', primary: true }, { value: 'kim@work.example', type: 'work' }, { value: 'kim@home.example', type: 'home' }] }],
    ['removes addresses by a filter', [{ op: 'remove', path: 'emails[type eq "home"]' }], { emails: [before.emails[0]] }],
    ['removes addresses by value', [{ op: 'remove', path: 'emails', value: [{ value: 'kim@work.example' }] }], { emails: [{ value: 'kim@home.example', type: 'home', primary: true }] }],
    ['removes every address', [{ op: 'remove', path: 'emails' }], { emails: undefined }],
    ['adds phone numbers, with and without a type', [{ op: 'add', path: 'phoneNumbers', value: [{ value: '555-0102', type: 'fax', primary: true }, '555-0103', '555-0101'] }], { phoneNumbers: [before.phoneNumbers[0], { value: '555-0102', type: 'fax' }, before.phoneNumbers[1], { value: '555-0103' }] }],
    ['replaces the mobile number', [{ op: 'replace', path: 'phoneNumbers[type eq "mobile"].value', value: 'tel:+1-555-0104' }], { phoneNumbers: [{ value: 'tel:+1-555-0104', type: 'mobile' }, before.phoneNumbers[1]] }],
    ['removes a phone number by its value', [{ op: 'remove', path: 'phoneNumbers[value sw "+1"]' }], { phoneNumbers: [before.phoneNumbers[1]] }],
    ['adds the postal address of a type that there was not', [{ op: 'add', path: 'addresses[type eq "work"].formatted', value: '2 Work Rd' }], { addresses: [{ formatted: '2 Work Rd', type: 'work' }, before.addresses[0]] }],
    ['finds a postal address by its text', [{ op: 'replace', path: 'addresses[formatted co "springfield"].type', value: 'work' }], { addresses: [{ ...before.addresses[0], type: 'work' }] }],
    ['removes every postal address', [{ op: 'remove', path: 'addresses' }], { addresses: undefined, phoneNumbers: before.phoneNumbers }],
    ['does all operations, one after the other', [{ op: 'remove', path: 'name' }, { op: 'add', path: 'name.givenName', value: 'Lee' }, { op: 'replace', path: 'displayName', value: 'Lee' }], { name: { givenName: 'Lee' }, displayName: 'Lee' }],
    ['does nothing where there is nothing to remove', [{ op: 'remove', path: 'title' }, { op: 'remove', path: 'emails[type eq "other"]' }], before],
  ])('%s', async (_, operations, after) => {
    const { id } = await aPerson();
    const answer = await patch(id, operations);
    expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
    const expected = Object.entries(after);
    const shown = answer.body as Resource;
    expect(expected.map(([name]) => [name, shown[name]])).toEqual(expected);
    expect(await read(id)).toEqual(shown);
  });

  it.each<[what: string, operations: unknown, scimType: string]>([
    ['an attribute that there is not', [{ op: 'replace', path: 'isAdmin', value: true }], 'invalidPath'],
    ['JavaScript’s own names', [{ op: 'add', path: '__proto__.polluted', value: 'yes' }], 'invalidPath'],
    ['a path of them', [{ op: 'add', path: 'constructor.prototype.polluted', value: 'yes' }], 'invalidPath'],
    ['them within a value', [{ op: 'add', value: { 'constructor.prototype': { polluted: 'yes' } } }], 'invalidPath'],
    ['an unknown part', [{ op: 'add', path: 'name', value: { nick: 'K' } }], 'invalidValue'],
    ['an unknown attribute of an extension', [{ op: 'add', path: wso2, value: { isAdmin: true } }], 'invalidPath'],
    ['a bracket that does not end', [{ op: 'replace', path: 'emails[type eq "work"', value: 'x@y' }], 'invalidPath'],
    ['a bracket at one value', [{ op: 'replace', path: 'name[givenName eq "Kim"].familyName', value: 'x' }], 'invalidPath'],
    ['a filter that cannot be read', [{ op: 'replace', path: 'emails[type is "work"].value', value: 'x@y' }], 'invalidFilter'],
    ['a filter that nothing matches', [{ op: 'replace', path: 'emails[type eq "other"].value', value: 'x@y' }], 'noTarget'],
    ['a remove without a path', [{ op: 'remove' }], 'noTarget'],
    ['another name', [{ op: 'replace', path: 'userName', value: 'somebody-else' }], 'mutability'],
    ['another id', [{ op: 'replace', path: 'id', value: 'x' }], 'mutability'],
    ['a count of failures', [{ op: 'replace', path: `${wso2}:failedLoginAttempts`, value: 0 }], 'mutability'],
    ['the reason of a lock', [{ op: 'remove', path: `${wso2}:lockedReason` }], 'mutability'],
    ['a password (S34)', [{ op: 'replace', path: 'password', value: 'another one nobody has guessed' }], 'mutability'],
    ['a password in a resource (S34)', [{ op: 'add', value: { password: 'another one nobody has guessed' } }], 'mutability'],
    ['no value', [{ op: 'replace', path: 'displayName' }], 'invalidValue'],
    ['a value of another type', [{ op: 'replace', path: 'displayName', value: { a: 1 } }], 'invalidValue'],
    ['what is no address', [{ op: 'replace', path: 'emails[type eq "work"].value', value: 'a@x,b@y' }], 'invalidValue'],
    ['two addresses of a type', [{ op: 'add', path: 'emails', value: { value: 'x@y', type: 'work' } }], 'invalidValue'],
    ['addresses without end', [{ op: 'add', path: 'emails', value: Array.from({ length: 3_000 }, (_, index) => `a${index}@x`) }], 'invalidValue'],
    ['two phone numbers of a type', [{ op: 'add', path: 'phoneNumbers', value: { value: '1', type: 'mobile' } }], 'invalidValue'],
    ['two phone numbers in one', [{ op: 'replace', path: 'phoneNumbers[type eq "mobile"].value', value: '1,2' }], 'invalidValue'],
    ['two postal addresses without a type', [{ op: 'add', path: 'addresses', value: ['1 Main St', '2 Main St'] }], 'invalidValue'],
    ['a part of a postal address', [{ op: 'add', path: 'addresses', value: { type: 'work', streetAddress: '1 Main St' } }], 'invalidValue'],
    ['the text of a postal address by another name', [{ op: 'replace', path: 'addresses[value eq "x"].formatted', value: 'y' }], 'invalidFilter'],
    ['a bracket of one list around another', [{ op: 'replace', path: 'phoneNumbers[type eq "mobile"].formatted', value: 'y' }], 'invalidPath'],
    ['a type that there is not', [{ op: 'replace', path: 'emails[type eq "work"].type', value: 7 }, { op: 'remove', path: 'emails[type eq "x"]' }], 'invalidValue'],
    ['an operation that there is not', [{ op: 'move', path: 'displayName', value: 'x' }], 'invalidValue'],
    ['no operations', [], 'invalidValue'],
    ['a hundred and one', Array.from({ length: 101 }, () => ({ op: 'remove', path: 'title' })), 'invalidValue'],
    ['no list', {}, 'invalidValue'],
  ])('with %s is refused, and changes nothing', async (_, operations, scimType) => {
    const person = await aPerson();
    const answer = await patch(person.id, Array.isArray(operations) && operations.length > 0 && operations.length < 100 ? [{ op: 'replace', path: 'displayName', value: 'changed' }, ...(operations as object[])] : operations);
    expect([answer.status, answer.body]).toEqual([400, expect.objectContaining({ status: '400', scimType })]);
    expect(await read(person.id)).toEqual(person);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('is no other message', async () => {
    const { id } = await aPerson();
    for (const schemas of [['x'], 'urn:ietf:params:scim:api:messages:2.0:PatchOp', ['urn:ietf:params:scim:api:messages:2.0:BulkRequest']]) expect((await service.ask(`/scim2/Users/${id}`, { method: 'PATCH', body: { schemas, Operations: [{ op: 'remove', path: 'title' }] } })).status).toBe(400);
  });

  it('loses none of ten at once, each of another attribute', async () => {
    const { id } = await aPerson({});
    const paths = ['displayName', 'nickName', 'title', 'userType', 'preferredLanguage', 'timezone', 'externalId', 'name.givenName', 'name.familyName', 'name.middleName'];
    const answers = await Promise.all(paths.map((path) => patch(id, [{ op: 'add', path, value: `value of ${path}` }])));
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 200));
    const shown = await read(id);
    expect(JSON.stringify(shown).match(/value of/g)).toHaveLength(10);
  });

  it('counts only for the version that it names', async () => {
    const { id, meta } = await aPerson();
    const answers = await Promise.all([1, 2, 3].map((turn) => patch(id, [{ op: 'replace', path: 'displayName', value: `${turn}` }], { 'if-match': meta.version })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412, 412]);
    expect(answers.find(({ status }) => status === 412)?.body).toMatchObject({ status: '412', code: 'RKY-10120' });
    expect((await patch(id, [{ op: 'replace', path: 'displayName', value: 'any' }], { 'if-match': '*' })).status).toBe(200);
  });
});

describe('what a patch does to an account', () => {
  const password = 'a password nobody has guessed';
  const anAccount = async () => {
    const person = await aPerson({ ...before, password });
    return { id: person.id, name: person['userName'] as string };
  };
  const set = (id: string, name: string, value: unknown) => patch(id, [{ op: 'replace', path: `${wso2}:${name}`, value }]);

  it('locks and unlocks', async () => {
    const { id, name } = await anAccount();
    expect((await set(id, 'accountLocked', true)).status).toBe(200);
    expect(await service.mayGo(name, password)).toBe(false);
    expect((await set(id, 'accountLocked', false)).status).toBe(200);
    expect(await service.mayGo(name, password)).toBe(true);
  });

  it('disables and enables', async () => {
    const { id, name } = await anAccount();
    expect((await set(id, 'accountDisabled', true)).body).toMatchObject({ active: false });
    expect(await service.mayGo(name, password)).toBe(false);
    expect((await patch(id, [{ op: 'replace', path: 'active', value: true }])).body).toMatchObject({ active: true, [wso2]: { accountDisabled: false } });
    expect(await service.mayGo(name, password)).toBe(true);
  });

  it('forces a reset: the person is mailed a key, and nothing else signs in', async () => {
    const { id, name } = await anAccount();
    expect((await set(id, 'forcePasswordReset', true)).body).toMatchObject({ [wso2]: { forcePasswordReset: true } });
    expect(await service.mayGo(name, password)).toBe(false);
    const key = await service.keyOf(name);
    expect((await service.setPassword(key, 'another one nobody has guessed')).status).toBe(200);
    expect(await service.mayGo(name, 'another one nobody has guessed')).toBe(true);
    expect(await read(id)).toMatchObject({ [wso2]: { forcePasswordReset: false } });
  });

  it('voids a key that went to the old address', async () => {
    const { id, name } = await anAccount();
    await service.recover(name);
    const key = await service.keyOf(name);
    expect((await patch(id, [{ op: 'replace', path: 'emails[type eq "work"].value', value: 'new@work.example' }])).status).toBe(200);
    expect((await service.setPassword(key, 'another one nobody has guessed')).body).toMatchObject({ code: '18001' });
  });

  it('goes through the listener chain, whose refusal has its code', async () => {
    const { id } = await anAccount();
    const folder = await mkdtemp(path.join(tmpdir(), 'rekey-no-kings-'));
    const module = path.join(folder, 'no-kings.mjs');
    await writeFile(module, `export default () => ({ pre: { setClaims: ({ claims }) => claims['http://wso2.org/claims/title'] === 'King' ? { kind: 'refuse', code: 'NO-KINGS', message: 'There are no kings here.' } : { kind: 'continue' } } });`);
    await service.reconfigure(`[[event_listener]]\nid = "no-kings"\norder = 40\nmodule = "${module}"\n`);
    const refused = await patch(id, [{ op: 'add', path: 'title', value: 'King' }, { op: 'replace', path: 'active', value: false }]);
    expect([refused.status, refused.body]).toEqual([403, expect.objectContaining({ status: '403', code: 'RKY-10012', detail: 'There are no kings here.', reasons: [{ code: 'NO-KINGS', message: 'There are no kings here.' }] })]);
    expect(await read(id)).toMatchObject({ active: true });
    await service.reconfigure('');
    await rm(folder, { recursive: true });
  });

  it('is on record, with who asked for it and no value (S34)', async () => {
    const { id, name } = await anAccount();
    await set(id, 'accountLocked', true);
    await service.ask(`/scim2/Users/${id}`, { method: 'DELETE' });
    const acts = () => service.database.query(`SELECT operation, outcome, actor, claims FROM audit_record WHERE username = $1 AND operation IN ('setClaims', 'deleteUser') ORDER BY id`, [name]);
    await until(async () => (await acts()).length === 2);
    const act = { outcome: 'done', actor: 'admin@carbon.super' };
    expect(await acts()).toEqual([{ ...act, operation: 'setClaims', claims: ['http://wso2.org/claims/identity/accountLocked'] }, { ...act, operation: 'deleteUser', claims: [] }]);
  });

  it('is the same wherever identity claims are kept', async () => {
    const { id } = await anAccount();
    await service.reconfigure('[event.default_listener.governance_identity_mgt]\nenable = "false"\n[event.default_listener.governance_identity_store]\nenable = "false"\n');
    expect((await set(id, 'accountLocked', true)).body).toMatchObject({ [wso2]: { accountLocked: true } });
    const found = await service.ask(`/scim2/Users?${new URLSearchParams({ filter: `id eq "${id}" and ${wso2}:accountLocked eq true` }).toString()}`);
    expect(found.body).toMatchObject({ totalResults: 1 });
    await service.reconfigure('');
  });
});
