import type { FastifyReply, FastifyRequest } from 'fastify';
import { superTenant } from '@rekey/identity';
import type { ApiError } from './error-catalogue.ts';
import { tenantOf } from './tenant-path.ts';

/** The super tenant's. */
export const cookieName = '__Host-rekey-session';
const attributes = { path: '/', secure: true, httpOnly: true, sameSite: 'lax' } as const;

/** @returns the token of the session that the browser says it has; null where it has none */
export function tokenOf(request: FastifyRequest): string | null {
  return request.cookies[cookieNameOf(request)] ?? null;
}

export function giveToken(reply: FastifyReply, token: string, lifetimeHours: number): void {
  void reply.setCookie(cookieNameOf(reply.request), token, { ...attributes, maxAge: lifetimeHours * 3600 });
}

export function takeToken(reply: FastifyReply): void {
  void reply.clearCookie(cookieNameOf(reply.request), attributes);
}

/**
 * A 401 must name a scheme (RFC 9110 section 15.5.2). To `Basic` a browser opens its own sign-in window over My Account's and holds the
 * answer back; a scheme that it does not know leaves the answer to the page.
 */
export function forPage(reply: FastifyReply, error: ApiError): ApiError {
  if (error.status === 401) void reply.header('www-authenticate', 'Session realm="Rekey"');
  return error;
}

/** `__Host-` cookies hold for every path (RFC 6265bis): each tenant has one of its own name, so that one can be signed in to several. */
function cookieNameOf(request: FastifyRequest): string {
  const tenantDomain = tenantOf(request.raw);
  return tenantDomain === superTenant ? cookieName : `${cookieName}-${tenantDomain}`;
}
