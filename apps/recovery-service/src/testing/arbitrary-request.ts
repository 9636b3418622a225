import fc from 'fast-check';
import { referredSchema, type DocumentedOperation, type Schema } from './documented.ts';

/** A request to an operation, as it was drawn. What stands in `«»` is put in when it is sent: only then is there a key that lives. */
export interface DrawnRequest {
  readonly tenant: string;
  readonly credentials: string;
  readonly cookie: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType: string;
  readonly body: string | undefined;
}

/** Names of fields whose values mean something to the service: without them hardly a request would get further than its first look-up. */
const meaningful: Readonly<Record<string, readonly string[]>> = {
  id: ['«id»'],
  username: ['«name»', 'nobody', 'PRIMARY/«name»'],
  userName: ['made-«random»', '«name»'],
  realm: ['PRIMARY'],
  'tenant-domain': ['carbon.super'],
  key: ['«key»', 'RecoveryScenario', 'callback'],
  code: ['«key»'],
  value: ['NOTIFICATION_BASED_PW_RECOVERY', 'https://id.example.com/after', '«name»@example.com', 'true'],
  password: ['«password»', 'another one nobody has guessed', 'short'],
  oldPassword: ['«password»'],
  categoryId: ['QWNjb3VudCBNYW5hZ2VtZW50'],
  connectorId: ['YWNjb3VudC1yZWNvdmVyeQ'],
  uri: ['http://wso2.org/claims/emailaddress', 'http://wso2.org/claims/givenname'],
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', 'urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  path: ['/Users', '/Users/«id»', 'nickName', 'active'],
  domain: ['carbon.super', 'made-«random».example'],
  filter: ['userName eq "«name»"', 'userName sw "p" and active eq true'],
};

const hostileText = ['', ' ', '\0', '\ud800', '\u202e', '../..', "' OR 1=1 --", '{{7*7}}', '<script>', 'a'.repeat(5_000), '\r\nBcc: eve@evil.test', '%', '%00', '${jndi:x}', '__proto__', '🙂'.repeat(300), '-1', '1e999'];
const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1, 1.5, Number.MAX_SAFE_INTEGER, 1e300, [], {}, [[]], { $ne: 1 }, ['kim', 'eve'], Object.fromEntries([['__proto__', 1]])),
  fc.constantFrom(...hostileText),
  fc.json({ maxDepth: 3 }).map((json): unknown => JSON.parse(json)),
);
const hostileJson = ['', '{', '[]', 'null', '"text"', '0', '{"a":1,"a":2}', '{"__proto__":{"administrator":true}}', '{"constructor":{"prototype":{}}}', `${'['.repeat(5_000)}${']'.repeat(5_000)}`, '1e999', '\ufeff{}', '{"user":{"username":"«name»","username":"eve"}}'];

/** What a schema allows; of texts, now and then what it does not. */
function fromSchema(schema: Schema, api: string, field = ''): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return fromSchema(referredSchema(api, schema.$ref), api, field);
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map((choice) => fromSchema(choice, api, field)));
  const [one] = schema.allOf ?? [];
  if (one) return fromSchema(one, api, field);
  switch (typeof schema.type === 'string' ? schema.type : schema.type?.[0]) {
    case 'string':
      return textFrom(schema, field);
    case 'integer':
      return fc.integer({ min: Math.max(schema.minimum ?? -10, -(2 ** 31)), max: Math.min(schema.maximum ?? 10_000, 2 ** 31) });
    case 'number':
      return fc.double({ min: schema.minimum ?? -10, max: schema.maximum ?? 10_000, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      if (schema.prefixItems) return fc.tuple(...schema.prefixItems.map((item) => fromSchema(item, api, field)));
      return fc.array(fromSchema(schema.items || {}, api, field), { minLength: schema.minItems ?? 0, maxLength: Math.min(schema.maxItems ?? 3, Math.max(3, schema.minItems ?? 0)) });
    case 'object':
      return objectFrom(schema, api);
    default:
      return hostileValue;
  }
}

function textFrom({ minLength = 0, maxLength = 300, pattern, format }: Schema, field: string): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.oneof(fc.constant('«id»'), fc.uuid());
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  const allowed = (text: string) => text.length >= minLength && text.length <= maxLength && (pattern === undefined || new RegExp(pattern, 'u').test(text));
  const general = ['kim', 'kim@example.com', 'https://id.example.com/', '1'].filter(allowed);
  const known = meaningful[field] ?? (general.length > 0 ? general : ['kim']);
  const any = fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 40) });
  return fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: any }, { weight: 1, arbitrary: fc.constant('x'.repeat(maxLength)) });
}

function objectFrom({ properties = {}, required = [], additionalProperties }: Schema, api: string): fc.Arbitrary<unknown> {
  const fields = Object.fromEntries(Object.entries(properties).flatMap(([name, schema]) => (schema === false ? [] : [[name, fromSchema(schema, api, name)] as const])));
  const known = fc.record(fields, { requiredKeys: [...required] });
  if (typeof additionalProperties !== 'object') return known;
  const more = fc.dictionary(fc.constantFrom(...(meaningful['uri'] ?? []), 'more'), fromSchema(additionalProperties, api), { maxKeys: 3 });
  return fc.tuple(more, known).map(([other, own]) => ({ ...other, ...own }));
}

/** Something of it is not as it should be: a value of another kind, a field too many, one too few. */
function spoiled(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value !== 'object' || value === null) return hostileValue;
  const keys = Object.keys(value);
  if (keys.length === 0) return fc.dictionary(fc.constantFrom('to', '__proto__', 'email'), hostileValue, { minKeys: 1, maxKeys: 2 });
  return fc.tuple(fc.constantFrom(...keys), fc.constantFrom('replace', 'deeper', 'add', 'remove')).chain(([key, how]) => {
    const at = Object.entries(value).find(([name]) => name === key)?.[1] as unknown;
    const change = how === 'deeper' ? spoiled(at) : hostileValue;
    return change.map((other) => {
      if (Array.isArray(value)) return value.map((item: unknown, index) => (String(index) === key ? other : item));
      const entries = Object.entries(value).filter(([name]) => how !== 'remove' || name !== key);
      if (how === 'remove') return Object.fromEntries(entries);
      return Object.fromEntries([...entries, [how === 'add' ? 'to' : key, other]]);
    });
  });
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

function bodyOf({ api, requestBody }: DocumentedOperation): fc.Arbitrary<string | undefined> {
  const schema = requestBody && Object.values(requestBody.content)[0]?.schema;
  if (!schema) return fc.constant(undefined);
  const allowed = fromSchema(schema, api);
  return fc.oneof({ weight: 5, arbitrary: allowed.map(asJson) }, { weight: 3, arbitrary: allowed.chain(spoiled).map(asJson) }, { weight: 1, arbitrary: fc.constantFrom(...hostileJson) });
}

function asJson(value: unknown): string {
  return JSON.stringify(value);
}

/** A dot alone is none: a client would take it out of the path. */
const isSegment = (text: string): boolean => !['', '.', '..'].includes(text) && !/\p{Surrogate}/u.test(text);
const hostileSegment = fc.constantFrom(...hostileText.filter(isSegment), '%2e', 'me', '.search');

/** Valid and hostile requests to one operation. */
export function requestTo(operation: DocumentedOperation): fc.Arbitrary<DrawnRequest> {
  const { api, parameters = [] } = operation;
  const named = (place: string) => parameters.filter((parameter) => parameter.in === place);
  const valueOf = ({ schema, name }: { readonly schema: Schema; readonly name: string }) => fromSchema(schema, api, name).map(asText);
  const inPath = named('path').map((parameter) => [parameter.name, fc.oneof({ weight: 4, arbitrary: valueOf(parameter).filter(isSegment) }, { weight: 1, arbitrary: hostileSegment })] as const);
  const inQuery = named('query').map((parameter) => fc.option(fc.oneof({ weight: 4, arbitrary: valueOf(parameter) }, { weight: 1, arbitrary: fc.constantFrom(...hostileText) }).map((value) => [parameter.name, value] as const), { nil: null }));
  const inHeaders = named('header').map((parameter) => [parameter.name, valueOf(parameter).map((text) => text.replace(/[^!-~]/g, ''))] as const);
  return fc.record({
    tenant: fc.constantFrom('', '', '', '', '/t/carbon.super', '/t/carbon.super', '/t/nowhere.example'),
    credentials: fc.constantFrom(...Array.from({ length: 8 }, () => 'admin:admin'), '«name»:«password»', 'admin:wrong', 'nobody:x', ''),
    cookie: fc.constantFrom('«session»', '«session»', '«session»', 'dead', ''),
    pathParameters: fc.record(Object.fromEntries(inPath)),
    query: fc.tuple(...inQuery, fc.constantFrom(null, null, null, ['a', 'b'] as const, ['__proto__', 'x'] as const)).map((pairs) => pairs.filter((pair) => pair !== null)),
    headers: fc.record(Object.fromEntries(inHeaders)),
    contentType: fc.constantFrom(...Array.from({ length: 12 }, () => 'application/json'), 'text/plain', 'application/x-www-form-urlencoded'),
    body: bodyOf(operation),
  });
}
