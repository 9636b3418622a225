import { randomUUID } from 'node:crypto';
import { baseUrl, ServiceUnderTest } from '../testing/service-under-test.ts';

const schemas = ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'];
const patchOp = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [{ op: 'add', path: 'title', value: 'Engineer' }] };

let service: ServiceUnderTest;
beforeAll(async () => void (service = await ServiceUnderTest.start()));
afterAll(() => service.stop());

interface Result {
  readonly method: string;
  readonly bulkId?: string;
  readonly location?: string;
  readonly status: string;
  readonly response?: Record<string, unknown>;
}

const bulk = (operations: unknown, more = {}) => service.ask('/scim2/Bulk', { body: { schemas, Operations: operations, ...more } });
const resultsOf = async (operations: readonly object[], more = {}) => {
  const answer = await bulk(operations, more);
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
  return (answer.body as { Operations: readonly Result[] }).Operations;
};
const post = (userName: string, bulkId: string = userName) => ({ method: 'POST', path: '/Users', bulkId, data: { userName } });

describe('a bulk', () => {
  it('does every operation, and knows those made before by their bulkId', async () => {
    const results = await resultsOf([
      post('bulk-anna', 'qwerty'),
      { method: 'PATCH', path: '/Users/bulkId:qwerty', data: patchOp },
      { method: 'put', path: '/Users/bulkId:qwerty', data: { userName: 'bulk-anna', title: 'Manager' } },
      post('bulk-bert'),
      { method: 'DELETE', path: '/Users/bulkId:bulk-bert' },
    ]);
    expect(results.map(({ method, status }) => [method, status])).toEqual([['POST', '201'], ['PATCH', '200'], ['PUT', '200'], ['POST', '201'], ['DELETE', '204']]);
    const [made] = results;
    expect(made).toMatchObject({ bulkId: 'qwerty', location: expect.stringContaining('/scim2/Users/') as string });
    expect((await service.ask(`/scim2/Users/${made?.location?.split('/').at(-1)}`)).body).toMatchObject({ userName: 'bulk-anna', title: 'Manager' });
  });

  it('says what is wrong with each, and goes on', async () => {
    const results = await resultsOf([
      post('bulk-kim'),
      post('bulk-kim', 'again'),
      { method: 'POST', path: '/Users', data: { userName: 'bulk-none' } },
      { method: 'POST', path: '/Groups', bulkId: 'g', data: {} },
      { method: 'PATCH', path: '/Users/bulkId:again', data: patchOp },
      { method: 'PATCH', path: `/Users/${randomUUID()}`, data: patchOp },
      { method: 'DELETE', path: '/Users/__proto__' },
      { method: 'PUT', path: '/Users/bulkId:bulk-kim', version: 'W/"old"', data: { userName: 'bulk-kim' } },
      post('bulk-lee'),
    ]);
    expect(results.map(({ status, response }) => [status, response?.['scimType'] ?? response?.['code']])).toEqual([
      ['201', undefined],
      ['409', 'uniqueness'],
      ['400', 'invalidValue'],
      ['400', 'invalidValue'],
      ['400', 'invalidValue'],
      ['404', 'RKY-10004'],
      ['404', 'RKY-10004'],
      ['412', 'RKY-10120'],
      ['201', undefined],
    ]);
  });

  it('says where each user is whom it was to change, also where that failed (RFC 7644 section 3.7)', async () => {
    const unknown = randomUUID();
    const [made, again, ...others] = await resultsOf([
      post('bulk-there'),
      post('bulk-there', 'again'),
      { method: 'PATCH', path: '/Users/bulkId:bulk-there', version: 'W/"old"', data: patchOp },
      { method: 'DELETE', path: '/Users/bulkId:bulk-there' },
      { method: 'DELETE', path: '/Users/bulkId:again' },
      { method: 'PUT', path: `/Users/${unknown}`, data: { userName: 'nobody' } },
      { method: 'DELETE', path: '/Users/a"b\\..?c' },
    ]);
    expect(made?.location).toContain(`${baseUrl}/scim2/Users/`);
    expect(again).not.toHaveProperty('location');
    expect(others.map(({ status, location }) => [status, location])).toEqual([
      ['412', made?.location],
      ['204', made?.location],
      ['400', undefined],
      ['404', `${baseUrl}/scim2/Users/${unknown}`],
      ['404', `${baseUrl}/scim2/Users/a%22b%5C..%3Fc`],
    ]);
  });

  it('ends at the error that is one too many', async () => {
    const results = await resultsOf([post('fail-1'), post('fail-1', 'b'), post('fail-2'), post('fail-2', 'c'), post('fail-3')], { failOnErrors: 2 });
    expect(results.map(({ status }) => status)).toEqual(['201', '409', '201', '409']);
    expect((await service.ask('/scim2/Users?filter=userName%20eq%20%22fail-3%22')).body).toMatchObject({ totalResults: 0 });
    expect(await resultsOf([post('fail-1'), post('fail-2'), post('fail-3')], { failOnErrors: 0 })).toHaveLength(3);
  });

  it('follows no reference in a circle: no attribute of a user refers to anything', async () => {
    const circle = (userName: string, to: string) => ({ method: 'POST', path: '/Users', bulkId: userName, data: { userName, displayName: `bulkId:${to}` } });
    expect((await resultsOf([circle('one', 'two'), circle('two', 'one')])).map(({ status }) => status)).toEqual(['400', '400']);
  });

  it('is refused whole where it is too large, or cannot be read', async () => {
    const tooMany = await bulk(Array.from({ length: 101 }, (_, index) => post(`many-${index}`)));
    expect([tooMany.status, tooMany.body]).toEqual([413, expect.objectContaining({ status: '413', scimType: 'tooMany' })]);
    expect((await bulk([{ ...post('large'), data: { userName: 'large', displayName: 'x'.repeat(70_000) } }])).status).toBe(413);
    for (const operations of [[], {}, [{ method: 'GET', path: '/Users' }], [{ path: '/Users' }], [post('a', 'same'), post('b', 'same')], [null]]) expect((await bulk(operations)).status).toBe(400);
    for (const failOnErrors of [-1, '1', 1.5]) expect((await bulk([post('never')], { failOnErrors })).status).toBe(400);
    expect((await service.ask('/scim2/Users?filter=userName%20sw%20%22many%22')).body).toMatchObject({ totalResults: 0 });
  });

  it('does not delete the account of who asks', async () => {
    const { id } = (await service.ask('/scim2/Me')).body as { id: string };
    expect((await resultsOf([{ method: 'DELETE', path: `/Users/${id}` }]))[0]?.status).toBe('403');
  });
});
