import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { readBuiltFiles, sendFile, type BuiltFile } from './built-files.ts';
import { serveOldLinks } from './old-links.ts';

export interface WebAppOptions {
  /** The built React app: `index.html`, and `assets/` with hashed names. */
  readonly folder: string;
}

/** Everybody's, and each tenant's: where the service behind takes the tenant out of the path itself, the first is all there is to serve. */
const places = ['', '/t/:tenant(^[A-Za-z0-9][A-Za-z0-9.-]*$)'];
const looksLikeFile = /\.[a-z0-9]+$/i;

/**
 * Serves My Account below `/myaccount/` and `/t/{tenant}/myaccount/`, where the root leads to. Opening a link changes nothing: GET and HEAD
 * are all there is, and the key is in the fragment, which never arrives here.
 * @throws Error where the app has not been built
 */
export async function serveMyAccount(fastify: FastifyInstance, { folder }: WebAppOptions): Promise<void> {
  const files = await readBuiltFiles(folder).catch((error: unknown) => notBuilt(folder, error));
  if (!serveApp(fastify, 'myaccount', files)) notBuilt(folder);
  // Relative, so that it leads to the same tenant's.
  for (const place of places) fastify.get(`${place}/`, async (_request, reply) => reply.redirect('myaccount/'));
  await serveOldLinks(fastify);
}

/** Serves the Console below `/console/` and `/t/{tenant}/console/`. @returns whether it has been built: else there is nothing at its address */
export async function serveConsole(fastify: FastifyInstance, { folder }: WebAppOptions): Promise<boolean> {
  return serveApp(fastify, 'console', await readBuiltFiles(folder).catch(noFolder));
}

/** The same files for every tenant, which they read off their address. Hidden files and source maps stay inside. @returns false where there is no app to serve */
function serveApp(fastify: FastifyInstance, name: string, files: readonly BuiltFile[]): boolean {
  const index = files.find((file) => file.name === 'index.html');
  if (!index) return false;
  for (const place of places) {
    for (const file of files) fastify.get(`${place}/${name}/${encodeURI(file.name)}`, async (request, reply) => sendFile(request, reply, file));
    fastify.get(`${place}/${name}`, async (_request, reply) => reply.redirect(`${name}/`));
    // Everything else below is a page of the app's own router, but for a file that is missing.
    fastify.get(`${place}/${name}/*`, async (request, reply) => {
      const isMissingFile = looksLikeFile.test(request.url.split('?', 1)[0] ?? '');
      return isMissingFile ? reply.callNotFound() : sendFile(request, reply, index);
    });
  }
  return true;
}

function noFolder(error: unknown): readonly BuiltFile[] {
  if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return [];
  throw error;
}

function notBuilt(folder: string, cause?: unknown): never {
  throw new Error(`My Account has not been built: expected ${path.join(folder, 'index.html')} (npm run build)`, { cause });
}
