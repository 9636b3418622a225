import { ServiceUnderTest, baseUrl } from '../testing/service-under-test.ts';

let service: ServiceUnderTest;
beforeAll(async () => void (service = await ServiceUnderTest.start()));
afterAll(() => service.stop());

interface Described {
  readonly name: string;
  readonly type: string;
  readonly mutability: string;
  readonly returned: string;
  readonly subAttributes?: readonly Described[];
}

const ask = async (address: string) => {
  const answer = await service.ask(address, { as: null });
  return { ...answer, body: answer.body as Record<string, unknown> };
};

describe('what a client finds out beforehand', () => {
  it('is what the server can do', async () => {
    const { body, headers } = await ask('/scim2/ServiceProviderConfig');
    expect(headers.get('content-type')).toContain('application/scim+json');
    expect(body).toMatchObject({ patch: { supported: true }, bulk: { supported: true, maxOperations: 100 }, filter: { supported: true, maxResults: 1_000 }, sort: { supported: true }, etag: { supported: true }, changePassword: { supported: false } });
  });

  it('is of a tenant that there is, with that tenant’s links', async () => {
    await service.aTenant('acme.example');
    for (const path of ['/scim2/ServiceProviderConfig', '/scim2/ResourceTypes/User', '/scim2/Schemas/urn:ietf:params:scim:schemas:core:2.0:User']) {
      expect((await ask(`/t/acme.example${path}`)).body).toMatchObject({ meta: { location: `${baseUrl}/t/acme.example${path}` } });
      expect((await ask(`/t/nowhere.example${path}`)).body).toMatchObject({ code: '18016' });
    }
  });

  it('is which resources there are', async () => {
    expect((await ask('/scim2/ResourceTypes')).body).toMatchObject({ totalResults: 1, Resources: [{ id: 'User', endpoint: '/Users' }] });
    expect((await ask('/t/carbon.super/scim2/ResourceTypes/User')).body).toMatchObject({ schema: 'urn:ietf:params:scim:schemas:core:2.0:User', schemaExtensions: [{ schema: 'urn:scim:wso2:schema', required: false }, { schema: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', required: false }] });
    expect((await ask('/scim2/ResourceTypes/Group')).body).toMatchObject({ schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '404' });
  });

  it('is every attribute that a user is shown with', async () => {
    const { Resources: schemas } = (await ask('/scim2/Schemas')).body as { Resources: readonly { id: string; attributes: readonly Described[]; meta: { location: string } }[] };
    const described = new Set(schemas.flatMap(({ id, attributes }) => attributes.flatMap(({ name, subAttributes = [] }) => [`${id}:${name}`, ...subAttributes.map((part) => `${id}:${name}.${part.name}`)])));
    await service.aUser('shown', { name: { givenName: 'S' }, title: 'Engineer', phoneNumbers: ['1'], addresses: ['1 Main St'] });
    const user = ((await service.ask('/scim2/Users?filter=userName%20eq%20%22shown%22')).body as { Resources: readonly Record<string, object>[] }).Resources[0] ?? {};
    const extension = Object.keys(user['urn:scim:wso2:schema'] ?? {}).map((name) => `urn:scim:wso2:schema:${name}`);
    const core = Object.keys(user).filter((name) => !['schemas', 'id', 'meta', 'urn:scim:wso2:schema'].includes(name)).map((name) => `urn:ietf:params:scim:schemas:core:2.0:User:${name}`);
    expect([...core, ...extension].filter((path) => !described.has(path))).toEqual([]);
    expect(schemas[0]?.attributes.find(({ name }) => name === 'password')).toMatchObject({ mutability: 'writeOnly', returned: 'never' });
    expect(schemas[0]?.attributes.find(({ name }) => name === 'emails')).toMatchObject({ type: 'complex', multiValued: true });
    expect(schemas[0]?.attributes.find(({ name }) => name === 'phoneNumbers')).toMatchObject({ multiValued: true, subAttributes: [{ name: 'value' }, { name: 'type', canonicalValues: ['mobile', 'work', 'home', 'fax', 'pager', 'other'] }] });
    expect(schemas[1]?.attributes.find(({ name }) => name === 'lockedReason')).toMatchObject({ mutability: 'readOnly' });
    expect(schemas[0]?.meta.location).toBe(`${baseUrl}/scim2/Schemas/urn:ietf:params:scim:schemas:core:2.0:User`);
    expect((await ask('/scim2/Schemas/urn:scim:wso2:schema')).body).toMatchObject({ id: 'urn:scim:wso2:schema' });
    expect((await ask('/scim2/Schemas/urn:nothing')).status).toBe(404);
  });
});
