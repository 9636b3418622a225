import { Body, Controller, Get, HttpCode, Inject, Param, Post, Put, Query, Res } from '@nestjs/common';
import { AuditLog } from '@rekey/governance';
import { canonicalTenantDomain, Roles, superTenant, Tenants, type Tenant } from '@rekey/identity';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { inAnyCase, parseBody, storableText } from '../http/body.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { offsetPage } from '../http/offset-page.ts';
import { operationRefused } from '../http/refused-by-own-rule.ts';
import { domainConditions } from './domain-filter.ts';
import { TenantFoundation } from './tenant-foundation.ts';
import { lifecycleStatus, newTenant, ownersOf, shownOwner, shownTenant, tenantResource, type ShownTenant } from './tenant-resource.ts';

const address = '/api/server/v1/tenants';
const pageQuery = z.object({
  ...offsetPage,
  sortBy: z.literal('domainName').optional(),
  sortOrder: inAnyCase(['asc', 'desc']).default('asc'),
  filter: storableText(1_024).optional().meta({ description: 'By domain: `domain co "acme"`, and `eq`, `sw`, `ew`; several with `and` between.' }),
});

const tenantList = z.object({
  totalResults: z.int(),
  startIndex: z.int(),
  count: z.int(),
  links: z.array(z.object({ rel: z.enum(['next', 'previous']), href: z.string() })),
  tenants: z.array(tenantResource),
});
const idPath = z.object({ id: z.uuid() });
const domainPath = z.object({ domain: z.string() });

type TenantList = z.output<typeof tenantList>;

/** WSO2's tenant management API: for administrators of the super tenant, under its path. */
@Controller('api/server/v1/tenants')
export class TenantDoor {
  constructor(
    @Inject(Tenants) private readonly tenants: Tenants,
    @Inject(Roles) private readonly roles: Roles,
    @Inject(TenantFoundation) private readonly foundation: TenantFoundation,
    @Inject(AuditLog) private readonly audit: AuditLog,
    @Inject('baseUrl') private readonly baseUrl: string,
  ) {}

  @Get()
  @Operation({ summary: 'List tenants', description: 'By domain, from page to page.', access: 'super-administrator', query: pageQuery, responses: { 200: { description: 'A page of them.', body: tenantList } }, errors: ['TM-65006'] })
  async list(@Query() query: unknown): Promise<TenantList> {
    const { limit, offset, sortOrder, filter } = parseBody(pageQuery, query);
    const conditions = filter === undefined ? [] : domainConditions(filter);
    if (conditions === null) throw new ApiError('TM-65006');
    const { tenants, total } = await this.tenants.page({ limit, offset, descending: sortOrder === 'desc', conditions });
    const holders = await this.roles.holders(tenants.map(({ domain }) => domain));
    return { totalResults: total, startIndex: offset + 1, count: tenants.length, links: linksOf({ limit, offset, total, sortOrder, filter }), tenants: tenants.map((tenant) => shownTenant(tenant, holders)) };
  }

  @Post()
  @HttpCode(201)
  @Operation({
    summary: 'Create a tenant',
    description: 'Its one owner becomes its administrator.',
    access: 'super-administrator',
    body: newTenant,
    example: { domain: 'acme.example', owners: [{ username: 'robin', password: 'correct horse battery staple', email: 'robin@acme.example', firstname: 'Robin', lastname: 'Okafor', provisioningMethod: 'inline-password' }] },
    responses: { 201: { description: 'It is there: `Location` says where.' } },
    errors: ['18003', '20035', 'TM-60003', 'TM-60007', 'TM-60009'],
  })
  async add(@Res({ passthrough: true }) reply: FastifyReply, @Body() body: unknown): Promise<void> {
    const { domain, owners: [owner] } = parseBody(newTenant, body);
    const outcome = await this.foundation.found(domain, owner);
    switch (outcome.kind) {
      case 'founded':
        this.audit.act({ operation: 'addTenant', tenantDomain: domain, user: outcome.owner });
        void reply.header('location', this.locationOf(outcome));
        return;
      case 'malformed':
        throw new ApiError('TM-60007');
      case 'reserved':
        throw new ApiError('TM-60003');
      case 'taken':
        throw new ApiError('TM-60009');
      case 'refused':
        throw operationRefused(outcome);
    }
  }

  /** HEAD, which Fastify answers likewise, tells whether a domain is taken. */
  @Get('domain/:domain')
  @Operation({ summary: 'Read a tenant by its domain', access: 'super-administrator', path: domainPath, responses: { 200: { description: 'The tenant.', body: tenantResource } }, errors: ['TM-60014'] })
  async byDomain(@Param() path: unknown): Promise<ShownTenant> {
    return this.shown(await this.found(path));
  }

  @Get(':id')
  @Operation({ summary: 'Read a tenant', access: 'super-administrator', path: idPath, responses: { 200: { description: 'The tenant.', body: tenantResource } }, errors: ['TM-60014'] })
  async byId(@Param() path: unknown): Promise<ShownTenant> {
    return this.shown(await this.found(path));
  }

  @Get(':id/owners')
  @Operation({ summary: 'List a tenant’s owners', description: 'Those are its administrators.', access: 'super-administrator', path: idPath, responses: { 200: { description: 'The owners.', body: z.array(shownOwner) } }, errors: ['TM-60014'] })
  async owners(@Param() path: unknown): Promise<z.output<typeof shownOwner>[]> {
    const { domain } = await this.found(path);
    return ownersOf(domain, await this.roles.holders([domain]));
  }

  @Put(':id/lifecycle-status')
  @HttpCode(200)
  @Operation({
    summary: 'Activate or deactivate a tenant',
    description: 'While it is not active, it is as if it were not there: nobody signs in, and no link works.',
    access: 'super-administrator',
    path: idPath,
    body: lifecycleStatus,
    responses: { 200: { description: 'It is so from now on; other instances know after five seconds.' } },
    errors: ['TM-60003', 'TM-60014'],
  })
  async setLifecycleStatus(@Res({ passthrough: true }) reply: FastifyReply, @Param() path: unknown, @Body() body: unknown): Promise<void> {
    const tenant = await this.found(path);
    const { activated } = parseBody(lifecycleStatus, body);
    if (tenant.domain === superTenant && !activated) throw new ApiError('TM-60003', 'The super tenant cannot be deactivated.');
    await this.tenants.setActive(tenant.id, activated);
    this.audit.act({ operation: activated ? 'activateTenant' : 'deactivateTenant', tenantDomain: tenant.domain, user: null });
    void reply.header('location', this.locationOf(tenant));
  }

  /** @throws ApiError TM-60014 */
  private async found(path: unknown): Promise<Tenant> {
    const tenant = await this.tenantAt(path);
    if (!tenant) throw new ApiError('TM-60014');
    return tenant;
  }

  private async tenantAt(path: unknown): Promise<Tenant | null> {
    const { data: byId } = idPath.safeParse(path);
    if (byId) return this.tenants.find('id', byId.id);
    const domain = canonicalTenantDomain(domainPath.safeParse(path).data?.domain ?? '');
    return domain === null ? null : this.tenants.find('domain', domain);
  }

  private async shown(tenant: Tenant): Promise<ShownTenant> {
    return shownTenant(tenant, await this.roles.holders([tenant.domain]));
  }

  private locationOf({ id }: { readonly id: string }): string {
    return `${this.baseUrl}${address}/${id}`;
  }
}

function linksOf({ limit, offset, total, sortOrder, filter }: Pick<z.output<typeof pageQuery>, 'limit' | 'offset' | 'sortOrder' | 'filter'> & { readonly total: number }): TenantList['links'] {
  const same = `${sortOrder === 'desc' ? '&sortOrder=desc' : ''}${filter === undefined ? '' : `&filter=${encodeURIComponent(filter)}`}`;
  const hrefOf = (from: number, count: number) => `${address}?offset=${from}&limit=${count}${same}`;
  const next = limit > 0 && offset + limit < total ? [{ rel: 'next', href: hrefOf(offset + limit, limit) } as const] : [];
  const previous = limit > 0 && offset > 0 ? [{ rel: 'previous', href: hrefOf(Math.max(0, offset - limit), Math.min(limit, offset)) } as const] : [];
  return [...next, ...previous];
}
