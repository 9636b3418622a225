import { setTimeout as pause } from 'node:timers/promises';
import { reasonOf } from '@rekey/observability';

const longestMs = 90_000;
const betweenMs = 100;

/** @throws Error naming what is not ready in time and what it waits for; at once the reason of `ending`, when that is aborted */
export async function untilReady(urls: readonly string[], ending: AbortSignal): Promise<void> {
  const deadline = Date.now() + longestMs;
  await Promise.all(
    urls.map(async (url) => {
      for (let reason = await unready(url); reason !== null; reason = await unready(url)) {
        if (Date.now() > deadline) throw new Error(`${url} is not ready after ${longestMs / 1000} s: ${reason}`);
        // Its own error says that it was aborted, and not why.
        await pause(betweenMs, undefined, { signal: ending }).catch(() => ending.throwIfAborted());
      }
    }),
  );
}

async function unready(url: string): Promise<string | null> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    const text = await answer.text();
    return answer.ok ? null : text;
  } catch (error) {
    return reasonOf(error);
  }
}
