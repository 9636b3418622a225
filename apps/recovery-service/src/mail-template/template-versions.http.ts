import { Controller, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { mailTemplate, templateVersion } from '@rekey/events';
import { AuditLog } from '@rekey/governance';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { callerOf, nameOfCaller } from '../http/caller.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { UserNames } from '../http/user-name.ts';
import { MailTemplateRequests } from './mail-template-requests.ts';
import { templateIn, templatePath } from './template-path.ts';

const versionPath = templatePath.extend({ version: z.string().meta({ description: 'Its number.' }) });
const readVersion = z.coerce.number().int().positive().max(2_147_483_647);

const versionList = z.object({ versions: z.array(templateVersion) });
const shownVersion = templateVersion.extend({ template: mailTemplate.nullable().meta({ description: 'null: from then on the template was as shipped, or there was none.' }) });
const errors = ['ETM-50002', 'ETM-50003'] as const;

/** What a template was before, and who made it so. */
@Controller('api/rekey/v1/mail-templates/:type/:locale/versions')
export class TemplateVersions {
  constructor(
    @Inject(MailTemplateRequests) private readonly requests: MailTemplateRequests,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject(AuditLog) private readonly audit: AuditLog,
  ) {}

  @Get()
  @Operation({ summary: 'List the versions of a mail template', access: 'auditor', path: templatePath, responses: { 200: { description: 'Newest first: what the tenant saved and removed. None where it never had one of its own.', body: versionList } }, errors })
  async list(@Req() request: FastifyRequest, @Param() path: unknown): Promise<z.output<typeof versionList>> {
    const { template } = await this.administered(request, path);
    const { versions } = await this.requests.ask({ ask: 'versions', ...template }, 'versions');
    return { versions };
  }

  @Get(':version')
  @Operation({ summary: 'Read a version of a mail template', access: 'auditor', path: versionPath, responses: { 200: { description: 'The version.', body: shownVersion } }, errors: [...errors, 'RKY-10004'] })
  async read(@Req() request: FastifyRequest, @Param() path: unknown, @Param('version') number: string): Promise<z.output<typeof shownVersion>> {
    const { template: of } = await this.administered(request, path);
    const { version, template } = await this.requests.ask({ ask: 'version', ...of, version: versionIn(number) }, 'version');
    return { ...version, template };
  }

  @Post(':version/restore')
  @HttpCode(204)
  @Operation({ summary: 'Restore a version of a mail template', description: 'As a new version, which counts for the next mail. What is not allowed any more is refused.', access: 'administrator', path: versionPath, responses: { 204: { description: 'It counts again.' } }, errors: [...errors, 'RKY-10004'] })
  async restore(@Req() request: FastifyRequest, @Param() path: unknown, @Param('version') number: string): Promise<void> {
    const { by, template } = await this.administered(request, path);
    await this.requests.ask({ ask: 'restore-version', ...template, version: versionIn(number), by }, 'done');
    this.audit.act({ operation: 'changeMailTemplate', tenantDomain: template.tenantDomain, user: null, changed: [`${template.type}/${template.locale}`] });
  }

  private async administered(request: FastifyRequest, path: unknown): Promise<{ readonly by: string; readonly template: { readonly tenantDomain: string; readonly type: string; readonly locale: string } }> {
    const tenantDomain = await this.names.tenant(request.raw);
    return { by: nameOfCaller(callerOf(request.raw)), template: { tenantDomain, ...templateIn(path) } };
  }
}

/** @throws ApiError RKY-10004 where it is no number that a version may have */
function versionIn(text: string): number {
  const { data } = readVersion.safeParse(text);
  if (data === undefined) throw new ApiError('RKY-10004', 'There is no such version.');
  return data;
}
