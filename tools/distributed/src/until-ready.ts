const longestMs = 90_000;
const betweenMs = 100;

/** @throws Error naming what is not ready in time, and what it waits for */
export async function untilReady(urls: readonly string[]): Promise<void> {
  const deadline = Date.now() + longestMs;
  await Promise.all(
    urls.map(async (url) => {
      for (let reason = await unready(url); reason !== null; reason = await unready(url)) {
        if (Date.now() > deadline) throw new Error(`${url} is not ready after ${longestMs / 1000} s: ${reason}`);
        await new Promise((resolve) => setTimeout(resolve, betweenMs));
      }
    }),
  );
}

async function unready(url: string): Promise<string | null> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    return answer.ok ? null : await answer.text();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
