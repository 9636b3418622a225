import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Operation } from '../api-docs/operation.ts';
import { parseBody } from '../http/body.ts';
import { UserNames } from '../http/user-name.ts';
import { listed, listResponse, scimResponse } from './answer.ts';
import { ScimUsers } from './scim-users.ts';
import { searchRequest } from './user-query.ts';

/** A search of the whole server (RFC 7644 section 3.4.3), which has users alone: clients that ask it of no one endpoint ask here. */
@Controller('scim2/.search')
export class ScimSearch {
  constructor(
    @Inject(ScimUsers) private readonly users: ScimUsers,
    @Inject(UserNames) private readonly names: UserNames,
  ) {}

  @Post()
  @HttpCode(200)
  @Operation({ summary: 'Find whatever there is', description: 'As `/Users/.search`: there are only users.', access: 'staff', body: searchRequest, example: { filter: 'emails co "example.com"', sortBy: 'userName', count: 50 }, responses: { 200: scimResponse('One page of those found.', listResponse) } })
  async search(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body() body: unknown): Promise<Record<string, unknown>> {
    const wanted = parseBody(searchRequest, body);
    return listed(reply, await this.users.search(await this.names.tenant(request.raw), wanted), wanted);
  }
}
