import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { portOf } from '@rekey/lifecycle';

/** Where services that run alone begin to look for a port; `[server] offset` is added. */
const firstPort = 9600;
const portsTried = 100;

/**
 * Which ports to try, in turn: the one that was named and no other; else 9600 + offset and those behind it, so that any number of
 * instances run on one machine. Health, metrics and the signed door of templates share it.
 * @param named by the option `--port`, which goes before the variable `REKEY_PORT`; null or absent: not
 * @throws Error where what was named is no port
 */
export function portsToTry(named: { readonly option?: string | undefined; readonly variable: string | null }, offset: number): readonly number[] {
  if (named.option !== undefined) return [portOf('--port', named.option)];
  if (named.variable !== null) return [portOf('REKEY_PORT', named.variable)];
  return Array.from({ length: portsTried }, (_, n) => firstPort + offset + n);
}

/** Binding is the only way to know that a port is free: several workers may start at the same moment. */
export async function listenOnFirstFree(app: NestFastifyApplication, ports: readonly number[], address: string): Promise<void> {
  for (const [index, port] of ports.entries()) {
    try {
      await app.listen(port, address);
      return;
    } catch (error) {
      const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (!inUse) throw error;
      if (index === ports.length - 1) throw new Error(`port ${port} on ${address} is in use${ports.length > 1 ? `, and so are the ${ports.length - 1} before it` : ''}`);
    }
  }
}
