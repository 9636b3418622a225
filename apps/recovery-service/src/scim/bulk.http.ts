import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { Logger } from '@rekey/observability';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { boundedText, parseBody } from '../http/body.ts';
import { callerOf, type Caller } from '../http/caller.ts';
import { toApiError } from '../http/error-filter.ts';
import { ScimError, scimErrorBody, scimMediaType } from '../http/scim-error.ts';
import { UserNames } from '../http/user-name.ts';
import { scimResponse } from './answer.ts';
import { messageOf } from './message.ts';
import { ScimUsers, type Target } from './scim-users.ts';
import { locationOf, type ScimResource } from './shown-user.ts';

export const mostBulkOperations = 100;

const bulkOperation = z.strictObject({
  method: z.string().toUpperCase().pipe(z.enum(['POST', 'PUT', 'PATCH', 'DELETE'])),
  path: boundedText(255),
  bulkId: boundedText(255).optional(),
  version: boundedText(255).optional(),
  data: z.unknown().optional(),
});

const bulkRequest = z.strictObject({
  schemas: messageOf('BulkRequest'),
  failOnErrors: z.int().min(0).optional().meta({ description: 'At so many errors it ends; 0 or none: all is done.' }),
  Operations: z.array(bulkOperation).min(1),
});

const operationResult = z.object({
  method: z.string(),
  bulkId: z.string().optional(),
  location: z.string().optional(),
  version: z.string().optional(),
  status: z.string(),
  response: z.record(z.string(), z.unknown()).optional(),
});

const bulkResponse = z.object({
  schemas: z.array(z.string()),
  Operations: z.array(operationResult),
});

type BulkOperation = z.output<typeof bulkOperation>;

/** Several operations in one request (RFC 7644 section 3.7): one after the other, each by itself. */
@Controller('scim2/Bulk')
export class ScimBulk {
  constructor(
    @Inject(ScimUsers) private readonly users: ScimUsers,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject('log') private readonly log: Logger,
    @Inject('baseUrl') private readonly baseUrl: string,
  ) {}

  @Post()
  @HttpCode(200)
  @Operation({
    summary: 'Do several operations',
    description: `At most ${mostBulkOperations}. Each by itself: what failed undoes none of the others.`,
    access: 'administrator',
    body: bulkRequest,
    example: { Operations: [{ method: 'POST', path: '/Users', bulkId: 'first', data: { userName: 'kim' } }, { method: 'DELETE', path: '/Users/bulkId:first' }] },
    responses: { 200: scimResponse('What became of each, up to the error that was one too many.', bulkResponse) },
  })
  async run(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body() body: unknown): Promise<z.output<typeof bulkResponse>> {
    const caller = callerOf(request.raw);
    const { Operations: operations, failOnErrors = 0 } = parseBody(bulkRequest, body);
    if (operations.length > mostBulkOperations) throw new ScimError('tooMany', `The bulk has more than ${mostBulkOperations} operations.`, 'RKY-10002');
    const bulkIds = operations.flatMap(({ bulkId }) => bulkId ?? []);
    if (new Set(bulkIds).size < bulkIds.length) throw new ScimError('invalidValue', 'Malformed request: Operations: two have the same bulkId.');
    const tenantDomain = await this.names.tenant(request.raw);
    const made = new Map<string, string>();
    const results: z.output<typeof operationResult>[] = [];
    let errors = 0;
    for (const operation of operations) {
      const { method, bulkId, path } = operation;
      const id = method === 'POST' ? undefined : idIn(path, made);
      // RFC 7644 section 3.7: of whatever was to be changed, also where that failed.
      const of = { method, ...(bulkId === undefined ? {} : { bulkId }), ...(id === undefined ? {} : { location: locationOf({ tenantDomain, id }, this.baseUrl) }) };
      try {
        const resource = await this.perform(request, caller, operation, id === undefined ? null : { tenantDomain, id });
        if (resource && bulkId !== undefined) made.set(bulkId, resource.id);
        results.push({ ...of, ...(resource ? { location: resource.meta.location, version: resource.meta.version } : {}), status: resource ? (method === 'POST' ? '201' : '200') : '204' });
      } catch (thrown) {
        const error = toApiError(thrown);
        if (error.status >= 500) this.log.error({ traceId: request.id, err: thrown, path }, 'an operation of a bulk failed');
        results.push({ ...of, status: String(error.status), response: scimErrorBody(error, request.id) });
        if (++errors === failOnErrors) break;
      }
    }
    void reply.headers({ 'content-type': scimMediaType, 'cache-control': 'no-store' });
    return { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkResponse'], Operations: results };
  }

  /** @returns null where the user is no more */
  private async perform({ raw }: FastifyRequest, caller: Caller, { method, path, bulkId, version, data }: BulkOperation, user: Omit<Target, 'ifMatch'> | null): Promise<ScimResource | null> {
    if (JSON.stringify(data)?.includes('"bulkId:')) throw new ScimError('invalidValue', 'Malformed request: data: no attribute of a user refers to another resource.');
    if (method === 'POST') {
      if (path !== '/Users') throw unknownPath(path, '"/Users"');
      if (bulkId === undefined) throw new ScimError('invalidValue', 'Malformed request: bulkId: a POST needs one.');
      return this.users.create(raw, data);
    }
    if (!user) throw unknownPath(path, '"/Users/" and an id, or the bulkId of an earlier POST that was done');
    const target = { ...user, ifMatch: version };
    switch (method) {
      case 'PUT':
        return this.users.replace(raw, target, data, 'administrator');
      case 'PATCH':
        return this.users.patch(raw, target, data, 'administrator');
      case 'DELETE':
        await this.users.delete(target, caller);
        return null;
    }
  }
}

/** @param made the ids of users made before, by their bulkId @returns undefined where it names nobody */
function idIn(path: string, made: ReadonlyMap<string, string>): string | undefined {
  const [, named] = /^\/Users\/([^/]+)$/.exec(path) ?? [];
  return named?.startsWith('bulkId:') ? made.get(named.slice('bulkId:'.length)) : named;
}

function unknownPath(path: string, expected: string): ScimError {
  return new ScimError('invalidValue', `Malformed request: path: expected ${expected}, got "${path}".`);
}
