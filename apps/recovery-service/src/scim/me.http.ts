import { Body, Controller, Delete, Get, HttpCode, Inject, Patch, Put, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Operation } from '../api-docs/operation.ts';
import { parseBody } from '../http/body.ts';
import { callerOf } from '../http/caller.ts';
import { readHeaders, writeHeaders } from '../http/entity-tag.ts';
import { answered, maybeUnchanged, unchanged, userResponse } from './answer.ts';
import { ScimUsers, type Target } from './scim-users.ts';
import { patchRequest } from './user-patch.ts';
import { shownQuery } from './user-query.ts';
import { userResource } from './user-resource.ts';

/** One's own account (RFC 7644 section 3.11), by one's own credentials; locks are in others' hands. */
@Controller('scim2/Me')
export class ScimMe {
  constructor(
    @Inject(ScimUsers) private readonly users: ScimUsers,
  ) {}

  @Get()
  @Operation({ summary: 'Read one’s own account', access: 'account', query: shownQuery, headers: readHeaders, responses: { 200: userResponse, 304: unchanged }, errors: ['RKY-10004'] })
  async read(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Query() query: unknown): Promise<Record<string, unknown> | undefined> {
    const [me, wanted] = [await this.me(request), parseBody(shownQuery, query)];
    return maybeUnchanged(request, reply, await this.users.read(me), wanted);
  }

  @Put()
  @Operation({ summary: 'Replace one’s own account', description: 'Locks and `active` are read only here.', access: 'account', query: shownQuery, headers: writeHeaders, body: userResource, responses: { 200: userResponse }, errors: ['RKY-10004', 'RKY-10120'] })
  async replace(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Query() query: unknown, @Body() body: unknown): Promise<Record<string, unknown>> {
    const [me, wanted] = [await this.me(request), parseBody(shownQuery, query)];
    return answered(reply, await this.users.replace(request.raw, me, body, 'user'), wanted);
  }

  @Patch()
  @Operation({ summary: 'Change one’s own account', description: 'All of the operations or none. Locks and `active` are read only here.', access: 'account', query: shownQuery, headers: writeHeaders, body: patchRequest, responses: { 200: userResponse }, errors: ['RKY-10004', 'RKY-10120'] })
  async patch(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Query() query: unknown, @Body() body: unknown): Promise<Record<string, unknown>> {
    const [me, wanted] = [await this.me(request), parseBody(shownQuery, query)];
    return answered(reply, await this.users.patch(request.raw, me, body, 'user'), wanted);
  }

  /** WSO2 lets people delete their own account too. */
  @Delete()
  @HttpCode(204)
  @Operation({ summary: 'Delete one’s own account', access: 'account', headers: writeHeaders, responses: { 204: { description: 'The account is no more.' } }, errors: ['RKY-10004', 'RKY-10005', 'RKY-10120'] })
  async delete(@Req() request: FastifyRequest): Promise<void> {
    const caller = callerOf(request.raw);
    await this.users.delete(await this.me(request), caller);
  }

  private async me(request: FastifyRequest): Promise<Target> {
    const { user } = callerOf(request.raw);
    return { tenantDomain: user.tenantDomain, id: user.id, ifMatch: request.headers['if-match'] };
  }
}
