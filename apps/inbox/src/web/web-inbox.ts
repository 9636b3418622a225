import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { listenFault } from '@rekey/lifecycle';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import type { MailShelf } from '../mail-shelf.ts';
import type { LiveUpdates } from './live-updates.ts';
import { mailPage, mailPagePolicy } from './mail-page.ts';
import { isOwnName } from './own-name.ts';

export interface WebInboxOptions {
  readonly host: string;
  readonly port: number;
  /** That it answers to, beside localhost and its addresses. */
  readonly names: readonly string[];
  readonly smtpPort: number;
  readonly shelf: MailShelf;
  readonly updates: LiveUpdates;
}

export interface WebInbox {
  readonly port: number;
  close(): Promise<void>;
}

const securityHeaders = {
  'content-security-policy': "default-src 'self'; frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** The file of each address of the page, in the package's `assets`. */
const assets: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  '/': { file: 'index.html', type: 'text/html; charset=utf-8' },
  '/inbox.css': { file: 'inbox.css', type: 'text/css; charset=utf-8' },
  '/inbox.js': { file: 'inbox.js', type: 'text/javascript; charset=utf-8' },
  '/icon.svg': { file: 'icon.svg', type: 'image/svg+xml' },
};

/** The page and its JSON API. */
export async function startWebInbox({ host, port, names, smtpPort, shelf, updates }: WebInboxOptions): Promise<WebInbox> {
  const ownNames = names.map((name) => name.toLowerCase());
  const server = fastify({ logger: false, forceCloseConnections: 'idle' });
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders);
    if (!isOwnName(host, ownNames, request.headers.host)) return reply.code(421).send({ error: 'The inbox does not answer to this name: it is told its names by --name.' });
  });
  server.addHook('preClose', async () => updates.close());
  await servePage(server);
  serveMails(server, shelf, updates);
  server.get('/api/catcher', async () => ({ smtpHost: host, smtpPort }));
  server.get('/health/live', async () => ({ status: 'ok' }));
  server.get('/health/ready', async () => ({ status: 'ready' }));

  await server.listen({ host, port }).catch((error: unknown) => {
    throw listenFault(error, port, 'the inbox cannot show its pages there');
  });
  const address = server.server.address();
  return { port: typeof address === 'object' && address ? address.port : port, close: () => server.close() };
}

async function servePage(server: FastifyInstance): Promise<void> {
  for (const [url, { file, type }] of Object.entries(assets)) {
    const content = await readFile(fileURLToPath(new URL(`../../assets/${file}`, import.meta.url)));
    server.get(url, async (_request, reply) => reply.type(type).send(content));
  }
}

function serveMails(server: FastifyInstance, shelf: MailShelf, updates: LiveUpdates): void {
  server.get('/api/mails', async () => shelf.list());

  server.get<{ Params: { id: string } }>('/api/mails/:id', async ({ params }, reply) => (await shelf.read(params.id)) ?? noSuchMail(reply));

  server.get<{ Params: { id: string } }>('/api/mails/:id/source', async ({ params }, reply) => {
    const source = shelf.source(params.id);
    return source ? reply.type('text/plain; charset=utf-8').send(source) : noSuchMail(reply);
  });

  server.get<{ Params: { id: string } }>('/api/mails/:id/html', async ({ params }, reply) => {
    const mail = await shelf.read(params.id);
    if (mail?.html == null) return noSuchMail(reply);
    return reply.header('content-security-policy', mailPagePolicy).type('text/html; charset=utf-8').send(mailPage(mail.html));
  });

  server.delete('/api/mails', async (_request, reply) => {
    await shelf.clear();
    updates.tell('cleared');
    return reply.code(204).send();
  });

  server.get('/api/changes', async (_request, reply) => {
    const taken = updates.add(reply.raw, securityHeaders);
    if (!taken) return reply.code(503).send({ error: 'Too many pages are open.' });
    return reply.hijack();
  });
}

function noSuchMail(reply: FastifyReply): FastifyReply {
  return reply.code(404).send({ error: 'There is no such mail: it was never here, or newer ones have taken its place.' });
}
