import type { HistogramState } from '../measure/histogram.ts';
import type { OpenLoopPlan } from '../measure/open-loop.ts';
import { Histogram } from '../measure/histogram.ts';

/** What the generator is told: one step of load. */
export interface LoadOrder extends OpenLoopPlan {
  /** `https://localhost:10243`, `http://127.0.0.1:10563`, … */
  readonly origin: string;
  readonly connections: number;
  /** Request number n is for the user number `firstUser + n`. */
  readonly firstUser: number;
  /** Whether to tell when each request was due and accepted. */
  readonly keepTimes: boolean;
}

/** Of one request that was accepted; times by the machine's clock, milliseconds. */
export interface AcceptedRequest {
  readonly user: number;
  readonly intendedAt: number;
  readonly acceptedAt: number;
}

/** What the generator tells. */
export interface LoadReport {
  readonly offered: number;
  readonly succeeded: number;
  readonly failures: ReadonlyMap<string, number>;
  readonly latency: HistogramState;
  readonly lateness: HistogramState;
  readonly startedAt: number;
  readonly elapsedSeconds: number;
  /** Sorted by `acceptedAt`; none unless asked for. */
  readonly accepted: readonly AcceptedRequest[];
}

export function p99OfMs(state: HistogramState): number {
  return Histogram.from(state).percentile(99) / 1_000;
}
