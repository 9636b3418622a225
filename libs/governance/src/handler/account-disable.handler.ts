import { proceed } from '../chain/user-operation.ts';
import { isDisabled, refuseDisabled, type ClaimReader } from '../listener/account-status.ts';
import { claimsChange } from './claims-change.ts';
import type { IdentityEventHandler } from './identity-event.ts';
import type { SignOut } from './sign-out.ts';

/** Refuses disabled accounts, and signs out whoever is signed in to one that becomes disabled. */
export function accountDisableHandler(read: ClaimReader, signOut: SignOut): IdentityEventHandler {
  return {
    name: 'account.disable.handler',
    priority: 20,
    enable: true,
    subscriptions: new Set(['PRE_AUTHENTICATION']),
    handle: (event) => (event.name === 'PRE_AUTHENTICATION' ? refuseDisabled(read, event.operation.user) : proceed),
    within: {
      async setClaims(operation, tx) {
        if (isDisabled(claimsChange(operation))) await signOut(tx, operation.user);
      },
    },
  };
}
