import type { AccountLock } from '../account-lock/account-lock.ts';
import type { UserOperationListener } from '../chain/user-operation.ts';
import { proceed } from '../chain/user-operation.ts';
import type { ConnectorSettings } from '../connector/connector-settings.ts';
import { signOutDisabled, type SignOut } from '../handler/sign-out.ts';
import { verdictOn, type PolicyOf } from '../password-policy/password-policy.ts';
import { refuseDisabled, type SignInStatus } from '../sign-in-status.ts';

/** `identity_mgt`: WSO2's older, self-contained manager. Does all its checks itself and raises no events. Off by default. */
export function identityMgtListener(policyOf: PolicyOf, status: SignInStatus, lock: AccountLock, signOut: SignOut, settings: ConnectorSettings): UserOperationListener {
  const disabled = signOutDisabled(signOut, settings);
  return {
    name: 'identity_mgt',
    pre: {
      async authenticate(operation) {
        const verdict = await lock.admit(operation);
        return verdict.kind === 'refuse' ? verdict : refuseDisabled(status, settings, operation);
      },
      addUser: ({ name, password }) => (password === null ? proceed : verdictOn(policyOf, password, name)),
      updateCredential: ({ user, password }) => verdictOn(policyOf, password, user),
      updateCredentialByAdmin: ({ user, password }) => verdictOn(policyOf, password, user),
    },
    within: {
      ...lock.within,
      async setClaims(operation, tx) {
        await lock.within.setClaims?.(operation, tx);
        await disabled(operation, tx);
      },
    },
    post: { authenticate: (operation) => lock.settle(operation) },
  };
}
