import { useQuery } from '@tanstack/react-query';
import { api } from './client.ts';

export const currentUserKey = ['current-user'] as const;

/** Who is signed in; null: nobody. Asked again when one comes back to the page: another tab may have signed in or out meanwhile. */
export function useCurrentUser() {
  return useQuery({ queryKey: currentUserKey, queryFn: api.currentUser, staleTime: 30_000, refetchOnWindowFocus: 'always' });
}
