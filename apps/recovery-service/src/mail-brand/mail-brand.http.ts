import { Body, Controller, Delete, Get, HttpCode, Inject, Put, Req } from '@nestjs/common';
import { mailBrand, mailBrandOutcome, mailBrandRequestType, type MailBrand, type MailBrandRequest } from '@rekey/events';
import { AuditLog } from '@rekey/governance';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { parseBody } from '../http/body.ts';
import { callerOf, nameOfCaller } from '../http/caller.ts';
import { UserNames } from '../http/user-name.ts';
import { NotificationServiceRequests } from '../notification-service/notification-service-requests.ts';

const shownBrand = z.object({ ...mailBrand.shape, colors: mailBrand.shape.colors.unwrap() });

/** What makes the mails of a tenant its own. The notification service keeps it. */
@Controller('api/rekey/v1/mail-brand')
export class MailBrandDoor {
  constructor(
    @Inject(NotificationServiceRequests) private readonly requests: NotificationServiceRequests,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject(AuditLog) private readonly audit: AuditLog,
  ) {}

  @Get()
  @Operation({ summary: 'The brand of the mails', access: 'auditor', responses: { 200: { description: 'What they have now; colours that nobody has set are Rekey’s.', body: shownBrand } } })
  async read(@Req() request: FastifyRequest): Promise<MailBrand> {
    return this.ask({ ask: 'read', tenantDomain: await this.names.tenant(request.raw) });
  }

  @Put()
  @Operation({
    summary: 'Set the brand of the mails',
    description: 'It counts for the next mail. What is left out is Rekey’s. `colors.buttonText` on `colors.primary`, and `colors.text` on white, have a contrast of at least 4.5:1.',
    access: 'administrator',
    body: mailBrand,
    example: { name: 'Acme', logo: { url: 'https://www.example.com/logo.png', alt: 'Acme' }, colors: { primary: '#0b5d3b' }, support: 'help@example.com', footer: 'Acme Ltd, 1 Main Street' },
    responses: { 200: { description: 'What the mails have from now on.', body: shownBrand } },
  })
  async replace(@Req() request: FastifyRequest, @Body() body: unknown): Promise<MailBrand> {
    const tenantDomain = await this.names.tenant(request.raw);
    const brand = parseBody(mailBrand, body);
    return this.change({ ask: 'replace', tenantDomain, by: nameOfCaller(callerOf(request.raw)), brand });
  }

  @Delete()
  @HttpCode(204)
  @Operation({ summary: 'Give the mails Rekey’s look again', access: 'administrator', responses: { 204: { description: 'The tenant has no brand of its own any more.' } } })
  async remove(@Req() request: FastifyRequest): Promise<void> {
    await this.change({ ask: 'remove', tenantDomain: await this.names.tenant(request.raw), by: nameOfCaller(callerOf(request.raw)) });
  }

  private async change(asked: MailBrandRequest): Promise<MailBrand> {
    const brand = await this.ask(asked);
    this.audit.act({ operation: 'changeMailBrand', tenantDomain: asked.tenantDomain, user: null });
    return brand;
  }

  private async ask(asked: MailBrandRequest): Promise<MailBrand> {
    return (await this.requests.ask(mailBrandRequestType, asked, mailBrandOutcome)).brand;
  }
}
