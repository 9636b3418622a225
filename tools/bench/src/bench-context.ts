import type { BenchOptions } from './command-line.ts';
import type { StartedThings } from './system/started-things.ts';

/** What every benchmark is given. */
export interface BenchContext {
  readonly options: BenchOptions;
  /** `[server] offset` of what it starts. */
  readonly offset: number;
  /** @returns an empty folder, removed as the last of what was started */
  readonly folder: (name: string, started: StartedThings) => Promise<string>;
  readonly started: StartedThings;
  /** One line for whoever waits. */
  readonly say: (line: string) => void;
}
