import { needsRestart } from './config-sections.ts';
import type { EffectiveValue } from './effective-values.ts';
import { dottedKey } from './key-path.ts';
import type { LoadedDeployment } from './load-deployment-config.ts';

/** A key as the running process has it. */
export interface RunningValue extends EffectiveValue {
  /** A change of it counts from the next start on. */
  readonly needsRestart: boolean;
  /** What the file says by now, and the next start brings; null where that is what counts already. */
  readonly pending: { readonly value: string | null } | null;
}

/** What a running process goes by, key by key: the file that was applied last, but of what only a start can change, the one that it started with. */
export class RunningValues {
  private readonly atStart: ReadonlyMap<string, EffectiveValue>;
  private latest: readonly EffectiveValue[];

  constructor(started: Pick<LoadedDeployment, 'effective'>) {
    this.latest = started.effective();
    this.atStart = new Map(this.latest.map((value) => [dottedKey(value.path), value]));
  }

  /** Another file was applied. */
  follow(applied: Pick<LoadedDeployment, 'effective'>): void {
    this.latest = applied.effective();
  }

  /** In the file's order. What has come to the file or gone from it since the start stands there as it will be. */
  all(): readonly RunningValue[] {
    return this.latest.map((now) => this.running(now));
  }

  /** @param key with dots: `server.offset`; not of an array of tables */
  of(key: string): RunningValue | null {
    const now = this.latest.find(({ path }) => dottedKey(path) === key);
    return now ? this.running(now) : null;
  }

  private running(now: EffectiveValue): RunningValue {
    if (!needsRestart(now.path)) return { ...now, needsRestart: false, pending: null };
    const started = this.atStart.get(dottedKey(now.path)) ?? { ...now, value: null };
    return started.value === now.value ? { ...now, needsRestart: true, pending: null } : { ...started, needsRestart: true, pending: { value: now.value } };
  }
}
