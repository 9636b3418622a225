import { Unavailable } from './unavailable.ts';

const shortestWaitMs = 5;

/**
 * @param clock milliseconds; may stand still for a while
 * @throws Unavailable where there is no answer in time; what comes later is heard by nobody
 */
export async function withinLimit<Answer>(answer: PromiseLike<Answer>, limitMs: number, clock = (): number => performance.now()): Promise<Answer> {
  const endsAt = clock() + limitMs;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    const look = (): void => {
      const leftMs = endsAt - clock();
      if (leftMs <= 0) reject(new Unavailable(`no answer within ${limitMs} ms`));
      else timer = setTimeout(look, Math.max(leftMs, shortestWaitMs));
    };
    timer = setTimeout(look, limitMs);
  });
  try {
    return await Promise.race([answer, limit]);
  } finally {
    clearTimeout(timer);
  }
}
