import type { DeploymentConfig } from '@rekey/deployment-config';
import { IdentityDataStore, type Claims, type PasswordHistory } from '@rekey/identity';
import type { Database } from '@rekey/messaging';
import type { Logger } from '@rekey/observability';
import { ListenerChain } from './chain/listener-chain.ts';
import type { ListenerSettings } from './chain/listener-order.ts';
import type { TraceLog } from './chain/operation-trace.ts';
import type { UserOperationListener, UserOperations } from './chain/user-operation.ts';
import { defaultHandlers } from './handler/default-handlers.ts';
import type { ClaimReader } from './listener/account-status.ts';
import { governanceIdentityMgtListener } from './listener/governance-identity-mgt.listener.ts';
import { governanceIdentityStoreListener } from './listener/governance-identity-store.listener.ts';
import { identityMgtListener } from './listener/identity-mgt.listener.ts';
import { PasswordPolicy } from './password-policy/password-policy.ts';

/** What of `deployment.toml` the chain is built from. */
export type ChainConfig = Pick<DeploymentConfig, 'hybridDataStore' | 'customListeners' | 'customHandlers' | 'handlers' | 'passwordPolicy' | 'passwordHistory' | 'accountLocking'> & {
  /** Of every listener that there is. */
  readonly listeners: Readonly<Record<string, ListenerSettings>>;
};

export interface ChainParts {
  readonly database: Database;
  /** Reads claims through this very chain: an operation does not mix the listeners of two configurations. */
  readonly read: ClaimReader;
  /** Identity data that an operation has read together with the user. */
  readonly readAhead: WeakMap<UserOperations['getClaims'], Claims>;
  readonly history: PasswordHistory;
  readonly traces: TraceLog;
  readonly log: Logger;
  /** Beside the three of `deployment.toml`. */
  readonly listeners: readonly UserOperationListener[];
}

/** The chain that `deployment.toml` asks for. @throws ListenerChainError where there can be no such chain */
export function configuredChain(config: ChainConfig, { database, read, readAhead, history, traces, log, listeners }: ChainParts): ListenerChain {
  const policy = new PasswordPolicy(config.passwordPolicy);
  return new ListenerChain(
    [
      identityMgtListener(policy, read),
      governanceIdentityMgtListener(defaultHandlers({ read, policy, history, config })),
      governanceIdentityStoreListener(database, new IdentityDataStore(), readAhead),
      ...listeners,
    ],
    config.listeners,
    log,
    { traces },
  );
}
