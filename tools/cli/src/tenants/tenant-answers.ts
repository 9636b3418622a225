import { z } from 'zod';
import { parsedAs, type Connection } from '../api/connection.ts';

const tenant = z.object({ id: z.string(), domain: z.string(), owners: z.array(z.object({ username: z.string() })), lifecycleStatus: z.object({ activated: z.boolean() }) });
const page = z.object({ totalResults: z.number(), tenants: z.array(tenant) });

export type ListedTenant = z.output<typeof tenant>;

export const tenantsPath = '/api/server/v1/tenants';
const pageSize = 100;

export async function allTenants(rekey: Connection): Promise<readonly ListedTenant[]> {
  const tenants: ListedTenant[] = [];
  for (;;) {
    const { totalResults, tenants: more } = parsedAs(page, await rekey.ask(`${tenantsPath}?limit=${pageSize}&offset=${tenants.length}`), rekey);
    tenants.push(...more);
    if (more.length === 0 || tenants.length >= totalResults) return tenants;
  }
}

export async function tenantOf(domain: string, rekey: Connection): Promise<ListedTenant> {
  return parsedAs(tenant, await rekey.ask(`${tenantsPath}/domain/${encodeURIComponent(domain)}`), rekey);
}
