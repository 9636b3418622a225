import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { scimResponse } from './answer.ts';
import { mostBulkOperations } from './bulk.http.ts';
import { scimMediaType } from './scim-error.ts';
import { longestPage } from './user-query.ts';
import { coreSchema, wso2Schema } from './user-attributes.ts';
import { userSchemas } from './user-schemas.ts';

const anyResource = z.looseObject({ schemas: z.array(z.string()) });

const core = 'urn:ietf:params:scim:schemas:core:2.0';

/** What this server can do (RFC 7644 section 4): the same for everybody, and no secret. */
@Controller('scim2')
export class ScimDiscovery {
  constructor(@Inject('baseUrl') private readonly baseUrl: string) {}

  @Get('ServiceProviderConfig')
  @Operation({ summary: 'What this server can do', access: 'anyone', responses: { 200: scimResponse('RFC 7643 section 5.', anyResource) } })
  config(@Res({ passthrough: true }) reply: FastifyReply): Record<string, unknown> {
    return this.answer(reply, {
      schemas: [`${core}:ServiceProviderConfig`],
      patch: { supported: true },
      bulk: { supported: true, maxOperations: mostBulkOperations, maxPayloadSize: 64 * 1024 },
      filter: { supported: true, maxResults: longestPage },
      changePassword: { supported: false },
      sort: { supported: true },
      etag: { supported: true },
      authenticationSchemes: [{ type: 'httpbasic', name: 'HTTP Basic', description: 'The user name and password of an account.', specUri: 'https://www.rfc-editor.org/info/rfc7617', primary: true }],
      meta: { resourceType: 'ServiceProviderConfig', location: `${this.baseUrl}/scim2/ServiceProviderConfig` },
    });
  }

  @Get('ResourceTypes')
  @Operation({ summary: 'Which resources there are', access: 'anyone', responses: { 200: scimResponse('RFC 7643 section 6.', anyResource) } })
  resourceTypes(@Res({ passthrough: true }) reply: FastifyReply): Record<string, unknown> {
    return this.list(reply, [this.userType()]);
  }

  @Get('ResourceTypes/:name')
  @Operation({ summary: 'One kind of resource', access: 'anyone', path: z.object({ name: z.string() }), responses: { 200: scimResponse('RFC 7643 section 6.', anyResource) }, errors: ['RKY-10004'] })
  resourceType(@Res({ passthrough: true }) reply: FastifyReply, @Param('name') name: string): Record<string, unknown> {
    if (name !== 'User') throw new ApiError('RKY-10004', 'There is no such type.');
    return this.answer(reply, this.userType());
  }

  @Get('Schemas')
  @Operation({ summary: 'Which attributes there are', access: 'anyone', responses: { 200: scimResponse('RFC 7643 section 7.', anyResource) } })
  schemas(@Res({ passthrough: true }) reply: FastifyReply): Record<string, unknown> {
    return this.list(reply, userSchemas(this.baseUrl));
  }

  @Get('Schemas/:id')
  @Operation({ summary: 'The attributes of one schema', access: 'anyone', path: z.object({ id: z.string() }), responses: { 200: scimResponse('RFC 7643 section 7.', anyResource) }, errors: ['RKY-10004'] })
  schema(@Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string): Record<string, unknown> {
    const schema = userSchemas(this.baseUrl).find((each) => each.id === id);
    if (!schema) throw new ApiError('RKY-10004', 'There is no such schema.');
    return this.answer(reply, schema);
  }

  private userType() {
    return {
      schemas: [`${core}:ResourceType`],
      id: 'User',
      name: 'User',
      endpoint: '/Users',
      description: 'User Account',
      schema: coreSchema,
      schemaExtensions: [{ schema: wso2Schema, required: false }],
      meta: { resourceType: 'ResourceType', location: `${this.baseUrl}/scim2/ResourceTypes/User` },
    };
  }

  private list(reply: FastifyReply, resources: readonly object[]): Record<string, unknown> {
    return this.answer(reply, { schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'], totalResults: resources.length, startIndex: 1, itemsPerPage: resources.length, Resources: resources });
  }

  private answer(reply: FastifyReply, body: Record<string, unknown>): Record<string, unknown> {
    void reply.header('content-type', scimMediaType);
    return body;
  }
}
