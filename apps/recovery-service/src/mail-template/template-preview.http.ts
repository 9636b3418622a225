import { Body, Controller, Get, Header, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { filledMail, mailTemplate } from '@rekey/events';
import { Database } from '@rekey/messaging';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { parseBody } from '../http/body.ts';
import { callerOf } from '../http/caller.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { UserNames } from '../http/user-name.ts';
import { keepPreview, keptMinutes, keptPreview } from './kept-previews.ts';
import { MailTemplateRequests } from './mail-template-requests.ts';
import { previewPage, previewPolicy } from './preview-page.ts';

export const shownMail = filledMail.extend({
  previewId: z.uuid().nullable().meta({ description: `Under it, \`GET …/previews/{id}\` shows the HTML in a browser, for ${keptMinutes} minutes; null where there is none.` }),
});

const pagePath = z.object({ id: z.string().meta({ description: '`previewId` of a preview.' }) });
const pageQuery = z.object({ scheme: z.enum(['light', 'dark']).default('light').meta({ description: 'What a mail program is set to.' }) });

/** Rekey's: what a template would become, before anybody saves it. */
@Controller('api/rekey/v1/mail-templates')
export class TemplatePreview {
  constructor(
    @Inject(MailTemplateRequests) private readonly requests: MailTemplateRequests,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject(Database) private readonly database: Database,
  ) {}

  @Post('preview')
  @HttpCode(200)
  @Operation({ summary: 'Preview a mail template', description: 'Filled in with the data of nobody. Nothing is saved, and no mail sent.', access: 'auditor', body: mailTemplate, responses: { 200: { description: 'What the mail would say.', body: shownMail } } })
  async preview(@Req() request: FastifyRequest, @Body() body: unknown): Promise<z.output<typeof shownMail>> {
    const template = parseBody(mailTemplate, body);
    const { subject, html, text } = await this.requests.ask({ ask: 'preview', tenantDomain: await this.names.tenant(request.raw), template }, 'preview');
    return { subject, html, text, previewId: await keepPreview(this.database, callerOf(request.raw).user.id, html) };
  }

  @Get('previews/:id')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', previewPolicy)
  @Operation({
    summary: 'Show a previewed mail',
    description: 'For a frame of the Console: a page that runs nothing, loads nothing and leads nowhere. It is there for whoever asked for the preview.',
    access: 'auditor',
    path: pagePath,
    query: pageQuery,
    responses: { 200: { description: 'The mail’s HTML.', body: z.string(), type: 'text/html' } },
    errors: ['RKY-10004'],
  })
  async page(@Req() request: FastifyRequest, @Param('id') id: string, @Query() query: unknown): Promise<string> {
    const { scheme } = parseBody(pageQuery, query);
    const html = z.uuid().safeParse(id).success ? await keptPreview(this.database, callerOf(request.raw).user.id, id) : null;
    if (html === null) throw new ApiError('RKY-10004', 'There is no such preview, or not any more.');
    return previewPage(html, scheme);
  }
}
