import { Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { knownRelay, relayOutcome, relayRequestType, relayTest, type RelayOutcome, type RelayRequest, type RelayTest } from '@rekey/events';
import { AuditLog } from '@rekey/governance';
import { superTenant } from '@rekey/identity';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { boundedText } from '../http/body.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { NotificationServiceRequests } from '../notification-service/notification-service-requests.ts';

const list = z.object({ relays: z.array(knownRelay).meta({ description: 'In the order in which they are asked.' }) });
const namePath = z.object({ name: boundedText(255) });

/** The mail relays of the deployment, as the notification services know them. */
@Controller('api/rekey/v1/relays')
export class RelayDoor {
  constructor(
    @Inject(NotificationServiceRequests) private readonly requests: NotificationServiceRequests,
    @Inject(AuditLog) private readonly audit: AuditLog,
  ) {}

  @Get()
  @Operation({ summary: 'The mail relays', description: 'How each is set, and what each notification service knows of it.', access: 'super-staff', responses: { 200: { description: 'Without passwords and user names.', body: list } } })
  async list(): Promise<z.output<typeof list>> {
    const outcome = await this.ask({ ask: 'list' });
    if (outcome.kind !== 'relays') throw unexpected(outcome);
    return { relays: outcome.relays };
  }

  @Post(':name/test')
  @HttpCode(200)
  @Operation({ summary: 'Try a mail relay', description: 'Connects, secures the connection and signs in, as before a mail, and sends none.', access: 'super-administrator', path: namePath, responses: { 200: { description: 'What was said, without passwords.', body: relayTest } }, errors: ['RKY-10004'] })
  async test(@Param() path: unknown): Promise<RelayTest> {
    const { data } = namePath.safeParse(path);
    const outcome = data ? await this.ask({ ask: 'test', relay: data.name }) : null;
    if (!data || outcome?.kind === 'unknown') throw new ApiError('RKY-10004', 'There is no such relay.');
    if (outcome?.kind !== 'tested') throw unexpected(outcome);
    this.audit.act({ operation: 'testRelay', tenantDomain: superTenant, user: null, changed: [data.name], outcome: outcome.test.refusal === null ? 'works' : 'cannot be used' });
    return outcome.test;
  }

  private ask(request: RelayRequest): Promise<RelayOutcome> {
    return this.requests.ask(relayRequestType, request, relayOutcome);
  }
}

function unexpected(outcome: RelayOutcome | null): Error {
  return new Error(`the notification service answered about relays with "${outcome?.kind}"`);
}
