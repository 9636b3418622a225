import { createServer } from 'node:net';

const attempts = 64;

/**
 * The first port from `first` on that nobody listens on, so that any number of instances run on one machine.
 * @throws Error naming the range where none is free
 */
export async function freePortFrom(first: number, host: string): Promise<number> {
  for (let port = first; port < first + attempts; port++) if (await isFree(port, host)) return port;
  throw new Error(`no free port between ${first} and ${first + attempts - 1} on ${host}`);
}

export async function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(false) : reject(error)));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
