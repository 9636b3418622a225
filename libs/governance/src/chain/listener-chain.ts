import type { SqlExecutor } from '@rekey/messaging';
import { traced, type Logger } from '@rekey/observability';
import { ask, codeOfFailure, logFailure } from './ask.ts';
import { takeAnswer } from './claims-change.ts';
import { listenersInOrder, type ConfiguredListener, type ListenerSettings } from './listener-order.ts';
import { OperationLevel } from './operation-level.ts';
import { claimsToSet, subjectOf, TraceLog, type OperationTrace, type Phase, type TraceStep } from './operation-trace.ts';
import { withinLimit } from './time-limit.ts';
import { operationNames, type OperationName, type Refusal, type Report, type UserOperationListener, type UserOperations, type Verdict, type WritingOperation } from './user-operation.ts';

export interface ListenerChainOptions {
  /** How long a hook may take to answer whose listener does not say; default 2 seconds. */
  readonly hookLimitMs?: number;
  /** Where traces are kept; default: with the chain. */
  readonly traces?: TraceLog;
  /** Told of each operation when it is over; must not throw. */
  readonly onTrace?: (trace: OperationTrace) => void;
}

interface PlannedHook extends ConfiguredListener {
  /** What a hook really answers is checked: listeners may come from elsewhere, and not be typed. */
  readonly call: (operation: UserOperations[OperationName], more: Report | SqlExecutor) => unknown;
}

type Plan = Readonly<Record<OperationName, readonly PlannedHook[]>>;

/** What became of an operation: refused by a pre hook, or performed, with the first refusal of a post hook, if any. */
export type ChainOutcome<Result> = { readonly kind: 'refused'; readonly refusal: Refusal } | { readonly kind: 'performed'; readonly result: Result; readonly objection: Refusal | null };

/** For the operation's own statements: runs the listeners' `within` hooks in its transaction. */
export type Within = (tx: SqlExecutor) => Promise<void>;

/** Does the operation; what it returns as `performed` is what post hooks see of it, null where nothing was done. */
type Perform<Name extends OperationName, Result> = (within: Within) => Promise<{ readonly result: Result; readonly performed: UserOperations[Name] | null }>;

/** Runs the enabled listeners around each user operation, in ascending priority; a disabled one is not called at all. */
export class ListenerChain {
  /** In the order in which they are called, with the disabled ones, which are not. */
  readonly listeners: readonly ConfiguredListener[];
  /** What an operator had better change. */
  readonly warnings: readonly string[];
  readonly traces: TraceLog;
  private readonly plans: Readonly<Record<Phase, Plan>>;
  private readonly onTrace: (trace: OperationTrace) => void;

  /** @throws ListenerChainError naming both where two listeners have one priority, or the one that is configured but not there, or not configured */
  constructor(
    listeners: readonly UserOperationListener[],
    settings: Readonly<Record<string, ListenerSettings>>,
    private readonly log: Logger,
    { hookLimitMs = 2_000, traces = new TraceLog(), onTrace = () => undefined }: ListenerChainOptions = {},
  ) {
    this.traces = traces;
    this.onTrace = onTrace;
    this.listeners = listenersInOrder(listeners, settings, hookLimitMs);
    const enabled = this.listeners.filter(({ enable }) => enable);
    this.plans = { pre: plan(enabled, 'pre'), within: plan(enabled, 'within'), post: plan(enabled, 'post') };
    this.warnings = warningsAbout(this.names());
    for (const warning of this.warnings) log.warn(warning);
  }

  /** The enabled listeners in the order in which they are called. */
  names(): readonly string[] {
    return this.listeners.filter(({ enable }) => enable).map(({ listener }) => listener.name);
  }

  /**
   * Runs pre hooks, the operation, post hooks.
   * @throws Error where hooks call operations in a circle, and what `perform` throws
   */
  async around<Name extends OperationName, Result>(name: Name, operation: UserOperations[Name], perform: Perform<Name, Result>): Promise<ChainOutcome<Result>> {
    return traced(`listener chain ${name}`, {}, async () => OperationLevel.run(name, false, async (level) => {
      // What hooks begin is reading claims: whatever writes is frozen, and fails here.
      if (level.isRehearsal) Object.assign(operation, { dryRun: true });
      return this.traced(level, name, operation, perform);
    }));
  }

  /** What the pre hooks would say to the operation, which is not done. Neither it nor what they read for it leaves a trace. @param operation with `dryRun` */
  async rehearse<Name extends OperationName>(name: Name, operation: UserOperations[Name]): Promise<{ readonly refusal: Refusal | null; readonly steps: readonly TraceStep[] }> {
    const steps: TraceStep[] = [];
    const refusal = await OperationLevel.run(name, true, async (level) => this.before(level, name, operation, steps));
    return { refusal, steps };
  }

  private async traced<Name extends OperationName, Result>(level: OperationLevel, name: Name, operation: UserOperations[Name], perform: Perform<Name, Result>): Promise<ChainOutcome<Result>> {
    const steps: TraceStep[] = [];
    let outcome = 'failed';
    try {
      const refusal = await this.before(level, name, operation, steps);
      if (refusal) {
        outcome = refusal.code;
        return { kind: 'refused', refusal };
      }
      const { result, performed } = await perform((tx) => this.inTransaction(level, name, operation, tx, steps));
      const objection = performed && (await this.after(level, name, performed, steps));
      outcome = outcomeOf(result, performed, objection);
      return { kind: 'performed', result, objection };
    } finally {
      if (!level.isRehearsal) {
        const trace = { operation: name, ...subjectOf(operation), claims: claimsToSet(operation), at: new Date(), steps: [...steps], outcome };
        this.traces.add(trace);
        this.onTrace(trace);
      }
    }
  }

  private async before<Name extends OperationName>(level: OperationLevel, name: Name, operation: UserOperations[Name], steps: TraceStep[]): Promise<Refusal | null> {
    for (const hook of this.plans.pre[name]) {
      const answer = this.ask(level, hook, 'pre', name, operation, steps);
      const verdict = answer instanceof Promise ? await answer : answer;
      if (verdict.kind === 'refuse') return verdict;
      if (verdict.claims && 'claims' in operation) takeAnswer(operation, verdict.claims);
    }
    return null;
  }

  /** Every listener is told what happened, whatever another one says to it. */
  private async after<Name extends OperationName>(level: OperationLevel, name: Name, performed: UserOperations[Name], steps: TraceStep[]): Promise<Refusal | null> {
    let operation = performed;
    let objection: Refusal | null = null;
    for (const hook of this.plans.post[name]) {
      const answer = this.ask(level, hook, 'post', name, operation, steps);
      const verdict = answer instanceof Promise ? await answer : answer;
      if (verdict.kind !== 'refuse') continue;
      objection ??= verdict;
      if (name === 'authenticate') operation = { ...operation, authenticated: false };
      else this.log.warn({ listener: hook.listener.name, hook: `post ${name}`, verdict: verdict.code }, 'a listener refused what had been done already: it stays done');
    }
    return objection;
  }

  private async inTransaction(level: OperationLevel, name: OperationName, operation: UserOperations[OperationName], tx: SqlExecutor, steps: TraceStep[]): Promise<void> {
    for (const hook of this.plans.within[name]) {
      const startedAt = performance.now();
      let verdict = 'continue';
      try {
        await withinLimit(Promise.resolve(hook.call(operation, tx)), hook.timeLimitMs, level.clock);
      } catch (error) {
        verdict = codeOfFailure(error);
        throw error;
      } finally {
        steps.push(step(hook.listener.name, 'within', verdict, startedAt));
      }
    }
  }

  private ask(level: OperationLevel, hook: PlannedHook, phase: 'pre' | 'post', name: OperationName, operation: UserOperations[OperationName], steps: TraceStep[]): Verdict | Promise<Verdict> {
    const { timeLimitMs, onFailure, listener } = hook;
    const startedAt = performance.now();
    const report: Report = (part, verdict, since) => void steps.push(step(`${listener.name}/${part}`, phase, verdict, since));
    return ask(
      () => hook.call(operation, report),
      { timeLimitMs, clock: level.clock, onFailure },
      (verdict) => steps.push(step(listener.name, phase, verdict, startedAt)),
      (thrown) => {
        const meaning = onFailure === 'continue' ? 'the operation goes on, as configured' : phase === 'pre' ? 'the operation is refused' : 'the operation had been done';
        logFailure(this.log, { listener: listener.name, hook: `${phase} ${name}` }, thrown, `a listener failed: ${meaning}`);
      },
    );
  }
}

function plan(listeners: readonly ConfiguredListener[], phase: Phase): Plan {
  const hooksOf = (name: OperationName): PlannedHook[] =>
    listeners.flatMap((configured) => {
      const { listener } = configured;
      const hooks = listener[phase];
      const hook = phase === 'within' ? listener.within?.[name as WritingOperation] : listener[phase]?.[name]; // no listener has one for an operation that writes nothing
      // Only ever called with the operation of its name: the plan is by name.
      return hook ? [{ ...configured, call: hook.bind(hooks) as PlannedHook['call'] }] : [];
    });
  return Object.fromEntries(operationNames.map((name) => [name, hooksOf(name)])) as unknown as Plan; // every name, as just written
}

function step(listener: string, phase: Phase, verdict: string, startedAt: number): TraceStep {
  return { listener, hook: phase, verdict, microseconds: Math.round((performance.now() - startedAt) * 1_000) };
}

/** See `OperationTrace`. A post hook that refuses undoes nothing, but for an authentication. */
function outcomeOf(result: unknown, performed: UserOperations[OperationName] | null, objection: Refusal | null): string {
  if (performed && 'authenticated' in performed) return performed.authenticated ? (objection?.code ?? 'done') : '17002';
  if (performed) return 'done';
  return typeof result === 'object' && result !== null && 'code' in result && typeof result.code === 'string' ? result.code : 'not-done';
}

function warningsAbout(names: readonly string[]): readonly string[] {
  return names.includes('identity_mgt') && names.includes('governance_identity_mgt')
    ? ['identity_mgt and governance_identity_mgt are both enabled: both check locks and the password policy; enable one of them']
    : [];
}
