import { useQuery } from '@tanstack/react-query';
import { rekey } from '../api/clients.ts';
import { answered, ApiProblem } from '../api/problem.ts';

export const sessionKey = ['session'] as const;

export type SignedInUser = NonNullable<Awaited<ReturnType<typeof currentUser>>>;

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
