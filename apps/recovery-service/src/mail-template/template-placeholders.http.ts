import { Controller, Get, Inject, Param, Req } from '@nestjs/common';
import { templatePlaceholder } from '@rekey/events';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { UserNames } from '../http/user-name.ts';
import { MailTemplateRequests } from './mail-template-requests.ts';
import { templateIn, templatePath } from './template-path.ts';

const placeholderList = z.object({ placeholders: z.array(templatePlaceholder) });

/** Rekey's: what editors offer to whoever writes a template. */
@Controller('api/rekey/v1/mail-templates/:type/:locale/placeholders')
export class TemplatePlaceholders {
  constructor(
    @Inject(MailTemplateRequests) private readonly requests: MailTemplateRequests,
    @Inject(UserNames) private readonly names: UserNames,
  ) {}

  @Get()
  @Operation({
    summary: 'List the placeholders of a mail template',
    description: 'Those that a mail of this type has something in place of, and of the claims the usual ones: any other, `user.claim.<name>`, may stand in it, too, and `url:<name>` of each.',
    access: 'auditor',
    path: templatePath,
    responses: { 200: { description: 'Each with what it stands for, and with what a preview has in its place.', body: placeholderList } },
    errors: ['ETM-50002', 'ETM-50003'],
  })
  async list(@Req() request: FastifyRequest, @Param() path: unknown): Promise<z.output<typeof placeholderList>> {
    const { placeholders } = await this.requests.ask({ ask: 'placeholders', tenantDomain: await this.names.tenant(request.raw), ...templateIn(path) }, 'placeholders');
    return { placeholders };
  }
}
