import { isUnconfirmed, type UserManager } from '@rekey/governance';
import type { User } from '@rekey/identity';
import type { Database } from '@rekey/messaging';
import { barTo, obstacleToNewAddress, recoveryClaims, type Account } from '../recovery/account.ts';
import { unspentKey } from '../recovery/key-statements.ts';
import { hashOfKey, parseRecoveryKey } from '../recovery/recovery-key.ts';
import type { RecoveryPurpose, RecoveryScenario } from '../recovery/recovery-statements.ts';

/** WSO2's names for what is to be done with a key. */
export const recoverySteps = { password: 'UPDATE_PASSWORD', 'sign-up': 'CONFIRM_SIGN_UP', address: 'VERIFY_EMAIL' } as const satisfies Record<RecoveryPurpose, string>;

export interface IntrospectedKey {
  readonly user: User;
  readonly recoveryScenario: RecoveryScenario;
  readonly recoveryStep: (typeof recoverySteps)[RecoveryPurpose];
  readonly isExpired: boolean;
}

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
  const { purpose, scenario, isExpired } = unspent;
  const account = { user, claims: await users.getClaims(user, recoveryClaims) };
  return isOpen(purpose, account) ? { user, recoveryScenario: scenario, recoveryStep: recoverySteps[purpose], isExpired } : null;
}

function isOpen(purpose: RecoveryPurpose, account: Account): boolean {
  switch (purpose) {
    case 'sign-up':
      return isUnconfirmed(account.claims);
    case 'address':
      return obstacleToNewAddress(account) === null;
    case 'password':
      return barTo(account) === null;
  }
}
