import type { UserOperationListener } from './user-operation.ts';

export interface ListenerSettings {
  /** Lower runs first, in pre and in post. */
  readonly priority: number;
  readonly enable: boolean;
  /** How long one hook may take to answer; default 2 seconds. */
  readonly timeLimitMs?: number;
  /** What a hook means that throws, takes too long or answers no verdict: `refuse` the operation (the default), or `continue`. */
  readonly onFailure?: 'refuse' | 'continue';
}

/** A listener with its place in the chain, called or not. */
export interface ConfiguredListener extends Required<ListenerSettings> {
  readonly listener: UserOperationListener;
}

/** The chain cannot be built as configured: a fault in `deployment.toml`. */
export class ListenerChainError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ListenerChainError';
  }
}

/**
 * All of them, lowest priority first. Priorities differ among disabled ones too: turning one on must not be what breaks the start.
 * @throws ListenerChainError
 */
export function listenersInOrder(listeners: readonly UserOperationListener[], settings: Readonly<Record<string, ListenerSettings>>, usualLimitMs: number): readonly ConfiguredListener[] {
  const absent = Object.keys(settings).find((name) => !listeners.some((listener) => listener.name === name));
  if (absent !== undefined) throw new ListenerChainError(`the listener ${absent} is configured but does not exist: expected ${listeners.map(({ name }) => name).join(', ')}`);
  const configured = listeners.map((listener): ConfiguredListener => {
    const setting = Object.hasOwn(settings, listener.name) ? settings[listener.name] : undefined;
    if (!setting) throw new ListenerChainError(`no [event.default_listener.${listener.name}] is configured`);
    if (!Number.isFinite(setting.priority)) throw new ListenerChainError(`the priority of ${listener.name} is not a number`);
    return { listener, timeLimitMs: usualLimitMs, onFailure: 'refuse', ...setting };
  });
  configured.sort((a, b) => a.priority - b.priority);
  for (const [index, { listener, priority }] of configured.entries()) {
    const before = configured[index - 1];
    if (before?.priority === priority) throw new ListenerChainError(`the listeners ${before.listener.name} and ${listener.name} have the same priority ${priority}: give each its own`);
  }
  return configured;
}
