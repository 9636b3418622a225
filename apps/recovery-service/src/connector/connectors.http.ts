import { Body, Controller, Get, Inject, Param, Patch, Req } from '@nestjs/common';
import { AuditLog, ConnectorSettings, type Connector } from '@rekey/governance';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { BasicAuthentication } from '../http/basic-authentication.ts';
import { boundedText, parseBody, storableText } from '../http/body.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { UserNames } from '../http/user-name.ts';

const updateRequest = z.strictObject({
  operation: z.literal('UPDATE'),
  properties: z.array(z.strictObject({ name: boundedText(255), value: storableText(2048) })).min(1).max(100),
});

const connectorPath = z.object({ categoryId: z.string(), connectorId: z.string() });
const shownConnector = z.object({
  id: z.string(),
  name: z.string(),
  category: z.string(),
  friendlyName: z.string(),
  order: z.int(),
  properties: z.array(z.object({ name: z.string(), value: z.string(), displayName: z.string(), description: z.string() })),
});

/** WSO2's identity governance API: the switches that administrators turn at run time, per tenant. */
@Controller('api/server/v1/identity-governance')
export class Connectors {
  constructor(
    @Inject(ConnectorSettings) private readonly settings: ConnectorSettings,
    @Inject(BasicAuthentication) private readonly authentication: BasicAuthentication,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject(AuditLog) private readonly audit: AuditLog,
  ) {}

  @Get(':categoryId/connectors/:connectorId')
  @Operation({ summary: 'Read a connector', access: 'administrator', path: connectorPath, responses: { 200: { description: 'The connector.', body: shownConnector } }, errors: ['RKY-10004'] })
  async read(@Req() request: FastifyRequest, @Param('categoryId') categoryId: string, @Param('connectorId') connectorId: string): Promise<Connector> {
    await this.authentication.administrator(request.raw);
    const connector = await this.settings.read(await this.names.tenant(request.raw), categoryId, connectorId);
    if (!connector) throw new ApiError('RKY-10004', 'There is no such connector.');
    return connector;
  }

  @Patch(':categoryId/connectors/:connectorId')
  @Operation({ summary: 'Change properties of a connector', access: 'administrator', path: connectorPath, body: updateRequest, responses: { 200: { description: 'The connector as it is now.', body: shownConnector } }, errors: ['RKY-10004'] })
  async update(@Req() request: FastifyRequest, @Param('categoryId') categoryId: string, @Param('connectorId') connectorId: string, @Body() body: unknown): Promise<Connector> {
    await this.authentication.administrator(request.raw);
    const { properties } = parseBody(updateRequest, body);
    const tenantDomain = await this.names.tenant(request.raw);
    const outcome = await this.settings.update(tenantDomain, categoryId, connectorId, properties);
    if (outcome.kind === 'unknown-connector') throw new ApiError('RKY-10004', 'There is no such connector.');
    if (outcome.kind === 'refused') throw new ApiError('RKY-10001', `Malformed request: ${outcome.message}.`);
    this.audit.act({ operation: 'updateConnector', tenantDomain, user: null, changed: properties.map(({ name }) => name) });
    return outcome.connector;
  }
}
