export { securityHeaders } from './security-headers.ts';
export { serveMyAccount, type MyAccountPagesOptions } from './my-account-pages.ts';
export { listenAlsoOnHttp, type PlainListener } from './plain-http.ts';
