import type { Clock } from './clock.ts';
import { Histogram } from './histogram.ts';

export interface ClosedLoopResult {
  readonly perSecond: number;
  readonly latency: Histogram;
}

/** Does the work over and over, so many at once, for a time: how much goes through at most. Its latencies say nothing of a system under load. */
export async function runClosedLoop(work: () => Promise<void>, { atOnce, seconds }: { readonly atOnce: number; readonly seconds: number }, clock: Clock): Promise<ClosedLoopResult> {
  const latency = new Histogram();
  const startedAt = clock.now();
  const endAt = startedAt + seconds * 1_000;
  const one = async (): Promise<void> => {
    for (let begunAt = clock.now(); begunAt < endAt; begunAt = clock.now()) {
      await work();
      latency.record((clock.now() - begunAt) * 1_000);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return { perSecond: latency.count / ((clock.now() - startedAt) / 1_000), latency };
}
