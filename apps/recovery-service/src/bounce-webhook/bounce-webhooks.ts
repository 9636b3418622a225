import type { BounceProviderName, BounceWebhookSettings } from '@rekey/deployment-config';
import type { BounceProvider, SentReport } from './bounce-provider.ts';
import { generic } from './generic.ts';
import { mailgun } from './mailgun.ts';
import { postmark } from './postmark.ts';
import { sendgrid } from './sendgrid.ts';
import { ses } from './ses.ts';

const providers: Readonly<Record<BounceProviderName, BounceProvider>> = { generic, postmark, mailgun, sendgrid, ses };

/** The webhooks by which providers tell of mails that came back. */
export class BounceWebhooks {
  constructor(private readonly webhooks: readonly BounceWebhookSettings[]) {}

  /**
   * The report is held against every secret, whichever webhook is meant, so that the answer takes as long for a name that there is as for
   * one that there is not.
   * @returns the provider of the webhook where it sent this; null where there is no such webhook, or it was somebody else
   */
  senderOf(name: string, report: SentReport, now = new Date()): BounceProvider | null {
    const senders = this.webhooks.filter(({ provider, secrets }) => secrets.map((secret) => providers[provider].isSignedWith(secret, report, now)).includes(true));
    const sender = senders.find((webhook) => webhook.name === name);
    return sender ? providers[sender.provider] : null;
  }
}
