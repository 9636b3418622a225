import { Body, Controller, Get, HttpCode, Inject, Param, Put, Query, Req } from '@nestjs/common';
import { AuditLog, UserManager } from '@rekey/governance';
import { roleNames, Roles } from '@rekey/identity';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { parseBody } from '../http/body.ts';
import { callerOf } from '../http/caller.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { offsetPage } from '../http/offset-page.ts';
import { userById, userPath } from '../http/user-by-id.ts';
import { UserNames } from '../http/user-name.ts';

const assignRequest = z.strictObject({ roles: z.array(z.enum(roleNames)).max(roleNames.length) });

const shownHolder = z.object({ id: z.uuid(), username: z.string(), roles: z.array(z.enum(roleNames)) });
const shownHolders = z.object({ totalResults: z.int().meta({ description: 'On all pages.' }), users: z.array(shownHolder) });
const pageQuery = z.object(offsetPage);

/** Who may do what, for administrators: of their own tenant, and of every one for those of the super tenant. */
@Controller('api/rekey/v1')
export class RoleDoor {
  constructor(
    @Inject(Roles) private readonly roles: Roles,
    @Inject(UserManager) private readonly users: UserManager,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject(AuditLog) private readonly audit: AuditLog,
  ) {}

  @Get('roles')
  @Operation({ summary: 'Who has a role', description: 'By name, from page to page.', access: 'auditor', query: pageQuery, responses: { 200: { description: 'A page of those of the tenant who have one.', body: shownHolders } } })
  async holders(@Req() request: FastifyRequest, @Query() query: unknown): Promise<z.output<typeof shownHolders>> {
    const { holders, total } = await this.roles.page(await this.names.tenant(request.raw), parseBody(pageQuery, query));
    return { totalResults: total, users: holders.map(({ user: { id, username }, roles }) => ({ id, username, roles: [...roles] })) };
  }

  @Get('users/:id/roles')
  @Operation({ summary: 'The roles of a user', access: 'auditor', path: userPath, responses: { 200: { description: 'None, or some.', body: shownHolder } }, errors: ['RKY-10004'] })
  async of(@Req() request: FastifyRequest, @Param() path: unknown): Promise<z.output<typeof shownHolder>> {
    const { id, username } = await userById(this.users, this.names, request.raw, path);
    return { id, username, roles: [...(await this.roles.of(id))].sort() };
  }

  /** The user's roles from now on. Of one's own, an administrator may lay some down, but not the last administrator that role. */
  @Put('users/:id/roles')
  @HttpCode(200)
  @Operation({
    summary: 'Assign a user’s roles',
    description: 'Nobody gives a role to themselves, and the last administrator of a tenant who may sign in stays one.',
    access: 'administrator',
    path: userPath,
    body: assignRequest,
    responses: { 200: { description: 'The roles from now on.', body: shownHolder } },
    errors: ['RKY-10004', 'RKY-10126'],
  })
  async assign(@Req() request: FastifyRequest, @Param() path: unknown, @Body() body: unknown): Promise<z.output<typeof shownHolder>> {
    const { user: by } = callerOf(request.raw);
    const roles = [...new Set(parseBody(assignRequest, body).roles)].sort();
    const user = await userById(this.users, this.names, request.raw, path);
    const outcome = await this.users.assignRoles(user, roles, by);
    switch (outcome.kind) {
      case 'assigned':
        this.audit.act({ operation: 'assignRoles', tenantDomain: user.tenantDomain, user, changed: roles });
        return { id: user.id, username: user.username, roles };
      case 'own-role':
        throw new ApiError('RKY-10005', 'Nobody gives a role to themselves.');
      case 'not-permitted':
        throw new ApiError('RKY-10005');
      case 'last-administrator':
        throw new ApiError('RKY-10126');
      case 'no-such-user':
        throw new ApiError('RKY-10004', 'There is no such user.');
    }
  }
}
