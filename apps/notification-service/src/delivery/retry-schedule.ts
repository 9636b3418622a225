const firstRetrySeconds = 5;
const longestRetrySeconds = 300;

/**
 * Exponential backoff with jitter: rand(0.5..1) · min(300 s, 5 s · 2ⁿ). There is no last attempt: a mail is given up by time, when
 * its link is about to expire.
 * @param failures attempts that failed before this one
 * @param random from 0 to 1
 */
export function retryDelaySeconds(failures: number, random: () => number = Math.random): number {
  return (0.5 + random() / 2) * Math.min(longestRetrySeconds, firstRetrySeconds * 2 ** failures);
}
