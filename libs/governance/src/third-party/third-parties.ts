import type { DeploymentConfig } from '@rekey/deployment-config';
import type { Logger } from '@rekey/observability';
import type { UserOperationListener } from '../chain/user-operation.ts';
import type { IdentityEventHandler } from '../handler/identity-event.ts';
import { thirdPartyHandler } from './third-party-handler.ts';
import { thirdPartyListener } from './third-party-listener.ts';

/** What others wrote and `deployment.toml` names. */
export interface ThirdParties {
  readonly listeners: readonly UserOperationListener[];
  readonly handlers: readonly IdentityEventHandler[];
}

export const noThirdParties: ThirdParties = { listeners: [], handlers: [] };

/** Loads every module, or refuses them all. @throws ListenerChainError with one line for an operator */
export async function loadThirdParties({ customListeners, customHandlers }: Pick<DeploymentConfig, 'customListeners' | 'customHandlers'>, log: Logger): Promise<ThirdParties> {
  const [listeners, handlers] = await Promise.all([
    Promise.all(customListeners.map((settings) => thirdPartyListener(settings, log))),
    Promise.all(customHandlers.map((settings) => thirdPartyHandler(settings, log))),
  ]);
  return { listeners, handlers };
}
