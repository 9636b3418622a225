import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Put, Req } from '@nestjs/common';
import { contrast, mailBrand, mailBrandOutcome, mailBrandRequestType, mailCardColor, type MailBrand, type MailBrandOutcome, type MailBrandRequest } from '@rekey/events';
import { AuditLog } from '@rekey/governance';
import { Database } from '@rekey/messaging';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { parseBody } from '../http/body.ts';
import { callerOf, nameOfCaller } from '../http/caller.ts';
import { UserNames } from '../http/user-name.ts';
import { keepPreview } from '../mail-template/kept-previews.ts';
import { shownMail } from '../mail-template/template-preview.http.ts';
import { NotificationServiceRequests } from '../notification-service/notification-service-requests.ts';

const shownBrand = z.object({ ...mailBrand.shape, colors: mailBrand.shape.colors.unwrap() });

const ratio = z.number().meta({ description: 'Of WCAG 2.2: 4.5 is what text of this size needs.' });
const shownSample = shownMail.extend({ contrasts: z.object({ buttonText: ratio, text: ratio }) });

/** What makes the mails of a tenant its own. The notification service keeps it. */
@Controller('api/rekey/v1/mail-brand')
export class MailBrandDoor {
  constructor(
    @Inject(NotificationServiceRequests) private readonly requests: NotificationServiceRequests,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject(AuditLog) private readonly audit: AuditLog,
    @Inject(Database) private readonly database: Database,
  ) {}

  @Get()
  @Operation({ summary: 'The brand of the mails', access: 'auditor', responses: { 200: { description: 'What they have now; colours that nobody has set are Rekey’s.', body: shownBrand } } })
  async read(@Req() request: FastifyRequest): Promise<MailBrand> {
    return (await this.ask({ ask: 'read', tenantDomain: await this.names.tenant(request.raw) }, 'brand')).brand;
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

  @Post('preview')
  @HttpCode(200)
  @Operation({
    summary: 'Preview a brand of the mails',
    description: 'The mail with which a password is reset, filled in with the data of nobody. Nothing is saved. What `PUT` refuses, this does, too.',
    access: 'auditor',
    body: mailBrand,
    example: { name: 'Acme', colors: { primary: '#0b5d3b' } },
    responses: { 200: { description: 'What the mail would say.', body: shownSample } },
  })
  async preview(@Req() request: FastifyRequest, @Body() body: unknown): Promise<z.output<typeof shownSample>> {
    const tenantDomain = await this.names.tenant(request.raw);
    const brand = parseBody(mailBrand, body);
    const { subject, html, text } = await this.ask({ ask: 'preview', tenantDomain, brand }, 'preview');
    return { subject, html, text, previewId: await keepPreview(this.database, callerOf(request.raw).user.id, html), contrasts: contrastsOf(brand) };
  }

  private async change(asked: MailBrandRequest): Promise<MailBrand> {
    const { brand } = await this.ask(asked, 'brand');
    this.audit.act({ operation: 'changeMailBrand', tenantDomain: asked.tenantDomain, user: null });
    return brand;
  }

  private async ask<Kind extends MailBrandOutcome['kind']>(asked: MailBrandRequest, expected: Kind): Promise<Extract<MailBrandOutcome, { kind: Kind }>> {
    const outcome = await this.requests.ask(mailBrandRequestType, asked, mailBrandOutcome);
    if (!isOfKind(outcome, expected)) throw new Error(`the notification service answered "${asked.ask}" with "${outcome.kind}"`);
    return outcome;
  }
}

function contrastsOf({ colors: { primary, text, buttonText } }: MailBrand): z.output<typeof shownSample>['contrasts'] {
  return { buttonText: contrast(buttonText, primary), text: contrast(text, mailCardColor) };
}

function isOfKind<Kind extends MailBrandOutcome['kind']>(outcome: MailBrandOutcome, kind: Kind): outcome is Extract<MailBrandOutcome, { kind: Kind }> {
  return outcome.kind === kind;
}
