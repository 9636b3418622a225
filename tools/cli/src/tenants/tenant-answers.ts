import { z } from 'zod';
import { allPages, parsedAs, type Connection } from '../api/connection.ts';

const tenant = z.object({ id: z.string(), domain: z.string(), owners: z.array(z.object({ username: z.string() })), lifecycleStatus: z.object({ activated: z.boolean() }) });
const page = z.object({ totalResults: z.number(), tenants: z.array(tenant) }).transform(({ totalResults, tenants }) => ({ total: totalResults, items: tenants }));

export type ListedTenant = z.output<typeof tenant>;

export const tenantsPath = '/api/server/v1/tenants';

export async function allTenants(rekey: Connection): Promise<readonly ListedTenant[]> {
  return allPages(page, tenantsPath, rekey);
}

export async function tenantOf(domain: string, rekey: Connection): Promise<ListedTenant> {
  return parsedAs(tenant, await rekey.ask(`${tenantsPath}/domain/${encodeURIComponent(domain)}`), rekey);
}
