import { answered, rekey, type RekeyApi } from '@rekey/web';
import { keepPreviousData, useQuery } from '@tanstack/react-query';

export type Overview = RekeyApi['/overview']['get']['responses']['200']['content']['application/json'];
export type Part = Overview['buckets'][number];

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** How far back the plots go, by which parts, and how their time is marked: as many marks as a narrow window has room for. */
export const ranges = {
  hour: { lengthMs: hourMs, partMs: minuteMs, markMinutes: 20, marked: 'time' },
  day: { lengthMs: 24 * hourMs, partMs: 15 * minuteMs, markMinutes: 6 * 60, marked: 'hour' },
  week: { lengthMs: 7 * 24 * hourMs, partMs: hourMs, markMinutes: 2 * 24 * 60, marked: 'dayOfMonth' },
} as const;

export type Range = keyof typeof ranges;

export function rangeOf(asked: string | null): Range {
  return asked === 'hour' || asked === 'week' ? asked : 'day';
}

const everyMs = 10_000;

/** To the end of the part that is under way; asked again and again, while what is shown, perhaps of another range, stays. */
export function useOverview(range: Range) {
  const { lengthMs, partMs } = ranges[range];
  return useQuery({
    queryKey: ['overview', range],
    queryFn: async ({ signal }) => {
      const to = Math.ceil(Date.now() / partMs) * partMs;
      const overview = await answered(rekey.GET('/overview', { params: { query: { from: new Date(to - lengthMs).toISOString(), to: new Date(to).toISOString(), buckets: lengthMs / partMs } }, signal }));
      return { range, overview };
    },
    refetchInterval: everyMs,
    placeholderData: keepPreviousData,
  });
}
