import { answered, rekey, type RekeyApi } from '@rekey/web';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

export type ForcedReset = RekeyApi['/forced-resets/{id}']['get']['responses']['200']['content']['application/json'];
/** What is mailed; null: what the tenant has. */
export type Way = ForcedReset['way'];
export type Move = 'pause' | 'resume' | 'cancel';

const everyMs = 2_000;
const forcedResetsKey = ['forced-resets'] as const;
const forcedResetKey = (id: string) => [...forcedResetsKey, id] as const;

export function isUnderWay({ state }: ForcedReset): boolean {
  return state === 'queued' || state === 'running';
}

/** @param after the last of the page before; null: the newest */
export function useForcedResets(after: string | null) {
  return useQuery({
    queryKey: [...forcedResetsKey, 'page', after],
    queryFn: async ({ signal }) => answered(rekey.GET('/forced-resets', { params: { query: after === null ? {} : { after } }, signal })),
    refetchInterval: ({ state }) => (state.data?.forcedResets.some(isUnderWay) ? everyMs : false),
  });
}

/** Asked again and again until it has ended. */
export function useForcedReset(id: string) {
  return useQuery({
    queryKey: forcedResetKey(id),
    queryFn: async ({ signal }) => answered(rekey.GET('/forced-resets/{id}', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data) ? everyMs : false),
  });
}

interface Start {
  /** Names or ids, or SCIM's filter. */
  readonly whom: { readonly users: string[] } | { readonly filter: string };
  readonly way: Way;
  /** One for each that is meant: what is sent again after no answer came starts no second one. */
  readonly key: string;
}

export function useStart(onStarted?: (started: ForcedReset) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ whom, way, key }: Start) => answered(rekey.POST('/forced-resets', { params: { header: { 'idempotency-key': key } }, body: way === null ? whom : { ...whom, way } })),
    onSuccess: (started) => {
      void queries.invalidateQueries({ queryKey: forcedResetsKey });
      onStarted?.(started);
    },
  });
}

export function useMove(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (move: Move) => answered(rekey.POST(`/forced-resets/{id}/${move}`, { params: { path: { id } } })),
    onSuccess: (moved) => queries.setQueryData(forcedResetKey(id), moved),
  });
}
