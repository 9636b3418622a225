import type { FastifyRequest } from 'fastify';
import { ApiError } from './error-catalogue.ts';

/**
 * Refuses what a page of another site makes a browser send. Browsers say where a request comes from in `Sec-Fetch-Site`, older ones in
 * `Origin`; programs send neither, and carry no cookie that could be abused.
 * @throws ApiError RKY-10009
 */
export function refuseOtherSites(request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new ApiError('RKY-10009');
  const { origin, host } = request.headers;
  if (site === undefined && origin !== undefined && hostOf(origin) !== host) throw new ApiError('RKY-10009');
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
