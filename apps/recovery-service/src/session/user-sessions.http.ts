import { Controller, Delete, HttpCode, Inject, Param, Req } from '@nestjs/common';
import { AuditLog, UserManager } from '@rekey/governance';
import { Sessions } from '@rekey/identity';
import { Database } from '@rekey/messaging';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { BasicAuthentication } from '../http/basic-authentication.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { UserNames } from '../http/user-name.ts';

const userPath = z.object({ id: z.uuid() });

/** For administrators: signs a user out everywhere. Nobody but the user sees where that is. */
@Controller('api/rekey/v1/users')
export class UserSessions {
  constructor(
    @Inject(UserManager) private readonly users: UserManager,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Database) private readonly database: Database,
    @Inject(BasicAuthentication) private readonly authentication: BasicAuthentication,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject(AuditLog) private readonly audit: AuditLog,
  ) {}

  @Delete(':id/sessions')
  @HttpCode(204)
  @Operation({ summary: 'Sign a user out everywhere', access: 'administrator', path: userPath, responses: { 204: { description: 'Every session is ended.' } }, errors: ['RKY-10004'] })
  async endAll(@Req() request: FastifyRequest, @Param() path: unknown): Promise<void> {
    await this.authentication.administrator(request.raw);
    const tenantDomain = await this.names.tenantInPath(request.raw);
    const { data } = userPath.safeParse(path);
    const user = data ? await this.users.findUserById(data.id) : null;
    if (!user || (tenantDomain !== null && user.tenantDomain !== tenantDomain)) throw new ApiError('RKY-10004', 'There is no such user.');
    await this.sessions.endAll(this.database, user.id);
    this.audit.act({ operation: 'endSessions', tenantDomain: user.tenantDomain, user });
  }
}
