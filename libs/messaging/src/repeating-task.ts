import { outsideOfTraces } from '@rekey/observability';

export interface RepeatingTaskOptions {
  /** The longest rest between two runs. */
  readonly everyMs: number;
  /** Default 0: the shortest time from one run's begin to the next, however often it is woken, so that one run does the work of many. The first waits for nothing. */
  readonly leastMsApart?: number;
  /** A failed run is followed by a rest that doubles up to 5 s. */
  readonly onError: (error: unknown) => void;
}

const longestRestAfterFailureMs = 5_000;
const firstRestAfterFailureMs = 100;

/** Work that is done when woken, and now and then anyway. One run at a time; a wake during a run leads to another one. */
export class RepeatingTask {
  private running: Promise<void> | null = null;
  private stopped = false;
  private woken = false;
  private timer: NodeJS.Timeout | null = null;
  private failures = 0;
  private nextAtMs = 0;

  /** @param work returns whether there may be more to do at once */
  constructor(
    private readonly work: () => Promise<boolean>,
    private readonly options: RepeatingTaskOptions,
  ) {}

  start(): void {
    this.wake();
  }

  wake(): void {
    if (this.stopped) return;
    this.woken = true;
    // After a failure the rest is kept, however often it is woken: what failed is not helped by asking faster.
    if (this.running === null && this.failures === 0) this.runWhenDue();
  }

  /** Waits for the run in hand, and where runs are kept apart for the one that it was woken for before; allows no other. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.running;
    if (!this.options.leastMsApart || !this.woken || this.failures > 0) return;
    this.woken = false;
    await this.attempt(() => this.work());
  }

  private runWhenDue(): void {
    const restMs = this.nextAtMs - performance.now();
    if (restMs <= 0) return this.run();
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => this.run(), restMs);
  }

  private run(): void {
    if (this.timer) clearTimeout(this.timer);
    this.nextAtMs = performance.now() + (this.options.leastMsApart ?? 0);
    this.running = outsideOfTraces(() => this.runUntilDone()).finally(() => {
      this.running = null;
      if (this.stopped) return;
      // Woken when the run had looked for the last time and was not over yet.
      if (this.woken && this.failures === 0) this.runWhenDue();
      else this.rest();
    });
  }

  private async runUntilDone(): Promise<void> {
    await this.attempt(async () => {
      do {
        this.woken = false;
        while (!this.stopped && (await this.work()));
      } while (this.woken && !this.stopped && !this.options.leastMsApart);
    });
  }

  private async attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      this.failures = 0;
    } catch (error) {
      this.failures++;
      this.options.onError(error);
    }
  }

  private rest(): void {
    const restMs = this.failures === 0 ? this.options.everyMs : Math.min(longestRestAfterFailureMs, firstRestAfterFailureMs * 2 ** (this.failures - 1));
    this.timer = setTimeout(() => this.run(), restMs);
  }
}
