import { createServer } from 'node:http';
import type { FastifyInstance } from 'fastify';

export interface PlainListener {
  readonly port: number;
  /**
   * Takes no more requests and finishes those in hand. To be called before the instance is closed, which does not wait for requests
   * that came by this listener; closing the instance alone ends it too.
   */
  close(): Promise<void>;
}

/**
 * A second, plain listener with the same routes: for programs on this machine. The instance must listen already.
 * @param options.host a loopback address; `port` 0 takes a free one
 * @throws the system's error where the port cannot be listened on
 */
export async function listenAlsoOnHttp(fastify: FastifyInstance, { port, host }: { readonly port: number; readonly host: string }): Promise<PlainListener> {
  const { requestTimeout, headersTimeout, keepAliveTimeout } = fastify.server;
  const server = createServer(
    // Node refuses a header limit above the request's; Fastify sets the one and leaves the other. 0 is no limit.
    { requestTimeout, headersTimeout: requestTimeout > 0 ? Math.min(headersTimeout, requestTimeout) : headersTimeout, keepAliveTimeout },
    (request, response) => fastify.routing(request, response),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, resolve);
  });

  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= new Promise((resolve) => server.close(() => resolve())));
  fastify.server.once('close', () => void close());
  const address = server.address();
  return { port: typeof address === 'object' && address ? address.port : port, close };
}
