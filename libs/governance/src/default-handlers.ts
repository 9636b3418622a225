import type { DefaultHandlerName } from '@rekey/deployment-config';
import type { PasswordHistory } from '@rekey/identity';
import type { AccountChangedHook } from './account-change.ts';
import type { ClaimReader } from './account-status.ts';
import type { AccountLock } from './account-lock/account-lock.ts';
import type { ChainConfig } from './configured-chain.ts';
import type { ConnectorSettings } from './connector/connector-settings.ts';
import { accountDisableHandler } from './handler/account-disable.handler.ts';
import { accountLockHandler } from './handler/account-lock.handler.ts';
import { adminForcedPasswordResetHandler } from './handler/admin-forced-password-reset.handler.ts';
import { codeInvalidationHandler } from './handler/code-invalidation.handler.ts';
import type { IdentityEventHandler } from './handler/identity-event.ts';
import { passwordPolicyHandler } from './handler/password-policy.handler.ts';
import type { SignOut } from './handler/sign-out.ts';
import { userEmailVerificationHandler } from './handler/user-email-verification.handler.ts';
import type { IdentityClaims } from './identity-claims.ts';
import { passwordHistoryHandler } from './password-history/password-history.handler.ts';
import type { PolicyOf } from './password-policy/password-policy.ts';
import type { SignInStatus } from './sign-in-status.ts';

export interface DefaultHandlerParts {
  readonly read: ClaimReader;
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
export function defaultHandlers({ read, status, identityClaims, lock, signOut, policyOf, history, tell, settings, config }: DefaultHandlerParts): readonly IdentityEventHandler[] {
  const handlers = [
    accountLockHandler(lock),
    accountDisableHandler(status, signOut, settings),
    passwordPolicyHandler(policyOf),
    passwordHistoryHandler(history, settings),
    adminForcedPasswordResetHandler(status, identityClaims, signOut, tell),
    codeInvalidationHandler(tell),
    userEmailVerificationHandler(read, identityClaims, settings, tell),
  ];
  return handlers.map((handler) => {
    const settings = config.handlers[handler.name as DefaultHandlerName]; // as each of them is called
    return settings ? { ...handler, priority: settings.priority ?? handler.priority, enable: handler.enable && settings.enable } : handler;
  });
}
