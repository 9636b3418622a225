import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { deadEvent, deadFilter, deadSummary, discardReason, type DeadEvent } from '@rekey/events';
import { AuditLog } from '@rekey/governance';
import { superTenant } from '@rekey/identity';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { DeliveryRequests } from '../deliveries/delivery-requests.ts';
import { refusedReplay } from '../deliveries/refused-replay.ts';
import { parseBody } from '../http/body.ts';
import { callerOf, nameOfCaller } from '../http/caller.ts';
import { ApiError } from '../http/error-catalogue.ts';

const listQuery = deadFilter.extend({
  after: z.uuid().optional().meta({ description: 'The `next` of the page before.' }),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
const list = z.object({ events: z.array(deadSummary), next: z.uuid().nullable().meta({ description: 'For `after`; null where there are no more.' }) });
const idPath = z.object({ id: z.uuid() });
const replayed = z.object({ outcome: z.enum(['replayed', 'open']).meta({ description: '`open`: it was read already.' }) });
const discardRequest = z.strictObject({ reason: discardReason });

/** Of no tenant, and so the super tenant's: nobody could read whose it is. */
const ofDesk = { tenantDomain: superTenant, dead: true } as const;

/** What came in and could not be read: looked at, read again after an upgrade, or left for good. */
@Controller('api/rekey/v1/dead-events')
export class DeadEventDoor {
  constructor(
    @Inject(DeliveryRequests) private readonly requests: DeliveryRequests,
    @Inject(AuditLog) private readonly audit: AuditLog,
  ) {}

  @Get()
  @Operation({ summary: 'What could not be read, newest first', access: 'super-staff', query: listQuery, responses: { 200: { description: 'A page of them.', body: list } } })
  async list(@Query() query: unknown): Promise<z.output<typeof list>> {
    const { after, limit, ...filter } = parseBody(listQuery, query);
    const { events, next } = await this.requests.ask({ ask: 'list-dead', ...ofDesk, filter, after, limit }, 'dead-page');
    return { events, next };
  }

  @Get(':id')
  @Operation({ summary: 'One that could not be read, and why', access: 'super-staff', path: idPath, responses: { 200: { description: 'Without its data.', body: deadEvent } }, errors: ['RKY-10004'] })
  async show(@Param() path: unknown): Promise<DeadEvent> {
    return (await this.requests.ask({ ask: 'show-dead', ...ofDesk, id: idOf(path) }, 'dead')).event;
  }

  @Post(':id/replay')
  @HttpCode(200)
  @Operation({ summary: 'Read it again', description: 'After an upgrade it may be readable. One that has crashed whoever read it three times is not read again. Asked for twice it is done once.', access: 'super-administrator', path: idPath, responses: { 200: { description: 'It was read.', body: replayed } }, errors: ['RKY-10004', 'RKY-10210'] })
  async replay(@Req() request: FastifyRequest, @Param() path: unknown): Promise<z.output<typeof replayed>> {
    const id = idOf(path);
    const { verdict, reason } = await this.requests.ask({ ask: 'replay', ...ofDesk, by: nameOfCaller(callerOf(request.raw)), copy: false, id }, 'replay');
    this.audit.act({ operation: 'replayDeliveries', tenantDomain: superTenant, user: null, changed: [id], outcome: verdict });
    if (verdict === 'replayed' || verdict === 'open') return { outcome: verdict };
    throw refusedReplay(verdict, reason);
  }

  @Post(':id/discard')
  @HttpCode(200)
  @Operation({ summary: 'Leave it unread', description: 'It is among the open ones no more. What was decided about it before stays.', access: 'super-administrator', path: idPath, body: discardRequest, responses: { 200: { description: 'As it is now.', body: deadEvent } }, errors: ['RKY-10004'] })
  async discard(@Req() request: FastifyRequest, @Param() path: unknown, @Body() body: unknown): Promise<DeadEvent> {
    const id = idOf(path);
    const { reason } = parseBody(discardRequest, body);
    const { event } = await this.requests.ask({ ask: 'discard-dead', ...ofDesk, by: nameOfCaller(callerOf(request.raw)), id, reason }, 'discarded');
    this.audit.act({ operation: 'discardDeadEvent', tenantDomain: superTenant, user: null, changed: [id], outcome: event.state });
    return event;
  }
}

/** @throws ApiError RKY-10004 where it is no id */
function idOf(path: unknown): string {
  const { data } = idPath.safeParse(path);
  if (!data) throw new ApiError('RKY-10004', 'There is no such event.');
  return data.id;
}
