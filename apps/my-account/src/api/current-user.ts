import { useQuery } from '@tanstack/react-query';
import { api } from './client.ts';

export const currentUserKey = ['current-user'] as const;

/** Who is signed in; null: nobody. */
export function useCurrentUser() {
  return useQuery({ queryKey: currentUserKey, queryFn: api.currentUser, staleTime: 30_000 });
}
