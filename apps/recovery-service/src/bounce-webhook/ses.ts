import { mostBounces, type Bounce } from '@rekey/events';
import { z } from 'zod';
import { boundedText, parseBody, storableText } from '../http/body.ts';
import { bounceOf, isAskedWith, type BounceProvider } from './bounce-provider.ts';

const recipients = z.array(z.object({ emailAddress: boundedText(320), diagnosticCode: z.string().nullish() })).max(mostBounces);
const timestamp = z.iso.datetime({ offset: true }).max(40);

/** An event of Amazon SES, in EventBridge's envelope. */
export const sesReport = z.object({
  source: z.literal('aws.ses'),
  detail: z.object({
    mail: z.object({ commonHeaders: z.object({ messageId: storableText(255).nullish() }).nullish() }),
    bounce: z.object({ bounceType: z.string(), bounceSubType: z.string().default(''), bouncedRecipients: recipients, timestamp }).optional(),
    complaint: z.object({ complaintFeedbackType: z.string().nullish(), complainedRecipients: recipients, timestamp }).optional(),
    deliveryDelay: z.object({ delayType: z.string(), delayedRecipients: recipients, timestamp }).optional(),
  }),
});

/** EventBridge asks with a name and a password, too. SES gives mails Message-IDs of its own, and tells beside them which one a mail came with. */
export const ses: BounceProvider = {
  isSignedWith: isAskedWith,
  bouncesIn(body) {
    const { detail } = parseBody(sesReport, body);
    const told = toldIn(detail);
    if (told === null) return [];
    const messageId = detail.mail.commonHeaders?.messageId ?? undefined;
    return told.recipients.map(({ emailAddress: address, diagnosticCode }) => bounceOf({ kind: told.kind, messageId, address, reason: diagnosticCode || told.why, seconds: Date.parse(told.at) / 1_000 }));
  },
};

interface Told {
  readonly kind: Bounce['kind'];
  readonly why: string;
  readonly recipients: z.output<typeof recipients>;
  readonly at: string;
}

/** @returns null where it concerns nobody: a mail that arrived, was opened, or was found to be no spam after all */
function toldIn({ bounce, complaint, deliveryDelay }: z.output<typeof sesReport>['detail']): Told | null {
  if (bounce) return { kind: bounce.bounceType === 'Permanent' ? 'hard' : 'soft', why: `${bounce.bounceType} ${bounce.bounceSubType}`.trim(), recipients: bounce.bouncedRecipients, at: bounce.timestamp };
  if (complaint && complaint.complaintFeedbackType !== 'not-spam') return { kind: 'complaint', why: complaint.complaintFeedbackType || 'complaint', recipients: complaint.complainedRecipients, at: complaint.timestamp };
  return deliveryDelay ? { kind: 'soft', why: deliveryDelay.delayType, recipients: deliveryDelay.delayedRecipients, at: deliveryDelay.timestamp } : null;
}
