import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { deliveryCursor, deliveryFilter, deliverySummary, deliveryTimeline, failureGroup, replayFilter, replayVerdicts, type DeliveryTimeline } from '@rekey/events';
import { AuditLog } from '@rekey/governance';
import { superTenant } from '@rekey/identity';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { parseBody } from '../http/body.ts';
import { callerOf, nameOfCaller } from '../http/caller.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { UserNames } from '../http/user-name.ts';
import { DeliveryRequests } from './delivery-requests.ts';
import { refusedReplay } from './refused-replay.ts';

const listQuery = deliveryFilter.extend({
  after: deliveryCursor.optional().meta({ description: 'The `next` of the page before.' }),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
const list = z.object({ deliveries: z.array(deliverySummary), next: z.string().nullable().meta({ description: 'For `after`; null where there are no more.' }) });
const copy = z.boolean().default(false).meta({ description: 'Whether to send what may have arrived, as the relay’s answer was lost: it may come twice.' });
const replayRequest = z.strictObject({ copy });
const manyRequest = z.strictObject({ filter: replayFilter, after: deliveryCursor.optional().meta({ description: 'The `next` of the answer before.' }), copy });
const failures = z.object({ groups: z.array(failureGroup) });
const replayed = z.object({ outcome: z.enum(['replayed', 'open']).meta({ description: '`open`: it was on its way already.' }) });
const replays = z.object({
  outcomes: z.partialRecord(z.enum(replayVerdicts), z.int().min(0)).meta({ description: 'How many were replayed, and how many were not for which reason.' }),
  next: z.string().nullable().meta({ description: 'For `after`: a request replays a hundred at most. null where there are no more.' }),
});

const idPath = z.object({ id: z.uuid() });

/** What became of a tenant's mails. The notification service keeps that; who may see it is known here. */
@Controller('api/rekey/v1/deliveries')
export class DeliveryDoor {
  constructor(
    @Inject(DeliveryRequests) private readonly requests: DeliveryRequests,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject(AuditLog) private readonly audit: AuditLog,
  ) {}

  @Get()
  @Operation({ summary: 'The mails, newest first', description: 'A page stays what it was, whatever comes in meanwhile.', access: 'staff', query: listQuery, responses: { 200: { description: 'Those that everything asked for holds of.', body: list } } })
  async list(@Req() request: FastifyRequest, @Query() query: unknown): Promise<z.output<typeof list>> {
    const { tenantDomain } = await this.administered(request);
    const { after, limit, ...filter } = parseBody(listQuery, query);
    const { deliveries, next } = await this.requests.ask({ ask: 'list', tenantDomain, filter, after, limit }, 'page');
    return { deliveries, next };
  }

  @Get('failures')
  @Operation({
    summary: 'What has failed, by cause',
    description: 'Most of it first. What could not be read (`DEAD`) is of no tenant: the super tenant’s staff sees it, under its own path.',
    access: 'staff',
    responses: { 200: { description: 'Each cause with how many, since when, and the newest.', body: failures } },
  })
  async failures(@Req() request: FastifyRequest): Promise<z.output<typeof failures>> {
    const { tenantDomain, dead } = await this.administered(request);
    const { groups } = await this.requests.ask({ ask: 'failures', tenantDomain, dead }, 'failures');
    return { groups };
  }

  @Post('replay')
  @HttpCode(200)
  @Operation({ summary: 'Send mails again that failed', description: 'Those that a filter finds, a hundred at once. Each is refused for itself, where its link is not the newest, is void or expires.', access: 'administrator', body: manyRequest, responses: { 200: { description: 'What became of them.', body: replays } } })
  async replayMany(@Req() request: FastifyRequest, @Body() body: unknown): Promise<z.output<typeof replays>> {
    const desk = await this.administered(request);
    const { filter, after, copy } = parseBody(manyRequest, body);
    const { verdicts, next } = await this.requests.ask({ ask: 'replay-many', ...desk, filter, after, copy }, 'replays');
    const counts = Object.entries(verdicts).map(([verdict, count]) => `${verdict}: ${count}`);
    this.audit.act({ operation: 'replayDeliveries', tenantDomain: desk.tenantDomain, user: null, changed: [filter.cause ?? 'all', filter.state], outcome: counts.join(', ') || 'done' });
    return { outcomes: verdicts, next };
  }

  @Post(':id/replay')
  @HttpCode(200)
  @Operation({ summary: 'Send a mail again that failed', description: 'Or have read again what could not be read. Asked for twice it is done once.', access: 'administrator', path: idPath, body: replayRequest, responses: { 200: { description: 'It is on its way.', body: replayed } }, errors: ['RKY-10004', 'RKY-10210'] })
  async replay(@Req() request: FastifyRequest, @Param() path: unknown, @Body() body: unknown): Promise<z.output<typeof replayed>> {
    const desk = await this.administered(request);
    const { copy } = parseBody(replayRequest, body ?? {});
    const id = idOf(path);
    const { verdict, reason } = await this.requests.ask({ ask: 'replay', ...desk, id, copy }, 'replay');
    this.audit.act({ operation: 'replayDeliveries', tenantDomain: desk.tenantDomain, user: null, changed: [id], outcome: verdict });
    if (verdict === 'replayed' || verdict === 'open') return { outcome: verdict };
    throw refusedReplay(verdict, reason);
  }

  @Get(':id')
  @Operation({ summary: 'What became of a mail', description: 'From the event that asked for it to the relay’s answer, and the new password.', access: 'staff', path: idPath, responses: { 200: { description: 'All that is known of it.', body: deliveryTimeline } }, errors: ['RKY-10004'] })
  async show(@Req() request: FastifyRequest, @Param() path: unknown): Promise<DeliveryTimeline> {
    const { tenantDomain } = await this.administered(request);
    return (await this.requests.ask({ ask: 'show', tenantDomain, id: idOf(path) }, 'timeline')).delivery;
  }

  private async administered(request: FastifyRequest): Promise<{ readonly tenantDomain: string; readonly dead: boolean; readonly by: string }> {
    const tenantDomain = await this.names.tenant(request.raw);
    // Only the super tenant's own staff reaches it.
    return { tenantDomain, dead: tenantDomain === superTenant, by: nameOfCaller(callerOf(request.raw)) };
  }
}

/** @throws ApiError RKY-10004 where it is no id */
function idOf(path: unknown): string {
  const { data } = idPath.safeParse(path);
  if (!data) throw new ApiError('RKY-10004', 'There is no such delivery.');
  return data.id;
}
