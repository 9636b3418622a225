import { assertPortFree, localPorts } from '@rekey/local-stack';
import { claimNumber } from '@rekey/test-kit';

/** All below the range that systems give to outgoing connections, and farther apart than one stack's ports. */
const first = 1_000;
const step = 1_000;
const count = 22;

/** A `[server] offset` whose ports nobody uses: the tests' Rekeys run side by side, and beside a developer's own. */
export async function freeOffset(): Promise<number> {
  const number = await claimNumber('offset', count, async (candidate) => {
    const ports = Object.values(localPorts(first + candidate * step));
    const answers = await Promise.allSettled(ports.map((port) => assertPortFree(port)));
    return answers.every(({ status }) => status === 'fulfilled');
  });
  return first + number * step;
}
