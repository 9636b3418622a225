import type { Running } from '@rekey/lifecycle';

/** What a benchmark has started, ended in the opposite order: at its end, where it fails, and on Ctrl-C. */
export class StartedThings implements Running {
  private readonly things: Running[] = [];

  add<Thing extends Running>(thing: Thing): Thing {
    this.things.push(thing);
    return thing;
  }

  /** Ends all of them, also where one of them fails to end. @throws the first error */
  async stop(): Promise<void> {
    const errors: unknown[] = [];
    for (let thing = this.things.pop(); thing; thing = this.things.pop()) await thing.stop().catch((error: unknown) => errors.push(error));
    if (errors.length > 0) throw errors[0];
  }
}
