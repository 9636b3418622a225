import replyFrom from '@fastify/reply-from';
import type { Logger } from '@rekey/observability';
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { answerHeaders, requestHeaders } from './forwarded-headers.ts';
import { sendGatewayError } from './gateway-error.ts';
import type { Upstreams } from './upstreams.ts';

export interface ForwardTimes {
  readonly connectTimeoutMs: number;
  readonly answerTimeoutMs: number;
}

const prefixes = ['/api/*', '/scim2/*', '/t/*'];
const methods: HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const safeMethods = ['GET', 'HEAD', 'OPTIONS'];

/** No connection was made, so nothing was sent: another one may be tried whatever the method. */
const notSent = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'];
const connectionLost = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'];
const noAnswer = ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'];

/** Paths that two servers may read differently: a dot segment, an empty one, an encoded slash (S41). */
const ambiguousPath = /\/\/|\\|%2f|%5c|%00|\/(?:\.|%2e){1,2}(?:[;/]|%3b|$)/i;

/** Forwards what is the recovery services' to one of them. Bodies are held whole, so that they can be sent to another. */
export async function forwardToUpstreams(fastify: FastifyInstance, upstreams: Upstreams, { connectTimeoutMs, answerTimeoutMs }: ForwardTimes, log: Logger): Promise<void> {
  await fastify.register(replyFrom, {
    undici: { connections: 256, connect: { timeout: connectTimeoutMs }, headersTimeout: answerTimeoutMs, bodyTimeout: answerTimeoutMs },
    disableCache: true,
    disableRequestLogging: true,
    destroyAgent: true,
  });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  for (const url of prefixes) fastify.route({ method: methods, url, exposeHeadRoute: false, handler: (request, reply) => forward(request, reply, upstreams, log) });
}

function forward(request: FastifyRequest, reply: FastifyReply, upstreams: Upstreams, log: Logger): FastifyReply {
  const path = request.url.split('?', 1)[0] ?? '';
  if (ambiguousPath.test(path)) return sendGatewayError(reply, 400);
  const body = Buffer.isBuffer(request.body) ? request.body : null;
  const sender = { address: request.socket.remoteAddress ?? '', protocol: request.protocol, host: request.headers.host, hasBody: body !== null };
  const tried = new Set<string>();

  const tryNext = (): FastifyReply => {
    const origin = upstreams.next(tried);
    if (origin === null) return sendGatewayError(reply, 503);
    tried.add(origin);
    return reply.from(undefined, {
      getUpstream: () => origin,
      // The default repeats a GET that was answered with 503.
      retryDelay: () => null,
      rewriteRequestHeaders: (_request, headers) => requestHeaders(headers, sender),
      rewriteHeaders: answerHeaders,
      ...(body ? { body, contentType: request.headers['content-type'] ?? 'application/octet-stream' } : {}),
      onError: (_reply, { error }) => {
        const code = codeOf(error);
        log.warn({ traceId: request.id, method: request.method, upstream: origin, reason: code }, 'a request was not answered by the service');
        if (notSent.includes(code)) {
          upstreams.unreachable(origin);
          void tryNext();
        } else if (connectionLost.includes(code)) {
          if (safeMethods.includes(request.method)) void tryNext();
          else void sendGatewayError(reply, 502);
        } else {
          void sendGatewayError(reply, noAnswer.includes(code) ? 504 : 502);
        }
      },
    });
  };
  return tryNext();
}

/** Of the network's own error, which reply-from wraps. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  if ('cause' in error && error.cause !== undefined) return codeOf(error.cause);
  return 'code' in error ? String(error.code) : 'unknown';
}
