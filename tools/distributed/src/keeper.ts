import { setTimeout as pause } from 'node:timers/promises';
import type { Running } from '@rekey/lifecycle';
import { reasonOf, type LocalStackLog, type ProcessRecords } from '@rekey/local-stack';

/** One started process. */
export interface Part extends Running {
  readonly pid: number;
  /** Resolves when it has ended, asked to or not, with how: `exit code 1`, `SIGKILL`. */
  readonly ended: Promise<string>;
}

export interface KeeperOptions<Kept extends Part> {
  /** Names its pid file and its lines in the log. */
  readonly name: string;
  readonly start: () => Promise<Kept>;
  readonly records: ProcessRecords;
  readonly log: LocalStackLog;
}

const firstRestMs = 500;
const longestRestMs = 10_000;
/** One that lived this long had started well: its next death is a first one again. */
const settledMs = 30_000;

/** Keeps one process running for as long as it is wanted: starts it again when it dies, with its pid in `run/<name>.pid`. */
export class Keeper<Kept extends Part> implements Running {
  private readonly stopping = new AbortController();
  private keeping: Promise<void> = Promise.resolve();
  private deaths = 0;
  private running: Kept | null = null;

  constructor(private readonly options: KeeperOptions<Kept>) {}

  /** @throws what its start throws; from then on it is started again whenever it dies */
  start(): Promise<Kept> {
    const first = this.startOne();
    this.keeping = first.then(
      (part) => this.keep(part),
      () => undefined,
    );
    return first;
  }

  /** Also in the middle of a start: waits for it and ends what it started. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.keeping;
    await this.options.records.remove(this.options.name);
  }

  /** Has the process read its configuration again. One that is not running reads it when it starts. */
  reload(): void {
    this.running?.reload?.();
  }

  private async startOne(): Promise<Kept> {
    const part = await this.options.start();
    this.running = part;
    await this.options.records.add(this.options.name, part.pid);
    return part;
  }

  private async keep(first: Kept): Promise<void> {
    for (let part: Kept | null = first; part !== null; part = await this.startAgain()) {
      const startedAt = Date.now();
      const how = await Promise.race([part.ended, this.untilStopping()]);
      // Also where it ended by itself: gives back what it had taken.
      this.running = null;
      await part.stop();
      if (how === null) return;
      this.deaths = Date.now() - startedAt > settledMs ? 1 : this.deaths + 1;
      this.options.log.error(`ended (${how}); starting it again`);
    }
  }

  /** @returns null where it is not wanted any more */
  private async startAgain(): Promise<Kept | null> {
    for (;;) {
      const restMs = Math.min(longestRestMs, firstRestMs * 2 ** (this.deaths - 1));
      await pause(restMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      if (this.stopping.signal.aborted) return null;
      try {
        return await this.startOne();
      } catch (error) {
        this.deaths += 1;
        this.options.log.error(`cannot be started: ${reasonOf(error)}`);
      }
    }
  }

  private untilStopping(): Promise<null> {
    const { signal } = this.stopping;
    if (signal.aborted) return Promise.resolve(null);
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }));
  }
}
