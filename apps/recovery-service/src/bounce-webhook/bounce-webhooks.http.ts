import { Body, Controller, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { suppressionOutcome, suppressionRequestType, type SuppressionRequest } from '@rekey/events';
import { AuditLog } from '@rekey/governance';
import type { Logger } from '@rekey/observability';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { boundedText } from '../http/body.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { NotificationServiceRequests } from '../notification-service/notification-service-requests.ts';
import { AddressLimit } from '../rate-limit/address-limit.ts';
import { digestOf } from './bounce-provider.ts';
import { BounceWebhooks } from './bounce-webhooks.ts';
import { genericReport } from './generic.ts';
import { mailgunReport } from './mailgun.ts';
import { postmarkReport } from './postmark.ts';
import { sendgridReport } from './sendgrid.ts';
import { sesReport } from './ses.ts';

const namePath = z.object({ name: boundedText(64) });
const report = z.union([genericReport, postmarkReport, mailgunReport, sendgridReport, sesReport]);

/** Where providers tell that a mail came back. No user: each proves itself as it does everywhere. */
@Controller('api/rekey/v1/bounce-webhooks')
export class BounceWebhookDoor {
  constructor(
    @Inject(BounceWebhooks) private readonly webhooks: BounceWebhooks,
    @Inject(NotificationServiceRequests) private readonly requests: NotificationServiceRequests,
    @Inject('credentialsLimit') private readonly addressLimit: AddressLimit,
    @Inject(AuditLog) private readonly audit: AuditLog,
    @Inject('log') private readonly log: Logger,
  ) {}

  @Post(':name')
  @HttpCode(200)
  @Operation({
    summary: 'Tell of mails that came back, as a provider does',
    description: 'By the webhook of this name in `deployment.toml`, in the form of its provider, and signed as that signs. A hard bounce or a complaint puts the address on the list of those that are not mailed to, in the tenants that have mailed it; every bounce is put to its mail. What is told again changes nothing.',
    access: 'anyone',
    path: namePath,
    body: report,
    responses: { 200: { description: 'Taken. Whether there is such a mail is not said.' } },
    errors: ['RKY-10011', 'RKY-10414'],
  })
  async take(@Req() request: FastifyRequest, @Param() path: unknown, @Body() body: unknown): Promise<void> {
    const { data: { name } = { name: '' } } = namePath.safeParse(path);
    const text = request.sentText ?? '';
    const sender = this.webhooks.senderOf(name, { headers: request.headers, text, body });
    if (!sender) {
      this.log.warn({ traceId: request.id }, 'a report of bounces is not believed');
      // As with a wrong password; a provider behind the same address is not slowed down.
      await this.addressLimit.spend(request.raw);
      throw new ApiError('RKY-10414');
    }
    const bounces = [...sender.bouncesIn(body)];
    if (bounces.length === 0) return;
    const once = sender.tokenOf ? { token: digestOf(`${name} ${sender.tokenOf(body)}`), report: digestOf(text) } : undefined;
    const asked: SuppressionRequest = { ask: 'bounces', tenantDomain: null, bounces, by: `bounce webhook ${name}`, once };
    const outcome = await this.requests.ask(suppressionRequestType, asked, suppressionOutcome);
    if (outcome.kind === 'repeated') throw new ApiError('RKY-10414');
    if (outcome.kind !== 'bounced') throw new Error(`the notification service answered about bounces with "${outcome.kind}"`);
    for (const { tenantDomain, id } of outcome.suppressed) this.audit.act({ operation: 'suppressAddress', tenantDomain, user: null, changed: [id] });
  }
}
