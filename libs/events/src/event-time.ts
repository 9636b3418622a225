import { z } from 'zod';
import type { RecoveryEvent } from './recovery-event.ts';

/** Nanoseconds are 30 characters. Fractions may be of any length, and what is much longer no database reads. */
const maxCharacters = 40;

/** RFC 3339 in UTC, in a year that a clock may show: no database takes all others, and none of them is meant. */
export const eventTime = z.iso.datetime().refine((time) => time.startsWith('20') && time.length <= maxCharacters, `expected a time between 2000 and 2099, of at most ${maxCharacters} characters`);

/** So far ahead of a reader's clock an event may be: a clock that is a whole day wrong refuses nothing. */
const aheadMs = 25 * 3_600_000;

/**
 * Whether an event, or that its secret was asked for, is of a time to come: the secret would work longer than a day from now.
 * @param now milliseconds since 1970
 */
export function isOfTimeToCome({ time, data }: RecoveryEvent, now: number, mayBeAheadMs = aheadMs): boolean {
  const times = [time, ...('requestedAt' in data ? [data.requestedAt] : [])];
  return times.some((one) => Date.parse(one) - now > mayBeAheadMs);
}
