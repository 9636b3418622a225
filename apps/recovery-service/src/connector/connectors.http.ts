import { Body, Controller, Get, HttpCode, Inject, Param, Patch, Post, Query, Req } from '@nestjs/common';
import { AuditLog, connectorCategories, GovernanceConnectors, type ChangeOutcome, type ShownConnector } from '@rekey/governance';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { parseBody } from '../http/body.ts';
import { entityTagOf, isOneOf, writeHeaders } from '../http/entity-tag.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { UserNames } from '../http/user-name.ts';
import { categoryPath, connectorPath, linkedCategories, listQuery, preferences, preferencesRequest, revertQuery, revertRequest, shownCategory, shownConnector, shownConnectors, updateRequest, updatesRequest } from './connector-schemas.ts';

const api = 'api/server/v1/identity-governance';

/** WSO2's identity governance API: the settings that administrators change at run time, per tenant. */
@Controller(api)
export class Connectors {
  constructor(
    @Inject(GovernanceConnectors) private readonly connectors: GovernanceConnectors,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject(AuditLog) private readonly audit: AuditLog,
  ) {}

  @Get()
  @Operation({ summary: 'List the categories and their connectors', access: 'auditor', query: listQuery, responses: { 200: { description: 'All of them.', body: linkedCategories } }, errors: ['IDG-50005', 'IDG-50006', 'IDG-50007'] })
  async list(@Req() request: FastifyRequest, @Query() query: unknown): Promise<z.output<typeof linkedCategories>> {
    const tenantDomain = await this.names.tenant(request.raw);
    const { limit, offset, filter, sort } = parseBody(listQuery, query);
    if (limit !== undefined || offset !== undefined) throw new ApiError('IDG-50005');
    if (filter !== undefined) throw new ApiError('IDG-50006');
    if (sort !== undefined) throw new ApiError('IDG-50007');
    const address = `/t/${tenantDomain}/${api}`;
    return connectorCategories.map(({ category: { id, name }, connectors }) => ({
      id,
      name,
      self: `${address}/${id}`,
      connectors: connectors.map((connector) => ({ id: connector.id, self: `${address}/${id}/connectors/${connector.id}` })),
    }));
  }

  @Get(':categoryId')
  @Operation({ summary: 'Read a category', access: 'auditor', path: categoryPath, responses: { 200: { description: 'The category, with all of its connectors.', body: shownCategory } }, errors: ['IDG-50008'] })
  async readCategory(@Req() request: FastifyRequest, @Param('categoryId') categoryId: string): Promise<{ readonly name: string; readonly connectors: readonly ShownConnector[] }> {
    const connectors = await this.ofCategory(await this.names.tenant(request.raw), categoryId);
    return { name: connectors[0].category, connectors };
  }

  @Get(':categoryId/connectors')
  @Operation({ summary: 'Read the connectors of a category', access: 'auditor', path: categoryPath, responses: { 200: { description: 'All of them.', body: shownConnectors } }, errors: ['IDG-50008'] })
  async readAll(@Req() request: FastifyRequest, @Param('categoryId') categoryId: string): Promise<readonly ShownConnector[]> {
    return this.ofCategory(await this.names.tenant(request.raw), categoryId);
  }

  @Get(':categoryId/connectors/:connectorId')
  @Operation({ summary: 'Read a connector', access: 'auditor', path: connectorPath, responses: { 200: { description: 'The connector.', body: shownConnector } }, errors: ['IDG-50009'] })
  async read(@Req() request: FastifyRequest, @Param('categoryId') categoryId: string, @Param('connectorId') connectorId: string): Promise<ShownConnector> {
    return this.shown(await this.names.tenant(request.raw), categoryId, connectorId);
  }

  @Patch(':categoryId/connectors/:connectorId')
  @Operation({
    summary: 'Change properties of a connector',
    access: 'administrator',
    path: connectorPath,
    headers: writeHeaders,
    body: updateRequest,
    example: { operation: 'UPDATE', properties: [{ name: 'Recovery.Notification.Password.Enable', value: 'true' }] },
    responses: { 200: { description: 'The connector as it is now.', body: shownConnector } },
    errors: ['IDG-50009', 'IDG-50013', 'IDG-50017', 'RKY-10120'],
  })
  async update(@Req() request: FastifyRequest, @Param('categoryId') categoryId: string, @Param('connectorId') connectorId: string, @Body() body: unknown): Promise<ShownConnector> {
    const tenantDomain = await this.names.tenant(request.raw);
    const { properties } = parseBody(updateRequest, body);
    this.settle(tenantDomain, await this.connectors.update(tenantDomain, categoryId, [{ id: connectorId, properties }], namedBy(request)));
    return this.shown(tenantDomain, categoryId, connectorId);
  }

  @Patch(':categoryId/connectors')
  @Operation({
    summary: 'Change properties of several connectors',
    description: 'All of the changes are made, or none.',
    access: 'administrator',
    path: categoryPath,
    body: updatesRequest,
    responses: { 200: { description: 'The category’s connectors as they are now.', body: shownConnectors } },
    errors: ['IDG-50009', 'IDG-50013', 'IDG-50017'],
  })
  async updateSeveral(@Req() request: FastifyRequest, @Param('categoryId') categoryId: string, @Body() body: unknown): Promise<readonly ShownConnector[]> {
    const tenantDomain = await this.names.tenant(request.raw);
    const { connectors } = parseBody(updatesRequest, body);
    this.settle(tenantDomain, await this.connectors.update(tenantDomain, categoryId, connectors));
    return this.ofCategory(tenantDomain, categoryId);
  }

  @Post(':categoryId/connectors/revert')
  @HttpCode(200)
  @Operation({
    summary: 'Take back what was changed',
    description: 'What `deployment.toml` says counts again. Switches that depend on each other go back together.',
    access: 'administrator',
    path: categoryPath,
    query: revertQuery,
    headers: writeHeaders,
    body: revertRequest,
    responses: { 200: { description: 'The connector as it is now.', body: shownConnector } },
    errors: ['IDG-50009', 'IDG-50013', 'IDG-50017', 'RKY-10120'],
  })
  async revert(@Req() request: FastifyRequest, @Param('categoryId') categoryId: string, @Query() query: unknown, @Body() body: unknown): Promise<ShownConnector> {
    const tenantDomain = await this.names.tenant(request.raw);
    const { connectorId } = parseBody(revertQuery, query);
    const { properties } = parseBody(revertRequest, body);
    this.settle(tenantDomain, await this.connectors.revert(tenantDomain, categoryId, connectorId, properties, namedBy(request)));
    return this.shown(tenantDomain, categoryId, connectorId);
  }

  @Post('preferences')
  @HttpCode(200)
  @Operation({
    summary: 'Read properties by their names',
    access: 'portal',
    body: preferencesRequest,
    responses: { 200: { description: 'Those that were asked for; of a connector without a word about its properties, all.', body: preferences } },
    errors: ['IDG-50011', 'IDG-50012'],
  })
  async preferences(@Req() request: FastifyRequest, @Body() body: unknown): Promise<z.output<typeof preferences>> {
    const tenantDomain = await this.names.tenant(request.raw);
    const found: z.output<typeof preferences> = [];
    for (const { 'connector-name': name, properties: wanted } of parseBody(preferencesRequest, body)) {
      const connector = await this.connectors.readByName(tenantDomain, name);
      if (!connector) throw new ApiError('IDG-50011', `There is no connector "${name}".`);
      found.push({ 'connector-name': name, properties: valuesOf(connector, wanted ?? connector.properties.map((property) => property.name)) });
    }
    return found;
  }

  private async ofCategory(tenantDomain: string, categoryId: string): Promise<[ShownConnector, ...ShownConnector[]]> {
    const [first, ...others] = await this.connectors.ofCategory(tenantDomain, categoryId);
    if (!first) throw new ApiError('IDG-50008');
    return [first, ...others];
  }

  private async shown(tenantDomain: string, categoryId: string, connectorId: string): Promise<ShownConnector> {
    const connector = await this.connectors.read(tenantDomain, categoryId, connectorId);
    if (!connector) throw new ApiError('IDG-50009');
    return connector;
  }

  private settle(tenantDomain: string, outcome: ChangeOutcome): void {
    switch (outcome.kind) {
      case 'unknown-connector':
        throw new ApiError('IDG-50009');
      case 'another-version':
        throw new ApiError('RKY-10120');
      case 'unknown-property':
        throw new ApiError('IDG-50017', `${outcome.message}.`, { properties: outcome.names });
      case 'refused':
        throw new ApiError('IDG-50013', `${outcome.message}.`, { properties: outcome.names });
      case 'changed':
        this.audit.act({ operation: 'updateConnector', tenantDomain, user: null, changed: outcome.names });
    }
  }
}

/** By `If-Match`; without one, any version is. */
function namedBy({ headers: { 'if-match': named } }: FastifyRequest): (version: string) => boolean {
  return (version) => named === undefined || isOneOf(entityTagOf(version), named);
}

function valuesOf({ properties }: ShownConnector, names: readonly string[]): { readonly name: string; readonly value: string }[] {
  return names.map((wanted) => {
    const property = properties.find(({ name }) => name === wanted);
    if (!property) throw new ApiError('IDG-50012', `There is no property "${wanted}" of this connector.`);
    return { name: wanted, value: property.value };
  });
}
