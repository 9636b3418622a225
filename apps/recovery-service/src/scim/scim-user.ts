import type { User } from '@rekey/identity';
import { z } from 'zod';
import { boundedText } from '../http/body.ts';

const coreSchema = 'urn:ietf:params:scim:schemas:core:2.0:User';
const enterpriseSchema = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const wso2Schema = 'urn:scim:wso2:schema';
const claim = (name: string) => `http://wso2.org/claims/${name}`;

const switchValue = z.union([z.boolean(), z.stringbool()]);
const wso2Attributes = z.strictObject({ accountLocked: switchValue.optional(), accountDisabled: switchValue.optional() });
/** One plain address, nothing that a mail header or an address parser could read as two (CVE-2025-13033): no quotes, comments, groups or lists. */
const mailAddress = boundedText(320).regex(/^[^\s@<>()[\]\\,;:"\p{Cc}\p{Cf}]+@[^\s@<>()[\]\\,;:"\p{Cc}\p{Cf}]+$/u, 'expected one mail address');
const email = z.union([mailAddress, z.strictObject({ value: mailAddress, type: boundedText(63).optional(), primary: z.boolean().optional() })]);

/** What a user is created from. Read-only attributes that clients send along (`id`, `meta`) are ignored, as RFC 7644 section 3.3 has it. */
export const newUser = z.strictObject({
  schemas: z.array(z.enum([coreSchema, enterpriseSchema, wso2Schema])).optional(),
  id: z.unknown().optional(),
  meta: z.unknown().optional(),
  userName: boundedText(255),
  password: z.string().min(1).max(4096).optional(),
  name: z.strictObject({ givenName: boundedText(255).optional(), familyName: boundedText(255).optional(), formatted: boundedText(255).optional() }).optional(),
  displayName: boundedText(255).optional(),
  nickName: boundedText(255).optional(),
  locale: boundedText(35).optional(),
  emails: z.array(email).max(10).optional(),
  active: z.boolean().optional(),
  [enterpriseSchema]: wso2Attributes.optional(),
  [wso2Schema]: wso2Attributes.optional(),
});

export type NewUser = z.output<typeof newUser>;

/** SCIM attributes as WSO2's claims. Recovery mails go to the primary address, else to the first. */
export function claimsOf(resource: NewUser): Record<string, string> {
  const extension = { ...resource[enterpriseSchema], ...resource[wso2Schema] };
  const addresses = (resource.emails ?? []).map((entry) => (typeof entry === 'string' ? { value: entry, primary: false } : entry));
  const address = addresses.find(({ primary }) => primary) ?? addresses[0];
  const claims: Record<string, string | undefined> = {
    [claim('givenname')]: resource.name?.givenName,
    [claim('lastname')]: resource.name?.familyName,
    [claim('fullname')]: resource.name?.formatted,
    [claim('displayName')]: resource.displayName,
    [claim('nickname')]: resource.nickName,
    [claim('locale')]: resource.locale,
    [claim('emailaddress')]: address?.value,
    [claim('identity/accountLocked')]: extension.accountLocked?.toString(),
    [claim('identity/accountDisabled')]: (extension.accountDisabled ?? (resource.active === undefined ? undefined : !resource.active))?.toString(),
  };
  return Object.fromEntries(Object.entries(claims).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

export const shownUser = z.object({
  schemas: z.array(z.string()),
  id: z.uuid(),
  userName: z.string(),
  name: z.object({ givenName: z.string().optional(), familyName: z.string().optional() }).optional(),
  emails: z.array(z.object({ value: z.string(), primary: z.boolean() })).optional(),
  active: z.boolean(),
  meta: z.object({ resourceType: z.literal('User'), location: z.url() }),
});

export function resourceOf(user: User, claims: Readonly<Record<string, string>>, baseUrl: string): z.output<typeof shownUser> {
  const address = claims[claim('emailaddress')];
  const [givenName, familyName] = [claims[claim('givenname')], claims[claim('lastname')]];
  return {
    schemas: [coreSchema],
    id: user.id,
    userName: user.username, // all are in PRIMARY, before whose names WSO2 puts no realm
    ...(givenName || familyName ? { name: { ...(givenName ? { givenName } : {}), ...(familyName ? { familyName } : {}) } } : {}),
    ...(address ? { emails: [{ value: address, primary: true }] } : {}),
    active: claims[claim('identity/accountDisabled')] !== 'true',
    meta: { resourceType: 'User', location: `${baseUrl}/${user.tenantDomain === 'carbon.super' ? '' : `t/${user.tenantDomain}/`}scim2/Users/${user.id}` },
  };
}
