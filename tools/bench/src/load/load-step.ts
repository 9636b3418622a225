import type { Backlog } from '../measure/backlog.ts';
import { Histogram, type Percentiles } from '../measure/histogram.ts';
import { verdictOn, type StepVerdict } from '../measure/knee.ts';
import { UsageWatch, type MeasuredProcess, type ProcessUsage } from '../system/process-usage.ts';
import { p99OfMs, type LoadOrder, type LoadReport } from './load-order.ts';
import type { LoadGenerator } from './load-generator.ts';

/** One rate, held for a time, and what came of it: as it stands in the result files. */
export interface LoadStep {
  readonly offeredPerSecond: number;
  readonly achievedPerSecond: number;
  readonly seconds: number;
  readonly verdict: StepVerdict;
  /** From the intended time to the 202. Not to be quoted unless the step held. */
  readonly latency: Percentiles;
  readonly failures: Readonly<Record<string, number>>;
  readonly generatorLateP99Ms: number;
  readonly backlog: Backlog;
  readonly processes: readonly ProcessUsage[];
}

export interface StepConditions {
  readonly generator: LoadGenerator;
  readonly processes: readonly MeasuredProcess[];
  readonly p99BoundMs: number;
  /** Begins to look at the backlog; what it returns ends that, and tells. It gets the report of the step. */
  readonly watchBacklog: () => (report: LoadReport) => Promise<Backlog>;
}

export async function runLoadStep(order: LoadOrder, { generator, processes, p99BoundMs, watchBacklog }: StepConditions): Promise<{ step: LoadStep; report: LoadReport }> {
  const usage = new UsageWatch([...processes, { name: 'load generator', pid: generator.pid }, { name: 'benchmark', pid: process.pid }]);
  const backlogOfStep = watchBacklog();
  const report = await generator.carryOut(order);
  const used = usage.stop();
  const backlog = await backlogOfStep(report);
  const figures = {
    offeredPerSecond: order.ratePerSecond,
    achievedPerSecond: report.succeeded / report.elapsedSeconds,
    failed: report.offered - report.succeeded,
    p99Ms: p99OfMs(report.latency),
    backlog,
  };
  const step: LoadStep = {
    offeredPerSecond: order.ratePerSecond,
    achievedPerSecond: figures.achievedPerSecond,
    seconds: order.seconds,
    verdict: verdictOn(figures, p99BoundMs),
    latency: Histogram.from(report.latency).percentiles(),
    failures: Object.fromEntries(report.failures),
    generatorLateP99Ms: p99OfMs(report.lateness),
    backlog,
    processes: used,
  };
  return { step, report };
}
