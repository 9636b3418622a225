import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { UserManager } from '@rekey/governance';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { BasicAuthentication } from '../http/basic-authentication.ts';
import { parseBody } from '../http/body.ts';
import { ApiError, isErrorCode } from '../http/error-catalogue.ts';
import { refusedByOwnRule } from '../http/refused-by-own-rule.ts';
import { UserNames } from '../http/user-name.ts';
import { claimsOf, newUser, resourceOf, shownUser } from './scim-user.ts';

/** SCIM 2.0 (RFC 7644): how users are made. */
@Controller('scim2/Users')
export class ScimUsers {
  constructor(
    @Inject(UserManager) private readonly users: UserManager,
    @Inject(BasicAuthentication) private readonly authentication: BasicAuthentication,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject('baseUrl') private readonly baseUrl: string,
  ) {}

  @Post()
  @HttpCode(201)
  @Operation({ summary: 'Create a user', access: 'administrator', body: newUser, responses: { 201: { description: 'The user.', body: shownUser, type: 'application/scim+json' } }, errors: ['18003', '20035', 'RKY-10006'] })
  async create(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body() body: unknown): Promise<z.output<typeof shownUser>> {
    await this.authentication.administrator(request.raw);
    const resource = parseBody(newUser, body);
    const name = await this.names.resolve(request.raw, { username: resource.userName });
    const claims = claimsOf(resource);
    const outcome = await this.users.addUser(name, resource.password ?? null, claims);
    switch (outcome.kind) {
      case 'added': {
        const created = resourceOf(outcome.user, claims, this.baseUrl);
        void reply.header('location', created.meta.location).header('content-type', 'application/scim+json');
        return created;
      }
      case 'exists':
        throw new ApiError('RKY-10006', `A user named "${name.username}" exists already.`);
      case 'refused':
        throw isErrorCode(outcome.code) ? new ApiError(outcome.code, outcome.message, { reasons: outcome.reasons ?? [] }) : refusedByOwnRule(outcome);
    }
  }
}
