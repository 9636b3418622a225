import type { ReplayVerdict } from '@rekey/events';
import { ApiError } from '../http/error-catalogue.ts';

const refusals: Readonly<Record<Exclude<ReplayVerdict, 'replayed' | 'open'>, string>> = {
  sent: 'The relay has taken the mail: it is not sent again.',
  overtaken: 'A newer mail has taken its place: only the newest link works.',
  void: 'Its link is void.',
  'expires-soon': 'Its link has expired, or is about to.',
  'may-be-a-copy': 'It may have arrived, as the relay’s answer was lost: `copy` sends it all the same.',
  'still-unreadable': 'It still cannot be read',
};

export function refusedReplay(verdict: keyof typeof refusals, reason: string | undefined): ApiError {
  return new ApiError('RKY-10210', reason === undefined ? refusals[verdict] : `${refusals[verdict]}: ${reason}.`);
}
