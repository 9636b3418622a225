import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { mailTemplate } from '@rekey/events';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { parseBody } from '../http/body.ts';
import { UserNames } from '../http/user-name.ts';
import { MailTemplateRequests } from './mail-template-requests.ts';

const shownMail = z.object({
  subject: z.string(),
  html: z.string().nullable().meta({ description: 'null where the template is plain text.' }),
  text: z.string(),
});

/** Rekey's: what a template would become, before anybody saves it. */
@Controller('api/rekey/v1/mail-templates')
export class TemplatePreview {
  constructor(
    @Inject(MailTemplateRequests) private readonly requests: MailTemplateRequests,
    @Inject(UserNames) private readonly names: UserNames,
  ) {}

  @Post('preview')
  @HttpCode(200)
  @Operation({ summary: 'Preview a mail template', description: 'Filled in with the data of nobody. Nothing is saved, and no mail sent.', access: 'auditor', body: mailTemplate, responses: { 200: { description: 'What the mail would say.', body: shownMail } } })
  async preview(@Req() request: FastifyRequest, @Body() body: unknown): Promise<z.output<typeof shownMail>> {
    const template = parseBody(mailTemplate, body);
    const { subject, html, text } = await this.requests.ask({ ask: 'preview', tenantDomain: await this.names.tenant(request.raw), template }, 'preview');
    return { subject, html, text };
  }
}
