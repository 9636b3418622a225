import type { Sessions, User, UserStore } from '@rekey/identity';
import type { SqlExecutor } from '@rekey/messaging';
import { isDisabled } from '../account-status.ts';
import { claimsChange } from '../chain/claims-change.ts';
import type { TransactionHook } from '../chain/user-operation.ts';
import type { ConnectorSettings } from '../connector/connector-settings.ts';

/** Ends every session of a user, and lets no sign-in that is under way open another. */
export type SignOut = (tx: SqlExecutor, user: User) => Promise<void>;

export function signOutOf(store: UserStore, sessions: Sessions): SignOut {
  return async (tx, { id }) => {
    await store.overtakeSignIns(tx, id);
    await sessions.endAll(tx, id);
  };
}

/** Signs out whoever is signed in to an account that becomes disabled, where that means something to the tenant. */
export function signOutDisabled(signOut: SignOut, settings: ConnectorSettings): TransactionHook<'setClaims'> {
  return async (operation, tx) => {
    const { user } = operation;
    if (isDisabled(claimsChange(operation)) && (await settings.within(tx).accountDisable(user.tenantDomain)).enable) await signOut(tx, user);
  };
}
