import type { Claims, User } from '@rekey/identity';
import { proceed, type Verdict } from '../chain/user-operation.ts';
import { refuse } from '../refusals.ts';

/** Reads claims through the chain, so that it does not matter in which store they are. */
export type ClaimReader = (user: User, wanted: readonly string[]) => Promise<Claims>;

export const identityClaimPrefix = 'http://wso2.org/claims/identity/';

const locked = `${identityClaimPrefix}accountLocked`;
const disabled = `${identityClaimPrefix}accountDisabled`;

export async function refuseLocked(read: ClaimReader, user: User): Promise<Verdict> {
  return isOn(await read(user, [locked]), locked) ? refuse('17003') : proceed;
}

export async function refuseDisabled(read: ClaimReader, user: User): Promise<Verdict> {
  return isOn(await read(user, [disabled]), disabled) ? refuse('17004') : proceed;
}

/** Claims are text, and WSO2's clients write both `true` and `True`. */
function isOn(claims: Claims, uri: string): boolean {
  return claims[uri]?.toLowerCase() === 'true';
}
