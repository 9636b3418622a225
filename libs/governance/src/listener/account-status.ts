import type { Claims, User } from '@rekey/identity';

/** Reads claims through the chain, so that it does not matter in which store they are. */
export type ClaimReader = (user: User, wanted: readonly string[]) => Promise<Claims>;

export const identityClaimPrefix = 'http://wso2.org/claims/identity/';

export const accountLocked = `${identityClaimPrefix}accountLocked`;
export const accountDisabled = `${identityClaimPrefix}accountDisabled`;
export const adminForcedPasswordReset = `${identityClaimPrefix}adminForcedPasswordReset`;

export function isLocked(claims: Claims): boolean {
  return isOn(claims, accountLocked);
}

export function isDisabled(claims: Claims): boolean {
  return isOn(claims, accountDisabled);
}

export function isResetForced(claims: Claims): boolean {
  return isOn(claims, adminForcedPasswordReset);
}

/** Claims are text, and WSO2's clients write both `true` and `True`. */
function isOn(claims: Claims, uri: string): boolean {
  return claims[uri]?.toLowerCase() === 'true';
}
