import { answered, rekey, type RekeyApi } from '@rekey/web';
import { useQuery } from '@tanstack/react-query';

export type Relay = RekeyApi['/relays']['get']['responses']['200']['content']['application/json']['relays'][number];

const everyMs = 3_000;

export function useRelays() {
  return useQuery({ queryKey: ['relays'], queryFn: async ({ signal }) => answered(rekey.GET('/relays', { signal })), refetchInterval: everyMs });
}
