import { useSession, type SignedInUser } from '@rekey/web';

/** Whether to offer what only these may do; the server refuses it to others by itself. */
export function useHasRole(...any: readonly SignedInUser['roles'][number][]): boolean {
  const roles = useSession().data?.roles ?? [];
  return any.some((role) => roles.includes(role));
}
