import { answered, rekey, type RekeyApi } from '@rekey/web';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { DeliveryFilter } from './delivery-filter.ts';

export type Delivery = RekeyApi['/deliveries']['get']['responses']['200']['content']['application/json']['deliveries'][number];
export type Timeline = RekeyApi['/deliveries/{id}']['get']['responses']['200']['content']['application/json'];
export type FailureGroup = RekeyApi['/deliveries/failures']['get']['responses']['200']['content']['application/json']['groups'][number];

/** Of all that is asked about mails: a replay makes all of it old. */
export const deliveriesKey = ['deliveries'] as const;

const everyMs = 5_000;

/** Asked again and again while it is the newest that is shown: a page further down stays as it was. @param after what the page before gave as `next`; null: the first page */
export function useDeliveries(filter: DeliveryFilter, after: string | null) {
  return useQuery({
    queryKey: [...deliveriesKey, 'list', filter, after],
    queryFn: async ({ signal }) => answered(rekey.GET('/deliveries', { params: { query: { ...filter, ...(after !== null && { after }) } }, signal })),
    refetchInterval: after === null ? everyMs : false,
    placeholderData: keepPreviousData,
  });
}

/** The newest of one user. */
export function useMailsOf(user: string, limit: number) {
  return useQuery({
    queryKey: [...deliveriesKey, 'of', user],
    queryFn: async ({ signal }) => answered(rekey.GET('/deliveries', { params: { query: { user, limit } }, signal })),
  });
}

export function useTimeline(id: string) {
  return useQuery({
    queryKey: [...deliveriesKey, 'one', id],
    queryFn: async ({ signal }) => answered(rekey.GET('/deliveries/{id}', { params: { path: { id } }, signal })),
    refetchInterval: everyMs,
  });
}

export function useFailures() {
  return useQuery({
    queryKey: [...deliveriesKey, 'failures'],
    queryFn: async ({ signal }) => answered(rekey.GET('/deliveries/failures', { signal })),
    refetchInterval: everyMs,
  });
}
