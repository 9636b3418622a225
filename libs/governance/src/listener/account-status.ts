import type { Claims, User } from '@rekey/identity';
import { proceed, type Verdict } from '../chain/user-operation.ts';
import { refuse } from '../refusals.ts';

/** Reads claims through the chain, so that it does not matter in which store they are. */
export type ClaimReader = (user: User, wanted: readonly string[]) => Promise<Claims>;

export const identityClaimPrefix = 'http://wso2.org/claims/identity/';

const locked = `${identityClaimPrefix}accountLocked`;
const disabled = `${identityClaimPrefix}accountDisabled`;

/** What `isLocked` and `isDisabled` look at. */
export const accountStatusClaims: readonly string[] = [locked, disabled];

export function isLocked(claims: Claims): boolean {
  return isOn(claims, locked);
}

export function isDisabled(claims: Claims): boolean {
  return isOn(claims, disabled);
}

export async function refuseLocked(read: ClaimReader, user: User): Promise<Verdict> {
  return isLocked(await read(user, [locked])) ? refuse('17003') : proceed;
}

export async function refuseDisabled(read: ClaimReader, user: User): Promise<Verdict> {
  return isDisabled(await read(user, [disabled])) ? refuse('17004') : proceed;
}

/** Claims are text, and WSO2's clients write both `true` and `True`. */
function isOn(claims: Claims, uri: string): boolean {
  return claims[uri]?.toLowerCase() === 'true';
}
