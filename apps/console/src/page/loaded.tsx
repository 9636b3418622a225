import { Failure, Waiting } from '@rekey/web';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';

/** What was asked for, once it is there; until then that it is under way, or why it did not come. What is there already stays where asking again fails. */
export function Loaded<Data>({ query, children }: { readonly query: UseQueryResult<Data>; readonly children: (data: Data) => ReactNode }) {
  const { data, error, refetch } = query;
  return (
    <>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data === undefined ? !error && <Waiting /> : children(data)}
    </>
  );
}
