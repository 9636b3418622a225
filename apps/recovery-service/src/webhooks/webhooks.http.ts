import { Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { knownWebhook, webhookOutcome, webhookRequestType, type WebhookOutcome, type WebhookRequest } from '@rekey/events';
import { AuditLog } from '@rekey/governance';
import { superTenant } from '@rekey/identity';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { boundedText } from '../http/body.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { NotificationServiceRequests } from '../notification-service/notification-service-requests.ts';

const list = z.object({ webhooks: z.array(knownWebhook) });
const namePath = z.object({ name: boundedText(255) });

/** The webhooks of the deployment, which are told what came of mails. */
@Controller('api/rekey/v1/webhooks')
export class WebhookDoor {
  constructor(
    @Inject(NotificationServiceRequests) private readonly requests: NotificationServiceRequests,
    @Inject(AuditLog) private readonly audit: AuditLog,
  ) {}

  @Get()
  @Operation({ summary: 'The webhooks', description: 'What each is told of, and what it has taken.', access: 'super-staff', responses: { 200: { description: 'As `deployment.toml` names them.', body: list } } })
  async list(): Promise<z.output<typeof list>> {
    const outcome = await this.ask({ ask: 'list' });
    if (outcome.kind !== 'webhooks') throw new Error(`the notification service answered about webhooks with "${outcome.kind}"`);
    return { webhooks: outcome.webhooks };
  }

  @Post(':name/enable')
  @HttpCode(204)
  @Operation({ summary: 'Tell a webhook again', description: 'One that has answered 410 Gone, or taken nothing for three days, from its next outcome on: every notification service knows it within a minute.', access: 'super-administrator', path: namePath, responses: { 204: { description: 'It is told again.' } }, errors: ['RKY-10004'] })
  async enable(@Param() path: unknown): Promise<void> {
    const { data } = namePath.safeParse(path);
    const outcome = data ? await this.ask({ ask: 'enable', webhook: data.name }) : null;
    if (!data || outcome?.kind !== 'enabled') throw new ApiError('RKY-10004', 'There is no such webhook.');
    this.audit.act({ operation: 'enableWebhook', tenantDomain: superTenant, user: null, changed: [data.name] });
  }

  private ask(request: WebhookRequest): Promise<WebhookOutcome> {
    return this.requests.ask(webhookRequestType, request, webhookOutcome);
  }
}
