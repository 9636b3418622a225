import type { MailComposing } from '../delivery/mail-attempts.ts';
import type { Relay } from '../relay/relay-lane.ts';
import type { Mail } from '../smtp/mail.ts';
import type { RelayRefusal, SendOutcome, SendResult } from '../smtp/smtp-outcome.ts';

/** What the relay does with one mail; the default takes it. */
export interface RelayScript {
  /** The answer before the 354; null: goes on to DATA. */
  before?: (mail: Mail) => Promise<SendResult | null> | SendResult | null;
  /** Whether it lets us connect and sign in, asked without a mail; the default does. */
  probe?: () => RelayRefusal | null;
  /** The answer after the dot. Where it is `sent`, or `uncertain` and `taken`, the mail counts as received. */
  after?: (mail: Mail) => Promise<SendResult & { taken?: boolean }> | (SendResult & { taken?: boolean });
}

/** The dialogue with a relay reduced to its two turning points, so that a test can stop exactly there. The real one is in `notification-service.spec.ts`. */
export class RelayAtHand implements Relay {
  readonly received: Mail[] = [];
  mostAtOnce = 0;
  private talking = 0;

  constructor(public script: RelayScript = {}) {}

  async send(mail: Mail, onData: () => Promise<boolean>): Promise<SendOutcome> {
    return { ...(await this.talk(mail, onData)), relay: 'relay at hand', dialogue: [] };
  }

  probe(): Promise<RelayRefusal | null> {
    return Promise.resolve(this.script.probe?.() ?? null);
  }

  private async talk(mail: Mail, onData: () => Promise<boolean>): Promise<SendResult> {
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.talking);
    try {
      const early = (await this.script.before?.(mail)) ?? null;
      if (early) return early;
      if (!(await onData())) return { kind: 'withdrawn' };
      const answer = (await this.script.after?.(mail)) ?? { kind: 'sent', reply: '250 OK' };
      if (answer.kind === 'sent' || (answer.kind === 'uncertain' && answer.taken)) this.received.push(mail);
      return answer;
    } finally {
      this.talking--;
    }
  }

  /** @returns copies per address */
  copies(): Map<string, number> {
    const copies = new Map<string, number>();
    for (const { envelope } of this.received) copies.set(envelope.to, (copies.get(envelope.to) ?? 0) + 1);
    return copies;
  }
}

/** A mail that is its link. */
export const linkComposer: MailComposing = {
  compose: ({ eventId, recipient, link }) => Promise.resolve({ messageId: `<${eventId}@example.com>`, envelope: { from: 'noreply@example.com', to: recipient.address }, raw: Buffer.from(link ?? ''), rendered: { templateType: 'passwordreset', locale: 'en_US', version: 'shipped' } }),
};
