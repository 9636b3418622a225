/** What stands before a tenant's own addresses, `/t/acme.example`; nothing for those of `carbon.super`. */
export const tenantPath = /^\/t\/[^/]+(?=\/myaccount(?:\/|$))/.exec(location.pathname)?.[0] ?? '';
