import { wso2Claim, type RoleHolder, type Tenant } from '@rekey/identity';
import { z } from 'zod';
import { boundedText } from '../http/body.ts';
import { claimUri, claimValue, mostClaims, refuseUnfit } from '../http/given-claims.ts';
import { mailAddress } from '../http/mail-address.ts';

const owner = z.strictObject({
  username: boundedText(255),
  password: z.string().min(1).max(4096),
  email: mailAddress,
  firstname: boundedText(255),
  lastname: boundedText(255),
  provisioningMethod: z.literal('inline-password'),
  additionalClaims: z.array(z.strictObject({ claim: claimUri, value: claimValue })).max(mostClaims).superRefine((list, context) => refuseUnfit(list, 'claim', context)).default([]),
});

/** What a tenant is created from: it has one owner, who becomes its administrator. */
export const newTenant = z.strictObject({ domain: boundedText(255), owners: z.tuple([owner]) });
export const lifecycleStatus = z.strictObject({ activated: z.boolean() });

export type NewOwner = z.output<typeof owner>;

/** By WSO2's claim URI. */
export function claimsOfOwner({ email, firstname, lastname, additionalClaims }: NewOwner): Record<string, string> {
  const named = { [wso2Claim('emailaddress')]: email, [wso2Claim('givenname')]: firstname, [wso2Claim('lastname')]: lastname };
  return { ...Object.fromEntries(additionalClaims.map(({ claim: uri, value }) => [uri, value])), ...named };
}

export const shownOwner = z.object({ id: z.uuid(), username: z.string() });
/** As WSO2 shows it. */
export const tenantResource = z.object({ id: z.uuid(), domain: z.string(), owners: z.array(shownOwner), createdDate: z.iso.datetime(), lifecycleStatus });

type ShownOwner = z.output<typeof shownOwner>;
export type ShownTenant = z.output<typeof tenantResource>;

export function shownTenant({ id, domain, active, createdAt }: Tenant, holders: readonly RoleHolder[]): ShownTenant {
  return { id, domain, owners: ownersOf(domain, holders), createdDate: createdAt.toISOString(), lifecycleStatus: { activated: active } };
}

/** A tenant's administrators own it. */
export function ownersOf(tenantDomain: string, holders: readonly RoleHolder[]): ShownOwner[] {
  return holders.filter(({ user, roles }) => user.tenantDomain === tenantDomain && roles.includes('administrator')).map(({ user: { id, username } }) => ({ id, username }));
}
