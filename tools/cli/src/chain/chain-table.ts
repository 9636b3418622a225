import { aligned } from '../aligned.ts';
import type { ListenerReport } from './listener-report.ts';

const columns = ['priority', 'listener', '', 'kind', 'time limit', 'if it fails', 'called at'];
const indent = '  ';

/** The chain in the order in which it is called, handlers beneath the listener that calls them, and last what stands in no order. */
export function chainTable({ listeners, flags }: ListenerReport): string {
  const ordered = [...listeners].sort(byPriority).flatMap(({ name, kind, priority, enable, hooks, timeLimitMs, onFailure, handlers }) => [
    [String(priority), name, flag(enable), kind, `${timeLimitMs / 1_000} s`, onFailure, byPhase(hooks)],
    ...[...handlers].sort(byPriority).map((handler) => [`${indent}${handler.priority}`, `${indent}${handler.name}`, flag(enable && handler.enable), 'handler', '', '', [...handler.subscriptions, ...handler.within.map((operation) => `within ${operation}`)].join(', ')]),
  ]);
  const rows = [...ordered, ...Object.entries(flags).map(([name, isOn]) => ['', name, flag(isOn), 'handler', '', '', ''])];
  return aligned([columns, ...rows]);
}

/** `pre authenticate, post authenticate, pre addUser` as `pre authenticate, addUser; post authenticate`. */
function byPhase(hooks: readonly string[]): string {
  const phases = new Map<string, string[]>();
  for (const hook of hooks) {
    const [phase = '', ...operation] = hook.split(' ');
    phases.set(phase, [...(phases.get(phase) ?? []), operation.join(' ')]);
  }
  return Array.from(phases, ([phase, operations]) => `${phase} ${operations.join(', ')}`).join('; ');
}

function byPriority(a: { readonly priority: number }, b: { readonly priority: number }): number {
  return a.priority - b.priority;
}

function flag(enable: boolean): string {
  return enable ? 'on' : 'OFF';
}
