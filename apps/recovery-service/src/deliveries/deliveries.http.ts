import { Controller, Get, Inject, Param, Query, Req } from '@nestjs/common';
import { deliveryCursor, deliveryFilter, deliverySummary, deliveryTimeline, type DeliveryTimeline } from '@rekey/events';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { BasicAuthentication } from '../authentication/basic-authentication.ts';
import { parseBody } from '../http/body.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { UserNames } from '../http/user-name.ts';
import { DeliveryRequests } from './delivery-requests.ts';

const listQuery = deliveryFilter.extend({
  after: deliveryCursor.optional().meta({ description: 'The `next` of the page before.' }),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
const list = z.object({ deliveries: z.array(deliverySummary), next: z.string().nullable().meta({ description: 'For `after`; null where there are no more.' }) });
const idPath = z.object({ id: z.uuid() });

/** What became of a tenant's mails. The notification service keeps that; who may see it is known here. */
@Controller('api/rekey/v1/deliveries')
export class DeliveryDoor {
  constructor(
    @Inject(DeliveryRequests) private readonly requests: DeliveryRequests,
    @Inject(BasicAuthentication) private readonly authentication: BasicAuthentication,
    @Inject(UserNames) private readonly names: UserNames,
  ) {}

  @Get()
  @Operation({ summary: 'The mails, newest first', description: 'A page stays what it was, whatever comes in meanwhile.', access: 'administrator', query: listQuery, responses: { 200: { description: 'Those that everything asked for holds of.', body: list } } })
  async list(@Req() request: FastifyRequest, @Query() query: unknown): Promise<z.output<typeof list>> {
    const tenantDomain = await this.administered(request);
    const { after, limit, ...filter } = parseBody(listQuery, query);
    const { deliveries, next } = await this.requests.ask({ ask: 'list', tenantDomain, filter, after, limit }, 'page');
    return { deliveries, next };
  }

  @Get(':id')
  @Operation({ summary: 'What became of a mail', description: 'From the event that asked for it to the relay’s answer, and the new password.', access: 'administrator', path: idPath, responses: { 200: { description: 'All that is known of it.', body: deliveryTimeline } }, errors: ['RKY-10004'] })
  async show(@Req() request: FastifyRequest, @Param() path: unknown): Promise<DeliveryTimeline> {
    const tenantDomain = await this.administered(request);
    return (await this.requests.ask({ ask: 'show', tenantDomain, id: idOf(path) }, 'timeline')).delivery;
  }

  /** @returns the tenant */
  private async administered(request: FastifyRequest): Promise<string> {
    await this.authentication.administrator(request.raw);
    return this.names.tenant(request.raw);
  }
}

/** @throws ApiError RKY-10004 where it is no id */
function idOf(path: unknown): string {
  const { data } = idPath.safeParse(path);
  if (!data) throw new ApiError('RKY-10004', 'There is no such delivery.');
  return data.id;
}
