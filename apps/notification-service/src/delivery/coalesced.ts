import { setTimeout as pause } from 'node:timers/promises';

/**
 * Calls for one item each, run together: while one run is under way the calls that come in wait and make up the next, which begins no sooner than
 * `msApart` behind it. One statement then serves many mails when there are many, and a lone one waits for nobody.
 */
export class Coalesced<Item, Result> {
  private waiting: { item: Item; resolve: (result: Result) => void; reject: (reason: unknown) => void }[] = [];
  private running = false;
  private nextAtMs = 0;

  /** @param run gives each item its result, in their order */
  constructor(
    private readonly run: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly options: { readonly mostAtOnce?: number; readonly msApart?: number } = {},
  ) {}

  call(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (!this.running) void this.runWaiting();
    });
  }

  private async runWaiting(): Promise<void> {
    const { mostAtOnce = 200, msApart = 0 } = this.options;
    this.running = true;
    await Promise.resolve(); // whatever the same turn of the event loop still adds comes along
    while (this.waiting.length > 0) {
      const restMs = this.nextAtMs - performance.now();
      if (restMs > 0) await pause(restMs);
      this.nextAtMs = performance.now() + msApart;
      const batch = this.waiting.splice(0, mostAtOnce);
      try {
        const results = await this.run(batch.map(({ item }) => item));
        // `run` answers each item: a missing answer is its fault, and is told to the caller.
        batch.forEach(({ resolve, reject }, index) => (index < results.length ? resolve(results[index] as Result) : reject(new Error('no answer'))));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.running = false;
  }
}
