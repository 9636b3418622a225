import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { LocalStackError, systemCode } from './local-stack-error.ts';

const standardPorts = {
  https: 9443,
  http: 9763,
  inboxWeb: 9025,
  inboxSmtp: 9587,
  postgres: 9432,
  kafka: 9092,
  kafkaController: 9193,
  recoveryService: 9500,
  notificationService: 9600,
} as const;

export type LocalPorts = Record<keyof typeof standardPorts, number>;

/** Every port of the local stack, shifted by `[server] offset` as WSO2 Identity Server shifts its own. */
export function localPorts(offset: number): LocalPorts {
  const highest = Math.max(...Object.values(standardPorts));
  if (!Number.isInteger(offset) || offset < 0 || highest + offset > 65_535) throw new LocalStackError(`[server] offset must be a whole number from 0 to ${65_535 - highest}, not ${offset}`);
  // Object.entries forgets the literal keys, and every one of them is there.
  return Object.fromEntries(Object.entries(standardPorts).map(([name, port]) => [name, port + offset])) as LocalPorts;
}

/** @throws LocalStackError naming the port if another program listens on it */
export async function assertPortFree(port: number, host = '127.0.0.1'): Promise<void> {
  const server = createServer();
  try {
    server.listen({ port, host, exclusive: true });
    await once(server, 'listening');
  } catch (error) {
    if (systemCode(error) === 'EADDRINUSE') throw new LocalStackError(`port ${port} is in use by another program: stop it, or shift every port with [server] offset`, { cause: error });
    throw new LocalStackError(`cannot listen on ${host}:${port} (${systemCode(error) ?? 'unknown reason'})`, { cause: error });
  } finally {
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }
}

/**
 * Above the local stack's own with an offset up to 11,000, and below those that systems give to outgoing connections (RFC 6335: 49152 and above, Linux: 32768):
 * between looking and listening nobody comes to have one.
 */
const firstFree = 21_000;
const endOfFree = 32_768;

/** A port on the loopback address that nobody uses at the moment; of many, at random, so that two who ask at once are not given the same. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(firstFree, endOfFree);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  try {
    await assertPortFree(port);
    return true;
  } catch (error) {
    if (error instanceof LocalStackError && systemCode(error.cause) === 'EADDRINUSE') return false;
    throw error;
  }
}
