import type { FastifyReply, FastifyRequest } from 'fastify';
import { superTenant } from '@rekey/identity';
import type { ApiError } from './error-catalogue.ts';
import { tenantOf } from './tenant-path.ts';

/** The super tenant's. */
export const cookieName = '__Host-rekey-session';
const attributes = { path: '/', secure: true, httpOnly: true, sameSite: 'lax' } as const;

/** @returns the token of the session that the browser says it has, of the path's tenant or of the one named; null where it has none */
export function tokenOf(request: FastifyRequest, tenantDomain = tenantOf(request.raw)): string | null {
  return request.cookies[cookieNameOf(tenantDomain)] ?? null;
}

/** Whether a page's script asks, by what browsers say of their requests, or by a cookie: programs have neither. Not whoever enters an address. */
export function isFromPage({ headers, cookies }: FastifyRequest): boolean {
  const isScript = headers['sec-fetch-site'] !== undefined && headers['sec-fetch-dest'] !== 'document';
  return isScript || Object.keys(cookies).some((name) => name.startsWith(cookieName));
}

export function giveToken(reply: FastifyReply, token: string, lifetimeHours: number): void {
  void reply.setCookie(cookieNameOf(tenantOf(reply.request.raw)), token, { ...attributes, maxAge: lifetimeHours * 3600 });
}

export function takeToken(reply: FastifyReply): void {
  void reply.clearCookie(cookieNameOf(tenantOf(reply.request.raw)), attributes);
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
function cookieNameOf(tenantDomain: string): string {
  return tenantDomain === superTenant ? cookieName : `${cookieName}-${tenantDomain}`;
}
