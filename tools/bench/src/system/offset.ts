import { isFree } from '@rekey/lifecycle';
import { localPorts } from '@rekey/local-stack';

/** The benchmarks' own `[server] offset`s; a tenth apart, no port of one is a port of another. */
const offsets = Array.from({ length: 10 }, (_, index) => 800 + index * 10);

/** @throws Error where other programs listen in each of them */
export async function freeOffset(): Promise<number> {
  for (const offset of offsets) {
    const free = await Promise.all(Object.values(localPorts(offset)).map((port) => isFree(port, '127.0.0.1')));
    if (free.every(Boolean)) return offset;
  }
  throw new Error('the ports of [server] offset 800 to 890 are all in use');
}
