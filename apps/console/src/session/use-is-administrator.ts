import { useSession } from '@rekey/web';

/** Whether to offer what only administrators may do; the server refuses it to others by itself. */
export function useIsAdministrator(): boolean {
  return useSession().data?.roles.includes('administrator') ?? false;
}
