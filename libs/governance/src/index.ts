import { CreateGovernance1764000150000 } from './connector/create-governance.ts';

export { proceed, type Hook, type Hooks, type OperationName, type PolicyReason, type Refusal, type UserOperationListener, type UserOperations, type Verdict } from './chain/user-operation.ts';
export { ListenerChain, ListenerChainError, type ListenerSettings } from './chain/listener-chain.ts';
export type { OperationTrace, TraceStep } from './chain/operation-trace.ts';
export type { IdentityEvent, IdentityEventHandler, IdentityEventName } from './handler/identity-event.ts';
export { PasswordPolicy, type PasswordPolicySettings } from './password-policy/password-policy.ts';
export { UserManager, type Refused, type UserManagerParts } from './user-manager.ts';
export { ConnectorSettings, type Connector, type UpdateOutcome } from './connector/connector-settings.ts';
export type { AccountRecoverySettings } from './connector/account-recovery.connector.ts';
export const governanceMigrations = [CreateGovernance1764000150000];
