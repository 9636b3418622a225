import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { DescribedResponse } from '../api-docs/operation.ts';
import { isOneOf } from '../http/entity-tag.ts';
import { scimMediaType } from '../http/scim-error.ts';
import { shown, type ShownAttributes } from './shown-attributes.ts';
import { shownUser, type ScimResource } from './shown-user.ts';
import type { UserQuery } from './user-query.ts';

export function scimResponse(description: string, body: z.ZodType): DescribedResponse {
  return { description, body, type: scimMediaType };
}

export const userResponse = scimResponse('The user.', shownUser);
export const unchanged: DescribedResponse = { description: 'It is of the version that `If-None-Match` names.' };

export const listResponse = z.object({ schemas: z.array(z.string()), totalResults: z.int(), startIndex: z.int(), itemsPerPage: z.int(), Resources: z.array(shownUser) });

export function answered(reply: FastifyReply, resource: ScimResource, wanted: ShownAttributes): Record<string, unknown> {
  void reply.headers({ 'content-type': scimMediaType, 'cache-control': 'no-store', location: resource.meta.location, etag: resource.meta.version });
  return shown(resource, wanted);
}

/** With `If-None-Match`: 304 where the client has it already. */
export function maybeUnchanged(request: FastifyRequest, reply: FastifyReply, resource: ScimResource, wanted: ShownAttributes): Record<string, unknown> | undefined {
  const answer = answered(reply, resource, wanted);
  const known = request.headers['if-none-match'];
  if (known === undefined || !isOneOf(resource.meta.version, known)) return answer;
  void reply.status(304);
  return undefined;
}

export function listed(reply: FastifyReply, { total, resources }: { readonly total: number; readonly resources: readonly ScimResource[] }, query: UserQuery): Record<string, unknown> {
  void reply.headers({ 'content-type': scimMediaType, 'cache-control': 'no-store' });
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: total,
    startIndex: Math.max(query.startIndex ?? 1, 1),
    itemsPerPage: resources.length,
    Resources: resources.map((resource) => shown(resource, query)),
  };
}
