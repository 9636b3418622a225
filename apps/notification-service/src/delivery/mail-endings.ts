import { crashPoint } from '@rekey/lifecycle';
import { isDatabaseAway, type Database } from '@rekey/messaging';
import { reasonOf, type Logger, type MailMetrics } from '@rekey/observability';
import { isBeforeTheMail, type Conversation, type SendOutcome } from '../smtp/smtp-outcome.ts';
import { storableText } from '../storable-text.ts';
import type { Rendered } from '../template/composed-mail.ts';
import { Coalesced } from './coalesced.ts';
import type { ClaimedDelivery, FinalState } from './delivery.ts';
import type { OutcomeReport, OutcomeReports } from './outcome-reports.ts';
import { retryDelaySeconds } from './retry-schedule.ts';
import { attemptKey, settle, unclaim, type Settlement } from './settle-statements.ts';

export interface MailEndingsParts {
  readonly database: Pick<Database, 'query'>;
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
/** Nobody waits for a settlement: but what is not settled when a process dies is sent twice. */
const settlementsMsApart = 5;
const maxReplyCharacters = 900;
const none: Told = { relay: null, dialogue: [], rendered: null };

/** Writes down what came of the attempts to send mails. */
export class MailEndings {
  private readonly settlements: Coalesced<Settlement, boolean>;
  private abandoned = false;

  constructor(
    private readonly parts: MailEndingsParts,
    private readonly owner: string,
  ) {
    const { database } = parts;
    this.settlements = new Coalesced(async (batch) => {
      const settled = await settle(database, owner, batch);
      return batch.map((settlement) => settled.has(attemptKey(settlement)));
    }, { msApart: settlementsMsApart });
  }

  /** The process is about to end: outcomes that the database does not take now are left to rescue. */
  abandon(): void {
    this.abandoned = true;
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

  /** @param options.hopeless there is no mail to be made of it, ever */
  async notComposed(delivery: ClaimedDelivery, reply: string, { hopeless }: { readonly hopeless: boolean }): Promise<void> {
    await this.settle(delivery, { ...(hopeless ? { finalState: 'REJECTED' } : this.retry(delivery)), stage: 'compose', reply });
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

function inState(delivery: ClaimedDelivery, state: FinalState): ClaimedDelivery {
  return { ...delivery, state };
}
