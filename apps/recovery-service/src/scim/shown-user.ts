import { createHash } from 'node:crypto';
import { pendingAddress, type UserProfile } from '@rekey/governance';
import type { Claims, User } from '@rekey/identity';
import { z } from 'zod';
import { pathOfTenant } from '../http/tenant-path.ts';
import { addressesOf, phoneNumbersOf } from './contacts.ts';
import { emailsOf } from './emails.ts';
import { accountDisabledClaim, coreSchema, enterpriseClaims, enterpriseSchema, isObject, isOn, statusClaims, switchClaims, textClaims, wso2Schema } from './user-attributes.ts';

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
