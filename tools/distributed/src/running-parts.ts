import type { Running } from '@rekey/lifecycle';

/** What has been started so far, to be stopped in the opposite order; parts of one group at once. */
export class RunningParts implements Running {
  private readonly groups: (readonly Running[])[] = [];

  /** Before they are started: a part that fails half way is stopped too. */
  add(...group: readonly Running[]): void {
    this.groups.push(group);
  }

  /** Stops them all, whatever one of them says. @throws the first of their faults, in the end */
  async stop(): Promise<void> {
    const faults: unknown[] = [];
    for (const group of this.groups.splice(0).reverse()) {
      const outcomes = await Promise.allSettled(group.map((part) => part.stop()));
      faults.push(...outcomes.flatMap((outcome): unknown[] => (outcome.status === 'rejected' ? [outcome.reason] : [])));
    }
    if (faults.length > 0) throw faults[0];
  }
}
