import type { Claims, User } from '@rekey/identity';

/** Reads claims through the chain, so that it does not matter in which store they are. */
export type ClaimReader = (user: User, wanted: readonly string[]) => Promise<Claims>;

export const identityClaimPrefix = 'http://wso2.org/claims/identity/';

export const accountLocked = `${identityClaimPrefix}accountLocked`;
export const lockedReason = `${identityClaimPrefix}lockedReason`;
export const accountDisabled = `${identityClaimPrefix}accountDisabled`;
/** What an account still waits for; WSO2's `PENDING_SR`: that whoever has registered it proves the address. */
export const accountState = `${identityClaimPrefix}accountState`;
const pendingSelfRegistration = 'PENDING_SR';
/** An address that counts once it is confirmed. */
export const pendingAddress = `${identityClaimPrefix}emailaddress.pendingValue`;
export const emailVerified = `${identityClaimPrefix}emailVerified`;
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

/** Whether its owner, who has registered it, has still to prove the address. */
export function isUnconfirmed(claims: Claims): boolean {
  return isLocked(claims) && claims[accountState] === pendingSelfRegistration;
}

/** Of an account that its owner has registered, until the address is proved. WSO2's words. */
export const unconfirmed: Claims = { [accountLocked]: 'true', [lockedReason]: 'PENDING_SELF_REGISTRATION', [accountState]: pendingSelfRegistration };

/** What unlocks it once the address is proved. */
export const confirmed: Claims = { [accountLocked]: 'false', [lockedReason]: '', [accountState]: 'UNLOCKED', [emailVerified]: 'true' };

/** Claims are text, and WSO2's clients write both `true` and `True`. */
function isOn(claims: Claims, uri: string): boolean {
  return claims[uri]?.toLowerCase() === 'true';
}
