import { useQuery } from '@tanstack/react-query';
import { api } from './client.ts';

/** How people recover at this tenant; undefined until that is known. */
export function useWays({ enabled = true } = {}) {
  return useQuery({ queryKey: ['recovery-ways'], queryFn: api.ways, staleTime: 60_000, enabled });
}
