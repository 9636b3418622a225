import { isChecked, type DeploymentConfig } from '@rekey/deployment-config';
import { IdentityDataStore, type ClaimPlace, type Claims, type PasswordHistory, type Sessions, type User, type UserStore } from '@rekey/identity';
import type { Database } from '@rekey/messaging';
import type { Logger } from '@rekey/observability';
import type { AccountChangedHook } from './account-change.ts';
import { AccountLock } from './account-lock/account-lock.ts';
import { tellOfLocks } from './account-lock/lock-news.ts';
import { identityClaimPrefix, type ClaimReader } from './account-status.ts';
import type { AuditLog } from './audit/audit-log.ts';
import { ListenerChain } from './chain/listener-chain.ts';
import type { ListenerSettings } from './chain/listener-order.ts';
import type { TraceLog } from './chain/operation-trace.ts';
import type { UserOperationListener, UserOperations } from './chain/user-operation.ts';
import { ConnectorSettings } from './connector/connector-settings.ts';
import type { ConnectorDefaults } from './connector/property.ts';
import type { StoredSettings } from './connector/stored-settings.ts';
import { defaultHandlers } from './default-handlers.ts';
import type { IdentityEventHandler } from './handler/identity-event.ts';
import { signOutOf } from './handler/sign-out.ts';
import { IdentityClaims } from './identity-claims.ts';
import { governanceIdentityMgtListener } from './listener/governance-identity-mgt.listener.ts';
import { governanceIdentityStoreListener } from './listener/governance-identity-store.listener.ts';
import { identityMgtListener } from './listener/identity-mgt.listener.ts';
import { PasswordPolicy, type PolicyOf } from './password-policy/password-policy.ts';
import { signInStatus } from './sign-in-status.ts';
import type { ThirdParties } from './third-party/third-parties.ts';

/** What of `deployment.toml` the chain is built from. */
export type ChainConfig = Pick<DeploymentConfig, 'hybridDataStore' | 'customListeners' | 'customHandlers' | 'handlers'> & ConnectorDefaults & {
  /** Of every listener that there is. */
  readonly listeners: Readonly<Record<string, ListenerSettings>>;
};

export interface ChainParts {
  readonly database: Database;
  readonly store: UserStore;
  /** Reads claims through this very chain: an operation does not mix the listeners of two configurations. */
  readonly read: ClaimReader;
  /** Identity data that an operation has read together with the user. */
  readonly readAhead: WeakMap<UserOperations['getClaims'], Claims>;
  readonly history: PasswordHistory;
  readonly stored: StoredSettings;
  readonly sessions: Sessions;
  /** Told of changes of accounts, in their transactions. */
  readonly tell: AccountChangedHook;
  readonly traces: TraceLog;
  /** Asked unless the event handler `audit` is disabled. It stands around the whole chain: it is told of what other listeners refuse. */
  readonly audit: Pick<AuditLog, 'add'> | null;
  readonly log: Logger;
  readonly thirdParties: ThirdParties;
  /** Listeners of the program's own beside the three of `deployment.toml`. */
  readonly listeners: readonly UserOperationListener[];
}

export interface ConfiguredChain {
  readonly chain: ListenerChain;
  /** Those of `governance_identity_mgt`, in the order in which they are asked; the disabled ones are not. */
  readonly handlers: readonly IdentityEventHandler[];
  /** Where a claim is kept, for those who look for users by it. */
  readonly placeOf: (uri: string) => ClaimPlace;
  /** What the tenants' administrators have set, and else what the chain's configuration says. */
  readonly settings: ConnectorSettings;
  /** After a sign-in that a pre hook refused: the work of counting a wrong password, where wrong ones are counted. */
  readonly countForNobody: (user: User) => Promise<void>;
}

/** How long what Rekey brings along may take. */
const usualLimitMs = 2_000;
/** And beside that, how long 24 hashes may take: so many passwords can be remembered, and hashing waits its turn on a busy machine. */
const comparingLimitMs = 10_000;

/** The chain that `deployment.toml` asks for. @throws ListenerChainError where there can be no such chain */
export function configuredChain(config: ChainConfig, { database, store, read, readAhead, history, stored, sessions, tell, traces, audit, thirdParties, log, listeners }: ChainParts): ConfiguredChain {
  const settings = new ConnectorSettings(stored, () => config);
  const policyOf: PolicyOf = async (tenantDomain) => new PasswordPolicy({ ...config.passwordPolicy, ...(await settings.passwordPolicy(tenantDomain)) });
  const kept = { apart: config.listeners['governance_identity_store']?.enable === true, hybrid: config.hybridDataStore };
  const identityClaims = new IdentityClaims(store, kept);
  const status = signInStatus(read);
  const lock = new AccountLock({ database, read, status, identityClaims, settings, tell: tellOfLocks(config, settings, tell) });
  const signOut = signOutOf(store, sessions);
  const handlers = [...defaultHandlers({ read, status, identityClaims, lock, signOut, policyOf, history, tell, settings, config }), ...thirdParties.handlers].sort((a, b) => a.priority - b.priority);
  const chain = new ListenerChain(
    [
      identityMgtListener(policyOf, status, lock, signOut, settings),
      governanceIdentityMgtListener(handlers, log),
      governanceIdentityStoreListener({ database, store: new IdentityDataStore(), readAhead, hybrid: config.hybridDataStore }),
      ...thirdParties.listeners,
      ...listeners,
    ],
    listenerSettings(config),
    log,
    { hookLimitMs: usualLimitMs, traces, ...(audit && config.handlers.audit?.enable !== false ? { onTrace: (trace) => audit.add(trace) } : {}) },
  );
  const placeOf = (uri: string) => (!kept.apart || !uri.startsWith(identityClaimPrefix) ? 'user-store' : kept.hybrid ? 'either' : 'identity-data');
  return { chain, handlers, placeOf, settings, countForNobody: async (user) => (isChecked('account.lock.handler', config) ? lock.countForNobody(user) : undefined) };
}

function listenerSettings({ listeners, customListeners, customHandlers }: ChainConfig): Readonly<Record<string, ListenerSettings>> {
  const custom = customListeners.map(({ name, priority, enable, timeLimitMs, onFailure }) => [name, { priority, enable, timeLimitMs, onFailure }] as const);
  const { governance_identity_mgt: governance } = listeners;
  // Each handler of a third party has its time beside what ours may take.
  const timeLimitMs = customHandlers.reduce((sum, handler) => sum + (handler.enable ? handler.timeLimitMs : 0), usualLimitMs + comparingLimitMs);
  return { ...listeners, ...(governance ? { governance_identity_mgt: { ...governance, timeLimitMs } } : {}), ...Object.fromEntries(custom) };
}
