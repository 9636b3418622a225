import { Unavailable } from './unavailable.ts';

/** A limit is waited for in so many parts. While the process or its machine stands still nobody can answer, and nobody else: that costs one part at most. */
const parts = 8;
const shortestPartMs = 5;

/**
 * @param clock milliseconds; may stand still for a while
 * @throws Unavailable where there is no answer in time; what comes later is heard by nobody
 */
export async function withinLimit<Answer>(answer: PromiseLike<Answer>, limitMs: number, clock = (): number => performance.now()): Promise<Answer> {
  const partMs = Math.max(limitMs / parts, shortestPartMs);
  let leftMs = limitMs;
  let seenAt = clock();
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    const look = (): void => {
      const now = clock();
      leftMs -= Math.min(now - seenAt, partMs);
      seenAt = now;
      if (leftMs <= 0) reject(new Unavailable(`no answer within ${limitMs} ms`));
      else timer = setTimeout(look, partMs);
    };
    timer = setTimeout(look, partMs);
  });
  try {
    return await Promise.race([answer, limit]);
  } finally {
    clearTimeout(timer);
  }
}
