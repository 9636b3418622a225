import type { SecretOpener } from '@rekey/events';
import { crashPoint } from '@rekey/lifecycle';
import type { Database } from '@rekey/messaging';
import { failSpan, reasonOf, traced, type Logger, type MailMetrics, type Span } from '@rekey/observability';
import { CrashCounter, crashedOften } from '../quarantine/crash-counter.ts';
import type { MailSending } from '../relay/relay-lane.ts';
import { noteDialogue } from '../smtp/dialogue-events.ts';
import type { Mail } from '../smtp/mail.ts';
import type { SendOutcome } from '../smtp/smtp-outcome.ts';
import type { ComposedMail } from '../template/composed-mail.ts';
import { MailAddressError, type MailRequest } from '../template/mail-composer.ts';
import { Coalesced } from './coalesced.ts';
import type { ClaimedDelivery } from './delivery.ts';
import { senderWasLost } from './lease-statements.ts';
import type { AttemptOutcome, MailEndings } from './mail-endings.ts';
import { mailRequestOf } from './mail-request.ts';
import { attemptKey, markData, type AttemptId } from './settle-statements.ts';

export interface MailComposing {
  compose(request: MailRequest): Promise<ComposedMail>;
}

export interface MailAttemptsParts {
  readonly database: Pick<Database, 'query'>;
  readonly composer: MailComposing;
  readonly sender: MailSending;
  readonly secrets: SecretOpener;
  readonly endings: MailEndings;
  readonly log: Logger;
  readonly metrics?: MailMetrics | undefined;
}

/** A slot waits for its mark. */
const marksMsApart = 2;

/** Brings claimed mails to a relay. */
export class MailAttempts {
  private readonly marks: Coalesced<AttemptId, boolean>;
  private readonly crashes: CrashCounter;
  /** Ends when the last of the mails that may kill their sender has been rendered. */
  private suspectsRendered: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly parts: MailAttemptsParts,
    owner: string,
    leaseSeconds: number,
  ) {
    const { database } = parts;
    this.crashes = new CrashCounter(database, owner);
    this.marks = new Coalesced(async (attempts) => {
      const marked = await markData(database, owner, leaseSeconds, attempts);
      return attempts.map((attempt) => marked.has(attemptKey(attempt)));
    }, { msApart: marksMsApart });
  }

  /** @returns what came of it, for `MailEndings` to conclude; null: it could not be rendered, which is written down */
  async send(delivery: ClaimedDelivery): Promise<AttemptOutcome | null> {
    const { eventId, eventType, attemptNo, traceparent } = delivery;
    return traced('send mail', { kind: 'client', traceparent, attributes: { 'messaging.message.id': eventId, 'rekey.event_type': eventType, 'rekey.attempt': attemptNo } }, async (span) => this.attempt(delivery, span));
  }

  private async attempt(delivery: ClaimedDelivery, span: Span | null): Promise<AttemptOutcome | null> {
    const startedAtMs = performance.now();
    const mail = await (delivery.lastError?.startsWith(senderWasLost) ? this.composeSuspect(delivery) : this.compose(delivery));
    const outcome = mail && { ...(await this.handOver(delivery, mail)), rendered: mail.rendered };
    this.parts.metrics?.attempted(stageOf(outcome), (performance.now() - startedAtMs) / 1_000);
    if (outcome?.kind === 'sent') this.parts.metrics?.taken(delivery.createdAt);
    if (span) describeAttempt(span, outcome);
    return outcome;
  }

  /**
   * A mail whose sender was lost may be what killed it, or have been in hand beside the one that did: such mails are rendered one at a time, each counted
   * before, so that the count is of the guilty one.
   */
  private async composeSuspect(delivery: ClaimedDelivery): Promise<ComposedMail | null> {
    const composed = this.suspectsRendered.then(async () => {
      const mail = (await this.crashes.begin(delivery.eventId)) === 'guilty' ? await this.reject(delivery) : await this.compose(delivery);
      await this.crashes.forget(delivery.eventId);
      return mail;
    });
    this.suspectsRendered = composed.catch(() => undefined);
    return composed;
  }

  private async reject(delivery: ClaimedDelivery): Promise<null> {
    const reply = crashedOften('sender');
    this.parts.log.error({ eventId: delivery.eventId, reason: reply }, 'a mail is not rendered again');
    await this.parts.endings.notComposed(delivery, reply, { hopeless: true });
    return null;
  }

  /**
   * A mail that cannot be rendered now may be later: a template or a sealing key of this service may be missing. It is tried until it
   * expires; only an address that is none stays that.
   */
  private async compose(delivery: ClaimedDelivery): Promise<ComposedMail | null> {
    crashPoint('K10', delivery.eventId);
    try {
      return await this.parts.composer.compose(await mailRequestOf(delivery, this.parts.secrets));
    } catch (error) {
      const [hopeless, reply] = [error instanceof MailAddressError, reasonOf(error)];
      this.parts.log.error({ eventId: delivery.eventId, reason: reply }, hopeless ? 'a mail cannot be addressed' : 'a mail cannot be rendered; it is tried again until its link expires');
      await this.parts.endings.notComposed(delivery, reply, { hopeless });
      return null;
    }
  }

  private async handOver(delivery: ClaimedDelivery, mail: Mail): Promise<SendOutcome> {
    let marked = false;
    const onData = async (): Promise<boolean> => {
      crashPoint('K12');
      marked = await this.mark(delivery);
      if (marked) crashPoint('K13');
      return marked;
    };
    try {
      return await this.parts.sender.send(mail, onData, delivery.putOffBy);
    } catch (error) {
      return { kind: marked ? 'uncertain' : 'retry', stage: 'send', reply: reasonOf(error), relay: null, dialogue: [] };
    }
  }

  private async mark(delivery: ClaimedDelivery): Promise<boolean> {
    try {
      return await this.marks.call(delivery);
    } catch (error) {
      this.parts.log.warn({ eventId: delivery.eventId, reason: reasonOf(error) }, 'the phase of a mail cannot be marked: it is not sent now');
      return false;
    }
  }
}

/** @param outcome null where the mail could not be composed */
function stageOf(outcome: SendOutcome | null): string {
  if (outcome === null) return 'compose';
  return 'stage' in outcome ? outcome.stage : outcome.kind;
}

function describeAttempt(span: Span, outcome: SendOutcome | null): void {
  const kind = outcome?.kind ?? 'not composed';
  span.setAttributes({ 'rekey.outcome': kind, 'rekey.stage': stageOf(outcome), ...(outcome?.relay ? { 'rekey.relay': outcome.relay } : {}) });
  if (outcome) noteDialogue(span, outcome.dialogue, Date.now());
  if (kind !== 'sent') failSpan(span, kind);
}
