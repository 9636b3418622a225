/** Whoever says more is asked again all the same: a slip must not silence a webhook. */
const longestSeconds = 3_600;

/**
 * How long somebody wants to be left alone (RFC 9110, 10.2.3).
 * @param header seconds, or a date
 * @param nowMs milliseconds since 1970
 * @returns seconds, an hour at most; 0 where nothing is said that can be read
 */
export function retryAfterSeconds(header: string | undefined, nowMs: number): number {
  if (header === undefined || header.length > 64) return 0;
  const seconds = /^\d+$/.test(header) ? Number(header) : /^[A-Z][a-z]{2}, .* GMT$/.test(header) ? (Date.parse(header) - nowMs) / 1_000 : 0;
  return Number.isNaN(seconds) ? 0 : Math.max(0, Math.min(longestSeconds, seconds));
}
