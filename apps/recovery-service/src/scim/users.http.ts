import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Put, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { parseBody } from '../http/body.ts';
import { callerOf } from '../http/caller.ts';
import { readHeaders, writeHeaders } from '../http/entity-tag.ts';
import { UserNames } from '../http/user-name.ts';
import { answered, listed, listResponse, maybeUnchanged, scimResponse, unchanged, userResponse } from './answer.ts';
import { ScimUsers, type Target } from './scim-users.ts';
import { patchRequest } from './user-patch.ts';
import { listQuery, searchRequest, shownQuery } from './user-query.ts';
import { userResource } from './user-resource.ts';

const userPath = z.object({ id: z.string() });

/** SCIM 2.0 (RFC 7644): how administrators make users, find and change them. */
@Controller('scim2/Users')
export class ScimUsersDoor {
  constructor(
    @Inject(ScimUsers) private readonly users: ScimUsers,
    @Inject(UserNames) private readonly names: UserNames,
  ) {}

  @Post()
  @HttpCode(201)
  @Operation({
    summary: 'Create a user',
    description: 'With `askPassword` the person is mailed a link to set the first password, with `verifyEmail` one to confirm the address; until then nobody signs in. Both need `EmailVerification.Enable` of the connector `user-email-verification`, and an address.',
    access: 'administrator',
    query: shownQuery,
    body: userResource,
    example: { userName: 'kim', password: 'correct horse battery staple', name: { givenName: 'Kim', familyName: 'Berry' }, emails: [{ value: 'kim@example.com', primary: true }] },
    responses: { 201: userResponse },
    errors: ['18003', '20035', 'RKY-10006'],
  })
  async create(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Query() query: unknown, @Body() body: unknown): Promise<Record<string, unknown>> {
    const wanted = parseBody(shownQuery, query);
    return answered(reply, await this.users.create(request.raw, body), wanted);
  }

  @Get()
  @Operation({ summary: 'Find users', access: 'staff', query: listQuery, responses: { 200: scimResponse('One page of those found.', listResponse) } })
  async list(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Query() query: unknown): Promise<Record<string, unknown>> {
    const wanted = parseBody(listQuery, query);
    return listed(reply, await this.users.search(await this.names.tenant(request.raw), wanted), wanted);
  }

  /** The same, for a filter that had better be in no log. */
  @Post('.search')
  @HttpCode(200)
  @Operation({ summary: 'Find users, by a body', access: 'staff', body: searchRequest, example: { filter: 'emails co "example.com"', sortBy: 'userName', count: 50 }, responses: { 200: scimResponse('One page of those found.', listResponse) } })
  async search(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body() body: unknown): Promise<Record<string, unknown>> {
    const wanted = parseBody(searchRequest, body);
    return listed(reply, await this.users.search(await this.names.tenant(request.raw), wanted), wanted);
  }

  @Get(':id')
  @Operation({ summary: 'Read a user', access: 'staff', path: userPath, query: shownQuery, headers: readHeaders, responses: { 200: userResponse, 304: unchanged }, errors: ['RKY-10004'] })
  async read(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string, @Query() query: unknown): Promise<Record<string, unknown> | undefined> {
    const wanted = parseBody(shownQuery, query);
    return maybeUnchanged(request, reply, await this.users.read(await this.target(request, id)), wanted);
  }

  @Put(':id')
  @Operation({ summary: 'Replace a user', description: 'Switches that are missing stay as they are. Where `active` and `accountDisabled` contradict each other, the one counts that was changed since the version in `meta` or `If-Match`; without a version the user is disabled.', access: 'administrator', path: userPath, query: shownQuery, headers: writeHeaders, body: userResource, responses: { 200: userResponse }, errors: ['RKY-10004', 'RKY-10120', 'RKY-10126'] })
  async replace(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string, @Query() query: unknown, @Body() body: unknown): Promise<Record<string, unknown>> {
    const wanted = parseBody(shownQuery, query);
    return answered(reply, await this.users.replace(request.raw, await this.target(request, id), body, 'administrator'), wanted);
  }

  @Patch(':id')
  @Operation({
    summary: 'Change a user',
    description: 'All of the operations or none.',
    access: 'administrator',
    path: userPath,
    query: shownQuery,
    headers: writeHeaders,
    body: patchRequest,
    example: { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [{ op: 'replace', path: 'urn:scim:wso2:schema:accountLocked', value: true }] },
    responses: { 200: userResponse },
    errors: ['RKY-10004', 'RKY-10120', 'RKY-10126'],
  })
  async patch(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string, @Query() query: unknown, @Body() body: unknown): Promise<Record<string, unknown>> {
    const wanted = parseBody(shownQuery, query);
    return answered(reply, await this.users.patch(request.raw, await this.target(request, id), body, 'administrator'), wanted);
  }

  @Delete(':id')
  @HttpCode(204)
  @Operation({ summary: 'Delete a user', access: 'administrator', path: userPath, headers: writeHeaders, responses: { 204: { description: 'There is no such user any more.' } }, errors: ['RKY-10004', 'RKY-10120', 'RKY-10126'] })
  async delete(@Req() request: FastifyRequest, @Param('id') id: string): Promise<void> {
    const caller = callerOf(request.raw);
    await this.users.delete(await this.target(request, id), caller);
  }

  private async target(request: FastifyRequest, id: string): Promise<Target> {
    return { tenantDomain: await this.names.tenant(request.raw), id, ifMatch: request.headers['if-match'] };
  }
}
