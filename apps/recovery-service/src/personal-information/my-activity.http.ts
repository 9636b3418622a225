import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { AuditLog, UserManager } from '@rekey/governance';
import { qualifiedName, Sessions } from '@rekey/identity';
import { Database } from '@rekey/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { parseBody } from '../http/body.ts';
import { ownAccount } from '../session/signed-in.ts';
import { activityBody, activityOf, activityQuery, shownRecord } from './account-activity.ts';

/** People learn that somebody else did it, not the name of who administers them. */
const ownRecord = shownRecord.omit({ actor: true }).extend({ by: z.enum(['oneself', 'somebody else']).nullable().meta({ description: 'null for a sign-in, and where nobody was signed in.' }) });
const ownActivity = activityBody(ownRecord);

/** What happened to one's own account lately: whoever looks there sees what they did not do themselves. */
@Controller('api/rekey/v1/me/activity')
export class MyActivity {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(UserManager) private readonly users: UserManager,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(AuditLog) private readonly audit: AuditLog,
  ) {}

  @Get()
  @Operation({ summary: 'What happened to one’s own account', access: 'session', query: activityQuery, responses: { 200: { description: 'Its recoveries, and a page of its records.', body: ownActivity } } })
  async show(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Query() query: unknown): Promise<z.output<typeof ownActivity>> {
    const { user } = await ownAccount(this.users, this.sessions, request, reply);
    const { records, ...more } = await activityOf({ database: this.database, audit: this.audit }, user.id, parseBody(activityQuery, query));
    const own = qualifiedName(user);
    return { ...more, records: records.map(({ actor, ...record }) => ({ ...record, by: actor === null ? null : actor === own ? ('oneself' as const) : ('somebody else' as const) })) };
  }
}
