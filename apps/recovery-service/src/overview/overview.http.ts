import { Controller, Get, Inject, Query, Req } from '@nestjs/common';
import { mailFigures } from '@rekey/events';
import { AuditLog } from '@rekey/governance';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { DeliveryRequests } from '../deliveries/delivery-requests.ts';
import { parseBody } from '../http/body.ts';
import { UserNames } from '../http/user-name.ts';

const dayMs = 86_400_000;
const mostDays = 92;
const time = z.iso.datetime().max(35).refine((moment) => moment >= '1970', 'expected a time since 1970');

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
  const { from, to } = spanOf(asked);
  return from < to && to.getTime() - from.getTime() <= mostDays * dayMs;
}, `expected "from" before "to", and ${mostDays} days at most between them`);

/** A tenant's recoveries and mails over time: counted from what is kept anyway. */
@Controller('api/rekey/v1/overview')
export class OverviewDoor {
  constructor(
    @Inject(DeliveryRequests) private readonly requests: DeliveryRequests,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject(AuditLog) private readonly audit: AuditLog,
  ) {}

  @Get()
  @Operation({ summary: 'Requests and mails over time', description: `Of ${mostDays} days at most.`, access: 'staff', query: overviewQuery, responses: { 200: { description: 'The figures.', body: overview } } })
  async show(@Req() request: FastifyRequest, @Query() query: unknown): Promise<z.output<typeof overview>> {
    const { from, to, buckets } = spanOf(parseBody(spanQuery, query));
    const tenantDomain = await this.names.tenant(request.raw);
    const asked = { from: from.toISOString(), to: to.toISOString(), buckets };
    const [requests, mails] = await Promise.all([this.audit.countsOf(tenantDomain, ['requestRecovery', 'requestUsername'], asked), this.requests.ask({ ask: 'figures', tenantDomain, ...asked }, 'figures')]);
    const bucketMs = (to.getTime() - from.getTime()) / buckets;
    const shown = mails.buckets.map((figures, bucket) => ({ from: new Date(from.getTime() + bucket * bucketMs).toISOString(), requests: requests.get(bucket) ?? 0, ...figures }));
    return { buckets: shown, open: mails.open, oldestOpenAt: mails.oldestOpenAt };
  }
}

function spanOf({ from, to, buckets }: z.output<typeof overviewQuery>): { readonly from: Date; readonly to: Date; readonly buckets: number } {
  const end = to === undefined ? new Date() : new Date(to);
  return { from: from === undefined ? new Date(end.getTime() - dayMs) : new Date(from), to: end, buckets };
}
