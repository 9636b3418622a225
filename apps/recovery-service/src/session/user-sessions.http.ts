import { Controller, Delete, HttpCode, Inject, Param, Req } from '@nestjs/common';
import { AuditLog, UserManager } from '@rekey/governance';
import { Sessions } from '@rekey/identity';
import { Database } from '@rekey/messaging';
import type { FastifyRequest } from 'fastify';
import { Operation } from '../api-docs/operation.ts';
import { userById, userPath } from '../http/user-by-id.ts';
import { UserNames } from '../http/user-name.ts';

/** For administrators: signs a user out everywhere. Where that is, the user sees, and who exports the user's data. */
@Controller('api/rekey/v1/users')
export class UserSessions {
  constructor(
    @Inject(UserManager) private readonly users: UserManager,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Database) private readonly database: Database,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject(AuditLog) private readonly audit: AuditLog,
  ) {}

  @Delete(':id/sessions')
  @HttpCode(204)
  @Operation({ summary: 'Sign a user out everywhere', access: 'administrator', path: userPath, responses: { 204: { description: 'Every session is ended.' } }, errors: ['RKY-10004'] })
  async endAll(@Req() request: FastifyRequest, @Param() path: unknown): Promise<void> {
    const user = await userById(this.users, this.names, request.raw, path);
    await this.sessions.endAll(this.database, user.id);
    this.audit.act({ operation: 'endSessions', tenantDomain: user.tenantDomain, user });
  }
}
