import { isResetForced, isUnconfirmed, type UserManager } from '@rekey/governance';
import type { User } from '@rekey/identity';
import type { Database } from '@rekey/messaging';
import { barTo, recoveryClaims, type Account } from './account.ts';
import { hashOfKey, parseRecoveryKey } from './recovery-key.ts';
import { unspentKey, type RecoveryPurpose } from './recovery-statements.ts';

/** WSO2's names for what a key is for, and what is to be done with it. */
export const keyUses = {
  recovered: { recoveryScenario: 'NOTIFICATION_BASED_PW_RECOVERY', recoveryStep: 'UPDATE_PASSWORD' },
  forced: { recoveryScenario: 'ADMIN_FORCED_PASSWORD_RESET_VIA_EMAIL_LINK', recoveryStep: 'UPDATE_PASSWORD' },
  /** Of a code, which is none of these keys: for `resend-code`. */
  forcedByCode: { recoveryScenario: 'ADMIN_FORCED_PASSWORD_RESET_VIA_OTP', recoveryStep: 'UPDATE_PASSWORD' },
  confirmed: { recoveryScenario: 'SELF_SIGN_UP', recoveryStep: 'CONFIRM_SIGN_UP' },
} as const;

export type IntrospectedKey = { readonly user: User; readonly isExpired: boolean } & (typeof keyUses)[keyof typeof keyUses];

/**
 * What a key is for, also where it has expired; changes nothing.
 * @param tenantDomain the only tenant whose keys count; null: any
 * @returns null where it is spent, void or superseded, or nothing opens the account
 */
export async function introspectKey({ database, users }: { readonly database: Database; readonly users: UserManager }, keyText: string, tenantDomain: string | null): Promise<IntrospectedKey | null> {
  const key = parseRecoveryKey(keyText);
  const unspent = key && (await unspentKey(database, hashOfKey(key)));
  const user = unspent && (await users.findUserById(unspent.userId));
  if (!user || (tenantDomain !== null && user.tenantDomain !== tenantDomain)) return null;
  const use = useOf(unspent.purpose, { user, claims: await users.getClaims(user, recoveryClaims) });
  return use && { user, isExpired: unspent.isExpired, ...use };
}

function useOf(purpose: RecoveryPurpose, account: Account) {
  switch (purpose) {
    case 'sign-up':
      return isUnconfirmed(account.claims) ? keyUses.confirmed : null;
    case 'password':
      if (barTo(account) !== null) return null;
      return isResetForced(account.claims) ? keyUses.forced : keyUses.recovered;
  }
}
