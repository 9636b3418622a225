import { randomUUID } from 'node:crypto';
import { listenAlsoOnHttp, securityHeaders, serveConsole, serveMyAccount } from '@rekey/edge';
import { listenFault } from '@rekey/lifecycle';
import { reasonOf, type Logger } from '@rekey/observability';
import fastify, { type FastifyInstance } from 'fastify';
import { forwardToUpstreams, type ForwardTimes } from './forward.ts';
import { sendGatewayError, statusOfFault } from './gateway-error.ts';
import { Upstreams, type UpstreamTimes } from './upstreams.ts';

export interface GatewayOptions {
  /** Of the HTTPS port; the plain one is on 127.0.0.1 always. Default 127.0.0.1. */
  readonly listenAddress?: string;
  /** 0 takes a free one. */
  readonly httpsPort: number;
  readonly httpPort: number;
  /** PEM. */
  readonly certificate: { readonly key: string; readonly cert: string };
  /** Origins of the recovery services, such as `http://127.0.0.1:9500`. They need not be there yet. */
  readonly upstreams: readonly string[];
  /** The built My Account. */
  readonly myAccountFolder: string;
  /** The built Console; where it has not been built, it is not served. */
  readonly consoleFolder: string;
  readonly log: Logger;
  readonly times?: Partial<ForwardTimes & UpstreamTimes>;
}

export interface Gateway {
  readonly httpsPort: number;
  readonly httpPort: number;
  /** Takes no more requests and finishes those in hand. */
  close(): Promise<void>;
}

const defaultTimes: ForwardTimes & UpstreamTimes = { connectTimeoutMs: 5_000, answerTimeoutMs: 30_000, checkEveryMs: 1_000, checkTimeoutMs: 2_000 };
const maxBodyBytes = 1024 * 1024;

/**
 * What Caddy is in production, for one machine: TLS, the pages of My Account and the Console, and everything else shared out among the recovery services.
 * @throws Error with one line for a person: a port in use, My Account not built, a certificate that cannot be read
 */
export async function startGateway({ listenAddress = '127.0.0.1', httpsPort, httpPort, certificate, upstreams: addresses, myAccountFolder, consoleFolder, log, times }: GatewayOptions): Promise<Gateway> {
  const everyTime = { ...defaultTimes, ...times };
  const upstreams = new Upstreams(addresses, everyTime, log);
  const server = createServer(certificate);
  securityHeaders(server);
  server.setErrorHandler((error, request, reply) => {
    const status = statusOfFault(error);
    if (status === 500) log.error({ traceId: request.id, err: error }, 'request failed');
    return sendGatewayError(reply, status);
  });
  server.setNotFoundHandler((_request, reply) => sendGatewayError(reply, 404));
  await serveMyAccount(server, { folder: myAccountFolder });
  await serveConsole(server, { folder: consoleFolder });
  answerHealth(server, upstreams);
  await forwardToUpstreams(server, upstreams, everyTime, log);

  const close = async (): Promise<void> => {
    upstreams.stop();
    await server.close();
  };
  try {
    await upstreams.start();
    await server.listen({ host: listenAddress, port: httpsPort }).catch((error: unknown) => {
      throw listenFault(error, httpsPort);
    });
    const plain = await listenAlsoOnHttp(server, { host: '127.0.0.1', port: httpPort }).catch((error: unknown) => {
      throw listenFault(error, httpPort);
    });
    const address = server.server.address();
    return {
      httpsPort: typeof address === 'object' && address ? address.port : httpsPort,
      httpPort: plain.port,
      close: async () => {
        // First: requests that came by it are in nobody else's count, and need the connections to the upstreams.
        await plain.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** For load balancers: the gateway's own words, whatever a service says of its trouble. */
function answerHealth(server: FastifyInstance, upstreams: Upstreams): void {
  server.get('/health/live', async () => ({ status: 'ok' }));
  server.get('/health/ready', async (_request, reply) => ((await upstreams.anyReady()) ? { status: 'ready' } : reply.code(503).send({ status: 'not ready' })));
}

function createServer({ key, cert }: GatewayOptions['certificate']): FastifyInstance {
  const options = { logger: false, genReqId: () => randomUUID(), bodyLimit: maxBodyBytes, requestTimeout: 30_000, keepAliveTimeout: 65_000 };
  try {
    // Typed for its TLS server; nothing here depends on which of the two it is.
    return fastify({ ...options, https: { key, cert }, frameworkErrors: (_error, _request, reply) => void sendGatewayError(reply, 400) });
  } catch (error) {
    throw new Error(`the certificate cannot be used (${reasonOf(error)})`, { cause: error });
  }
}
