import { CountRecoveries1765120100000 } from './audit/count-recoveries.ts';
import { CreateAudit1764100200000 } from './audit/create-audit.ts';
import { CreateGovernance1764000150000 } from './connector/create-governance.ts';
import { TellWhoSet1765130000000 } from './connector/tell-who-set.ts';

export {
  proceed,
  type Hook,
  type Hooks,
  type OperationName,
  type PolicyReason,
  type Refusal,
  type TransactionHook,
  type TransactionHooks,
  type UserOperationListener,
  type UserOperations,
  type Verdict,
} from './chain/user-operation.ts';
export { ListenerChain, type ChainOutcome, type ListenerChainOptions } from './chain/listener-chain.ts';
export { ListenerChainError, type ListenerSettings } from './chain/listener-order.ts';
export type { OperationTrace, Phase, TraceLog, TraceStep } from './chain/operation-trace.ts';
export { mailsOfLocks } from './account-lock/lock-news.ts';
export { isLockedByAdministrator, lockClaims } from './account-lock/lock-rules.ts';
export { accountDisabled, adminForcedPasswordReset, awaitsOwner, awaitsPassword, confirmed, emailVerified, identityClaimPrefix, isDisabled, isRegistration, isResetForced, isUnconfirmed, pendingAddress, unconfirmed, unverified, withoutPassword } from './account-status.ts';
export { addressClaim, type AccountChange, type AccountChangedHook, type ResetWay } from './account-change.ts';
export { refusals, refuse, type RefusalCode } from './refusals.ts';
export type { IdentityEvent, IdentityEventHandler, IdentityEventName } from './handler/identity-event.ts';
export { maxPasswordUnits, PasswordPolicy, type PasswordPolicySettings } from './password-policy/password-policy.ts';
export { requirementsOf } from './password-policy/pattern-requirements.ts';
export type { ChainConfig } from './configured-chain.ts';
export { AuditLog, type AuditedAct, type AuditLogOptions } from './audit/audit-log.ts';
export { actAs, inRequest } from './audit/request-context.ts';
export { rehearse, rehearsedOperations, type Rehearsal, type Rehearsed } from './rehearsal.ts';
export { withinLimit } from './chain/time-limit.ts';
export { isUnavailable, Unavailable } from './chain/unavailable.ts';
export { asGuest, isStray } from './third-party/guest.ts';
export { loadThirdParties, type ThirdParties } from './third-party/third-parties.ts';
export type { OperationView } from './third-party/operation-view.ts';
export type { IdentityEventView } from './third-party/third-party-handler.ts';
export { ThirdPartyModules, type ThirdPartyContext } from './third-party/third-party-module.ts';
export { UserManager, type UserManagerParts } from './user-manager/user-manager.ts';
export type { AddOutcome, Authenticated, DeleteOutcome, FoundUser, ListOutcome, Refused, SearchOutcome, SetClaimsOutcome, UserProfile } from './user-manager/user-outcomes.ts';
export { ConnectorSettings, type AccountRecoverySettings, type SelfSignUpSettings } from './connector/connector-settings.ts';
export { connectorCategories } from './connector/connectors.ts';
export { GovernanceConnectors, type ChangeOutcome } from './connector/governance-connectors.ts';
export type { ExplainedConnector, ExplainedSetting, ShownConnector } from './connector/connector-views.ts';
export { usualPatternMessage } from './connector/password-policy.connector.ts';
export { StoredSettings } from './connector/stored-settings.ts';
export const governanceMigrations = [CreateGovernance1764000150000, CreateAudit1764100200000, TellWhoSet1765130000000, CountRecoveries1765120100000];
