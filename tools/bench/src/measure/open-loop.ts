import { reasonOf } from '@rekey/observability';
import type { Clock } from './clock.ts';
import { Histogram } from './histogram.ts';

export interface OpenLoopPlan {
  readonly ratePerSecond: number;
  readonly seconds: number;
  /** What has not come back by then has failed, and stays in the histogram with the time it had taken. */
  readonly timeoutMs: number;
}

export type SendOutcome = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly reason: string };

export interface OpenLoopResult {
  readonly offered: number;
  readonly succeeded: number;
  /** By reason. */
  readonly failures: ReadonlyMap<string, number>;
  /** From the intended time to the answer, whatever it was. */
  readonly latency: Histogram;
  /** From the intended time to the moment of sending: what the load generator itself was late by. It is part of `latency`. */
  readonly lateness: Histogram;
  /** From the first intended time to the last answer in time, at least the time of sending. */
  readonly elapsedSeconds: number;
}

/** Timers are no finer than this, so what falls due meanwhile is sent together. */
const tickMs = 1;

/**
 * Sends at the times that the rate says, however slow the answers are, and counts every answer from the time at which it was due. A
 * closed loop, which sends when the last answer has come, leaves out exactly the requests that a stall would have hit.
 */
export async function runOpenLoop(plan: OpenLoopPlan, send: (index: number, intendedAt: number) => Promise<SendOutcome>, clock: Clock): Promise<OpenLoopResult> {
  const offered = Math.round(plan.ratePerSecond * plan.seconds);
  const intervalMs = 1_000 / plan.ratePerSecond;
  const [latency, lateness] = [new Histogram(), new Histogram()];
  const failures = new Map<string, number>();
  const open = new Map<number, number>();
  let succeeded = 0;
  let closed = false;
  let wakeWhenDone = (): void => undefined;
  const startedAt = clock.now();
  let lastAnswerAt = startedAt;

  const settle = (index: number, intendedAt: number, outcome: SendOutcome): void => {
    if (closed) return;
    open.delete(index);
    const now = clock.now();
    latency.record((now - intendedAt) * 1_000);
    const late: SendOutcome = now - intendedAt > plan.timeoutMs ? { kind: 'failed', reason: 'timeout' } : outcome;
    if (late.kind === 'done') {
      succeeded++;
      lastAnswerAt = now;
    } else {
      failures.set(late.reason, (failures.get(late.reason) ?? 0) + 1);
    }
    if (open.size === 0) wakeWhenDone();
  };

  for (let index = 0; index < offered; ) {
    const now = clock.now();
    for (; index < offered && startedAt + index * intervalMs <= now; index++) {
      const [current, intendedAt] = [index, startedAt + index * intervalMs];
      open.set(current, intendedAt);
      lateness.record((clock.now() - intendedAt) * 1_000);
      send(current, intendedAt).then(
        (outcome) => settle(current, intendedAt, outcome),
        (error: unknown) => settle(current, intendedAt, { kind: 'failed', reason: reasonOf(error) }),
      );
    }
    if (index < offered) await clock.wait(tickMs);
  }

  const allSettled = new Promise<void>((resolve) => (wakeWhenDone = resolve));
  if (open.size > 0) await Promise.race([allSettled, clock.wait(plan.timeoutMs)]);
  for (const [index, intendedAt] of [...open]) settle(index, intendedAt, { kind: 'failed', reason: 'timeout' });
  closed = true;
  return { offered, succeeded, failures, latency, lateness, elapsedSeconds: Math.max(plan.seconds, (lastAnswerAt - startedAt) / 1_000) };
}
