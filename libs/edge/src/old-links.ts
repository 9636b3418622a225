import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';

const folder = '/accountrecoveryendpoint';

/**
 * Links of WSO2 Identity Server that are still in somebody's mailbox, with the key in `confirmation`: a script of ours moves it into the
 * fragment and goes to My Account. The page does nothing else, and is the same whatever the key.
 */
export async function serveOldLinks(fastify: FastifyInstance): Promise<void> {
  const [page, script] = await Promise.all(['old-link.html', 'old-link.js'].map((name) => readFile(new URL(`../assets/${name}`, import.meta.url))));
  for (const tenant of ['', '/t/:tenant']) {
    fastify.get(`${tenant}${folder}/confirmrecovery.do`, async (_request, reply) => reply.type('text/html; charset=utf-8').send(page));
  }
  fastify.get(`${folder}/old-link.js`, async (_request, reply) => reply.type('text/javascript; charset=utf-8').send(script));
}
