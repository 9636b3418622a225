import type { UserManager } from '@rekey/governance';

export interface ShownListener {
  readonly name: string;
  /** `default`: one of the three that Rekey brings along. */
  readonly kind: 'default' | 'custom';
  readonly priority: number;
  readonly enable: boolean;
  /** e.g. `pre authenticate`; none of one that is disabled and comes from a third party: it is not loaded. */
  readonly hooks: readonly string[];
  readonly timeLimitMs: number;
  readonly onFailure: 'refuse' | 'continue';
  /** Of `governance_identity_mgt`. */
  readonly handlers?: readonly { readonly name: string; readonly priority: number; readonly enable: boolean; readonly subscriptions: readonly string[] }[];
}

const defaultNames = ['identity_mgt', 'governance_identity_mgt', 'governance_identity_store'];
const phases = ['pre', 'within', 'post'] as const;

/** In the order in which they are called. */
export function shownListeners({ chain, handlers }: Pick<UserManager, 'chain' | 'handlers'>): readonly ShownListener[] {
  return chain.listeners.map(({ listener, priority, enable, timeLimitMs, onFailure }) => ({
    name: listener.name,
    kind: defaultNames.includes(listener.name) ? 'default' : 'custom',
    priority,
    enable,
    hooks: phases.flatMap((phase) => Object.keys(listener[phase] ?? {}).map((operation) => `${phase} ${operation}`)),
    timeLimitMs,
    onFailure,
    ...(listener.name === 'governance_identity_mgt' ? { handlers: handlers.map((handler) => ({ name: handler.name, priority: handler.priority, enable: handler.enable, subscriptions: [...handler.subscriptions] })) } : {}),
  }));
}
