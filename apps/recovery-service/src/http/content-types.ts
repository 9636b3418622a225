import { structuredEventType } from '@rekey/events';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it was sent, which signatures are over; null where there is none. */
    sentText: string | null;
  }
}

/** JSON, SCIM's (RFC 7644 section 3.1) and CloudEvents' (JSON format 1.0). Forms and plain text are refused: a page of another site can make a browser send them (S37). */
export function acceptOnlyJson(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.decorateRequest('sentText', null);
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser<string>(['application/json', 'application/scim+json', structuredEventType], { parseAs: 'string' }, (request, body, done) => {
    request.sentText = body;
    // Clients name the type at every request, also where nothing follows.
    if (body === '') done(null, undefined);
    else parse.call(fastify, request, body, done);
  });
}
