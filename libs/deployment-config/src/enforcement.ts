import type { DeploymentConfig } from './deployment-config.ts';
import type { DefaultListenerName, ListenerSettings } from './tables/default-listeners.ts';
import type { DefaultHandlerName } from './tables/extensions.ts';

/** Handlers whose checks `identity_mgt` also does, by itself. */
type Check = Extract<DefaultHandlerName, 'account.lock.handler' | 'account.disable.handler' | 'passwordPolicy'>;

interface Enforcing {
  readonly listeners: Readonly<Partial<Record<DefaultListenerName, ListenerSettings>>>;
  readonly handlers: DeploymentConfig['handlers'];
}

/** Whether something does what this handler is there for. */
export function isChecked(check: Check, { listeners, handlers }: Enforcing): boolean {
  return listeners.identity_mgt?.enable === true || (listeners.governance_identity_mgt?.enable === true && handlers[check]?.enable !== false);
}
