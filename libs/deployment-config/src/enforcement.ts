import type { DefaultHandlerName, DeploymentConfig } from './deployment-config.ts';

/** Handlers whose checks `identity_mgt` also does, by itself. */
type Check = Extract<DefaultHandlerName, 'account.lock.handler' | 'account.disable.handler' | 'passwordPolicy'>;

/** Whether something does what this handler is there for. */
export function isChecked(check: Check, { listeners, handlers }: Pick<DeploymentConfig, 'listeners' | 'handlers'>): boolean {
  return listeners.identity_mgt.enable || (listeners.governance_identity_mgt.enable && handlers[check]?.enable !== false);
}

/** Whether new passwords are held against `[identity_mgt.password_policy]`. */
export function enforcesPasswordPolicy(config: Pick<DeploymentConfig, 'listeners' | 'handlers' | 'passwordPolicy'>): boolean {
  return config.passwordPolicy.enable && isChecked('passwordPolicy', config);
}
