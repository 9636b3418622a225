import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { mailTemplate, templateTypeName, type MailTemplateRequest, type MailTemplateSource } from '@rekey/events';
import { AuditLog } from '@rekey/governance';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { parseBody } from '../http/body.ts';
import { callerOf, nameOfCaller } from '../http/caller.ts';
import { entityTagOf, isOneOf, writeHeaders } from '../http/entity-tag.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { UserNames } from '../http/user-name.ts';
import { MailTemplateRequests } from './mail-template-requests.ts';
import { typeIdOf, typeNameOf } from './template-type-id.ts';

const typePath = z.object({ typeId: z.string().meta({ description: 'The type’s display name in base64url: `UGFzc3dvcmRSZXNldA` is PasswordReset.' }) });
const templatePath = typePath.extend({ locale: z.string().meta({ description: 'Such as `en_US`.' }) });
const typeTemplates = z.array(mailTemplate).max(50);
const newType = z.strictObject({ displayName: templateTypeName, templates: typeTemplates.default([]) });

const shownTemplate = z.object(mailTemplate.shape);
const shownType = z.object({ id: z.string(), displayName: z.string(), self: z.string() });
const typesQuery = z.object({ requiredAttributes: z.literal('templates').optional().meta({ description: 'With the templates of each type.' }) });
const listedType = shownType.extend({ templates: z.array(shownTemplate).optional() });
const shownTypeWithTemplates = z.object({ id: z.string(), displayName: z.string(), templates: z.array(shownTemplate) });
const shownLocation = z.object({ id: z.string(), self: z.string() });

const noType = 'ETM-50002';
const noTemplate = 'ETM-50003';

/** WSO2's email template API. Templates are the notification service's; who may change them is known here. */
@Controller('api/server/v1/email/template-types')
export class MailTemplatesDoor {
  constructor(
    @Inject(MailTemplateRequests) private readonly requests: MailTemplateRequests,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject(AuditLog) private readonly audit: AuditLog,
    @Inject('baseUrl') private readonly baseUrl: string,
  ) {}

  @Get()
  @Operation({ summary: 'List the mail template types', access: 'auditor', query: typesQuery, responses: { 200: { description: 'The shipped types, and the tenant’s own.', body: z.array(listedType) } }, errors: [noType] })
  async types(@Req() request: FastifyRequest, @Query() query: unknown): Promise<z.output<typeof listedType>[]> {
    const { tenantDomain } = await this.administered(request);
    const { requiredAttributes } = parseBody(typesQuery, query);
    const { displayNames } = await this.requests.ask({ ask: 'types', tenantDomain }, 'types');
    const types = displayNames.map((displayName) => typeAt(tenantDomain, displayName));
    if (requiredAttributes === undefined) return types;
    return Promise.all(types.map(async (type) => ({ ...type, templates: (await this.read(tenantDomain, type.id)).templates })));
  }

  @Post()
  @Operation({ summary: 'Add a mail template type', access: 'administrator', body: newType, responses: { 201: { description: 'Added; `Location` says where it is.', body: shownType } }, errors: ['ETM-50004', 'ETM-50005'] })
  async addType(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body() body: unknown): Promise<z.output<typeof shownType>> {
    const administrator = await this.administered(request);
    const { displayName, templates } = parseBody(newType, body);
    await this.change({ ask: 'add-type', ...administrator, displayName, templates });
    return this.created(reply, typeAt(administrator.tenantDomain, displayName));
  }

  @Get(':typeId')
  @Operation({ summary: 'Read a mail template type with its templates', access: 'auditor', path: typePath, responses: { 200: { description: 'The type.', body: shownTypeWithTemplates } }, errors: [noType] })
  async type(@Req() request: FastifyRequest, @Param('typeId') typeId: string): Promise<z.output<typeof shownTypeWithTemplates>> {
    const { displayName, templates } = await this.read((await this.administered(request)).tenantDomain, typeId);
    return { id: typeIdOf(displayName), displayName, templates };
  }

  @Put(':typeId')
  @Operation({ summary: 'Replace all templates of a type', description: 'The shipped templates of other locales stay.', access: 'administrator', path: typePath, body: typeTemplates, responses: { 200: { description: 'Replaced.' } }, errors: [noType, 'ETM-50004'] })
  async replaceType(@Req() request: FastifyRequest, @Param('typeId') typeId: string, @Body() body: unknown): Promise<void> {
    const administrator = await this.administered(request);
    const templates = parseBody(typeTemplates, body);
    await this.change({ ask: 'replace-type', ...administrator, type: nameOf(typeId), templates });
  }

  @Delete(':typeId')
  @HttpCode(204)
  @Operation({ summary: 'Remove a mail template type', description: 'A shipped type stays, and its templates are as shipped again.', access: 'administrator', path: typePath, responses: { 204: { description: 'Removed.' } }, errors: [noType] })
  async removeType(@Req() request: FastifyRequest, @Param('typeId') typeId: string): Promise<void> {
    await this.change({ ask: 'remove-type', ...(await this.administered(request)), type: nameOf(typeId) });
  }

  @Get(':typeId/templates')
  @Operation({ summary: 'List the templates of a type', access: 'auditor', path: typePath, responses: { 200: { description: 'Where each is; its id is its locale.', body: z.array(shownLocation) } }, errors: [noType] })
  async templates(@Req() request: FastifyRequest, @Param('typeId') typeId: string): Promise<z.output<typeof shownLocation>[]> {
    const { tenantDomain } = await this.administered(request);
    const { displayName, templates } = await this.read(tenantDomain, typeId);
    return templates.map(({ id }) => templateAt(tenantDomain, displayName, id));
  }

  @Post(':typeId/templates')
  @Operation({ summary: 'Add a template to a type', access: 'administrator', path: typePath, body: mailTemplate, responses: { 201: { description: 'Added; `Location` says where it is.', body: shownLocation } }, errors: [noType, 'ETM-50004'] })
  async addTemplate(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('typeId') typeId: string, @Body() body: unknown): Promise<z.output<typeof shownLocation>> {
    const administrator = await this.administered(request);
    const template = parseBody(mailTemplate, body);
    const type = nameOf(typeId);
    await this.change({ ask: 'add-template', ...administrator, type, template });
    return this.created(reply, templateAt(administrator.tenantDomain, type, template.id));
  }

  /** WSO2's own description of this API has it here. */
  @Post(':typeId')
  @Operation({ summary: 'Add a template to a type', description: 'The same as `POST` of its `templates`.', access: 'administrator', path: typePath, body: mailTemplate, responses: { 201: { description: 'Added; `Location` says where it is.', body: shownLocation } }, errors: [noType, 'ETM-50004'] })
  addTemplateToType(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('typeId') typeId: string, @Body() body: unknown): Promise<z.output<typeof shownLocation>> {
    return this.addTemplate(request, reply, typeId, body);
  }

  @Get(':typeId/templates/:locale')
  @Operation({ summary: 'Read a template', access: 'auditor', path: templatePath, responses: { 200: { description: 'The template; its version is the `ETag`.', body: shownTemplate } }, errors: [noType, noTemplate] })
  async template(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('typeId') typeId: string, @Param('locale') locale: string): Promise<MailTemplateSource> {
    const { template, version } = await this.readTemplate((await this.administered(request)).tenantDomain, typeId, locale);
    void reply.headers({ etag: entityTagOf(version), 'cache-control': 'no-store' });
    return template;
  }

  @Put(':typeId/templates/:locale')
  @Operation({
    summary: 'Replace a template',
    description: 'It counts for the next mail. With `If-Match`, only what somebody else has not changed meanwhile is replaced.',
    access: 'administrator',
    path: templatePath,
    headers: writeHeaders,
    body: mailTemplate,
    example: { id: 'en_US', contentType: 'text/html', subject: 'Your new password', body: '<p>Dear {{user.claim.givenname}}</p>', footer: '<p>Acme</p>' },
    responses: { 200: { description: 'Replaced.' } },
    errors: [noType, noTemplate, 'RKY-10120'],
  })
  async replaceTemplate(@Req() request: FastifyRequest, @Param('typeId') typeId: string, @Param('locale') locale: string, @Body() body: unknown): Promise<void> {
    const administrator = await this.administered(request);
    const template = parseBody(mailTemplate, body);
    if (template.id !== locale) throw new ApiError('RKY-10001', `Malformed request: id: expected "${locale}" as in the address.`);
    const version = await this.versionNamedBy(request, administrator.tenantDomain, typeId, locale);
    await this.change({ ask: 'replace-template', ...administrator, type: nameOf(typeId), template, ...(version !== null && { version }) });
  }

  @Delete(':typeId/templates/:locale')
  @HttpCode(204)
  @Operation({ summary: 'Remove a template', description: 'A shipped template stays, and is as shipped again.', access: 'administrator', path: templatePath, responses: { 204: { description: 'Removed.' } }, errors: [noType, noTemplate] })
  async removeTemplate(@Req() request: FastifyRequest, @Param('typeId') typeId: string, @Param('locale') locale: string): Promise<void> {
    const administrator = await this.administered(request);
    if (!mailTemplate.shape.id.safeParse(locale).success) throw new ApiError(noTemplate);
    await this.change({ ask: 'remove-template', ...administrator, type: nameOf(typeId), locale });
  }

  /** @returns whose templates, and who asks */
  private async administered(request: FastifyRequest): Promise<{ readonly tenantDomain: string; readonly by: string }> {
    return { tenantDomain: await this.names.tenant(request.raw), by: nameOfCaller(callerOf(request.raw)) };
  }

  private async read(tenantDomain: string, typeId: string): Promise<{ readonly displayName: string; readonly templates: MailTemplateSource[]; readonly versions: Readonly<Record<string, string>> }> {
    return (await this.requests.ask({ ask: 'type', tenantDomain, type: nameOf(typeId) }, 'type')).type;
  }

  /** @throws ApiError ETM-50002 or ETM-50003 where there is none */
  private async readTemplate(tenantDomain: string, typeId: string, locale: string): Promise<{ readonly template: MailTemplateSource; readonly version: string }> {
    const { templates, versions } = await this.read(tenantDomain, typeId);
    const [template, version] = [templates.find(({ id }) => id === locale), versions[locale]];
    if (!template || version === undefined) throw new ApiError(noTemplate);
    return { template, version };
  }

  /**
   * The version that counts, where `If-Match` names it.
   * @returns null where any may count
   * @throws ApiError RKY-10120 where it names others
   */
  private async versionNamedBy({ headers: { 'if-match': named } }: FastifyRequest, tenantDomain: string, typeId: string, locale: string): Promise<string | null> {
    if (named === undefined || named.trim() === '*') return null;
    const { version } = await this.readTemplate(tenantDomain, typeId, locale);
    if (!isOneOf(entityTagOf(version), named)) throw new ApiError('RKY-10120');
    return version;
  }

  private async change(request: Extract<MailTemplateRequest, { ask: `${'add' | 'replace' | 'remove'}-${string}` }>): Promise<void> {
    await this.requests.ask(request, 'done');
    const [type, locale] = ['type' in request ? request.type : request.displayName, 'template' in request ? request.template.id : 'locale' in request ? request.locale : null];
    this.audit.act({ operation: 'changeMailTemplate', tenantDomain: request.tenantDomain, user: null, changed: [locale === null ? type : `${type}/${locale}`] });
  }

  private created<Created extends { readonly self: string }>(reply: FastifyReply, created: Created): Created {
    void reply.header('location', `${new URL(this.baseUrl).origin}${created.self}`);
    return created;
  }
}

/** @throws ApiError ETM-50002 where the id is no name's */
function nameOf(typeId: string): string {
  const name = templateTypeName.safeParse(typeNameOf(typeId));
  if (!name.success) throw new ApiError(noType);
  return name.data;
}

function typeAt(tenantDomain: string, displayName: string): z.output<typeof shownType> {
  const id = typeIdOf(displayName);
  return { id, displayName, self: `/t/${tenantDomain}/api/server/v1/email/template-types/${id}` };
}

function templateAt(tenantDomain: string, displayName: string, locale: string): z.output<typeof shownLocation> {
  return { id: locale, self: `${typeAt(tenantDomain, displayName).self}/templates/${locale}` };
}
