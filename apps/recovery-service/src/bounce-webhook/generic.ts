import { bounce, mostBounces } from '@rekey/events';
import { z } from 'zod';
import { parseBody } from '../http/body.ts';
import { headerOf, hmacOf, isRecent, isSame, type BounceProvider } from './bounce-provider.ts';

export const genericReport = z.strictObject({ bounces: z.array(bounce).max(mostBounces) });

/** Rekey's own form, for what somebody writes around a relay of theirs: HMAC-SHA256 over the time and the body, in hex. */
export const generic: BounceProvider = {
  isSignedWith(secret, report, now) {
    const timestamp = headerOf(report, 'rekey-timestamp');
    return isSame(headerOf(report, 'rekey-signature'), hmacOf(secret, `${timestamp}.${report.text}`)) && isRecent(timestamp, now);
  },
  bouncesIn: (body) => parseBody(genericReport, body).bounces,
};
