import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { bounce, newSuppression, suppressedAddress, suppressedAddressId, suppressionOutcome, suppressionRequestType, type SuppressedAddress, type SuppressionOutcome, type SuppressionRequest } from '@rekey/events';
import { AuditLog } from '@rekey/governance';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { boundedText, parseBody } from '../http/body.ts';
import { callerOf, nameOfCaller } from '../http/caller.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { UserNames } from '../http/user-name.ts';
import { NotificationServiceRequests } from '../notification-service/notification-service-requests.ts';

const listQuery = z.object({ address: boundedText(320).optional(), after: suppressedAddressId.optional(), limit: z.coerce.number().int().min(1).max(100).default(20) });
const list = z.object({ addresses: z.array(suppressedAddress), next: z.string().nullable().meta({ description: 'For `after`; null where there are no more.' }) });
const idPath = z.object({ id: suppressedAddressId });
const bounced = z.object({ suppressed: z.boolean().meta({ description: 'Whether the address is on the list since. `false` for a soft one, and for what was told before.' }) });

/** Addresses that a tenant's mails do not go to any more: those that bounced, and those that administrators add. Whoever asks for a recovery learns nothing of it. */
@Controller('api/rekey/v1')
export class SuppressionDoor {
  constructor(
    @Inject(NotificationServiceRequests) private readonly requests: NotificationServiceRequests,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject(AuditLog) private readonly audit: AuditLog,
  ) {}

  @Get('suppressed-addresses')
  @Operation({ summary: 'The addresses that are not mailed to', description: 'Or whether one is.', access: 'staff', query: listQuery, responses: { 200: { description: 'In no order that says anything.', body: list } } })
  async list(@Req() request: FastifyRequest, @Query() query: unknown): Promise<z.output<typeof list>> {
    const { tenantDomain } = await this.asked(request);
    const outcome = await this.ask({ ask: 'list', tenantDomain, ...parseBody(listQuery, query) });
    if (outcome.kind !== 'page') throw unexpected(outcome);
    return { addresses: outcome.addresses, next: outcome.next };
  }

  @Post('suppressed-addresses')
  @HttpCode(200)
  @Operation({ summary: 'Mail to an address no more', description: 'One that is on the list already stays as it is.', access: 'administrator', body: newSuppression, responses: { 200: { description: 'As it is on the list.', body: suppressedAddress } } })
  async add(@Req() request: FastifyRequest, @Body() body: unknown): Promise<SuppressedAddress> {
    const asked = await this.asked(request);
    const outcome = await this.ask({ ask: 'add', ...asked, ...parseBody(newSuppression, body) });
    if (outcome.kind !== 'suppressed') throw unexpected(outcome);
    this.audit.act({ operation: 'suppressAddress', tenantDomain: asked.tenantDomain, user: null, changed: [outcome.address.id] });
    return outcome.address;
  }

  @Delete('suppressed-addresses/:id')
  @HttpCode(204)
  @Operation({ summary: 'Mail to an address again', access: 'administrator', path: idPath, responses: { 204: { description: 'Removed.' } }, errors: ['RKY-10004'] })
  async remove(@Req() request: FastifyRequest, @Param() path: unknown): Promise<void> {
    const { tenantDomain } = await this.asked(request);
    const { data } = idPath.safeParse(path);
    const outcome = data ? await this.ask({ ask: 'remove', tenantDomain, id: data.id }) : null;
    if (!data || outcome?.kind !== 'removed') throw new ApiError('RKY-10004', 'The address is not on the list.');
    this.audit.act({ operation: 'unsuppressAddress', tenantDomain, user: null, changed: [data.id] });
  }

  @Post('bounces')
  @HttpCode(200)
  @Operation({
    summary: 'Tell that a mail came back',
    description: 'For a relay’s or a provider’s webhook: a hard bounce or a complaint puts the address on the list, a soft one does not; both are put to their mail. What is told again changes nothing. A provider’s own webhook has a door of its own.',
    access: 'recovery-client',
    body: bounce,
    example: { messageId: '<0198e6a1-7c3b-7d52-9c1e-3a5b8f2d4e60@id.example.com>', kind: 'hard', reason: '550 5.1.1 User unknown' },
    responses: { 200: { description: 'Noted.', body: bounced } },
    errors: ['RKY-10004'],
  })
  async bounced(@Req() request: FastifyRequest, @Body() body: unknown): Promise<z.output<typeof bounced>> {
    const outcome = await this.ask({ ask: 'bounces', ...(await this.asked(request)), bounces: [parseBody(bounce, body)] });
    if (outcome.kind !== 'bounced') throw unexpected(outcome);
    if (outcome.unknown > 0) throw new ApiError('RKY-10004', 'There is no mail with this Message-ID.');
    for (const { tenantDomain, id } of outcome.suppressed) this.audit.act({ operation: 'suppressAddress', tenantDomain, user: null, changed: [id] });
    return { suppressed: outcome.suppressed.length > 0 };
  }

  private async asked(request: FastifyRequest): Promise<{ readonly tenantDomain: string; readonly by: string }> {
    return { tenantDomain: await this.names.tenant(request.raw), by: nameOfCaller(callerOf(request.raw)) };
  }

  private ask(request: SuppressionRequest): Promise<SuppressionOutcome> {
    return this.requests.ask(suppressionRequestType, request, suppressionOutcome);
  }
}

function unexpected({ kind }: SuppressionOutcome): Error {
  return new Error(`the notification service answered about suppressed addresses with "${kind}"`);
}
