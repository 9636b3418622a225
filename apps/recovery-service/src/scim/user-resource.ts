import { createHash } from 'node:crypto';
import { awaitsOwner, pendingAddress, type UserProfile } from '@rekey/governance';
import type { Claims, User } from '@rekey/identity';
import { z } from 'zod';
import { boundedText, parseBody } from '../http/body.ts';
import { pathOfTenant } from '../http/tenant-path.ts';
import { addresses, addressesOf, claimsOfAddresses, claimsOfPhoneNumbers, phoneNumbers, phoneNumbersOf } from './contacts.ts';
import { claimsOfEmails, emails, emailsOf, switchValue } from './emails.ts';
import { accountDisabledClaim, coreSchema, enterpriseClaims, enterpriseSchema, isObject, statusClaims, switchClaims, textClaims, withSpelledNames, wso2Schema } from './user-attributes.ts';

const text = boundedText(255).optional();
/** What clients send along and only the server sets is ignored (RFC 7644 section 3.3). */
const readOnly = z.unknown().optional();

/** What a user is made from, or replaced by. */
export const userResource = z.strictObject({
  schemas: z.array(boundedText(255)).max(20).optional().meta({ description: 'Has no effect: the attributes tell.' }),
  id: readOnly,
  meta: readOnly,
  userName: boundedText(255),
  password: z.string().min(1).max(4096).optional(),
  externalId: text,
  name: z.strictObject({ formatted: text, familyName: text, givenName: text, middleName: text, honorificPrefix: text, honorificSuffix: text }).optional(),
  displayName: text,
  nickName: text,
  profileUrl: boundedText(2048).optional(),
  title: text,
  userType: text,
  preferredLanguage: text,
  locale: boundedText(35).optional(),
  timezone: text,
  emails: emails.optional(),
  phoneNumbers: phoneNumbers.optional(),
  addresses: addresses.optional(),
  active: switchValue.optional(),
  [enterpriseSchema]: z
    .strictObject({ employeeNumber: text, costCenter: text, organization: text, division: text, department: text, manager: z.strictObject({ value: text, displayName: text }).optional() })
    .optional(),
  [wso2Schema]: z
    .strictObject({
      accountLocked: switchValue.optional(),
      accountDisabled: switchValue.optional(),
      forcePasswordReset: switchValue.optional(),
      verifyEmail: switchValue.optional(),
      askPassword: switchValue.optional(),
      accountState: readOnly,
      lockedReason: readOnly,
      unlockTime: readOnly,
      failedLoginAttempts: readOnly,
      pendingEmails: readOnly,
    })
    .optional(),
});

export type UserResource = z.output<typeof userResource>;

/** @throws ApiError RKY-10001 naming what is wrong */
export function parseUser(body: unknown): UserResource {
  return parseBody(userResource, isObject(body) ? withSpelledNames(body) : body);
}

/**
 * SCIM's attributes as WSO2's claims.
 * @param present those of the user: only what differs is returned, blank where it goes
 */
export function claimsOf(resource: UserResource, present: Claims): Claims {
  const texts = [
    ...Object.entries(textClaims).map(([path, uri]) => [uri, textAt(resource, path)] as const),
    ...Object.entries(enterpriseClaims).map(([path, uri]) => [uri, textAt(resource[enterpriseSchema] ?? {}, path)] as const),
  ];
  const wanted = { ...Object.fromEntries(texts), ...claimsOfEmails(resource.emails, present), ...claimsOfPhoneNumbers(resource.phoneNumbers), ...claimsOfAddresses(resource.addresses) };
  const differing = Object.entries(wanted).filter(([uri, value]) => value !== (present[uri] ?? ''));
  return { ...Object.fromEntries(differing), ...switchesOf(resource, saysLock(resource, present) ? { ...present, [switchClaims.accountLocked]: '' } : present) };
}

/** An account that waits for its owner is locked, but not by an administrator: a lock is one's word unless the state beside it shows that it was read. */
function saysLock({ [wso2Schema]: extension }: UserResource, present: Claims): boolean {
  return extension?.accountLocked === true && awaitsOwner(present) && extension.accountState !== present[statusClaims.accountState.uri];
}

/** A lock is not lifted by saying nothing of it: switches that are missing stay. */
function switchesOf({ active, [wso2Schema]: extension = {} }: UserResource, present: Claims): Claims {
  // Two names of one switch: the one counts that says something new.
  const disabled = [active === undefined ? undefined : !active, extension.accountDisabled].find((value) => value !== undefined && value !== isOn(present, accountDisabledClaim));
  const wanted = { ...extension, accountDisabled: disabled };
  return Object.fromEntries(
    Object.entries(switchClaims).flatMap(([name, uri]) => {
      const value = wanted[name as keyof typeof switchClaims]; // Object.entries forgets which names there are
      return value === undefined || value === isOn(present, uri) ? [] : [[uri, String(value)]];
    }),
  );
}

/** `active` and `accountDisabled` are two names of one switch. */
export function contradictsItself({ active, [wso2Schema]: extension }: UserResource): boolean {
  return active !== undefined && active === extension?.accountDisabled;
}

/** What is sent twice says the same both times, and opens no account by mistake. */
export function disabled(resource: UserResource): UserResource {
  return { ...resource, active: false, [wso2Schema]: { ...resource[wso2Schema], accountDisabled: true } };
}

function textAt(resource: Readonly<Record<string, unknown>>, path: string): string {
  const [name = path, part] = path.split('.');
  const value = Object.entries(resource).find(([key]) => key === name)?.[1];
  const found: unknown = part !== undefined && isObject(value) ? value[part] : value;
  return typeof found === 'string' ? found : '';
}

function isOn(claims: Claims, uri: string): boolean {
  return claims[uri]?.toLowerCase() === 'true';
}

/** What a user is shown as, without what only the server sets. */
export function attributesOf({ user, claims }: UserProfile) {
  const enterprise = textsOf(claims, enterpriseClaims);
  const contacts = Object.entries({ emails: emailsOf(claims), phoneNumbers: phoneNumbersOf(claims), addresses: addressesOf(claims) });
  const status = Object.entries(statusClaims).flatMap(([name, { kind, uri }]): readonly (readonly [string, unknown])[] => {
    const value = claims[uri];
    return value ? [[name, kind === 'number' ? Number(value) : value]] : [];
  });
  const switches = Object.entries(switchClaims).map(([name, uri]) => [name, isOn(claims, uri)] as const);
  const pending = claims[pendingAddress];
  return {
    userName: user.username, // all are in PRIMARY, before whose names WSO2 puts no realm
    ...textsOf(claims, textClaims),
    ...Object.fromEntries(contacts.filter(([, list]) => list.length > 0)),
    active: !isOn(claims, accountDisabledClaim),
    ...(Object.keys(enterprise).length > 0 ? { [enterpriseSchema]: enterprise } : {}),
    [wso2Schema]: { ...Object.fromEntries([...switches, ...status]), ...(pending ? { pendingEmails: [{ value: pending }] } : {}) },
  };
}

/** What a patch begins from: switches that it does not name are left out. */
export function withoutSwitches({ active: _, [wso2Schema]: __, ...rest }: ReturnType<typeof attributesOf>) {
  return rest;
}

/** Those that the user has, the parts of complex ones together. */
function textsOf(claims: Claims, uris: Readonly<Record<string, string>>): Record<string, unknown> {
  const texts: Record<string, unknown> = {};
  for (const [path, uri] of Object.entries(uris)) {
    const value = claims[uri];
    if (!value) continue;
    const [name = path, part] = path.split('.');
    texts[name] = part === undefined ? value : { ...(isObject(texts[name]) ? texts[name] : {}), [part]: value };
  }
  return texts;
}

const shownText = z.string().optional();

/** What a client may get to see: by its wish, less. */
export const shownUser = z.object({
  schemas: z.array(z.string()),
  id: z.uuid(),
  userName: shownText,
  externalId: shownText,
  name: z.object({ formatted: shownText, familyName: shownText, givenName: shownText, middleName: shownText, honorificPrefix: shownText, honorificSuffix: shownText }).optional(),
  displayName: shownText,
  nickName: shownText,
  profileUrl: shownText,
  title: shownText,
  userType: shownText,
  preferredLanguage: shownText,
  locale: shownText,
  timezone: shownText,
  emails: z.array(z.object({ value: shownText, type: shownText, primary: z.boolean().optional() })).optional(),
  phoneNumbers: z.array(z.object({ value: shownText, type: shownText })).optional(),
  addresses: z.array(z.object({ formatted: shownText, type: shownText })).optional(),
  active: z.boolean().optional(),
  [enterpriseSchema]: z
    .object({ employeeNumber: shownText, costCenter: shownText, organization: shownText, division: shownText, department: shownText, manager: z.object({ value: shownText, displayName: shownText }).optional() })
    .optional(),
  meta: z.object({ resourceType: shownText, created: shownText, lastModified: shownText, location: shownText, version: shownText }).optional(),
  [wso2Schema]: z
    .object({
      accountLocked: z.boolean().optional(),
      accountDisabled: z.boolean().optional(),
      forcePasswordReset: z.boolean().optional(),
      accountState: shownText,
      lockedReason: shownText,
      unlockTime: shownText,
      failedLoginAttempts: z.int().optional(),
      pendingEmails: z.array(z.object({ value: z.string() })).optional(),
    })
    .optional(),
});

export interface ScimResource extends Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly meta: Readonly<Record<'resourceType' | 'created' | 'lastModified' | 'location' | 'version', string>>;
}

export function resourceOf(profile: UserProfile, baseUrl: string): ScimResource {
  const { user, createdAt, updatedAt } = profile;
  const attributes = attributesOf(profile);
  const shown = { schemas: [coreSchema, ...(enterpriseSchema in attributes ? [enterpriseSchema] : []), wso2Schema], id: user.id, ...attributes };
  return { ...shown, meta: { resourceType: 'User', created: createdAt.toISOString(), lastModified: updatedAt.toISOString(), location: locationOf(user, baseUrl), version: versionOf(shown, updatedAt) } };
}

/** @param user whose id may be whatever a client says it is */
export function locationOf({ tenantDomain, id }: Pick<User, 'tenantDomain' | 'id'>, baseUrl: string): string {
  return `${baseUrl}${pathOfTenant(tenantDomain)}/scim2/Users/${encodeURIComponent(id)}`;
}

/** Weak: identity data is part of it, wherever that is kept, and a sign-in may change that. */
function versionOf(shown: object, updatedAt: Date): string {
  return `W/"${createHash('sha256').update(JSON.stringify([shown, updatedAt])).digest('base64url').slice(0, 22)}"`;
}
