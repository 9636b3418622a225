import { addressClaim, type AccountChangedHook } from '../account-change.ts';
import { isDisabled, isLocked } from '../account-status.ts';
import { claimsChange } from '../chain/claims-change.ts';
import { proceed } from '../chain/user-operation.ts';
import type { IdentityEventHandler } from './identity-event.ts';

/**
 * Tells of what makes a recovery key void besides another password: another address, an account that is disabled, locked by an
 * administrator, or deleted. All of it in the transaction that makes the change: only there it is certain what another address replaces.
 */
export function codeInvalidationHandler(tell: AccountChangedHook): IdentityEventHandler {
  return {
    name: 'codeInvalidation',
    priority: 60,
    enable: true,
    subscriptions: new Set(),
    handle: () => proceed,
    within: {
      async setClaims(operation, tx) {
        const { user, claims, replaced = {} } = operation;
        const address = claims[addressClaim];
        if (address !== undefined && address !== (replaced[addressClaim] ?? '')) await tell(tx, user, { kind: 'address-changed', claims: replaced });
        const change = claimsChange(operation);
        if (isDisabled(change)) await tell(tx, user, { kind: 'account-disabled' });
        if (isLocked(change)) await tell(tx, user, { kind: 'account-locked' });
      },
      async deleteUser({ user }, tx) {
        await tell(tx, user, { kind: 'user-deleted' });
      },
    },
  };
}
