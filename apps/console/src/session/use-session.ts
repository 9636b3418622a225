import { useQuery } from '@tanstack/react-query';
import { rekey } from '../api/clients.ts';
import { answered, ApiProblem } from '../api/problem.ts';

export const sessionKey = ['session'] as const;

/** Who is signed in; null: nobody. Asked again when one comes back to the page: another tab may have signed in or out meanwhile. */
export function useSession() {
  return useQuery({ queryKey: sessionKey, queryFn: currentUser, staleTime: 30_000, refetchOnWindowFocus: 'always' });
}

async function currentUser() {
  try {
    return (await answered(rekey.GET('/session'))).user;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return null;
    throw error;
  }
}

/** Whether to offer what only administrators may do; the server refuses it to others by itself. */
export function useIsAdministrator(): boolean {
  return useSession().data?.roles.includes('administrator') ?? false;
}
