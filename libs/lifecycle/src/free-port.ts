import { createServer } from 'node:net';

const attempts = 64;
const lastPort = 65_535;

/**
 * The first port from `first` on that nobody listens on, so that any number of instances run on one machine. Who starts at the same
 * moment may be given the same one: binding it is what decides.
 * @throws Error naming the range where none is free
 */
export async function freePortFrom(first: number, host: string): Promise<number> {
  const last = Math.min(first + attempts - 1, lastPort);
  for (let port = first; port <= last; port++) if (await isFree(port, host)) return port;
  throw new Error(`no free port between ${first} and ${last} on ${host}`);
}

/** @throws the system's error where `host` is no address of this machine */
export async function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(false) : reject(error)));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
