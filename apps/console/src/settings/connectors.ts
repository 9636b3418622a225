import { answered, governance, type GovernanceApi } from '@rekey/web';
import { useQuery } from '@tanstack/react-query';

type Connector = GovernanceApi['/{categoryId}/connectors/{connectorId}']['get']['responses']['200']['content']['application/json'];

/** Ids are names in base64url, as WSO2 has them. */
function idOf(name: string): string {
  return btoa(name).replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_');
}

/** @returns nothing for what is no id */
export function nameOf(id: string): string {
  try {
    return atob(id.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return '';
  }
}

export function pathOf({ category, name }: Pick<Connector, 'category' | 'name'>): string {
  return `/resident/${idOf(category)}/${idOf(name)}`;
}

/** Identity Providers › Resident › Account Management › Account Recovery. */
export const accountRecovery = pathOf({ category: 'Account Management', name: 'account-recovery' });

/** All categories, each with its connectors. */
export function useCategories() {
  return useQuery({
    queryKey: ['connectors'],
    queryFn: async ({ signal }) => {
      const categories = await answered(governance.GET('/', { signal }));
      return Promise.all(categories.map(async ({ id: categoryId }) => answered(governance.GET('/{categoryId}', { params: { path: { categoryId } }, signal }))));
    },
  });
}
