import { Controller, Get, Inject, Param, Query, Req } from '@nestjs/common';
import { AuditLog, UserManager } from '@rekey/governance';
import { Database } from '@rekey/messaging';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { parseBody } from '../http/body.ts';
import { moment } from '../http/moment.ts';
import { userById, userPath } from '../http/user-by-id.ts';
import { UserNames } from '../http/user-name.ts';
import { recoveriesOf, shownRecovery } from '../recovery/recoveries-of.ts';

const activityQuery = z.object({
  after: z.string().regex(/^\d{1,18}$/).optional().meta({ description: 'The `next` of the page before.' }),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
const activity = z.object({
  recoveries: z.array(shownRecovery).meta({ description: 'The newest of each purpose.' }),
  records: z.array(
    z.object({
      at: moment,
      operation: z.string(),
      outcome: z.string().meta({ description: '`done`, or the code that it was refused with.' }),
      actor: z.string().nullable().meta({ description: 'Who asked, as `name@tenant`; null for a sign-in, and where nobody was signed in.' }),
      changed: z.array(z.string()).readonly().meta({ description: 'Names of what was changed, without the values.' }),
    }),
  ).meta({ description: 'Newest first; kept for 90 days.' }),
  next: z.string().nullable().meta({ description: 'For `after`; null where there are no more.' }),
});

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
    const { after = null, limit } = parseBody(activityQuery, query);
    const { id: userId } = await userById(this.users, this.names, request.raw, path);
    // One more than asked for tells whether there is another page.
    const [recoveries, found] = await Promise.all([recoveriesOf(this.database, userId), this.audit.recordsOf(userId, limit + 1, after)]);
    const page = found.slice(0, limit);
    const records = page.map(({ at, operation, outcome, actor, claims }) => ({ at, operation, outcome, actor, changed: claims }));
    return { recoveries, records, next: found.length > limit ? (page.at(-1)?.id ?? null) : null };
  }
}
