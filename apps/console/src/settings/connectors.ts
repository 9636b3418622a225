import { answered, governance, type GovernanceApi } from '@rekey/web';
import { useQuery } from '@tanstack/react-query';

export type Connector = GovernanceApi['/{categoryId}/connectors/{connectorId}']['get']['responses']['200']['content']['application/json'];
export type Property = Connector['properties'][number];

/** Ids are names in base64url, as WSO2 has them. */
function idOf(name: string): string {
  return btoa(name).replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_');
}

export function pathOf({ category, name }: Pick<Connector, 'category' | 'name'>): string {
  return `/resident/${idOf(category)}/${idOf(name)}`;
}

/** Identity Providers › Resident › Account Management › Account Recovery. */
export const accountRecovery = pathOf({ category: 'Account Management', name: 'account-recovery' });

const connectorsKey = ['connectors'] as const;
export const connectorKey = (categoryId: string, connectorId: string) => [...connectorsKey, categoryId, connectorId] as const;

/** All categories, each with its connectors. */
export function useCategories() {
  return useQuery({
    queryKey: connectorsKey,
    queryFn: async ({ signal }) => {
      const categories = await answered(governance.GET('/', { signal }));
      return Promise.all(categories.map(async ({ id: categoryId }) => answered(governance.GET('/{categoryId}', { params: { path: { categoryId } }, signal }))));
    },
  });
}

export function useConnector(categoryId: string, connectorId: string) {
  return useQuery({
    queryKey: connectorKey(categoryId, connectorId),
    queryFn: async ({ signal }) => answered(governance.GET('/{categoryId}/connectors/{connectorId}', { params: { path: { categoryId, connectorId } }, signal })),
  });
}
