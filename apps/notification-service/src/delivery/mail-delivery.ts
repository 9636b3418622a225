import type { SecretOpener } from '@rekey/events';
import { crashPoint } from '@rekey/lifecycle';
import { isDatabaseAway, type Database } from '@rekey/messaging';
import { failSpan, reasonOf, traced, type Logger, type MailMetrics, type Span } from '@rekey/observability';
import { CrashCounter, crashedOften } from '../quarantine/crash-counter.ts';
import type { MailSending } from '../relay/relay-lane.ts';
import { noteDialogue } from '../smtp/dialogue-events.ts';
import type { Mail } from '../smtp/mail.ts';
import { isBeforeTheMail, type Conversation, type SendOutcome } from '../smtp/smtp-outcome.ts';
import { storableText } from '../storable-text.ts';
import type { ComposedMail, Rendered } from '../template/composed-mail.ts';
import { MailAddressError, type MailRequest } from '../template/mail-composer.ts';
import { Coalesced } from './coalesced.ts';
import type { ClaimedDelivery, FinalState } from './delivery.ts';
import { senderWasLost } from './lease-statements.ts';
import { mailRequestOf } from './mail-request.ts';
import type { OutcomeReport, OutcomeReports } from './outcome-reports.ts';
import { retryDelaySeconds } from './retry-schedule.ts';
import { attemptKey, markData, settle, unclaim, type AttemptId, type Settlement } from './settle-statements.ts';

export interface MailComposing {
  compose(request: MailRequest): Promise<ComposedMail>;
}

export interface MailDeliveryParts {
  readonly database: Pick<Database, 'query'>;
  readonly composer: MailComposing;
  readonly sender: MailSending;
  readonly secrets: SecretOpener;
  readonly reports: OutcomeReports;
  readonly log: Logger;
  /** Called after a final state was written: there is an event to publish. @param settled those that are this process's to publish */
  readonly onReported: (settled?: readonly OutcomeReport[]) => void;
  readonly metrics?: MailMetrics | undefined;
  /** From 0 to 1, for the retry's jitter. */
  readonly random?: () => number;
  /** A clock that never steps back. */
  readonly nowMs?: () => number;
}

interface Ending {
  readonly finalState: Settlement['finalState'];
  readonly uncertain?: boolean;
  readonly failed?: boolean;
  readonly retryAfterSeconds?: number;
  readonly stage: string;
  readonly reply: string;
  /** Where a relay was asked. */
  readonly conversation?: Told;
}

/** What an attempt has to tell an operator. */
type Told = Conversation & { readonly rendered: Rendered | null };

export type AttemptOutcome = SendOutcome & { readonly rendered: Rendered };

/** While the database is away, however long, a mail's outcome is held and offered again this often; where it refuses it, for this long: then rescue finds it. */
const settleAgainMs = 500;
const settleForMs = 60_000;
/** A slot waits for its mark, and nobody for a settlement: but what is not settled when a process dies is sent twice. */
const marksMsApart = 2;
const settlementsMsApart = 5;
const maxReplyCharacters = 900;
const none: Told = { relay: null, dialogue: [], rendered: null };

/** Brings one claimed mail to the relay and writes down what came of it. */
export class MailDelivery {
  private readonly marks: Coalesced<AttemptId, boolean>;
  private readonly settlements: Coalesced<Settlement, boolean>;
  private readonly crashes: CrashCounter;
  /** Ends when the last of the mails that may kill their sender has been rendered. */
  private suspectsRendered: Promise<unknown> = Promise.resolve();
  private abandoned = false;

  constructor(
    private readonly parts: MailDeliveryParts,
    private readonly owner: string,
    leaseSeconds: number,
  ) {
    const { database } = parts;
    this.crashes = new CrashCounter(database, owner);
    this.marks = new Coalesced(async (attempts) => {
      const marked = await markData(database, owner, leaseSeconds, attempts);
      return attempts.map((attempt) => marked.has(attemptKey(attempt)));
    }, { msApart: marksMsApart });
    this.settlements = new Coalesced(async (batch) => {
      const settled = await settle(database, owner, batch);
      return batch.map((settlement) => settled.has(attemptKey(settlement)));
    }, { msApart: settlementsMsApart });
  }

  /** @returns what came of it, to be written down by `conclude`; null: it could not be rendered, which is written down */
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

  /** The process is about to end: outcomes that the database does not take now are left to rescue. */
  abandon(): void {
    this.abandoned = true;
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
    await this.settle(delivery, { finalState: 'REJECTED', stage: 'compose', reply });
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
      await this.settle(delivery, { ...(hopeless ? { finalState: 'REJECTED' } : this.retry(delivery)), stage: 'compose', reply });
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

  async conclude(delivery: ClaimedDelivery, outcome: AttemptOutcome): Promise<void> {
    const { log } = this.parts;
    const { eventId, attemptNo } = delivery;
    switch (outcome.kind) {
      case 'sent':
        crashPoint('K16');
        await this.settle(delivery, { finalState: 'SENT', stage: 'sent', reply: outcome.reply, conversation: outcome });
        crashPoint('K17');
        log.debug({ eventId, attemptNo, reply: outcome.reply }, 'mail sent');
        return;
      case 'rejected':
        log.warn({ eventId, attemptNo, stage: outcome.stage, reply: outcome.reply }, 'the relay refuses this mail for good');
        await this.settle(delivery, { finalState: 'REJECTED', stage: outcome.stage, reply: outcome.reply, conversation: outcome });
        return;
      case 'retry':
        if (isBeforeTheMail(outcome.stage)) return this.letGo(delivery, outcome);
        log.info({ eventId, attemptNo, stage: outcome.stage, reply: outcome.reply }, 'the relay did not take a mail; it is tried again');
        await this.settle(delivery, { ...this.retry(delivery), stage: outcome.stage, reply: outcome.reply, conversation: outcome });
        return;
      case 'relay-refused':
        return this.letGo(delivery, outcome);
      case 'unasked':
        return this.letGo(delivery, { ...outcome, stage: null });
      case 'withdrawn':
        // Open again: the claim is the one judge of why, and finds it superseded, void or expired.
        await this.settle(delivery, { finalState: null, stage: 'withdrawn', reply: 'withdrawn before DATA: no longer the newest, void, expired, or its lease was lost', conversation: outcome });
        return;
      case 'uncertain':
        return this.settleUncertain(delivery, outcome);
    }
  }

  /** RFC 1047: nobody can know whether the relay has it. One more attempt, byte for byte the same; then an operator is told. */
  private async settleUncertain(delivery: ClaimedDelivery, outcome: Extract<AttemptOutcome, { kind: 'uncertain' }>): Promise<void> {
    const { stage, reply } = outcome;
    const { eventId, attemptNo } = delivery;
    const again = delivery.uncertainCount === 0;
    if (again) this.parts.log.warn({ eventId, attemptNo, stage, reply }, "UNCERTAIN: the relay's answer after DATA was lost; the same mail is sent once more");
    else this.parts.log.error({ eventId, attemptNo, stage, reply }, "UNCERTAIN_CLOSED: the relay's answer was lost twice; the mail is not sent again");
    await this.settle(delivery, { finalState: again ? null : 'UNCERTAIN_CLOSED', uncertain: true, failed: true, retryAfterSeconds: this.retryDelay(delivery), stage, reply, conversation: outcome });
  }

  /** No relay would talk to us: that is not this mail's failure. */
  private async letGo({ eventId, attemptNo, attemptStartedAt }: ClaimedDelivery, { stage, reply, relay, dialogue, rendered }: Told & { readonly stage: string | null; readonly reply: string }): Promise<void> {
    const letGo = { eventId, attemptNo, attemptStartedAt, stage, reply: storableText(reply, maxReplyCharacters), relay, dialogue, rendered };
    await this.untilKnown(eventId, () => unclaim(this.parts.database, this.owner, letGo));
  }

  private async settle(delivery: ClaimedDelivery, { finalState, uncertain = false, failed = false, retryAfterSeconds = 0, stage, reply, conversation = none }: Ending): Promise<void> {
    const { eventId, attemptNo } = delivery;
    const text = storableText(reply, maxReplyCharacters);
    const report = finalState === null ? null : this.parts.reports.entry(inState(delivery, finalState), text);
    const settlement: Settlement = { eventId, attemptNo, finalState, uncertain, failed, retryAfterSeconds, stage, reply: text, relay: conversation.relay, dialogue: conversation.dialogue, rendered: conversation.rendered, report };
    const settled = await this.untilKnown(eventId, () => this.settlements.call(settlement));
    if (settled === false) this.parts.log.warn({ eventId, attemptNo, stage }, 'the lease was lost meanwhile: another worker answers for this mail');
    if (settled && uncertain) this.parts.metrics?.uncertain();
    if (!settled || finalState === null || report === null) return;
    this.parts.metrics?.finished({ state: finalState, eventType: delivery.eventType });
    this.parts.onReported([report]);
  }

  /** The database may be away just now; what the relay has said must not be forgotten over that: the mail would go out a second time. */
  private async untilKnown<Result>(eventId: string, write: () => Promise<Result>): Promise<Result | undefined> {
    const { log, nowMs = () => performance.now() } = this.parts;
    const giveUpAtMs = nowMs() + settleForMs;
    for (;;) {
      try {
        return await write();
      } catch (error) {
        if (this.abandoned || (nowMs() >= giveUpAtMs && !isDatabaseAway(error))) {
          log.error({ eventId, reason: reasonOf(error) }, 'the outcome of a mail could not be written');
          return undefined;
        }
        await new Promise((resolve) => setTimeout(resolve, settleAgainMs));
      }
    }
  }

  private retry(delivery: ClaimedDelivery): Pick<Ending, 'finalState' | 'failed' | 'retryAfterSeconds'> {
    return { finalState: null, failed: true, retryAfterSeconds: this.retryDelay(delivery) };
  }

  private retryDelay({ failures }: ClaimedDelivery): number {
    return retryDelaySeconds(failures, this.parts.random);
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

function inState(delivery: ClaimedDelivery, state: FinalState): ClaimedDelivery {
  return { ...delivery, state };
}
