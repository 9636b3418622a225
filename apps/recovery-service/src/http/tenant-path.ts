import type { IncomingMessage } from 'node:http';
import { canonicalTenantDomain, superTenant } from '@rekey/identity';

const tenantOfRequest = new WeakMap<IncomingMessage, string>();
/** Not `/t/a/t/b/…`: which of the two were meant? */
const tenantPath = /^\/t\/([A-Za-z0-9.-]+)(\/(?!t\/).*)$/;

/** WSO2 writes `/recover-username/`, and takes every path of its APIs with a slash at its end or without. */
const lastSlash = /^((?:\/t\/[^/?]+)?\/(?:api|scim2)\/[^?]*[^/?])\/(?=\?|$)/;

/** Fastify's `rewriteUrl`: `/t/{tenant}/rest` is `/rest` for that tenant. What only resembles it is left as it is: there is nothing at such an address. */
export function takeTenantFromPath(request: IncomingMessage): string {
  const url = (request.url ?? '/').replace(lastSlash, '$1');
  const [, named = '', rest = '/'] = tenantPath.exec(url) ?? [];
  const tenantDomain = canonicalTenantDomain(named);
  if (tenantDomain === null) return url;
  tenantOfRequest.set(request, tenantDomain);
  return rest;
}

/** @returns null where the path names none */
export function tenantInPath(request: IncomingMessage): string | null {
  return tenantOfRequest.get(request) ?? null;
}

/** With none in the path it is `carbon.super`. */
export function tenantOf(request: IncomingMessage): string {
  return tenantInPath(request) ?? superTenant;
}

/** What stands before a tenant's own paths. */
export function pathOfTenant(tenantDomain: string): string {
  return tenantDomain === superTenant ? '' : `/t/${tenantDomain}`;
}
