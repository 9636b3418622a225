import type { SqlExecutor } from '@rekey/messaging';
import type { Logger } from '@rekey/observability';
import { refuse } from '../refusals.ts';
import { listenersInOrder, type ListenerSettings } from './listener-order.ts';
import { TraceLog, type Phase, type TraceStep } from './operation-trace.ts';
import { operationNames, type OperationName, type Refusal, type UserOperationListener, type UserOperations, type Verdict, type WritingOperation } from './user-operation.ts';
import { asVerdict, isThenable } from './verdict.ts';

export interface ListenerChainOptions {
  /** How long a hook may take to answer; default 2 seconds. */
  readonly hookLimitMs?: number;
  /** Where traces are kept; default: with the chain. */
  readonly traces?: TraceLog;
}

interface PlannedHook {
  readonly listener: string;
  /** What a hook really answers is checked: listeners may come from elsewhere, and not be typed. */
  readonly call: (operation: UserOperations[OperationName], tx?: SqlExecutor) => unknown;
}

type Plan = Readonly<Record<OperationName, readonly PlannedHook[]>>;

/** What became of an operation: refused by a pre hook, or performed, with the first refusal of a post hook, if any. */
export type ChainOutcome<Result> = { readonly kind: 'refused'; readonly refusal: Refusal } | { readonly kind: 'performed'; readonly result: Result; readonly objection: Refusal | null };

/** For the operation's own statements: runs the listeners' `within` hooks in its transaction. */
export type Within = (tx: SqlExecutor) => Promise<void>;

/** Runs the enabled listeners around each user operation, in ascending priority; a disabled one is not called at all. */
export class ListenerChain {
  readonly traces: TraceLog;
  private readonly listeners: readonly UserOperationListener[];
  private readonly plans: Readonly<Record<Phase, Plan>>;
  private readonly hookLimitMs: number;

  /** @throws ListenerChainError naming both where two listeners have one priority, or the one that is configured but not there, or not configured */
  constructor(
    listeners: readonly UserOperationListener[],
    settings: Readonly<Record<string, ListenerSettings>>,
    private readonly log: Logger,
    { hookLimitMs = 2_000, traces = new TraceLog() }: ListenerChainOptions = {},
  ) {
    this.traces = traces;
    this.hookLimitMs = hookLimitMs;
    this.listeners = listenersInOrder(listeners, settings);
    this.plans = { pre: plan(this.listeners, 'pre'), within: plan(this.listeners, 'within'), post: plan(this.listeners, 'post') };
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
   * @param perform does the operation; what it returns as `performed` is what post hooks see of it, null where nothing was done
   */
  async around<Name extends OperationName, Result>(
    name: Name,
    operation: UserOperations[Name],
    perform: (within: Within) => Promise<{ result: Result; performed: UserOperations[Name] | null }>,
  ): Promise<ChainOutcome<Result>> {
    const steps: TraceStep[] = [];
    try {
      const refusal = await this.before(name, operation, steps);
      if (refusal) return { kind: 'refused', refusal };
      const { result, performed } = await perform((tx) => this.inTransaction(name, operation, tx, steps));
      return { kind: 'performed', result, objection: performed && (await this.after(name, performed, steps)) };
    } finally {
      this.traces.add({ operation: name, userId: idOf(operation), at: new Date(), steps });
    }
  }

  private async before<Name extends OperationName>(name: Name, operation: UserOperations[Name], steps: TraceStep[]): Promise<Refusal | null> {
    for (const hook of this.plans.pre[name]) {
      const answer = this.ask(hook, 'pre', name, operation, steps);
      const verdict = answer instanceof Promise ? await answer : answer;
      if (verdict.kind === 'refuse') return verdict;
    }
    return null;
  }

  /** Every listener is told what happened, whatever another one says to it. */
  private async after<Name extends OperationName>(name: Name, performed: UserOperations[Name], steps: TraceStep[]): Promise<Refusal | null> {
    let operation = performed;
    let objection: Refusal | null = null;
    for (const hook of this.plans.post[name]) {
      const answer = this.ask(hook, 'post', name, operation, steps);
      const verdict = answer instanceof Promise ? await answer : answer;
      if (verdict.kind !== 'refuse') continue;
      objection ??= verdict;
      if (name === 'authenticate') operation = { ...operation, authenticated: false };
      else this.log.warn({ listener: hook.listener, hook: `post ${name}`, verdict: verdict.code }, 'a listener refused what had been done already: it stays done');
    }
    return objection;
  }

  private async inTransaction(name: OperationName, operation: UserOperations[OperationName], tx: SqlExecutor, steps: TraceStep[]): Promise<void> {
    for (const hook of this.plans.within[name]) {
      const startedAt = performance.now();
      let verdict = 'continue';
      try {
        await this.withinLimit(Promise.resolve(hook.call(operation, tx)));
      } catch (error) {
        verdict = '18013';
        throw error;
      } finally {
        steps.push(step(hook, 'within', verdict, startedAt));
      }
    }
  }

  /** A hook that throws, takes too long or answers no verdict refuses: fail closed. One that answers at once costs neither a promise nor a timer. */
  private ask(hook: PlannedHook, phase: 'pre' | 'post', name: OperationName, operation: UserOperations[OperationName], steps: TraceStep[]): Verdict | Promise<Verdict> {
    const startedAt = performance.now();
    const settle = (verdict: Verdict): Verdict => {
      steps.push(step(hook, phase, verdict.kind === 'continue' ? 'continue' : verdict.code, startedAt));
      return verdict;
    };
    const fail = (err: unknown): Verdict => {
      this.log.error({ err, listener: hook.listener, hook: `${phase} ${name}` }, phase === 'pre' ? 'a listener failed: the operation is refused' : 'a listener failed after the operation');
      return settle(refuse('18013'));
    };
    try {
      const answer = hook.call(operation);
      return isThenable(answer) ? this.withinLimit(answer).then(asVerdict).then(settle, fail) : settle(asVerdict(answer));
    } catch (err) {
      return fail(err);
    }
  }

  private async withinLimit(answer: PromiseLike<unknown>): Promise<unknown> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${this.hookLimitMs} ms`)), this.hookLimitMs);
    });
    try {
      return await Promise.race([answer, limit]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function plan(listeners: readonly UserOperationListener[], phase: Phase): Plan {
  const hooksOf = (name: OperationName): PlannedHook[] =>
    listeners.flatMap((listener) => {
      const hooks = listener[phase];
      const hook = phase === 'within' ? listener.within?.[name as WritingOperation] : listener[phase]?.[name]; // no listener has one for an operation that writes nothing
      // Only ever called with the operation of its name: the plan is by name.
      return hook ? [{ listener: listener.name, call: hook.bind(hooks) as PlannedHook['call'] }] : [];
    });
  return Object.fromEntries(operationNames.map((name) => [name, hooksOf(name)])) as unknown as Plan; // every name, as just written
}

function step(hook: PlannedHook, phase: Phase, verdict: string, startedAt: number): TraceStep {
  return { listener: hook.listener, hook: phase, verdict, microseconds: Math.round((performance.now() - startedAt) * 1_000) };
}

function idOf(operation: UserOperations[OperationName]): string | null {
  return 'exists' in operation && !operation.exists ? null : (operation.user?.id ?? null);
}
