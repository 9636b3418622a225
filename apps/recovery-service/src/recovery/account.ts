import type { User } from '@rekey/identity';

/** A user with the claims that recovery looks at, as the listener chain gave them. */
export interface Account {
  readonly user: User;
  /** By WSO2's claim URI. */
  readonly claims: Readonly<Record<string, string>>;
}

const emailClaim = 'http://wso2.org/claims/emailaddress';
const identityClaim = 'http://wso2.org/claims/identity/';

export const recoveryClaims: readonly string[] = [
  emailClaim,
  ...['locale', 'givenname', 'lastname', 'fullname', 'displayName', 'nickname'].map((name) => `http://wso2.org/claims/${name}`),
  `${identityClaim}accountLocked`,
  `${identityClaim}accountDisabled`,
];

/** The stored address, byte for byte; null where there is none. */
export function addressOf({ claims }: Account): string | null {
  return claims[emailClaim] || null;
}

/** Why a person gets no link; null where they get one. WSO2's order: address, password, disabled, locked. */
export function obstacleOf(account: Account): 'no-address' | 'disabled' | 'locked' | null {
  if (addressOf(account) === null) return 'no-address';
  if (account.claims[`${identityClaim}accountDisabled`] === 'true') return 'disabled';
  if (account.claims[`${identityClaim}accountLocked`] === 'true') return 'locked';
  return null;
}
