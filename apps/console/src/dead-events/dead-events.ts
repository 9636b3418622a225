import { answered, rekey, type RekeyApi } from '@rekey/web';
import { keepPreviousData, useQuery } from '@tanstack/react-query';

export type DeadEvent = RekeyApi['/dead-events/{id}']['get']['responses']['200']['content']['application/json'];
export type DeadState = DeadEvent['state'];

export const deadEventsKey = ['dead-events'] as const;
export const deadStates = ['open', 'replayed', 'discarded'] as const satisfies readonly DeadState[];

export function stateOf(asked: string | null): DeadState {
  return deadStates.find((state) => state === asked) ?? 'open';
}

const everyMs = 5_000;

/** @param after what the page before gave as `next`; null: the first page, which follows what comes in */
export function useDeadEvents(state: DeadState, after: string | null) {
  return useQuery({
    queryKey: [...deadEventsKey, 'list', state, after],
    queryFn: async ({ signal }) => answered(rekey.GET('/dead-events', { params: { query: { state, ...(after !== null && { after }) } }, signal })),
    refetchInterval: after === null ? everyMs : false,
    placeholderData: keepPreviousData,
  });
}

export function useDeadEvent(id: string) {
  return useQuery({ queryKey: [...deadEventsKey, 'one', id], queryFn: async ({ signal }) => answered(rekey.GET('/dead-events/{id}', { params: { path: { id } }, signal })) });
}
