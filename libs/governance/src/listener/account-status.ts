import type { Claims, User } from '@rekey/identity';
import { proceed, type Verdict } from '../chain/user-operation.ts';

/** Reads claims through the chain, so that it does not matter in which store they are. */
export type ClaimReader = (user: User, wanted: readonly string[]) => Promise<Claims>;

export const identityClaimPrefix = 'http://wso2.org/claims/identity/';

const locked = `${identityClaimPrefix}accountLocked`;
const disabled = `${identityClaimPrefix}accountDisabled`;

export async function refuseLocked(read: ClaimReader, user: User): Promise<Verdict> {
  const claims = await read(user, [locked]);
  return claims[locked] === 'true' ? { kind: 'refuse', code: '17003', message: 'The account is locked.' } : proceed;
}

export async function refuseDisabled(read: ClaimReader, user: User): Promise<Verdict> {
  const claims = await read(user, [disabled]);
  return claims[disabled] === 'true' ? { kind: 'refuse', code: '17004', message: 'The account is disabled.' } : proceed;
}
