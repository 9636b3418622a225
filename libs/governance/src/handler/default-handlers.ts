import type { DefaultHandlerName } from '@rekey/deployment-config';
import type { PasswordHistory } from '@rekey/identity';
import type { AccountChangedHook } from '../account-change.ts';
import type { AccountLock } from '../account-lock/account-lock.ts';
import type { ChainConfig } from '../configured-chain.ts';
import type { ConnectorSettings } from '../connector/connector-settings.ts';
import type { IdentityClaims } from '../identity-claims.ts';
import type { SignInStatus } from '../listener/sign-in-status.ts';
import { passwordHistoryHandler } from '../password-history/password-history.handler.ts';
import type { PolicyOf } from '../password-policy/password-policy.ts';
import { accountDisableHandler } from './account-disable.handler.ts';
import { accountLockHandler } from './account-lock.handler.ts';
import { adminForcedPasswordResetHandler } from './admin-forced-password-reset.handler.ts';
import { codeInvalidationHandler } from './code-invalidation.handler.ts';
import type { IdentityEventHandler } from './identity-event.ts';
import { passwordPolicyHandler } from './password-policy.handler.ts';
import type { SignOut } from './sign-out.ts';

export interface DefaultHandlerParts {
  readonly status: SignInStatus;
  readonly identityClaims: IdentityClaims;
  readonly lock: AccountLock;
  readonly signOut: SignOut;
  readonly policyOf: PolicyOf;
  readonly history: PasswordHistory;
  readonly tell: AccountChangedHook;
  readonly settings: ConnectorSettings;
  readonly config: Pick<ChainConfig, 'handlers'>;
}

/** The handlers of `governance_identity_mgt` that Rekey brings along, each with the priority and the flag that `[[event_handler]]` gives it. */
export function defaultHandlers({ status, identityClaims, lock, signOut, policyOf, history, tell, settings, config }: DefaultHandlerParts): readonly IdentityEventHandler[] {
  const handlers = [
    accountLockHandler(lock),
    accountDisableHandler(status, signOut, settings),
    passwordPolicyHandler(policyOf),
    passwordHistoryHandler(history, settings),
    adminForcedPasswordResetHandler(status, identityClaims, signOut, tell),
    codeInvalidationHandler(tell),
  ];
  return handlers.map((handler) => {
    const settings = config.handlers[handler.name as DefaultHandlerName]; // as each of them is called
    return settings ? { ...handler, priority: settings.priority ?? handler.priority, enable: handler.enable && settings.enable } : handler;
  });
}
