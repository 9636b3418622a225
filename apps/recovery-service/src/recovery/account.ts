import { accountDisabled, addressClaim, adminForcedPasswordReset, awaitsPassword, isDisabled, isLockedByAdministrator, isResetForced, isUnconfirmed, lockClaims, pendingAddress } from '@rekey/governance';
import { wso2Claim, type User } from '@rekey/identity';
import { mailAddress } from '../http/mail-address.ts';

/** A user with the claims that recovery looks at, as the listener chain gave them. */
export interface Account {
  readonly user: User;
  /** By WSO2's claim URI. */
  readonly claims: Readonly<Record<string, string>>;
}

const localeClaim = wso2Claim('locale');
/** The only claims that a mail template may name: no other leaves this service. */
const templateClaims = ['givenname', 'lastname', 'fullname', 'displayName', 'nickname', 'timeZone'];

export const recoveryClaims: readonly string[] = [addressClaim, localeClaim, ...templateClaims.map(wso2Claim), accountDisabled, adminForcedPasswordReset, pendingAddress, ...lockClaims];

/** The stored address, byte for byte; null where there is none, or what a listener or an earlier directory has put there is not one plain address. */
export function addressOf({ claims }: Pick<Account, 'claims'>): string | null {
  return mailAddress.safeParse(claims[addressClaim]).data ?? null;
}

/** What a mail about a person needs; the name, not the whole profile. */
export function recipientOf({ claims }: Account, address: string, defaultLocale: string) {
  const named = templateClaims.flatMap((name) => {
    const value = claims[wso2Claim(name)];
    return value ? [[name, value] as const] : [];
  });
  return { address, locale: claims[localeClaim] || defaultLocale, claims: Object.fromEntries(named) };
}

/** Why there is no link for an account; `no-such-user` also where nobody of that name waits for such a link. */
export type Obstacle = 'no-such-user' | 'no-address' | 'disabled' | 'locked';

/** @returns null where the person gets a link */
export function obstacleOf(account: Account): Obstacle | null {
  return addressOf(account) === null ? 'no-address' : barTo(account);
}

/** Why there is no link for the reset that an administrator wants. */
export function obstacleToForced(account: Account): Obstacle | null {
  return isResetForced(account.claims) ? obstacleOf(account) : 'no-such-user';
}

/** The same where nobody's mail is needed, as a caller brings the key to the person. */
export function barToForced(account: Account): Obstacle | null {
  return isResetForced(account.claims) ? barTo(account) : 'no-such-user';
}

/** Why there is no link to set a first password. */
export function obstacleToFirst(account: Account): Obstacle | null {
  return awaitsPassword(account.claims) ? obstacleOf(account) : 'no-such-user';
}

/** Why there is no link to confirm an account. */
export function obstacleToConfirming(account: Account): Obstacle | null {
  if (!isUnconfirmed(account.claims)) return 'no-such-user';
  if (isDisabled(account.claims)) return 'disabled';
  return addressOf(account) === null ? 'no-address' : null;
}

/** The account as it will be once the address that waits is confirmed: its mails go there. @returns null where none waits */
export function withPendingAddress({ user, claims }: Account): Account | null {
  const address = claims[pendingAddress];
  return address ? { user, claims: { ...claims, [addressClaim]: address } } : null;
}

/** Why there is no link to confirm another address. */
export function obstacleToNewAddress(account: Account): Obstacle | null {
  const renewed = withPendingAddress(account);
  return renewed === null ? 'no-such-user' : obstacleOf(renewed);
}

/** Why no link of theirs works. A lock for wrong passwords is none: whoever can guess could shut a person out for good (S11). */
export function barTo({ claims }: Account): 'disabled' | 'locked' | null {
  if (isDisabled(claims)) return 'disabled';
  return isLockedByAdministrator(claims) ? 'locked' : null;
}
