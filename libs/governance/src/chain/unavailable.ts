import { HashQueueFullError } from '@rekey/identity';
import { isDatabaseAway } from '@rekey/messaging';

/** Nobody has refused: what was asked could not answer now, or not in time. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/** Whether what failed may well succeed when it is asked for again in a moment. */
export function isUnavailable(thrown: unknown): boolean {
  return thrown instanceof Unavailable || thrown instanceof HashQueueFullError || isDatabaseAway(thrown);
}
