import { addressClaim, type AccountChangedHook } from '../account-change.ts';
import { proceed, type UserOperations } from '../chain/user-operation.ts';
import { isDisabled, type ClaimReader } from '../listener/account-status.ts';
import { claimsChange } from './claims-change.ts';
import type { IdentityEventHandler } from './identity-event.ts';

/** Tells of what makes a recovery key void besides another password: another address, an account that is disabled or deleted. */
export function codeInvalidationHandler(read: ClaimReader, tell: AccountChangedHook): IdentityEventHandler {
  const addressBefore = new WeakMap<UserOperations['setClaims'], string>();
  return {
    name: 'codeInvalidation',
    priority: 60,
    enable: true,
    subscriptions: new Set(['PRE_SET_USER_CLAIMS']),
    async handle(event) {
      if (event.name !== 'PRE_SET_USER_CLAIMS' || event.operation.claims[addressClaim] === undefined) return proceed;
      addressBefore.set(event.operation, (await read(event.operation.user, [addressClaim]))[addressClaim] ?? '');
      return proceed;
    },
    within: {
      async setClaims(operation, tx) {
        const change = claimsChange(operation);
        const before = addressBefore.get(operation);
        if (before !== undefined && before !== change[addressClaim]) await tell(tx, operation.user, { kind: 'address-changed' });
        if (isDisabled(change)) await tell(tx, operation.user, { kind: 'account-disabled' });
      },
      async deleteUser({ user }, tx) {
        await tell(tx, user, { kind: 'user-deleted' });
      },
    },
  };
}
