const firstRetrySeconds = 5;
const longestRetrySeconds = 300;

/**
 * Exponential backoff with jitter: rand(0.5..1) · min(longest, 5 s · 2ⁿ). There is no last attempt: what is tried again is given up by
 * time, a mail when its link is about to expire.
 * @param failures attempts that failed before this one
 * @param random from 0 to 1
 * @param longestSeconds default 300
 */
export function retryDelaySeconds(failures: number, random: () => number = Math.random, longestSeconds = longestRetrySeconds): number {
  return (0.5 + random() / 2) * Math.min(longestSeconds, firstRetrySeconds * 2 ** failures);
}
