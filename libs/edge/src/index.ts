export { securityHeaders } from './security-headers.ts';
export { serveApiDocs, type DocumentedApi } from './api-docs-pages.ts';
export { serveConsole, serveMyAccount, type WebAppOptions } from './web-app-pages.ts';
export { listenAlsoOnHttp, type PlainListener } from './plain-http.ts';
export type { DocumentedEvents } from './events-page.ts';
