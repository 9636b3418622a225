import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import staticFiles from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

export interface MyAccountPagesOptions {
  /** The built React app: `index.html` and `assets/` with hashed names. */
  readonly folder: string;
}

const base = '/myaccount/';
const oneYearSeconds = 31_536_000;

/**
 * Serves My Account below `/myaccount/`. Opening a link changes nothing: GET and HEAD are all there is, and the key is in the
 * fragment, which never arrives here.
 * @throws Error where the app has not been built
 */
export async function serveMyAccount(fastify: FastifyInstance, { folder }: MyAccountPagesOptions): Promise<void> {
  const index = await readFile(path.join(folder, 'index.html'), 'utf8').catch((error: unknown) => {
    throw new Error(`My Account has not been built: expected ${path.join(folder, 'index.html')} (npm run build)`, { cause: error });
  });
  const page = (reply: FastifyReply) => reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(index);

  await fastify.register(staticFiles, {
    root: path.join(folder, 'assets'),
    prefix: `${base}assets/`,
    decorateReply: false,
    index: false,
    cacheControl: false,
    setHeaders: (reply) => void reply.header('cache-control', `public, max-age=${oneYearSeconds}, immutable`),
  });
  fastify.get('/', async (_request, reply) => reply.redirect(base));
  fastify.get('/myaccount', async (_request, reply) => reply.redirect(base));
  // Pages of the app are addresses of its own router: each gets the app.
  fastify.get(`${base}*`, async (request, reply) => (/\.[a-z0-9]+$/i.test(request.url.split('?')[0] ?? '') ? reply.callNotFound() : page(reply)));
  await serveOldLinks(fastify);
}

/** Links of WSO2 Identity Server that are still in somebody's mailbox: their query is moved into the fragment by a script of ours. */
async function serveOldLinks(fastify: FastifyInstance): Promise<void> {
  const script = await readFile(fileURLToPath(new URL('../assets/old-link.js', import.meta.url)), 'utf8');
  const html = '<!doctype html><html lang="en"><title>Reset your password</title><script src="/accountrecoveryendpoint/old-link.js"></script><p>Taking you to the new page…</p></html>';
  fastify.get('/accountrecoveryendpoint/confirmrecovery.do', async (_request, reply) => reply.type('text/html; charset=utf-8').send(html));
  fastify.get('/accountrecoveryendpoint/old-link.js', async (_request, reply) => reply.type('text/javascript; charset=utf-8').send(script));
}
