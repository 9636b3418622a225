export { securityHeaders } from './security-headers.ts';
export { serveApiDocs, type DocumentedApi } from './api-docs-pages.ts';
export { serveMyAccount, type MyAccountPagesOptions } from './my-account-pages.ts';
export { listenAlsoOnHttp, type PlainListener } from './plain-http.ts';
export type { DocumentedEvents } from './events-page.ts';
