import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { readBuiltFiles, sendFile } from './built-files.ts';
import { serveOldLinks } from './old-links.ts';

export interface MyAccountPagesOptions {
  /** The built React app: `index.html`, and `assets/` with hashed names. */
  readonly folder: string;
}

const base = '/myaccount/';
const looksLikeFile = /\.[a-z0-9]+$/i;

/**
 * Serves My Account below `/myaccount/`. Opening a link changes nothing: GET and HEAD are all there is, and the key is in the
 * fragment, which never arrives here. Hidden files and source maps stay inside.
 * @throws Error where the app has not been built
 */
export async function serveMyAccount(fastify: FastifyInstance, { folder }: MyAccountPagesOptions): Promise<void> {
  const files = await readBuiltFiles(folder).catch((error: unknown) => notBuilt(folder, error));
  const index = files.find(({ name }) => name === 'index.html') ?? notBuilt(folder);

  for (const file of files) fastify.get(base + encodeURI(file.name), async (request, reply) => sendFile(request, reply, file));
  fastify.get('/', async (_request, reply) => reply.redirect(base));
  fastify.get('/myaccount', async (_request, reply) => reply.redirect(base));
  // Everything else below is a page of the app's own router, but for a file that is missing.
  fastify.get(`${base}*`, async (request, reply) => {
    const isMissingFile = looksLikeFile.test(request.url.split('?', 1)[0] ?? '');
    return isMissingFile ? reply.callNotFound() : sendFile(request, reply, index);
  });
  await serveOldLinks(fastify);
}

function notBuilt(folder: string, cause?: unknown): never {
  throw new Error(`My Account has not been built: expected ${path.join(folder, 'index.html')} (npm run build)`, { cause });
}
