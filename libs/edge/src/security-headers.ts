import type { FastifyInstance } from 'fastify';

const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const oneYearSeconds = 31_536_000;

/**
 * What every answer carries (S38): nothing from elsewhere runs on our pages, nobody frames them, and no address leaks by Referer. A page that
 * brings a policy of its own, such as a previewed mail, keeps it.
 * Whatever does not say how it may be kept, the APIs' answers above all, is kept by nobody. To be called before routes are added.
 */
export function securityHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onSend', async (request, reply) => {
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', contentSecurityPolicy);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'no-referrer');
    reply.header('cross-origin-opener-policy', 'same-origin');
    reply.header('cross-origin-resource-policy', 'same-origin');
    // Over plain HTTP browsers must ignore it (RFC 6797 section 7.2).
    if (request.protocol === 'https') reply.header('strict-transport-security', `max-age=${oneYearSeconds}`);
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
}
