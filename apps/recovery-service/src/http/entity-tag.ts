import { z } from 'zod';

/** Versions in quotes with commas between, or `*`. */
const versions = z.string().optional();
export const readHeaders = z.object({ 'if-none-match': versions });
export const writeHeaders = z.object({ 'if-match': versions });

/** @param version of letters and digits */
export function entityTagOf(version: string): string {
  return `"${version}"`;
}

/** Whether a version is in a list of `If-Match` or `If-None-Match`. All are weak ones, whoever writes them otherwise. */
export function isOneOf(version: string, list: string): boolean {
  const opaque = (tag: string) => tag.trim().replace(/^W\//, '');
  return list.trim() === '*' || list.split(',').some((tag) => opaque(tag) === opaque(version));
}
