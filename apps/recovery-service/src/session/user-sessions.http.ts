import { Controller, Delete, Get, HttpCode, Inject, Param, Req } from '@nestjs/common';
import { AuditLog, UserManager } from '@rekey/governance';
import { Sessions } from '@rekey/identity';
import { Database } from '@rekey/messaging';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { userById, userPath } from '../http/user-by-id.ts';
import { UserNames } from '../http/user-name.ts';
import { shownSession } from './shown-session.ts';

const sessionPath = userPath.extend({ sessionId: z.uuid() });
const sessionList = z.object({ sessions: z.array(shownSession) });

/** Where a user is signed in, for whoever helps; signed out there, or everywhere, by administrators. */
@Controller('api/rekey/v1/users')
export class UserSessions {
  constructor(
    @Inject(UserManager) private readonly users: UserManager,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Database) private readonly database: Database,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject(AuditLog) private readonly audit: AuditLog,
  ) {}

  @Get(':id/sessions')
  @Operation({ summary: 'Where a user is signed in', access: 'staff', path: userPath, responses: { 200: { description: 'The newest sessions, a hundred at most.', body: sessionList } }, errors: ['RKY-10004'] })
  async list(@Req() request: FastifyRequest, @Param() path: unknown): Promise<z.output<typeof sessionList>> {
    const user = await userById(this.users, this.names, request.raw, path);
    const sessions = await this.sessions.list(user.id);
    return { sessions: sessions.map(({ current: _, ...session }) => session) };
  }

  @Delete(':id/sessions/:sessionId')
  @HttpCode(204)
  @Operation({ summary: 'End one session of a user', access: 'administrator', path: sessionPath, responses: { 204: { description: 'It is ended.' } }, errors: ['RKY-10004'] })
  async end(@Req() request: FastifyRequest, @Param() path: unknown): Promise<void> {
    const user = await userById(this.users, this.names, request.raw, path);
    const { data } = sessionPath.safeParse(path);
    if (!data || !(await this.sessions.endById(user.id, data.sessionId))) throw new ApiError('RKY-10004', 'There is no such session.');
    this.audit.act({ operation: 'endSessions', tenantDomain: user.tenantDomain, user });
  }

  @Delete(':id/sessions')
  @HttpCode(204)
  @Operation({ summary: 'Sign a user out everywhere', access: 'administrator', path: userPath, responses: { 204: { description: 'Every session is ended.' } }, errors: ['RKY-10004'] })
  async endAll(@Req() request: FastifyRequest, @Param() path: unknown): Promise<void> {
    const user = await userById(this.users, this.names, request.raw, path);
    await this.sessions.endAll(this.database, user.id);
    this.audit.act({ operation: 'endSessions', tenantDomain: user.tenantDomain, user });
  }
}
