import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A file of a built web app. */
export interface BuiltFile {
  /** Below the app's folder, with slashes: `assets/index-BxK3f9_a.js`. */
  readonly name: string;
  readonly type: string;
  readonly content: Buffer;
  /** An entity tag (RFC 9110 section 8.8.3) of the content. */
  readonly tag: string;
}

/** By extension, what bundlers emit. */
const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

const oneYearSeconds = 31_536_000;
/** As Vite names what never changes under its name: `index-BxK3f9_a.js`. */
const hashedName = /-[\w-]{8}\.[a-z0-9]+$/;

/** Every file below the folder but hidden ones and source maps: small enough to be kept in memory, so that nothing else is ever read. */
export async function readBuiltFiles(folder: string): Promise<BuiltFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const names = files.map((file) => path.relative(folder, file).split(path.sep).join('/'));
  return Promise.all(names.filter(isPublic).map((name) => readBuiltFile(folder, name)));
}

export async function readBuiltFile(folder: string, name: string): Promise<BuiltFile> {
  return builtFile(name, await readFile(path.join(folder, name)));
}

/** @param name whose extension says what type it is */
export function builtFile(name: string, content: Buffer): BuiltFile {
  const type = types[path.extname(name).toLowerCase()] ?? 'application/octet-stream';
  return { name, type, content, tag: `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"` };
}

export function sendFile(request: FastifyRequest, reply: FastifyReply, { name, type, content, tag }: BuiltFile): FastifyReply {
  void reply.header('cache-control', hashedName.test(name) ? `public, max-age=${oneYearSeconds}, immutable` : 'no-cache').header('etag', tag);
  return request.headers['if-none-match'] === tag ? reply.code(304).send() : reply.type(type).send(content);
}

function isPublic(name: string): boolean {
  return !name.endsWith('.map') && !name.split('/').some((part) => part.startsWith('.'));
}
