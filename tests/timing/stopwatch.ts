import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

export interface TimedRequests {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** In this order, one after the other. */
  readonly requests: readonly { readonly path: string; readonly body: object }[];
  /** What each must be answered with. */
  readonly status: number;
}

/** @returns how many milliseconds each took, from the request to the end of the answer */
export async function timesOf(workerData: TimedRequests): Promise<readonly number[]> {
  const worker = new Worker(new URL('stopwatch.mjs', import.meta.url), { workerData });
  const [times] = (await once(worker, 'message')) as [readonly number[]]; // what it posts
  return times;
}
