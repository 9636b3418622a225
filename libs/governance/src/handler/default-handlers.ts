import type { ClaimReader } from '../listener/account-status.ts';
import type { PasswordPolicy } from '../password-policy/password-policy.ts';
import { accountDisableHandler, accountLockHandler } from './account-status.handlers.ts';
import type { IdentityEventHandler } from './identity-event.ts';
import { passwordPolicyHandler } from './password-policy.handler.ts';

export interface DefaultHandlerParts {
  readonly read: ClaimReader;
  readonly policy: PasswordPolicy;
}

/** The handlers of `governance_identity_mgt` that Rekey brings along. */
export function defaultHandlers({ read, policy }: DefaultHandlerParts): readonly IdentityEventHandler[] {
  return [accountLockHandler(read), accountDisableHandler(read), passwordPolicyHandler(policy)];
}
