import { useHasRole } from './use-has-role.ts';

export function useIsAdministrator(): boolean {
  return useHasRole('administrator');
}
