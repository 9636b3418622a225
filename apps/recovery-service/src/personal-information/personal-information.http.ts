import { Controller, Get, Inject, Param, Query, Req } from '@nestjs/common';
import { AuditLog, UserManager } from '@rekey/governance';
import { Roles, Sessions, type User } from '@rekey/identity';
import { Database } from '@rekey/messaging';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { boundedText, parseBody } from '../http/body.ts';
import { callerOf } from '../http/caller.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { noSuchUser, userWithin } from '../http/user-by-id.ts';
import { UserNames } from '../http/user-name.ts';
import { exportedUser, exportUser, type ExportedUser } from './personal-information.ts';

const searchQuery = z.object({ username: boundedText(255) });
const found = z.array(z.object({ username: z.string(), userId: z.string() }));
const userPath = z.object({ userId: z.string().meta({ description: 'A user id, or as in WSO2 the username in Base64.' }) });
const uuid = z.uuid();

/** WSO2's user API v1.0: what is kept of a person, for that person, and for administrators who are asked for it. */
@Controller('api/identity/user/v1.0')
export class PersonalInformation {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(UserManager) private readonly users: UserManager,
    @Inject(Roles) private readonly roles: Roles,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(AuditLog) private readonly audit: AuditLog,
    @Inject(UserNames) private readonly names: UserNames,
  ) {}

  @Get('me')
  @Operation({ summary: 'Everything that is kept of the caller', access: 'account', responses: { 200: { description: 'The claims, and what else there is.', body: exportedUser } } })
  async ofCaller(@Req() request: FastifyRequest): Promise<ExportedUser> {
    return this.exported(callerOf(request.raw).user);
  }

  @Get('pi-info')
  @Operation({ summary: 'Whose id belongs to a username', access: 'staff', query: searchQuery, responses: { 200: { description: 'The one user of that name.', body: found } }, errors: ['RKY-10004'] })
  async search(@Req() request: FastifyRequest, @Query() query: unknown): Promise<z.output<typeof found>> {
    const { username } = parseBody(searchQuery, query);
    const user = await this.users.findUser(await this.names.resolve(request.raw, { username }));
    if (!user) throw noSuchUser();
    return [{ username: user.username, userId: user.id }];
  }

  @Get('pi-info/:userId')
  @Operation({ summary: 'Everything that is kept of a user', description: 'Others than administrators get their own alone.', access: 'account', path: userPath, responses: { 200: { description: 'The claims, and what else there is.', body: exportedUser } }, errors: ['RKY-10004', 'RKY-10005'] })
  async ofUser(@Req() request: FastifyRequest, @Param('userId') userId: string): Promise<ExportedUser> {
    const { user: caller, roles } = callerOf(request.raw);
    const user = await this.userWith(request, userId);
    // Before it is said whether there is such a user.
    if (!roles.has('administrator') && user?.id !== caller.id) throw new ApiError('RKY-10005');
    if (!user) throw noSuchUser();
    return this.exported(user);
  }

  private async exported(user: User): Promise<ExportedUser> {
    const exported = await exportUser({ database: this.database, users: this.users, roles: this.roles, sessions: this.sessions, audit: this.audit }, user.id);
    if (!exported) throw noSuchUser();
    this.audit.act({ operation: 'exportUser', tenantDomain: user.tenantDomain, user });
    return exported;
  }

  private async userWith(request: FastifyRequest, userId: string): Promise<User | null> {
    const tenantDomain = await this.names.tenantInPath(request.raw);
    if (uuid.safeParse(userId).success) return userWithin(this.users, tenantDomain, userId);
    const username = boundedText(255).safeParse(Buffer.from(userId, 'base64').toString('utf8'));
    return username.success ? this.users.findUser(await this.names.resolve(request.raw, { username: username.data })) : null;
  }
}
