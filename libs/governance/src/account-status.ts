import type { Claims, User } from '@rekey/identity';

/** Reads claims through the chain, so that it does not matter in which store they are. */
export type ClaimReader = (user: User, wanted: readonly string[]) => Promise<Claims>;

export const identityClaimPrefix = 'http://wso2.org/claims/identity/';

export const accountLocked = `${identityClaimPrefix}accountLocked`;
export const lockedReason = `${identityClaimPrefix}lockedReason`;
export const accountDisabled = `${identityClaimPrefix}accountDisabled`;
/** What an account still waits for, in WSO2's words. */
export const accountState = `${identityClaimPrefix}accountState`;
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

/** Of an account that its owner has registered, until the address is proved. WSO2's words, as those below. */
export const unconfirmed: Claims = { [accountLocked]: 'true', [lockedReason]: 'PENDING_SELF_REGISTRATION', [accountState]: 'PENDING_SR' };

/** Of one that an administrator has made for somebody who is to prove the address. */
export const unverified: Claims = { [accountLocked]: 'true', [lockedReason]: 'PENDING_EMAIL_VERIFICATION', [accountState]: 'PENDING_EV' };

/** Of one that an administrator has made for somebody who is to set the first password. */
export const withoutPassword: Claims = { [accountLocked]: 'true', [lockedReason]: 'PENDING_ASK_PASSWORD', [accountState]: 'PENDING_AP' };

/** Whether its owner, who has registered it, has still to prove the address. */
export function isRegistration(claims: Claims): boolean {
  return isPending(claims, unconfirmed);
}

/** Whether its owner has still to prove the address, whoever has made it. */
export function isUnconfirmed(claims: Claims): boolean {
  return isRegistration(claims) || isPending(claims, unverified);
}

/** Whether its owner has still to set the first password. */
export function awaitsPassword(claims: Claims): boolean {
  return isPending(claims, withoutPassword);
}

/** Whether its owner has still to open it: that lock is no administrator's word, and nobody was told of it as of one. */
export function awaitsOwner(claims: Claims): boolean {
  return isUnconfirmed(claims) || awaitsPassword(claims);
}

function isPending(claims: Claims, pending: Claims): boolean {
  return isLocked(claims) && claims[accountState] === pending[accountState];
}

/** What unlocks it once the password is set. */
export const opened: Claims = { [accountLocked]: 'false', [lockedReason]: '', [accountState]: 'UNLOCKED' };

/** What unlocks it once the address is proved. */
export const confirmed: Claims = { ...opened, [emailVerified]: 'true' };

/** Claims are text, and WSO2's clients write both `true` and `True`. */
function isOn(claims: Claims, uri: string): boolean {
  return claims[uri]?.toLowerCase() === 'true';
}
