import type { UserField } from '@rekey/identity';

export const coreSchema = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const wso2Schema = 'urn:scim:wso2:schema';
/** Where older versions of WSO2 had what is in their own schema now: understood in requests, not shown. */
export const enterpriseSchema = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const claim = (name: string) => `http://wso2.org/claims/${name}`;
const identityClaim = (name: string) => claim(`identity/${name}`);

/** Attributes that hold one text: their paths in SCIM's core schema, and WSO2's claims. */
export const textClaims = {
  externalId: claim('externalid'),
  'name.formatted': claim('fullname'),
  'name.familyName': claim('lastname'),
  'name.givenName': claim('givenname'),
  'name.middleName': claim('middleName'),
  'name.honorificPrefix': claim('honorificPrefix'),
  'name.honorificSuffix': claim('honorificSuffix'),
  displayName: claim('displayName'),
  nickName: claim('nickname'),
  profileUrl: claim('url'),
  title: claim('title'),
  userType: claim('userType'),
  preferredLanguage: claim('preferredLanguage'),
  locale: claim('locale'),
  timezone: claim('timeZone'),
} as const;

export const accountDisabledClaim = identityClaim('accountDisabled');

/** Switches in WSO2's schema that administrators set. */
export const switchClaims = {
  accountLocked: identityClaim('accountLocked'),
  accountDisabled: accountDisabledClaim,
  forcePasswordReset: identityClaim('adminForcedPasswordReset'),
} as const;

/** What WSO2's schema tells of an account, and the listener chain alone changes. */
export const statusClaims = {
  accountState: { kind: 'text', uri: identityClaim('accountState') },
  lockedReason: { kind: 'text', uri: identityClaim('lockedReason') },
  unlockTime: { kind: 'text', uri: identityClaim('unlockTime') },
  failedLoginAttempts: { kind: 'number', uri: identityClaim('failedLoginAttempts') },
} as const satisfies Readonly<Record<string, UserField>>;

export type Mutability = 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly';

/** An attribute that a path may name. */
export interface Attribute {
  /** As it is spelled, with its schema where that is not the core one. */
  readonly path: string;
  readonly schema: typeof coreSchema | typeof wso2Schema;
  readonly name: string;
  /** Within `name`, of a complex attribute. */
  readonly subName: string | null;
  readonly mutability: Mutability;
  /** null where users cannot be found by it. `address`: by a part of one of their addresses. */
  readonly field: UserField | { readonly kind: 'address'; readonly part: 'value' | 'type' | 'primary' } | null;
}

function core(path: string, mutability: Mutability, field: Attribute['field'] = null): Attribute {
  const [name = path, subName = null] = path.split('.');
  return { path, schema: coreSchema, name, subName, mutability, field };
}

function extension(name: string, mutability: Mutability, field: UserField): Attribute {
  return { path: `${wso2Schema}:${name}`, schema: wso2Schema, name, subName: null, mutability, field };
}

const address = (part: 'value' | 'type' | 'primary') => ({ kind: 'address', part }) as const;

export const attributes: readonly Attribute[] = [
  core('schemas', 'readOnly'),
  core('id', 'readOnly', { kind: 'id' }),
  core('userName', 'immutable', { kind: 'username' }),
  core('password', 'writeOnly'),
  core('name', 'readWrite'),
  ...Object.entries(textClaims).map(([path, uri]) => core(path, 'readWrite', { kind: 'text', uri })),
  core('emails', 'readWrite', address('value')),
  core('emails.value', 'readWrite', address('value')),
  core('emails.type', 'readWrite', address('type')),
  core('emails.primary', 'readWrite', address('primary')),
  core('active', 'readWrite', { kind: 'opposite', uri: accountDisabledClaim }),
  core('meta', 'readOnly'),
  core('meta.resourceType', 'readOnly'),
  core('meta.location', 'readOnly'),
  core('meta.version', 'readOnly'),
  core('meta.created', 'readOnly', { kind: 'created-at' }),
  core('meta.lastModified', 'readOnly', { kind: 'updated-at' }),
  ...Object.entries(switchClaims).map(([name, uri]) => extension(name, 'readWrite', { kind: 'switch', uri })),
  ...Object.entries(statusClaims).map(([name, field]) => extension(name, 'readOnly', field)),
];

const byPath = new Map(attributes.map((attribute) => [attribute.path.toLowerCase(), attribute]));

/** @param path in whatever case, with or without its schema; null where there is no such attribute (RFC 7644 section 3.10) */
export function attributeAt(path: string): Attribute | null {
  return byPath.get(canonicalPath(path)) ?? null;
}

/** Which schema a path names as a whole; null where it is a path within one. */
export function schemaAt(path: string): typeof coreSchema | typeof wso2Schema | null {
  const schema = path.toLowerCase();
  if (schema === coreSchema.toLowerCase()) return coreSchema;
  return schema === wso2Schema || schema === enterpriseSchema.toLowerCase() ? wso2Schema : null;
}

function canonicalPath(path: string): string {
  const lower = path.toLowerCase();
  if (lower.startsWith(`${coreSchema.toLowerCase()}:`)) return lower.slice(coreSchema.length + 1);
  const old = `${enterpriseSchema.toLowerCase()}:`;
  return lower.startsWith(old) ? `${wso2Schema}:${lower.slice(old.length)}` : lower;
}

/**
 * A resource as a client wrote it, with every attribute's name as it is spelled, and in its schema's place: names are in whatever case
 * (RFC 7643 section 2.1), and an extension's may stand with their schema before them. `null` is as if it were not there (section 2.5).
 * What is unknown stays, to be refused by name.
 */
export function withSpelledNames(resource: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const spelled: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(resource)) {
    if (value === null) continue;
    const schema = schemaAt(key);
    if (schema === wso2Schema && isObject(value)) spelled[wso2Schema] = { ...recordIn(spelled, wso2Schema), ...within(`${wso2Schema}:`, value) };
    else {
      const attribute = attributeAt(key);
      if (attribute?.schema === wso2Schema) spelled[wso2Schema] = { ...recordIn(spelled, wso2Schema), [attribute.name]: value };
      // One address is not in every client a list of one.
      else if (attribute?.subName === null) spelled[attribute.name] = spelledValue(attribute, attribute.name === 'emails' ? [value].flat() : value);
      else spelled[key] = value;
    }
  }
  return spelled;
}

/** @param value of the attribute, where it is complex with names of parts in whatever case */
export function spelledValue({ path }: Attribute, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((entry: unknown) => (isObject(entry) ? within(`${path}.`, entry) : entry));
  return isObject(value) ? within(`${path}.`, value) : value;
}

function within(prefix: string, value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, part]) => {
      const attribute = byPath.get(`${prefix}${key}`.toLowerCase());
      return part === null ? [] : [[attribute ? (attribute.subName ?? attribute.name) : key, part]];
    }),
  );
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function recordIn(resource: Readonly<Record<string, unknown>>, key: string): Record<string, unknown> {
  const value = resource[key];
  return isObject(value) ? value : {};
}
