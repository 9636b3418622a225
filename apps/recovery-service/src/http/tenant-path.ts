import type { IncomingMessage } from 'node:http';

export const superTenant = 'carbon.super';

const tenantOfRequest = new WeakMap<IncomingMessage, string>();
const tenantPath = /^\/t\/([A-Za-z0-9][A-Za-z0-9.-]{0,253})(\/.*)$/;

/** WSO2 writes `/recover-username/`, and takes every path of its APIs with a slash at its end or without. */
const lastSlash = /^((?:\/t\/[^/?]+)?\/(?:api|scim2)\/[^?]*[^/?])\/(?=\?|$)/;

/** Fastify's `rewriteUrl`: `/t/{tenant}/rest` is `/rest` for that tenant. */
export function takeTenantFromPath(request: IncomingMessage): string {
  const url = (request.url ?? '/').replace(lastSlash, '$1');
  const match = tenantPath.exec(url);
  if (!match) return url;
  const [, tenant = superTenant, rest = '/'] = match;
  tenantOfRequest.set(request, tenant.toLowerCase());
  return rest;
}

/** @returns null where the path names none */
export function tenantInPath(request: IncomingMessage): string | null {
  return tenantOfRequest.get(request) ?? null;
}

/** The tenant in the path wins over one in the body; with neither it is `carbon.super`. */
export function tenantOf(request: IncomingMessage, inBody?: string): string {
  return tenantInPath(request) ?? inBody ?? superTenant;
}
