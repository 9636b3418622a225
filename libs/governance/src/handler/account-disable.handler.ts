import { proceed } from '../chain/user-operation.ts';
import { refuseDisabled, type ClaimReader } from '../listener/account-status.ts';
import type { IdentityEventHandler } from './identity-event.ts';
import { signOutDisabled, type SignOut } from './sign-out.ts';

/** Refuses disabled accounts, and signs out whoever is signed in to one that becomes disabled. */
export function accountDisableHandler(read: ClaimReader, signOut: SignOut): IdentityEventHandler {
  return {
    name: 'account.disable.handler',
    priority: 20,
    enable: true,
    subscriptions: new Set(['PRE_AUTHENTICATION']),
    handle: (event) => (event.name === 'PRE_AUTHENTICATION' ? refuseDisabled(read, event.operation.user) : proceed),
    within: { setClaims: signOutDisabled(signOut) },
  };
}
