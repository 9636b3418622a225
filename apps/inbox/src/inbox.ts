import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Logger } from '@rekey/observability';
import Fastify, { type FastifyInstance } from 'fastify';
import { SMTPServer } from 'smtp-server';
import { MailStore } from './mail-store.ts';

export interface InboxOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly smtpPort: number;
  /** 0: any free one. */
  readonly webPort: number;
  /** Where mails are kept across restarts; without it they are in memory only. */
  readonly folder?: string;
  readonly log: Logger;
}

export interface Inbox {
  /** Of the web page. */
  readonly url: string;
  readonly smtpPort: number;
  close(): Promise<void>;
}

const maxMailBytes = 10 * 1024 * 1024;
const pages = { '/': ['index.html', 'text/html'], '/inbox.css': ['inbox.css', 'text/css'], '/inbox.js': ['inbox.js', 'text/javascript'] } as const;

/** A mail's own HTML runs no script, loads nothing from anywhere, and its links open beside the inbox. */
const mailPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'self'";
const pagePolicy = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * Catches every mail that comes by SMTP, whoever it is for, and shows it on a web page. For development: it has no sign-in, so it
 * listens on loopback.
 * @throws Error naming the port that is in use
 */
export async function startInbox({ host, smtpPort, webPort, folder, log }: InboxOptions): Promise<Inbox> {
  const store = await MailStore.open(folder ?? null);
  const smtp = smtpServer(store, log);
  const web = await webServer(store);
  try {
    await listenSmtp(smtp, smtpPort, host);
    await web.listen({ port: webPort, host });
  } catch (error) {
    await Promise.allSettled([web.close(), closeSmtp(smtp)]);
    throw portFault(error);
  }
  const addressOf = (server: { address(): string | AddressInfo | null }) => server.address() as AddressInfo; // listening on TCP
  return {
    url: `http://localhost:${addressOf(web.server).port}/`,
    smtpPort: addressOf(smtp.server).port,
    close: async () => {
      await Promise.all([web.close(), closeSmtp(smtp)]);
    },
  };
}

function smtpServer(store: MailStore, log: Logger): SMTPServer {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    size: maxMailBytes,
    disableReverseLookup: true,
    logger: false,
    onData(stream, session, callback) {
      buffer(stream)
        .then((source) => store.add(source))
        .then(
          () => callback(),
          (error: unknown) => {
            log.error({ err: error, session: session.id }, 'a mail could not be kept');
            callback(Object.assign(new Error('the inbox could not keep the mail'), { responseCode: 451 }));
          },
        );
    },
  });
  server.on('error', (error) => log.debug({ reason: error.message }, 'an SMTP session broke'));
  return server;
}

async function webServer(store: MailStore): Promise<FastifyInstance> {
  const web = Fastify({ forceCloseConnections: true });
  web.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', pagePolicy);
    reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'no-referrer').header('cache-control', 'no-store');
  });
  for (const [url, [file, type]] of Object.entries(pages)) {
    const content = await readFile(fileURLToPath(new URL(`../pages/${file}`, import.meta.url)));
    web.get(url, async (_request, reply) => reply.type(`${type}; charset=utf-8`).send(content));
  }
  web.get('/health/live', async () => ({ status: 'ok' }));
  web.get('/health/ready', async () => ({ status: 'ready' }));
  mailRoutes(web, store);
  return web;
}

function mailRoutes(web: FastifyInstance, store: MailStore): void {
  web.get('/api/mails', async () => store.list().map(({ id, receivedAt, from, to, subject }) => ({ id, receivedAt, from, to, subject })));
  web.delete('/api/mails', async (_request, reply) => {
    await store.clear();
    return reply.status(204).send();
  });
  web.get<{ Params: { id: string } }>('/api/mails/:id', async ({ params }, reply) => store.find(params.id)?.mail ?? notFound(reply));
  web.get<{ Params: { id: string } }>('/api/mails/:id/source', async ({ params }, reply) => {
    const source = store.find(params.id)?.source;
    return source ? reply.type('text/plain; charset=utf-8').send(source) : notFound(reply);
  });
  web.get<{ Params: { id: string } }>('/mails/:id/html', async ({ params }, reply) => {
    const html = store.find(params.id)?.mail.html;
    if (!html) return notFound(reply);
    return reply.header('content-security-policy', mailPolicy).type('text/html; charset=utf-8').send(html.replace(/<head[^>]*>/i, (head) => `${head}<base target="_blank">`));
  });
  // Tells open pages that there is something new (server-sent events).
  web.get('/api/changes', (request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    reply.raw.write('data: connected\n\n');
    const stopWatching = store.watch(() => reply.raw.write('data: changed\n\n'));
    request.raw.once('close', stopWatching);
  });
}

function notFound(reply: { status(code: number): unknown }): { message: string } {
  reply.status(404);
  return { message: 'There is no such mail (any more).' };
}

async function listenSmtp(server: SMTPServer, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, host, resolve);
  });
}

async function closeSmtp(server: SMTPServer): Promise<void> {
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

function portFault(error: unknown): unknown {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' && 'port' in error) return new Error(`port ${String(error.port)} of the mail inbox is in use`);
  return error;
}
