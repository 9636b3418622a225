import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A file of a built web app. */
export interface BuiltFile {
  /** Below the app's folder, with slashes: `assets/index-BxK3f9_a.js`. */
  readonly name: string;
  readonly type: string;
  readonly content: Buffer;
  /** Names the content in its entity tags (RFC 9110 section 8.8.3). */
  readonly hash: string;
  /** The content in fewer bytes, made when somebody first asks for it so. */
  readonly packed: Map<Coding, Promise<Buffer>>;
}

/** Content codings that browsers take, the smaller one first. */
const codings = {
  br: async (content: Buffer) => promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: async (content: Buffer) => promisify(gzip)(content, { level: 9 }),
} as const;

type Coding = keyof typeof codings;

/** A smaller file fits into one packet as it is. */
const leastToPack = 1_400;
const packable = /^(?:text\/|image\/svg|application\/(?:json|manifest))/;

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
  return { name, type, content, hash: createHash('sha256').update(content).digest('base64url').slice(0, 22), packed: new Map() };
}

/** What everybody may read: packed, it gives away no secret by its length. */
export async function sendFile(request: FastifyRequest, reply: FastifyReply, file: BuiltFile): Promise<FastifyReply> {
  const { name, type, content, hash } = file;
  const isPackable = packable.test(type) && content.length >= leastToPack;
  const coding = isPackable ? codingFor(request.headers['accept-encoding']) : null;
  const tag = coding ? `"${hash}-${coding}"` : `"${hash}"`;
  void reply.header('cache-control', hashedName.test(name) ? `public, max-age=${oneYearSeconds}, immutable` : 'no-cache').header('etag', tag);
  if (isPackable) void reply.header('vary', 'accept-encoding');
  if (isKnown(tag, request.headers['if-none-match'])) return reply.code(304).send();
  void reply.type(type);
  return coding ? reply.header('content-encoding', coding).send(await packedAs(coding, file)) : reply.send(content);
}

async function packedAs(coding: Coding, { content, packed }: BuiltFile): Promise<Buffer> {
  const made = packed.get(coding) ?? codings[coding](content);
  packed.set(coding, made);
  return made;
}

/** @param known a list (RFC 9110 section 13.1.2): browsers send one, caches between may send several, and call them weak */
function isKnown(tag: string, known = ''): boolean {
  return known.trim() === '*' || known.split(',').some((each) => each.trim().replace(/^W\//, '') === tag);
}

/** @param accepted as RFC 9110 section 12.5.3 has it. @returns null: as it is */
function codingFor(accepted: string | readonly string[] | undefined): Coding | null {
  const taken = String(accepted ?? '').toLowerCase().split(',').map((each) => each.trim()).filter((each) => !/;\s*q=0(?:\.0*)?$/.test(each)).map((each) => each.replace(/\s*;.*/, ''));
  return (Object.keys(codings) as Coding[]).find((coding) => taken.includes(coding)) ?? null; // the keys of what was just written
}

function isPublic(name: string): boolean {
  return !name.endsWith('.map') && !name.split('/').some((part) => part.startsWith('.'));
}
