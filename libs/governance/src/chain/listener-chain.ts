import type { Logger } from '@rekey/observability';
import { TraceLog, type TraceStep } from './operation-trace.ts';
import { proceed, type Hook, type OperationName, type Refusal, type UserOperationListener, type UserOperations, type Verdict } from './user-operation.ts';

export interface ListenerSettings {
  /** Lower runs first, in pre and in post. */
  readonly priority: number;
  readonly enable: boolean;
}

/** Two listeners with one priority, or settings for none: a fault in `deployment.toml`. */
export class ListenerChainError extends Error {}

const hookLimitMs = 2_000;

/** Runs the enabled listeners around each user operation, in ascending priority; a disabled one is not called at all. */
export class ListenerChain {
  readonly traces = new TraceLog();
  private readonly listeners: readonly UserOperationListener[];

  /** @throws ListenerChainError naming both where two enabled listeners have one priority */
  constructor(
    listeners: readonly UserOperationListener[],
    settings: Readonly<Record<string, ListenerSettings>>,
    private readonly log: Logger,
  ) {
    const enabled = listeners.flatMap((listener) => {
      const setting = settings[listener.name];
      if (!setting) throw new ListenerChainError(`no [event.default_listener.${listener.name}] is configured`);
      return setting.enable ? [{ listener, priority: setting.priority }] : [];
    });
    enabled.sort((a, b) => a.priority - b.priority);
    for (const [index, { listener, priority }] of enabled.entries()) {
      const before = enabled[index - 1];
      if (before?.priority === priority) throw new ListenerChainError(`the listeners ${before.listener.name} and ${listener.name} have the same priority ${priority}: give each its own`);
    }
    this.listeners = enabled.map(({ listener }) => listener);
    const names = this.names();
    if (names.includes('identity_mgt') && names.includes('governance_identity_mgt')) {
      log.warn('identity_mgt and governance_identity_mgt are both enabled: both check locks and the password policy; enable one of them');
    }
  }

  /** The enabled listeners in the order in which they are called. */
  names(): readonly string[] {
    return this.listeners.map(({ name }) => name);
  }

  /**
   * Runs pre hooks, the operation, post hooks.
   * @param perform does the operation; what it returns is what post hooks see of it
   * @returns the first refusal of a pre hook, or what was performed with the first refusal of a post hook, if any
   */
  async around<Name extends OperationName, Result>(
    name: Name,
    operation: UserOperations[Name],
    perform: () => Promise<{ result: Result; performed: UserOperations[Name] | null }>,
  ): Promise<{ kind: 'refused'; refusal: Refusal } | { kind: 'performed'; result: Result; objection: Refusal | null }> {
    const steps: TraceStep[] = [];
    const userId = operation.user?.id ?? null;
    try {
      const refusal = await this.run('pre', name, operation, steps);
      if (refusal) return { kind: 'refused', refusal };
      const { result, performed } = await perform();
      const objection = performed && (await this.run('post', name, performed, steps));
      return { kind: 'performed', result, objection };
    } finally {
      this.traces.add({ operation: name, userId, at: new Date(), steps });
    }
  }

  private async run<Name extends OperationName>(phase: 'pre' | 'post', name: Name, operation: UserOperations[Name], steps: TraceStep[]): Promise<Refusal | null> {
    for (const listener of this.listeners) {
      // Indexing a mapped type by a type parameter gives the union of all hooks; under `name` it is this one.
      const hook = listener[phase]?.[name] as Hook<Name> | undefined;
      if (!hook) continue;
      const startedAt = performance.now();
      const verdict = await this.call(listener, phase, name, () => hook(operation));
      steps.push({ listener: listener.name, hook: phase, verdict: verdict.kind === 'continue' ? 'continue' : verdict.code, microseconds: Math.round((performance.now() - startedAt) * 1_000) });
      if (verdict.kind === 'refuse') return verdict;
    }
    return null;
  }

  /** A hook that throws or takes too long refuses: fail closed. */
  private async call(listener: UserOperationListener, phase: 'pre' | 'post', name: OperationName, hook: () => Verdict | Promise<Verdict>): Promise<Verdict> {
    try {
      const answer = hook();
      return answer instanceof Promise ? await withinLimit(answer) : answer;
    } catch (err) {
      this.log.error({ err, listener: listener.name, hook: `${phase} ${name}` }, 'a listener failed: the operation is refused');
      return { kind: 'refuse', code: '18013', message: 'The operation could not be checked. Try again later.' };
    }
  }
}

async function withinLimit(answer: Promise<Verdict>): Promise<Verdict> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no verdict within ${hookLimitMs} ms`)), hookLimitMs);
  });
  try {
    return (await Promise.race([answer, limit])) ?? proceed;
  } finally {
    clearTimeout(timer);
  }
}
