import { z } from 'zod';
import { boundedText, parseBody, storableText } from '../http/body.ts';
import { bounceOf, hmacOf, isRecent, isSame, type BounceProvider } from './bounce-provider.ts';

const signature = z.object({ timestamp: z.string(), token: z.string().min(1).max(255), signature: z.string() });
const signed = z.object({ signature });

export const mailgunReport = signed.extend({
  'event-data': z.object({
    event: z.string(),
    severity: z.string().optional(),
    reason: z.string().optional(),
    timestamp: z.number().min(0).max(4e9),
    recipient: boundedText(320).optional(),
    'delivery-status': z.object({ message: z.string().optional(), description: z.string().optional() }).optional(),
    message: z.object({ headers: z.object({ 'message-id': storableText(255).optional() }).optional() }).optional(),
  }),
});

/** Why it gave up for good, where that is the address itself; of the others, `old` says that it tried for too long, and `generic` nothing. */
const ofTheAddress: Readonly<Record<string, 'hard' | 'complaint'>> = { bounce: 'hard', 'suppress-bounce': 'hard', 'suppress-complaint': 'complaint' };

/** HMAC-SHA256 over a time and a token: not over what it tells, so a token counts for one report. */
export const mailgun: BounceProvider = {
  isSignedWith(secret, { body }, now) {
    const { timestamp, token, signature: sent } = signed.safeParse(body).data?.signature ?? { timestamp: '', token: '', signature: '' };
    return isSame(sent, hmacOf(secret, timestamp + token)) && isRecent(timestamp, now);
  },
  bouncesIn(body) {
    const { event, severity, reason: why = '', timestamp, recipient, message, 'delivery-status': status } = parseBody(mailgunReport, body)['event-data'];
    if (recipient === undefined || (event !== 'failed' && event !== 'complained')) return [];
    const kind = event === 'complained' ? 'complaint' : severity === 'permanent' ? (ofTheAddress[why] ?? 'soft') : 'soft';
    return [bounceOf({ kind, messageId: message?.headers?.['message-id'], address: recipient, reason: status?.message || status?.description || why || event, seconds: timestamp })];
  },
  tokenOf: (body) => parseBody(signed, body).signature.token,
};
