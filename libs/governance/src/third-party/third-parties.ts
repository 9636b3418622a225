import type { DeploymentConfig } from '@rekey/deployment-config';
import type { Logger } from '@rekey/observability';
import type { UserOperationListener } from '../chain/user-operation.ts';
import type { IdentityEventHandler } from '../handler/identity-event.ts';
import { thirdPartyHandler } from './third-party-handler.ts';
import { thirdPartyListener } from './third-party-listener.ts';
import { ThirdPartyModules } from './third-party-module.ts';

/** What others wrote and `deployment.toml` names. */
export interface ThirdParties {
  readonly listeners: readonly UserOperationListener[];
  readonly handlers: readonly IdentityEventHandler[];
  readonly modules: ThirdPartyModules;
}

export const noThirdParties: ThirdParties = { listeners: [], handlers: [], modules: new ThirdPartyModules() };

/** Loads every module, or refuses them all. @param modules where the loaded ones are put @throws ListenerChainError with one line for an operator */
export async function loadThirdParties({ customListeners, customHandlers }: Pick<DeploymentConfig, 'customListeners' | 'customHandlers'>, log: Logger, modules = new ThirdPartyModules()): Promise<ThirdParties> {
  const [listeners, handlers] = await Promise.all([
    Promise.all(customListeners.map((settings) => thirdPartyListener(settings, log, modules))),
    Promise.all(customHandlers.map((settings) => thirdPartyHandler(settings, log, modules))),
  ]);
  return { listeners, handlers, modules };
}
