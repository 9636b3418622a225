import { wso2Claim, type Claims, type ContactField, type ContactKind, type UserField } from '@rekey/identity';
import { textPart } from './contacts.ts';

export const coreSchema = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const wso2Schema = 'urn:scim:wso2:schema';
/** RFC 7643 section 4.3. Older versions of WSO2 had here what is in their own schema now: that is understood in requests, and not shown. */
export const enterpriseSchema = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

export type Schema = typeof coreSchema | typeof wso2Schema | typeof enterpriseSchema;

const identityClaim = (name: string) => wso2Claim(`identity/${name}`);

/** Attributes that hold one text: their paths in SCIM's core schema, and WSO2's claims. */
export const textClaims = {
  externalId: wso2Claim('externalid'),
  'name.formatted': wso2Claim('fullname'),
  'name.familyName': wso2Claim('lastname'),
  'name.givenName': wso2Claim('givenname'),
  'name.middleName': wso2Claim('middleName'),
  'name.honorificPrefix': wso2Claim('honorificPrefix'),
  'name.honorificSuffix': wso2Claim('honorificSuffix'),
  displayName: wso2Claim('displayName'),
  nickName: wso2Claim('nickname'),
  profileUrl: wso2Claim('url'),
  title: wso2Claim('title'),
  userType: wso2Claim('userType'),
  preferredLanguage: wso2Claim('preferredLanguage'),
  locale: wso2Claim('locale'),
  timezone: wso2Claim('timeZone'),
} as const;

/** The same of the enterprise schema. */
export const enterpriseClaims = {
  employeeNumber: wso2Claim('employeeNumber'),
  costCenter: wso2Claim('costCenter'),
  organization: wso2Claim('organization'),
  division: wso2Claim('division'),
  department: wso2Claim('department'),
  'manager.value': wso2Claim('manager'),
  'manager.displayName': wso2Claim('managerName'),
} as const;

export const accountDisabledClaim = identityClaim('accountDisabled');

/** Switches in WSO2's schema that administrators set. */
export const switchClaims = {
  accountLocked: identityClaim('accountLocked'),
  accountDisabled: accountDisabledClaim,
  forcePasswordReset: identityClaim('adminForcedPasswordReset'),
} as const;

export function isOn(claims: Claims, uri: string): boolean {
  return claims[uri]?.toLowerCase() === 'true';
}

/** What WSO2's schema asks for when a user is made, and nothing is kept of. */
export const firstSteps = { verifyEmail: 'verify-email', askPassword: 'set-password' } as const;

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
  readonly schema: Schema;
  readonly name: string;
  /** Within `name`, of a complex attribute. */
  readonly subName: string | null;
  readonly mutability: Mutability;
  /** null where users cannot be found by it. `contact`: by a part of one of their addresses or phone numbers. */
  readonly field: UserField | { readonly kind: 'contact'; readonly of: ContactKind; readonly part: ContactField['kind'] } | null;
}

function core(path: string, mutability: Mutability, field: Attribute['field'] = null): Attribute {
  const [name = path, subName = null] = path.split('.');
  return { path, schema: coreSchema, name, subName, mutability, field };
}

function extension(schema: Schema, path: string, mutability: Mutability, field: Attribute['field'] = null): Attribute {
  return { ...core(path, mutability, field), path: `${schema}:${path}`, schema };
}

const contact = (of: ContactKind, part: ContactField['kind'] = 'value') => ({ kind: 'contact', of, part }) as const;

export const attributes: readonly Attribute[] = [
  core('schemas', 'readOnly'),
  core('id', 'readOnly', { kind: 'id' }),
  core('userName', 'immutable', { kind: 'username' }),
  core('password', 'writeOnly'),
  core('name', 'readWrite'),
  ...Object.entries(textClaims).map(([path, uri]) => core(path, 'readWrite', { kind: 'text', uri })),
  core('emails', 'readWrite', contact('emails')),
  core('emails.value', 'readWrite', contact('emails')),
  core('emails.type', 'readWrite', contact('emails', 'type')),
  core('emails.primary', 'readWrite', contact('emails', 'primary')),
  core('phoneNumbers', 'readWrite', contact('phoneNumbers')),
  core('phoneNumbers.value', 'readWrite', contact('phoneNumbers')),
  core('phoneNumbers.type', 'readWrite', contact('phoneNumbers', 'type')),
  core('addresses', 'readWrite', contact('addresses')),
  core('addresses.formatted', 'readWrite', contact('addresses')),
  core('addresses.type', 'readWrite', contact('addresses', 'type')),
  core('active', 'readWrite', { kind: 'opposite', uri: accountDisabledClaim }),
  core('meta', 'readOnly'),
  core('meta.resourceType', 'readOnly'),
  core('meta.location', 'readOnly'),
  core('meta.version', 'readOnly'),
  core('meta.created', 'readOnly', { kind: 'created-at' }),
  core('meta.lastModified', 'readOnly', { kind: 'updated-at' }),
  ...Object.entries(switchClaims).map(([name, uri]) => extension(wso2Schema, name, 'readWrite', { kind: 'switch', uri })),
  ...Object.keys(firstSteps).map((name) => extension(wso2Schema, name, 'writeOnly')),
  ...Object.entries(statusClaims).map(([name, field]) => extension(wso2Schema, name, 'readOnly', field)),
  extension(wso2Schema, 'pendingEmails', 'readOnly'),
  extension(wso2Schema, 'pendingEmails.value', 'readOnly'),
  extension(enterpriseSchema, 'manager', 'readWrite'),
  ...Object.entries(enterpriseClaims).map(([path, uri]) => extension(enterpriseSchema, path, 'readWrite', { kind: 'text', uri })),
];

const byPath = new Map(attributes.map((attribute) => [attribute.path.toLowerCase(), attribute]));

/** @param path in whatever case, with or without its schema; null where there is no such attribute (RFC 7644 section 3.10) */
export function attributeAt(path: string): Attribute | null {
  return byPath.get(canonicalPath(path)) ?? null;
}

/** Which schema a path names as a whole; null where it is a path within one. */
export function schemaAt(path: string): Schema | null {
  return ([coreSchema, wso2Schema, enterpriseSchema] as const).find((schema) => schema.toLowerCase() === path.toLowerCase()) ?? null;
}

function canonicalPath(path: string): string {
  const lower = path.toLowerCase();
  if (lower.startsWith(`${coreSchema.toLowerCase()}:`)) return lower.slice(coreSchema.length + 1);
  const enterprise = `${enterpriseSchema.toLowerCase()}:`;
  const asWso2s = `${wso2Schema}:${lower.slice(enterprise.length)}`;
  return lower.startsWith(enterprise) && byPath.has(asWso2s) ? asWso2s : lower;
}

/**
 * A resource as a client wrote it, with every attribute's name as it is spelled, and in its schema's place: names are in whatever case
 * (RFC 7643 section 2.1), and an extension's may stand with their schema before them. `null` is as if it were not there (section 2.5), and
 * so is a blank text: WSO2's portals empty a field by one. What is unknown stays, to be refused by name.
 */
export function withSpelledNames(resource: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const spelled: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(resource)) {
    const schema = schemaAt(key);
    if (schema && schema !== coreSchema && isObject(value)) for (const [name, part] of Object.entries(value)) spellInto(spelled, `${schema}:${name}`, part, { schema, name });
    else spellInto(spelled, key, value, { schema: null, name: key });
  }
  return spelled;
}

/** @param unknown where a path stands that names no attribute */
function spellInto(spelled: Record<string, unknown>, path: string, value: unknown, unknown: { readonly schema: Schema | null; readonly name: string }): void {
  const attribute = attributeAt(path);
  if (isNone(attribute, value)) return;
  const isWhole = attribute?.subName === null;
  const schema = isWhole ? attribute.schema : unknown.schema;
  const entry = isWhole ? { [attribute.name]: attribute.field?.kind === 'contact' ? contactsIn(attribute, textPart[attribute.field.of], value) : spelledValue(attribute, value) } : { [unknown.name]: value };
  if (schema === null || schema === coreSchema) Object.assign(spelled, entry);
  else spelled[schema] = { ...recordIn(spelled, schema), ...entry };
}

/** One address is not in every client a list of one; one without its text is none. */
function contactsIn(attribute: Attribute, part: string, value: unknown): readonly unknown[] {
  return [spelledValue(attribute, [value].flat())].flat().filter((contact) => contact !== '' && !(isObject(contact) && part in contact && contact[part] === undefined));
}

function isNone(attribute: Attribute | null, value: unknown): boolean {
  return value === null || (value === '' && (attribute?.field?.kind === 'text' || attribute?.field?.kind === 'contact'));
}

/** @param value of the attribute, where it is complex with names of parts in whatever case; those that are none are there, as undefined: a patch takes them away */
export function spelledValue({ path }: Attribute, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((entry: unknown) => (isObject(entry) ? within(`${path}.`, entry) : entry));
  return isObject(value) ? within(`${path}.`, value) : value;
}

function within(prefix: string, value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, part]) => {
      const attribute = byPath.get(`${prefix}${key}`.toLowerCase());
      if (!attribute) return part === null ? [] : [[key, part]];
      return [[attribute.subName ?? attribute.name, isNone(attribute, part) ? undefined : part]];
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
