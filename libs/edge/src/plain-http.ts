import { createServer } from 'node:http';
import type { FastifyInstance } from 'fastify';

export interface PlainListener {
  readonly port: number;
  close(): Promise<void>;
}

/** A second, plain listener with the same routes: for programs on this machine. */
export async function listenAlsoOnHttp(fastify: FastifyInstance, { port, host }: { readonly port: number; readonly host: string }): Promise<PlainListener> {
  const server = createServer((request, response) => fastify.routing(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: async () => {
      server.closeIdleConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
