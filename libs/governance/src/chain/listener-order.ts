import type { UserOperationListener } from './user-operation.ts';

export interface ListenerSettings {
  /** Lower runs first, in pre and in post. */
  readonly priority: number;
  readonly enable: boolean;
}

/** The chain cannot be built as configured: a fault in `deployment.toml`. */
export class ListenerChainError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ListenerChainError';
  }
}

/**
 * The enabled ones, lowest priority first. Priorities differ among disabled ones too: turning one on must not be what breaks the start.
 * @throws ListenerChainError
 */
export function listenersInOrder(listeners: readonly UserOperationListener[], settings: Readonly<Record<string, ListenerSettings>>): readonly UserOperationListener[] {
  const absent = Object.keys(settings).find((name) => !listeners.some((listener) => listener.name === name));
  if (absent !== undefined) throw new ListenerChainError(`the listener ${absent} is configured but does not exist: expected ${listeners.map(({ name }) => name).join(', ')}`);
  const configured = listeners.map((listener) => {
    const setting = Object.hasOwn(settings, listener.name) ? settings[listener.name] : undefined;
    if (!setting) throw new ListenerChainError(`no [event.default_listener.${listener.name}] is configured`);
    if (!Number.isFinite(setting.priority)) throw new ListenerChainError(`the priority of ${listener.name} is not a number`);
    return { listener, ...setting };
  });
  configured.sort((a, b) => a.priority - b.priority);
  for (const [index, { listener, priority }] of configured.entries()) {
    const before = configured[index - 1];
    if (before?.priority === priority) throw new ListenerChainError(`the listeners ${before.listener.name} and ${listener.name} have the same priority ${priority}: give each its own`);
  }
  return configured.filter(({ enable }) => enable).map(({ listener }) => listener);
}
