import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { inRequest } from '@rekey/governance';
import { nestLog, type Logger } from '@rekey/observability';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { acceptOnlyJson } from './content-types.ts';
import { ApiError } from './error-catalogue.ts';
import { ErrorFilter, sendError } from './error-filter.ts';
import { takeTenantFromPath } from './tenant-path.ts';

export interface HttpOptions {
  /** Key and certificate (PEM) to serve HTTPS with; without them it speaks HTTP, for a gateway on the same network. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Adds what stands at the same door, such as My Account's pages, before the service's own routes. */
  readonly furnish?: (fastify: FastifyInstance) => Promise<void>;
}

const kib = 1024;
const maxBodyBytes = 64 * kib;
/** Of doors that take more than that: a list of ten thousand users, an event as large as the bus takes in base64, hundreds of bounces at once. */
const maxBytesOf: Readonly<Record<string, number>> = { '/api/rekey/v1/forced-resets': 1024 * kib, '/api/rekey/v1/events': 360 * kib, '/api/rekey/v1/bounce-webhooks/:name': 256 * kib };

/**
 * Nest on Fastify, with every answer in WSO2's shape: those to requests that no route was found for among them.
 * @param isEnding whether it has been told to stop: then each connection ends with its answer
 */
export async function createHttpApplication(module: DynamicModule, log: Logger, isEnding: () => boolean, { tls, furnish }: HttpOptions): Promise<{ app: NestFastifyApplication; fastify: FastifyInstance }> {
  const adapter = new FastifyAdapter({
    ...(tls ? { https: tls } : {}),
    bodyLimit: maxBodyBytes,
    genReqId: () => randomUUID(),
    rewriteUrl: takeTenantFromPath,
    requestTimeout: 30_000,
    keepAliveTimeout: 65_000,
    // While it closes, what came in is still answered, each with `connection: close`.
    return503OnClosing: false,
    frameworkErrors: (_error: FastifyError, request: FastifyRequest, reply: FastifyReply) => sendError(reply, new ApiError('RKY-10001', 'Malformed request: the address cannot be read.'), request.id),
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger: nestLog(log), abortOnError: false, bodyParser: false });
  app.useGlobalFilters(new ErrorFilter(log));
  const fastify = adapter.getInstance<FastifyInstance>(); // typed for HTTP/1 and HTTP/2 at once unless one says so
  acceptOnlyJson(fastify);
  fastify.addHook('onRoute', (route) => {
    const maxBytes = maxBytesOf[route.url];
    if (maxBytes !== undefined) route.bodyLimit = maxBytes;
  });
  fastify.addHook('onSend', async (_request, reply) => {
    // Else the connection is kept by its client, and closing waits for it.
    if (isEnding()) void reply.header('connection', 'close');
  });
  // Once the body is read: what comes in with it comes from the connection, not from this request.
  fastify.addHook('preValidation', (request, _reply, done) => inRequest(request.id, done));
  await fastify.register(cookie);
  await furnish?.(fastify);
  return { app, fastify };
}
