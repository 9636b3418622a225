import { awaitsOwner } from '@rekey/governance';
import type { Claims } from '@rekey/identity';
import { z } from 'zod';
import { boundedText, parseBody } from '../http/body.ts';
import { addresses, claimsOfAddresses, claimsOfPhoneNumbers, phoneNumbers } from './contacts.ts';
import { claimsOfEmails, emails, switchValue } from './emails.ts';
import { accountDisabledClaim, enterpriseClaims, enterpriseSchema, isObject, isOn, statusClaims, switchClaims, textClaims, withSpelledNames, wso2Schema } from './user-attributes.ts';

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
