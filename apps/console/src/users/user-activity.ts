import { answered, rekey, type RekeyApi } from '@rekey/web';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { userKey } from './users.ts';

export type Activity = RekeyApi['/users/{id}/activity']['get']['responses']['200']['content']['application/json'];

/** The newest page of it, or the one behind what the last page has named. */
export function useActivity(id: string, after: string | null) {
  return useQuery({
    queryKey: [...userKey(id), 'activity', after],
    queryFn: async ({ signal }) => answered(rekey.GET('/users/{id}/activity', { params: { path: { id }, query: after === null ? {} : { after } }, signal })),
    placeholderData: keepPreviousData,
  });
}
