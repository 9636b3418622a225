import { answered, rekey, type RekeyApi } from '@rekey/web';
import { keepPreviousData, useQuery } from '@tanstack/react-query';

export type SuppressedAddress = RekeyApi['/suppressed-addresses']['get']['responses']['200']['content']['application/json']['addresses'][number];

export const suppressedAddressesKey = ['suppressed-addresses'] as const;

/** @param address whether this one is on the list; null: all that are @param after what the page before gave as `next`; null: the first page */
export function useSuppressedAddresses(address: string | null, after: string | null) {
  return useQuery({
    queryKey: [...suppressedAddressesKey, address, after],
    queryFn: async ({ signal }) => answered(rekey.GET('/suppressed-addresses', { params: { query: { ...(address !== null && { address }), ...(after !== null && { after }) } }, signal })),
    placeholderData: keepPreviousData,
  });
}
