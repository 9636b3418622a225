import type { CustomListenerSettings } from '@rekey/deployment-config';
import type { Logger } from '@rekey/observability';
import { operationNames, type Hooks, type OperationName, type UserOperationListener, type UserOperations, type Verdict } from '../chain/user-operation.ts';
import { asGuest } from './guest.ts';
import { viewOf } from './operation-view.ts';
import { ThirdPartyModules } from './third-party-module.ts';
import { checkedVerdict } from './third-party-verdict.ts';

const shape = 'a default export of { pre?: { <operation>(view) {…} }, post?: {…}, stop?() }, or a function of { properties, log } that gives one';

/**
 * `[[event_listener]]`. One that is disabled is not loaded: turning it off helps where its module is broken.
 * @throws ListenerChainError
 */
export async function thirdPartyListener(settings: CustomListenerSettings, log: Logger, modules = new ThirdPartyModules()): Promise<UserOperationListener> {
  if (!settings.enable) return { name: settings.name };
  return modules.load('[[event_listener]]', settings, log, (exported) => {
    const { pre, post } = phasesOf(exported);
    const listener = { name: settings.name, pre: hooksOf(settings.name, 'pre', pre), post: hooksOf(settings.name, 'post', post) };
    if (Object.keys(listener.pre).length + Object.keys(listener.post).length === 0) throw new Error(`expected ${shape}; got no hook`);
    return listener;
  });
}

function phasesOf(exported: unknown): { readonly pre?: unknown; readonly post?: unknown } {
  if (typeof exported !== 'object' || exported === null) throw new Error(`expected ${shape}`);
  const stranger = Object.keys(exported).find((key) => key !== 'pre' && key !== 'post' && key !== 'stop');
  if (stranger !== undefined) throw new Error(`expected ${shape}; got ${stranger}`);
  return exported;
}

function hooksOf(listener: string, phase: 'pre' | 'post', hooks: unknown): Hooks {
  if (hooks === undefined) return {};
  if (typeof hooks !== 'object' || hooks === null) throw new Error(`expected ${phase} to be an object of hooks`);
  return Object.fromEntries(
    Object.entries(hooks).map(([key, hook]: [string, unknown]) => {
      const name = operationNames.find((operation) => operation === key);
      if (!name) throw new Error(`expected hooks of ${operationNames.join(', ')}; got ${phase}.${key}`);
      if (typeof hook !== 'function') throw new Error(`expected ${phase}.${key} to be a function`);
      return [name, hookOf(phase, name, asGuest(listener, hook.bind(hooks) as (view: unknown) => unknown))];
    }),
  );
}

function hookOf(phase: 'pre' | 'post', name: OperationName, hook: (view: unknown) => unknown) {
  const mayChangeClaims = phase === 'pre' && (name === 'addUser' || name === 'setClaims');
  return (operation: UserOperations[OperationName]): Verdict | Promise<Verdict> => checkedVerdict(hook(viewOf(name, phase, operation)), mayChangeClaims);
}
