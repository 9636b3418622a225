import type { Logger } from '@rekey/observability';
import { RepeatingTask } from './repeating-task.ts';

const everyMs = 3_600_000;

/**
 * Removes what has expired, a portion of each kind in turn: one kind that fails stands in the way of no other.
 * @param expired by what the log calls it; each removes a portion, and answers true where there may be more
 * @returns to be started
 */
export function pruneExpired(expired: Readonly<Record<string, () => Promise<unknown>>>, log: Logger): RepeatingTask {
  const failed = (err: unknown, what?: string): void => log.warn({ err, what }, 'what has expired could not be removed');
  const prune = async (): Promise<boolean> => {
    let mayBeMore = false;
    for (const [what, removeSome] of Object.entries(expired)) {
      try {
        if ((await removeSome()) === true) mayBeMore = true;
      } catch (err) {
        failed(err, what);
      }
    }
    return mayBeMore;
  };
  return new RepeatingTask(prune, { everyMs, onError: failed });
}
