import type { DeploymentConfig } from '@rekey/deployment-config';
import type { PasswordHistory } from '@rekey/identity';
import type { ClaimReader } from '../listener/account-status.ts';
import { passwordHistoryHandler } from '../password-history/password-history.handler.ts';
import type { PasswordPolicy } from '../password-policy/password-policy.ts';
import { accountDisableHandler, accountLockHandler } from './account-status.handlers.ts';
import type { IdentityEventHandler } from './identity-event.ts';
import { passwordPolicyHandler } from './password-policy.handler.ts';

export interface DefaultHandlerParts {
  readonly read: ClaimReader;
  readonly policy: PasswordPolicy;
  readonly history: PasswordHistory;
  readonly config: Pick<DeploymentConfig, 'passwordHistory'>;
}

/** The handlers of `governance_identity_mgt` that Rekey brings along. */
export function defaultHandlers({ read, policy, history, config }: DefaultHandlerParts): readonly IdentityEventHandler[] {
  return [accountLockHandler(read), accountDisableHandler(read), passwordPolicyHandler(policy), passwordHistoryHandler(history, config.passwordHistory)];
}
