import { Controller, Get, Inject, Query, Req } from '@nestjs/common';
import { mailFigures, timeSince1970 as time } from '@rekey/events';
import { AuditLog } from '@rekey/governance';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { DeliveryRequests } from '../deliveries/delivery-requests.ts';
import { parseBody } from '../http/body.ts';
import { UserNames } from '../http/user-name.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const mostDays = 92;

const overviewQuery = z.object({
  from: time.optional().meta({ description: 'Default: a day before `to`.' }),
  to: time.optional().meta({ description: 'Default: now.' }),
  buckets: z.coerce.number().int().min(1).max(200).default(48).meta({ description: 'In how many parts of equal length.' }),
});
const overview = z.object({
  buckets: z.array(mailFigures.extend({ from: z.iso.datetime(), requests: z.int().meta({ description: 'How often somebody asked for a link or a username.' }) })).meta({ description: 'The oldest first.' }),
  open: z.int().meta({ description: 'Mails that are still to be sent.' }),
  oldestOpenAt: z.iso.datetime().nullable().meta({ description: 'Since when the one that waits longest does; null where none does.' }),
});

const spanQuery = overviewQuery.refine((asked) => {
  const { from, to, buckets } = spanOf(asked);
  const lengthMs = to.getTime() - from.getTime();
  return lengthMs >= buckets * minuteMs && lengthMs <= mostDays * dayMs;
}, `expected "from" before "to" by a minute for each part at least, and by ${mostDays} days at most`);

/** A tenant's recoveries and mails over time. */
@Controller('api/rekey/v1/overview')
export class OverviewDoor {
  constructor(
    @Inject(DeliveryRequests) private readonly requests: DeliveryRequests,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject(AuditLog) private readonly audit: AuditLog,
  ) {}

  @Get()
  @Operation({ summary: 'Requests and mails over time', description: `Of ${mostDays} days at most, and by the minute: \`from\` is taken back to the beginning of its minute, \`to\` on to the end of its own.`, access: 'staff', query: overviewQuery, responses: { 200: { description: 'The figures.', body: overview } } })
  async show(@Req() request: FastifyRequest, @Query() query: unknown): Promise<z.output<typeof overview>> {
    const { from, to, buckets } = spanOf(parseBody(spanQuery, query));
    const tenantDomain = await this.names.tenant(request.raw);
    const asked = { from: from.toISOString(), to: to.toISOString(), buckets };
    const [requests, mails] = await Promise.all([this.audit.recoveriesAsked(tenantDomain, asked), this.requests.ask({ ask: 'figures', tenantDomain, ...asked }, 'figures')]);
    const bucketMs = (to.getTime() - from.getTime()) / buckets;
    const shown = mails.buckets.map((figures, bucket) => ({ from: new Date(from.getTime() + bucket * bucketMs).toISOString(), requests: requests.get(bucket) ?? 0, ...figures }));
    return { buckets: shown, open: mails.open, oldestOpenAt: mails.oldestOpenAt };
  }
}

function spanOf({ from, to, buckets }: z.output<typeof overviewQuery>): { readonly from: Date; readonly to: Date; readonly buckets: number } {
  const end = Math.ceil((to === undefined ? Date.now() : Date.parse(to)) / minuteMs) * minuteMs;
  const begin = from === undefined ? end - dayMs : Math.floor(Date.parse(from) / minuteMs) * minuteMs;
  return { from: new Date(begin), to: new Date(end), buckets };
}
