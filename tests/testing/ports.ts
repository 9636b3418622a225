import { assertPortFree, localPorts } from '@rekey/local-stack';
import { claimNumber } from '@rekey/test-kit';

/** All below the ports that `freePort` gives, and farther apart than one stack's own. */
const first = 1_000;
const step = 1_000;
const count = 11;

export interface ClaimedOffset {
  readonly offset: number;
  /** For the next one; to be called when nothing listens on its ports any more. */
  release(): Promise<void>;
}

/** A `[server] offset` whose ports nobody uses: the tests' Rekeys run side by side, and beside a developer's own. */
export async function claimOffset(): Promise<ClaimedOffset> {
  const { number, release } = await claimNumber('offset', count, async (candidate) => {
    const ports = Object.values(localPorts(first + candidate * step));
    const answers = await Promise.allSettled(ports.map((port) => assertPortFree(port)));
    return answers.every(({ status }) => status === 'fulfilled');
  });
  return { offset: first + number * step, release };
}
