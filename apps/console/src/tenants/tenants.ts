import { answered, superTenant, tenants, type TenantsApi } from '@rekey/web';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

export type Tenant = TenantsApi['/tenants']['get']['responses']['200']['content']['application/json']['tenants'][number];

export const tenantsPerPage = 25;

const tenantsKey = ['tenants'] as const;

/** By domain. @param text what the domain has in it @param offset how many come before the page */
export function useTenants(text: string, offset: number) {
  return useQuery({
    queryKey: [...tenantsKey, text, offset],
    queryFn: async ({ signal }) => answered(tenants.GET('/tenants', { params: { query: { ...filterOf(text), limit: tenantsPerPage, offset } }, signal })),
    placeholderData: keepPreviousData,
  });
}

/** No domain has a quote in it. */
function filterOf(text: string): { filter?: string } {
  return text === '' ? {} : { filter: `domain co "${text.replace(/["\\]/g, ' ')}"` };
}

export interface NewTenant {
  readonly domain: string;
  readonly owner: { readonly username: string; readonly firstname: string; readonly lastname: string; readonly email: string; readonly password: string };
}

/** Its one owner becomes its administrator. */
export function useCreate() {
  return useTenantChange(async ({ domain, owner }: NewTenant) => answered(tenants.POST('/tenants', { body: { domain, owners: [{ ...owner, provisioningMethod: 'inline-password' }] } })));
}

/** Says the state that it brings about: sent twice, it does no more than once. */
export function useSetActive() {
  return useTenantChange(async ({ tenant: { id }, activated }: { readonly tenant: Tenant; readonly activated: boolean }) => answered(tenants.PUT('/tenants/{id}/lifecycle-status', { params: { path: { id } }, body: { activated } })));
}

function useTenantChange<Input>(change: (input: Input) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: async () => queries.invalidateQueries({ queryKey: tenantsKey }) });
}

/** Where somebody of a tenant finds an app of theirs. */
export function addressIn(domain: string, app: 'console' | 'myaccount'): string {
  return `${location.origin}${domain === superTenant ? '' : `/t/${domain}`}/${app}/`;
}
