/** What stands before a tenant's own addresses, `/t/acme.example`; nothing for those of `carbon.super`. */
export const tenantPath = /^\/t\/[^/]+(?=\/console(?:\/|$))/.exec(location.pathname)?.[0] ?? '';

/** The tenant that is administered. */
export const tenantDomain = tenantPath === '' ? 'carbon.super' : decodeURIComponent(tenantPath.slice('/t/'.length));
