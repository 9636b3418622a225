import type { Claims } from '@rekey/identity';
import { lockClaims } from './account-lock/lock-rules.ts';
import { accountDisabled, adminForcedPasswordReset, isDisabled, type ClaimReader } from './account-status.ts';
import { proceed, type UserOperations, type Verdict } from './chain/user-operation.ts';
import type { ConnectorSettings } from './connector/connector-settings.ts';
import { refuse } from './refusals.ts';

/** What may refuse a sign-in before the password is looked at. */
export type SignInStatus = (signIn: UserOperations['authenticate']) => Promise<Claims>;

const statusClaims: readonly string[] = [...lockClaims, accountDisabled, adminForcedPasswordReset];

/** Reads everything at once, and once, whichever of the listeners and handlers ask: how long it takes must not tell which of them refused. */
export function signInStatus(read: ClaimReader): SignInStatus {
  const asked = new WeakMap<UserOperations['authenticate'], Promise<Claims>>();
  return (signIn) => {
    const status = asked.get(signIn) ?? read(signIn.user, statusClaims);
    asked.set(signIn, status);
    return status;
  };
}

export async function refuseDisabled(status: SignInStatus, settings: ConnectorSettings, signIn: UserOperations['authenticate']): Promise<Verdict> {
  const { enable } = await settings.accountDisable(signIn.user.tenantDomain);
  return enable && isDisabled(await status(signIn)) ? refuse('17004') : proceed;
}
