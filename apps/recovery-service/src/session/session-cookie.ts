import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiError } from '../http/error-catalogue.ts';

export const cookieName = '__Host-rekey-session';
const attributes = { path: '/', secure: true, httpOnly: true, sameSite: 'lax' } as const;

/** @returns the token of the session that the browser says it has; null where it has none */
export function tokenOf(request: FastifyRequest): string | null {
  return request.cookies[cookieName] ?? null;
}

export function giveToken(reply: FastifyReply, token: string, lifetimeHours: number): void {
  void reply.setCookie(cookieName, token, { ...attributes, maxAge: lifetimeHours * 3600 });
}

export function takeToken(reply: FastifyReply): void {
  void reply.clearCookie(cookieName, attributes);
}

/**
 * A 401 must name a scheme (RFC 9110 section 15.5.2). To `Basic` a browser opens its own sign-in window over My Account's and holds the
 * answer back; a scheme that it does not know leaves the answer to the page.
 */
export function forPage(reply: FastifyReply, error: ApiError): ApiError {
  if (error.status === 401) void reply.header('www-authenticate', 'Session realm="Rekey"');
  return error;
}
