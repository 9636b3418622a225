import { answered, rekey, type RekeyApi } from '@rekey/web';
import { keepPreviousData, useQuery } from '@tanstack/react-query';

export type Overview = RekeyApi['/overview']['get']['responses']['200']['content']['application/json'];
export type Part = Overview['buckets'][number];

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** How far back the plots go, and by which parts. */
export const ranges = {
  hour: { lengthMs: hourMs, partMs: minuteMs },
  day: { lengthMs: 24 * hourMs, partMs: 15 * minuteMs },
  week: { lengthMs: 7 * 24 * hourMs, partMs: hourMs },
} as const;

export type Range = keyof typeof ranges;

export function rangeOf(asked: string | null): Range {
  return asked === 'hour' || asked === 'week' ? asked : 'day';
}

const everyMs = 10_000;

/** To the end of the part that is under way; asked again and again, while what is shown stays. */
export function useOverview(range: Range) {
  const { lengthMs, partMs } = ranges[range];
  return useQuery({
    queryKey: ['overview', range],
    queryFn: async ({ signal }) => {
      const to = Math.ceil(Date.now() / partMs) * partMs;
      return answered(rekey.GET('/overview', { params: { query: { from: new Date(to - lengthMs).toISOString(), to: new Date(to).toISOString(), buckets: lengthMs / partMs } }, signal }));
    },
    refetchInterval: everyMs,
    placeholderData: keepPreviousData,
  });
}
