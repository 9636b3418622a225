/** What stands before a tenant's own addresses, `/t/acme.example`; nothing for those of `carbon.super`. */
export const tenantPath = /^\/t\/[^/]+(?=\/(?:myaccount|console)(?:\/|$))/.exec(location.pathname)?.[0] ?? '';

/** The tenant whose pages these are; null: `carbon.super`, which people need not know of. */
export const tenantDomain = tenantPath === '' ? null : decodeURIComponent(tenantPath.slice('/t/'.length));

/** Whose pages have no tenant in their address. */
export const superTenant = 'carbon.super';
