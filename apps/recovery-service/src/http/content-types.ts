import type { FastifyInstance } from 'fastify';

/** JSON, and SCIM's (RFC 7644 section 3.1). Forms and plain text are refused: a page of another site can make a browser send them (S37). */
export function acceptOnlyJson(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(['application/json', 'application/scim+json'], { parseAs: 'string' }, fastify.getDefaultJsonParser('error', 'error'));
}
