import { operations, referredSchema, type Schema } from '../testing/documented.ts';

const recovery = '/api/identity/recovery/v0.9';
const user = '/api/identity/user/v1.0';

/** What WSO2's published descriptions (`api.identity.recovery.yaml`, `api.identity.user.yaml`) say of what Rekey has, with fields inside one another behind a dot. */
const published: readonly [method: string, path: string, status: number, asked: string, told: string][] = [
  ['post', `${recovery}/recover-password`, 202, 'type notify user.username user.realm user.tenant-domain properties.key properties.value', ''],
  // Published with 202; WSO2's code and its guide have 200.
  ['post', `${recovery}/set-password`, 200, 'key password properties.key properties.value', 'username realm tenant-domain'],
  ['post', `${recovery}/validate-code`, 202, 'code step properties.key properties.value', 'username realm tenant-domain'],
  ['post', `${recovery}/recover-username`, 202, 'tenant-domain notify uri value', ''],
  ['post', `${recovery}/recover-username`, 204, '', ''],
  ['get', `${recovery}/claims`, 200, 'tenant-domain', 'uri value description display-name dialect validation-regex required read-only'],
  ['get', `${recovery}/captcha`, 200, 'tenant-domain captcha-type recovery-type', 'reCaptchaEnabled reCaptchaKey reCaptchaAPI'],
  ['post', `${recovery}/captcha`, 200, 'tenant-domain captcha-type token', 'success'],
  ['post', `${user}/resend-code`, 201, 'user.username user.realm properties.key properties.value', ''],
  ['post', `${user}/validate-code`, 202, 'code verifiedChannel.type verifiedChannel.claim properties.key properties.value', 'username realm'],
  ['get', `${user}/me`, 200, '', 'basic'],
];

describe('a client that was made from WSO2’s own descriptions', () => {
  it.each(published)('finds %s %s with what it sends, and an answer %i that it can read', (method, path, status, asked, told) => {
    const operation = operations.find((candidate) => candidate.method === method && candidate.path === path);
    const parameters = (operation?.parameters ?? []).map(({ name }) => name);
    const body = Object.values(operation?.requestBody?.content ?? {}).flatMap(({ schema }) => fieldsOf(schema, operation?.api ?? ''));
    expect([...parameters, ...body]).toEqual(expect.arrayContaining(words(asked)));
    const answer = Object.values(operation?.responses[status]?.content ?? {}).flatMap(({ schema }) => fieldsOf(schema, operation?.api ?? ''));
    expect(Object.keys(operation?.responses ?? {})).toContain(String(status));
    expect(answer).toEqual(expect.arrayContaining(words(told)));
  });

  it('sends all that Rekey requires', () => {
    for (const [method, path, , asked] of published.filter((row) => row[3] !== '')) {
      const operation = operations.find((candidate) => candidate.method === method && candidate.path === path);
      const parameters = (operation?.parameters ?? []).filter(({ required }) => required).map(({ name }) => name);
      const body = Object.values(operation?.requestBody?.content ?? {}).flatMap(({ schema }) => schema.required ?? []);
      const sent = words(asked).map((field) => field.split('.')[0]);
      expect([path, [...parameters, ...body].filter((field) => !sent.includes(field))]).toEqual([path, []]);
    }
  });
});

const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');

/** `user`, `user.username`; of a list the fields of its entries. */
function fieldsOf(schema: Schema, api: string): string[] {
  if (schema.$ref !== undefined) return fieldsOf(referredSchema(api, schema.$ref), api);
  if (schema.items) return fieldsOf(schema.items, api);
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => (field === false ? [] : [name, ...fieldsOf(field, api).map((inner) => `${name}.${inner}`)]));
}
