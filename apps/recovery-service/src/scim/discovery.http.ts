import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { scimMediaType } from '../http/scim-error.ts';
import { pathOfTenant } from '../http/tenant-path.ts';
import { UserNames } from '../http/user-name.ts';
import { scimResponse } from './answer.ts';
import { mostBulkOperations } from './bulk.http.ts';
import { coreSchema, enterpriseSchema, wso2Schema } from './user-attributes.ts';
import { longestPage } from './user-query.ts';
import { userSchemas } from './user-schemas.ts';

const anyResource = z.looseObject({ schemas: z.array(z.string()) });

const core = 'urn:ietf:params:scim:schemas:core:2.0';

/** What this server can do (RFC 7644 section 4): the same for everybody, and no secret. */
@Controller('scim2')
export class ScimDiscovery {
  constructor(
    @Inject('baseUrl') private readonly baseUrl: string,
    @Inject(UserNames) private readonly names: UserNames,
  ) {}

  @Get('ServiceProviderConfig')
  @Operation({ summary: 'What this server can do', access: 'anyone', responses: { 200: scimResponse('RFC 7643 section 5.', anyResource) }, errors: ['18016'] })
  async config(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<Record<string, unknown>> {
    const root = await this.rootOf(request);
    return this.answer(reply, {
      schemas: [`${core}:ServiceProviderConfig`],
      patch: { supported: true },
      bulk: { supported: true, maxOperations: mostBulkOperations, maxPayloadSize: 64 * 1024 },
      filter: { supported: true, maxResults: longestPage },
      changePassword: { supported: false },
      sort: { supported: true },
      etag: { supported: true },
      authenticationSchemes: [{ type: 'httpbasic', name: 'HTTP Basic', description: 'The user name and password of an account.', specUri: 'https://www.rfc-editor.org/info/rfc7617', primary: true }],
      meta: { resourceType: 'ServiceProviderConfig', location: `${root}/scim2/ServiceProviderConfig` },
    });
  }

  @Get('ResourceTypes')
  @Operation({ summary: 'Which resources there are', access: 'anyone', responses: { 200: scimResponse('RFC 7643 section 6.', anyResource) }, errors: ['18016'] })
  async resourceTypes(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<Record<string, unknown>> {
    const root = await this.rootOf(request);
    return this.list(reply, [userTypeAt(root)]);
  }

  @Get('ResourceTypes/:name')
  @Operation({ summary: 'One kind of resource', access: 'anyone', path: z.object({ name: z.string() }), responses: { 200: scimResponse('RFC 7643 section 6.', anyResource) }, errors: ['18016', 'RKY-10004'] })
  async resourceType(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('name') name: string): Promise<Record<string, unknown>> {
    const root = await this.rootOf(request);
    if (name !== 'User') throw new ApiError('RKY-10004', 'There is no such type.');
    return this.answer(reply, userTypeAt(root));
  }

  @Get('Schemas')
  @Operation({ summary: 'Which attributes there are', access: 'anyone', responses: { 200: scimResponse('RFC 7643 section 7.', anyResource) }, errors: ['18016'] })
  async schemas(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<Record<string, unknown>> {
    const root = await this.rootOf(request);
    return this.list(reply, userSchemas(root));
  }

  @Get('Schemas/:id')
  @Operation({ summary: 'The attributes of one schema', access: 'anyone', path: z.object({ id: z.string() }), responses: { 200: scimResponse('RFC 7643 section 7.', anyResource) }, errors: ['18016', 'RKY-10004'] })
  async schema(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string): Promise<Record<string, unknown>> {
    const root = await this.rootOf(request);
    const schema = userSchemas(root).find((each) => each.id === id);
    if (!schema) throw new ApiError('RKY-10004', 'There is no such schema.');
    return this.answer(reply, schema);
  }

  /** What a tenant's links begin with. @throws ApiError 18016 where there is no such tenant */
  private async rootOf({ raw }: FastifyRequest): Promise<string> {
    return this.baseUrl + pathOfTenant(await this.names.tenant(raw));
  }

  private list(reply: FastifyReply, resources: readonly object[]): Record<string, unknown> {
    return this.answer(reply, { schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'], totalResults: resources.length, startIndex: 1, itemsPerPage: resources.length, Resources: resources });
  }

  private answer(reply: FastifyReply, body: Record<string, unknown>): Record<string, unknown> {
    void reply.header('content-type', scimMediaType);
    return body;
  }
}

function userTypeAt(root: string) {
  return {
    schemas: [`${core}:ResourceType`],
    id: 'User',
    name: 'User',
    endpoint: '/Users',
    description: 'User Account',
    schema: coreSchema,
    schemaExtensions: [wso2Schema, enterpriseSchema].map((schema) => ({ schema, required: false })),
    meta: { resourceType: 'ResourceType', location: `${root}/scim2/ResourceTypes/User` },
  };
}
