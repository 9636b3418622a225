import { z } from 'zod';
import { properties } from '../http/body.ts';
import { claimUri, claimValue, mostClaims, refuseUnfit } from '../http/given-claims.ts';
import { userReference } from '../http/user-name.ts';

const claims = z.array(z.strictObject({ uri: claimUri, value: claimValue })).max(mostClaims).superRefine((list, context) => refuseUnfit(list, 'uri', context));

/** WSO2's `SelfUserRegistrationRequest`. */
export const registrationRequest = z.strictObject({
  user: userReference.extend({ password: z.string().min(1).max(4096), claims: claims.optional() }),
  properties: properties.optional(),
});

export function claimsOf({ user }: z.output<typeof registrationRequest>): Record<string, string> {
  return Object.fromEntries((user.claims ?? []).filter(({ value }) => value !== '').map(({ uri, value }) => [uri, value]));
}
