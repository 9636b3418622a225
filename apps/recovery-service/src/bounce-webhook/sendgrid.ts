import { createPublicKey, verify } from 'node:crypto';
import { mostBounces, type Bounce } from '@rekey/events';
import { z } from 'zod';
import { boundedText, parseBody, storableText } from '../http/body.ts';
import { bounceOf, headerOf, isRecent, type BounceProvider } from './bounce-provider.ts';

const sendgridEvent = z.object({
  event: z.string(),
  email: boundedText(320),
  timestamp: z.int().min(0).max(4e9),
  'smtp-id': storableText(255).optional(),
  type: z.string().optional(),
  reason: z.string().optional(),
  response: z.string().optional(),
});
export const sendgridReport = z.array(sendgridEvent).max(mostBounces);

/** ECDSA with P-256 over the time and the body. Its `smtp-id` is the Message-ID that the mail came with. */
export const sendgrid: BounceProvider = {
  isSignedWith(secret, report, now) {
    const timestamp = headerOf(report, 'x-twilio-email-event-webhook-timestamp');
    const signature = Buffer.from(headerOf(report, 'x-twilio-email-event-webhook-signature'), 'base64');
    const key = createPublicKey({ key: Buffer.from(secret, 'base64'), format: 'der', type: 'spki' });
    return verify('sha256', Buffer.from(timestamp + report.text), key, signature) && isRecent(timestamp, now);
  },
  bouncesIn(body) {
    return parseBody(sendgridReport, body).flatMap((told) => {
      const kind = kindOf(told);
      return kind === null ? [] : [bounceOf({ kind, messageId: told['smtp-id'], address: told.email, reason: told.reason || told.response || told.event, seconds: told.timestamp })];
    });
  },
};

/** Of what it did not even try, the reasons that an address is on its own list. */
const dropped: Readonly<Record<string, Bounce['kind']>> = { 'Bounced Address': 'hard', 'Spam Reporting Address': 'complaint' };

function kindOf({ event, type, reason = '' }: z.output<typeof sendgridEvent>): Bounce['kind'] | null {
  switch (event) {
    case 'bounce':
      return type === 'blocked' ? 'soft' : 'hard';
    case 'dropped':
      return dropped[reason] ?? 'soft';
    case 'spamreport':
      return 'complaint';
    case 'deferred':
      return 'soft';
    default:
      return null;
  }
}
