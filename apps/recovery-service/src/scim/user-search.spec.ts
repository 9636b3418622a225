import { ServiceUnderTest } from '../testing/service-under-test.ts';

interface ListResponse {
  readonly totalResults: number;
  readonly startIndex: number;
  readonly itemsPerPage: number;
  readonly Resources: readonly Record<string, unknown>[];
}

const wso2 = 'urn:scim:wso2:schema';
const other = 'other.example';

let service: ServiceUnderTest;
beforeAll(async () => {
  service = await ServiceUnderTest.start('[super_admin]\nusername = "root"\npassword = "a password for tests"\n');
  await service.database.query(`INSERT INTO tenant (domain) VALUES ($1)`, [other]);
  const users = [
    { userName: 'anna', externalId: 'E-1', name: { givenName: 'Anna', familyName: 'Öberg' }, emails: [{ value: 'anna@work.example', type: 'work', primary: true }, { value: 'anna@home.example', type: 'home' }], phoneNumbers: [{ value: '+1 555 0100', type: 'mobile' }], addresses: [{ formatted: '1 Main St, Springfield', type: 'home' }], title: 'Engineer' },
    { userName: 'Bert', name: { givenName: 'Bert', familyName: 'Abel' }, emails: ['Bert@Example.com', 'bertie@example.com'], phoneNumbers: ['555-0101', { value: '555-0102', type: 'work' }], active: false },
    { userName: 'carl.o’neil', name: { familyName: "O'Neil \\ \"x\"" }, [wso2]: { accountLocked: true } },
    { userName: '100%_dora', displayName: '100% a_b', emails: [{ value: 'dora@home.example', type: 'home' }] },
  ];
  for (const body of users) expect((await service.ask('/scim2/Users', { as, body })).status).toBe(201);
  expect((await service.ask(`/t/${other}/scim2/Users`, { as, body: { userName: 'anna', emails: ['anna@other.example'] } })).status).toBe(201);
});
afterAll(() => service.stop());

const as = 'root@carbon.super:a password for tests';
const query = (parameters: Record<string, string>, path = '/scim2/Users') => service.ask(`${path}?${new URLSearchParams(parameters).toString()}`, { as });
const list = async (parameters: Record<string, string>, path?: string) => {
  const answer = await query(parameters, path);
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
  return answer.body as ListResponse;
};
const names = ({ Resources }: ListResponse) => Resources.map(({ userName }) => userName);

describe('a filter', () => {
  const everybody = ['100%_dora', 'anna', 'Bert', 'carl.o’neil', 'root'];
  it.each<[filter: string, found: readonly string[]]>([
    ['userName eq "anna"', ['anna']],
    ['username EQ "ANNA"', ['anna']],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName eq "anna"', ['anna']],
    ['userName ne "anna"', ['100%_dora', 'Bert', 'carl.o’neil', 'root']],
    ['userName co "ER"', ['Bert']],
    ['userName sw "100%_"', ['100%_dora']],
    ['userName sw "a%"', []],
    ['userName ew "neil"', ['carl.o’neil']],
    ['userName gt "b" and userName lt "d"', ['Bert', 'carl.o’neil']],
    ['userName ge "anna" and userName le "anna"', ['anna']],
    ['userName pr', everybody],
    ['externalId eq "E-1"', ['anna']],
    ['title pr', ['anna']],
    ['not (title pr)', ['100%_dora', 'Bert', 'carl.o’neil', 'root']],
    ['title eq null', ['100%_dora', 'Bert', 'carl.o’neil', 'root']],
    ['not (title eq "Engineer")', ['100%_dora', 'Bert', 'carl.o’neil', 'root']],
    ['title ne "Engineer"', ['100%_dora', 'Bert', 'carl.o’neil', 'root']],
    ['name.familyName eq "ÖBERG"', ['anna']],
    ['name.familyName eq "\\u00d6berg"', ['anna']],
    ['name.familyName co "\\\\ \\"x"', ['carl.o’neil']],
    [`name.familyName sw "O'"`, ['carl.o’neil']],
    ['displayName co "a_b"', ['100%_dora']],
    ['emails eq "anna@work.example"', ['anna']],
    ['emails.value eq "BERTIE@example.com"', ['Bert']],
    ['emails co "home.example"', ['100%_dora', 'anna']],
    ['emails[type eq "work" and value ew "@work.example"]', ['anna']],
    ['emails[type eq "work" and value ew "@home.example"]', []],
    ['emails[value eq "anna@home.example" and primary eq true]', []],
    ['emails[type eq "home" and primary eq true]', ['100%_dora']],
    ['emails[not (type pr) and primary eq false]', ['Bert']],
    ['emails.type eq "work"', ['anna']],
    ['phoneNumbers eq "+1 555 0100"', ['anna']],
    ['phoneNumbers sw "555"', ['Bert']],
    ['phoneNumbers[type eq "mobile" and value co "555"]', ['anna']],
    ['phoneNumbers[not (type pr) and value eq "555-0101"]', ['Bert']],
    ['phoneNumbers.type eq "pager"', []],
    ['phoneNumbers.value ne "555-0101"', ['100%_dora', 'anna', 'Bert', 'carl.o’neil', 'root']],
    ['not (phoneNumbers pr)', ['100%_dora', 'carl.o’neil', 'root']],
    ['addresses.formatted co "SPRINGFIELD"', ['anna']],
    ['addresses[type eq "work"]', []],
    ['emails pr', ['100%_dora', 'anna', 'Bert']],
    ['active eq false', ['Bert']],
    ['active ne false', ['100%_dora', 'anna', 'carl.o’neil', 'root']],
    ['active pr', everybody],
    ['active eq null', []],
    ['active eq "True" and userName ne "root"', ['100%_dora', 'anna', 'carl.o’neil']],
    [`${wso2}:accountLocked eq true`, ['carl.o’neil']],
    ['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:accountLocked eq true', ['carl.o’neil']],
    [`${wso2}:lockedReason pr`, []],
    [`${wso2}:accountDisabled eq true`, ['Bert']],
    [`${wso2}:failedLoginAttempts gt 0`, []],
    ['meta.created gt "2020-01-01T00:00:00Z"', everybody],
    ['meta.lastModified lt "2020-01-01T00:00:00Z"', []],
    ['userName eq "anna" or userName eq "bert" and title pr', ['anna']],
    ['(userName eq "anna" or userName eq "bert") and not (title pr)', ['Bert']],
    ['not (not (userName eq "anna"))', ['anna']],
    ['((userName eq "anna") or ((userName eq "bert")))', ['anna', 'Bert']],
    [`userName eq "x' OR '1'='1"`, []],
  ])('%s', async (filter, found) => {
    const answer = await list({ filter });
    expect([names(answer), answer.totalResults]).toEqual([found, found.length]);
  });

  it('finds a user by the id', async () => {
    const [anna] = (await list({ filter: 'userName eq "anna"' })).Resources;
    expect(names(await list({ filter: `id eq "${String(anna?.['id'])}"` }))).toEqual(['anna']);
  });

  it.each<[what: string, filter: string]>([
    ['nothing', ''],
    ['no comparison', 'userName'],
    ['no value', 'userName eq '],
    ['two values without quotes', 'userName eq kim berry'],
    ['NUL without quotes', 'userName eq a\0b'],
    ['an operator that there is not', 'userName matches "a"'],
    ['an attribute that there is not', 'isAdmin eq true'],
    ['the password', 'password sw "a"'],
    ['JavaScript’s own names', '__proto__ eq "a"'],
    ['a path of them', 'constructor.prototype pr'],
    ['a bracket at an attribute of one value', 'name[givenName eq "Anna"]'],
    ['an unknown part of an address', 'emails[display eq "a"]'],
    ['what marks mail addresses alone', 'phoneNumbers[primary eq true]'],
    ['a part of a postal address', 'addresses[streetAddress eq "a"]'],
    ['one list within another', 'emails[phoneNumbers eq "1"]'],
    ['a text that does not end', 'userName eq "a'],
    ['a text of line feeds that does not end', `userName eq "${'\n'.repeat(1_000)}`],
    ['escapes that do not end', `userName eq "${'\\a'.repeat(900)}`],
    ['NUL', 'userName eq "\\u0000"'],
    ['half of a surrogate pair', 'userName eq "\\ud800"'],
    ['an end that is missing', '(userName eq "a"'],
    ['an end too many', 'userName eq "a")'],
    ['half a filter', 'userName eq "a" and'],
    ['an order of switches', 'active gt false'],
    ['a text for a switch', 'active eq "perhaps"'],
    ['a fraction of an attempt', `${wso2}:failedLoginAttempts gt 0.5`],
    ['no time', 'meta.created gt "yesterday"'],
    ['a part of a time', 'meta.created co "2026"'],
    ['a hundred brackets', `${'('.repeat(100)}userName pr${')'.repeat(100)}`],
    ['a hundred negations', `${'not '.repeat(100)}userName pr`],
    ['a hundred alternatives', Array.from({ length: 100 }, () => 'title pr').join(' or ')],
    ['more than 2048 characters', `userName eq "${'a'.repeat(2_048)}"`],
  ])('of %s is refused', async (_, filter) => {
    const answer = await query({ filter });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, expect.stringContaining('application/scim+json')]);
    expect(answer.body).toMatchObject({ schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '400', scimType: 'invalidFilter', detail: expect.stringContaining('filter') as string });
  });
});

describe('a list', () => {
  it('comes in pages, each user on one of them', async () => {
    const pages = [await list({ count: '2' }), await list({ startIndex: '3', count: '2' }), await list({ startIndex: '5', count: '2' }), await list({ startIndex: '6', count: '2' })];
    expect(pages.map(names)).toEqual([['100%_dora', 'anna'], ['Bert', 'carl.o’neil'], ['root'], []]);
    expect(pages.map(({ totalResults, startIndex, itemsPerPage }) => [totalResults, startIndex, itemsPerPage])).toEqual([[5, 1, 2], [5, 3, 2], [5, 5, 1], [5, 6, 0]]);
  });

  it('takes numbers that mean nothing as the nearest that do', async () => {
    expect(await list({ startIndex: '-5', count: '-1' })).toMatchObject({ totalResults: 5, startIndex: 1, Resources: [] });
    expect((await list({ count: '100000000' })).Resources).toHaveLength(5);
    for (const parameters of [{ count: 'many' }, { startIndex: '1e3' }, { count: '9'.repeat(40) }, { sortOrder: 'sideways' }] as Record<string, string>[]) expect((await query(parameters)).status).toBe(400);
  });

  it.each<[sortBy: string, sortOrder: string, sorted: readonly string[]]>([
    ['userName', 'descending', ['root', 'carl.o’neil', 'Bert', 'anna', '100%_dora']],
    ['name.givenName', 'ascending', ['anna', 'Bert', '100%_dora', 'carl.o’neil', 'root']],
    ['NAME.GIVENNAME', 'descending', ['100%_dora', 'carl.o’neil', 'root', 'Bert', 'anna']],
    ['emails', 'ascending', ['anna', 'Bert', '100%_dora', 'carl.o’neil', 'root']],
    ['meta.created', 'ascending', ['root', 'anna', 'Bert', 'carl.o’neil', '100%_dora']],
    ['active', 'ascending', ['Bert', '100%_dora', 'anna', 'carl.o’neil', 'root']],
  ])('is sorted by %s, %s', async (sortBy, sortOrder, sorted) => expect(names(await list({ sortBy, sortOrder }))).toEqual(sorted));

  it('is not sorted by what there is not, nor by what nobody may see', async () => {
    for (const sortBy of ['isAdmin', 'password', '__proto__', 'emails.type', 'phoneNumbers', 'userName;']) expect((await query({ sortBy })).body).toMatchObject({ status: '400', scimType: 'invalidValue' });
  });

  it('shows the attributes that are asked for, or all but some', async () => {
    const filter = 'userName eq "anna"';
    const [one] = (await list({ filter, attributes: 'USERNAME,name.givenName,emails.value,nonsense' })).Resources;
    expect(one).toEqual({ schemas: expect.anything() as unknown, id: expect.any(String) as string, userName: 'anna', name: { givenName: 'Anna' }, emails: [{ value: 'anna@work.example' }, { value: 'anna@home.example' }] });
    const [two] = (await list({ filter, excludedAttributes: `id,meta,name,emails.type,phoneNumbers,addresses.formatted,addresses.type,title,externalId,${wso2}` })).Resources;
    expect(two).toEqual({ schemas: expect.anything() as unknown, id: expect.any(String) as string, userName: 'anna', active: true, emails: [{ value: 'anna@work.example', primary: true }, { value: 'anna@home.example' }] });
  });

  it('is the same by POST at .search, of the users or of all that there is', async () => {
    const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'], filter: 'title pr or active eq false', attributes: ['userName'], sortBy: 'userName', sortOrder: 'descending', startIndex: 1, count: 1 };
    for (const address of ['/scim2/Users/.search', '/scim2/.search']) expect((await service.ask(address, { as, body })).body).toMatchObject({ totalResults: 2, itemsPerPage: 1, Resources: [{ userName: 'Bert' }] });
    for (const wrong of [{ ...body, schemas: ['x'] }, { ...body, domain: 'SECONDARY' }, { ...body, count: '1' }, { ...body, more: 1 }, [], null]) expect((await service.ask('/scim2/Users/.search', { as, body: JSON.stringify(wrong) })).status).toBe(400);
  });

  it('counts at .search no further than is asked for', async () => {
    for (const [totalUpTo, totalResults] of [[2, 3], [4, 5], [5, 5], [9, 5]]) expect((await service.ask('/scim2/Users/.search', { as, body: { count: 1, totalUpTo } })).body).toMatchObject({ totalResults, itemsPerPage: 1 });
    for (const totalUpTo of [0, 1_000_001, '2']) expect((await service.ask('/scim2/Users/.search', { as, body: { totalUpTo } })).status).toBe(400);
  });

  it('is of one tenant', async () => {
    expect((await list({}, `/t/${other}/scim2/Users`)).Resources.map(({ userName, emails }) => [userName, emails])).toEqual([['anna', [{ value: 'anna@other.example', primary: true }]]]);
    expect(names(await list({ filter: 'emails eq "anna@other.example"' }))).toEqual([]);
    expect((await query({}, '/t/nowhere.example/scim2/Users')).body).toMatchObject({ status: '400', code: '18016' });
  });
});
