import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { builtFile, readBuiltFile, sendFile, type BuiltFile } from './built-files.ts';
import { escaped } from './escaped.ts';
import { shownEvents, type DocumentedEvents } from './events-page.ts';

/** An OpenAPI document, as far as its page is about it. */
export interface DocumentedApi {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
}

type Documents = ReadonlyMap<string, DocumentedApi | DocumentedEvents>;

const base = '/api/docs';
const own = fileURLToPath(new URL('../assets/api-docs/', import.meta.url));
/** Swagger UI as Fastify's plugin packs it: its files alone are taken. They need no script or style within a page. */
const swaggerUi = path.join(path.dirname(createRequire(import.meta.url).resolve('@fastify/swagger-ui/package.json')), 'static');

/**
 * The OpenAPI and AsyncAPI documents at `/api/docs/{name}.json`, a page of each at `/api/docs/{name}`, and at `/api/docs` the list of them: for anyone.
 * Made once, and kept in memory.
 */
export async function serveApiDocs(fastify: FastifyInstance, documents: Documents): Promise<void> {
  const assets = await Promise.all([
    ...['api-docs.css', 'api-docs.js'].map((name) => readBuiltFile(own, name)),
    ...['swagger-ui.css', 'swagger-ui-bundle.js'].map((name) => readBuiltFile(swaggerUi, name)),
  ]);
  const files = new Map<string, BuiltFile>(assets.map((file) => [`${base}/assets/${file.name}`, file]));
  files.set(base, page(documents, null));
  for (const [name, document] of documents) {
    files.set(`${base}/${name}`, page(documents, name));
    files.set(`${base}/${name}.json`, builtFile(`${name}.json`, Buffer.from(JSON.stringify(document, null, 2))));
  }
  for (const [address, file] of files) fastify.get(address, async (request, reply) => sendFile(request, reply, file));
  fastify.get(`${base}/`, async (_request, reply) => reply.redirect(base));
}

/** @param shown the name of the document that the page is of; null for the list */
function page(documents: Documents, shown: string | null): BuiltFile {
  const all = [...documents];
  const title = (shown && documents.get(shown)?.info.title) ?? 'APIs';
  const links = all.map(([name, { info }]) => `<li><a href="${base}/${name}"${name === shown ? ' aria-current="page"' : ''}>${escaped(info.title)}</a></li>`);
  const cards = all.map(([name, { info }]) => `<li><h2><a href="${base}/${name}">${escaped(info.title)}</a></h2><p>${escaped(info.description ?? '')}</p><a class="file" href="${base}/${name}.json">${name}.json</a></li>`);
  const events = shown === null ? null : eventsIn(documents, shown);
  const main =
    shown === null ? `<main class="list"><h1>APIs</h1><p class="lead">Each as an OpenAPI 3.1 document, events as an AsyncAPI 3.0 one, made from what the server itself reads requests and events with.</p><ul class="cards">${cards.join('')}</ul></main>`
    : events ? shownEvents(events, `${base}/${shown}.json`)
    : `<div id="viewer" data-document="${base}/${shown}.json"></div><noscript><p>This page needs JavaScript; the document itself does not: <a href="${base}/${shown}.json">${shown}.json</a></p></noscript>`;
  const viewer = shown === null || events ? '' : `<link rel="stylesheet" href="${base}/assets/swagger-ui.css"><script src="${base}/assets/swagger-ui-bundle.js" defer></script><script src="${base}/assets/api-docs.js" defer></script>`;
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)} · Rekey</title>
<link rel="icon" href="/myaccount/assets/favicon.svg" type="image/svg+xml">
${viewer}<link rel="stylesheet" href="${base}/assets/api-docs.css">
</head>
<body>
<header><a class="brand" href="${base}">Rekey <span>API reference</span></a></header>
<div class="columns">
<nav aria-label="APIs"><ul>${links.join('')}</ul></nav>
${main}
</div>
</body>
</html>
`;
  return builtFile('page.html', Buffer.from(html));
}

function eventsIn(documents: Documents, name: string): DocumentedEvents | null {
  const document = documents.get(name);
  return document && 'channels' in document ? document : null;
}
