import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { readBuiltFiles, sendFile } from './built-files.ts';
import { serveOldLinks } from './old-links.ts';

export interface MyAccountPagesOptions {
  /** The built React app: `index.html`, and `assets/` with hashed names. */
  readonly folder: string;
}

/** Everybody's, and each tenant's: where the service behind takes the tenant out of the path itself, the first is all there is to serve. */
const places = ['', '/t/:tenant(^[A-Za-z0-9][A-Za-z0-9.-]*$)'];
const looksLikeFile = /\.[a-z0-9]+$/i;

/**
 * Serves My Account below `/myaccount/` and `/t/{tenant}/myaccount/`: the same files, which read the tenant off their address. Opening a link changes nothing: GET and HEAD are all there is, and the key is in the
 * fragment, which never arrives here. Hidden files and source maps stay inside.
 * @throws Error where the app has not been built
 */
export async function serveMyAccount(fastify: FastifyInstance, { folder }: MyAccountPagesOptions): Promise<void> {
  const files = await readBuiltFiles(folder).catch((error: unknown) => notBuilt(folder, error));
  const index = files.find(({ name }) => name === 'index.html') ?? notBuilt(folder);

  for (const place of places) {
    for (const file of files) fastify.get(`${place}/myaccount/${encodeURI(file.name)}`, async (request, reply) => sendFile(request, reply, file));
    // Relative, so that it leads to the same tenant's.
    for (const without of ['/', '/myaccount']) fastify.get(place + without, async (_request, reply) => reply.redirect('myaccount/'));
    // Everything else below is a page of the app's own router, but for a file that is missing.
    fastify.get(`${place}/myaccount/*`, async (request, reply) => {
      const isMissingFile = looksLikeFile.test(request.url.split('?', 1)[0] ?? '');
      return isMissingFile ? reply.callNotFound() : sendFile(request, reply, index);
    });
  }
  await serveOldLinks(fastify);
}

function notBuilt(folder: string, cause?: unknown): never {
  throw new Error(`My Account has not been built: expected ${path.join(folder, 'index.html')} (npm run build)`, { cause });
}
