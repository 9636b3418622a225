import type { LoadStep } from '../load/load-step.ts';
import { figure } from './table.ts';

/** One step, for whoever watches. */
export function stepLine({ offeredPerSecond, achievedPerSecond, verdict, latency, failures, backlog }: LoadStep): string {
  const failed = Object.entries(failures).map(([reason, count]) => `${count} × ${reason}`);
  return [
    `${figure(offeredPerSecond, 0)}/s: ${verdict}`,
    `achieved ${figure(achievedPerSecond, 0)}/s`,
    `p50 ${figure(latency.p50Ms)} ms`,
    `p99 ${figure(latency.p99Ms)} ms`,
    `backlog at most ${figure(backlog.max, 0)}`,
    ...failed,
  ].join(', ');
}
