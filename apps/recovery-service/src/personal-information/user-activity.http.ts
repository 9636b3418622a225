import { Controller, Get, Inject, Param, Query, Req } from '@nestjs/common';
import { AuditLog, UserManager } from '@rekey/governance';
import { Database } from '@rekey/messaging';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { parseBody } from '../http/body.ts';
import { userById, userPath } from '../http/user-by-id.ts';
import { UserNames } from '../http/user-name.ts';
import { activityBody, activityOf, activityQuery, shownRecord } from './account-activity.ts';

const activity = activityBody(shownRecord);

/** What happened to an account, for whoever helps its owner. What became of its mails is told at `/api/rekey/v1/deliveries?user={id}`. */
@Controller('api/rekey/v1/users')
export class UserActivity {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(UserManager) private readonly users: UserManager,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject(AuditLog) private readonly audit: AuditLog,
  ) {}

  @Get(':id/activity')
  @Operation({ summary: 'What happened to a user’s account', description: 'A page stays what it was, whatever comes in meanwhile.', access: 'staff', path: userPath, query: activityQuery, responses: { 200: { description: 'Its recoveries, and a page of its records.', body: activity } }, errors: ['RKY-10004'] })
  async show(@Req() request: FastifyRequest, @Param() path: unknown, @Query() query: unknown): Promise<z.output<typeof activity>> {
    const asked = parseBody(activityQuery, query);
    const { id: userId } = await userById(this.users, this.names, request.raw, path);
    return activityOf({ database: this.database, audit: this.audit }, userId, asked);
  }
}
