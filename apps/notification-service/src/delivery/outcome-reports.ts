import { randomUUID } from 'node:crypto';
import { topics, type EventType, type EventWriter } from '@rekey/events';
import { appendToOutbox, type OutboxEntry, type SqlExecutor } from '@rekey/messaging';
import type { Delivery, DeliveryState } from './delivery.ts';

type OutcomeType = Extract<EventType, `Notification${string}`>;

/** An outcome event on its way out, and the names of the webhooks that are told of it too. */
export interface OutcomeReport extends OutboxEntry {
  readonly webhooks: readonly string[];
}

/** What of an outcome decides whom it concerns. */
export interface OutcomeSubject extends Pick<Delivery, 'tenantDomain' | 'source'> {
  readonly type: OutcomeType;
}

/** Tells the asker what came of its mail: one event per mail that has come to its end. */
export class OutcomeReports {
  /** @param webhooksWanting the names of the webhooks that want to be told of an outcome */
  constructor(
    private readonly writer: EventWriter,
    private readonly webhooksWanting: (outcome: OutcomeSubject) => readonly string[] = () => [],
  ) {}

  /**
   * @param delivery in its final state
   * @param detail the relay's reply; where nothing was sent the reason follows from the state
   */
  entry(delivery: Delivery, detail?: string): OutcomeReport {
    const type = outcomeTypeOf(delivery.state);
    const event = this.writer.event(
      type,
      delivery.userId,
      {
        eventId: delivery.eventId,
        eventType: delivery.eventType,
        userId: delivery.userId,
        tenantDomain: delivery.tenantDomain,
        generation: delivery.generation,
        messageId: delivery.messageId,
        attempts: delivery.attemptNo,
        detail: (detail ?? reasonFor(delivery)).slice(0, 1024),
        at: new Date().toISOString(),
      },
      { id: randomUUID(), ...(delivery.traceparent === null ? {} : { traceparent: delivery.traceparent }) },
    );
    return { id: event.id, topic: topics.notification, record: this.writer.record(event), expiresAt: null, awaitsOutcome: false, webhooks: this.webhooksWanting({ type, tenantDomain: delivery.tenantDomain, source: delivery.source }) };
  }
}

/** In the transaction that made them true. */
export async function appendReports(tx: SqlExecutor, reports: readonly OutcomeReport[]): Promise<void> {
  await appendToOutbox(tx, reports);
  const tellings = reports.flatMap(({ id, webhooks }) => webhooks.map((webhook) => ({ id, webhook })));
  if (tellings.length === 0) return;
  await tx.query(`INSERT INTO webhook_delivery (webhook, outcome_id) SELECT * FROM unnest($1::text[], $2::uuid[])`, [tellings.map(({ webhook }) => webhook), tellings.map(({ id }) => id)]);
}

function outcomeTypeOf(state: DeliveryState): OutcomeType {
  switch (state) {
    case 'SENT':
      return 'NotificationSent';
    case 'REJECTED':
    case 'UNCERTAIN_CLOSED':
    case 'SUPPRESSED':
    case 'CAPPED':
      return 'NotificationFailed';
    case 'EXPIRED':
      return 'NotificationExpired';
    case 'SUPERSEDED':
    case 'CANCELLED':
      return 'NotificationSuperseded';
    case 'PENDING':
    case 'UNCERTAIN':
    case 'SENDING':
      throw new Error(`a mail that is still ${state} has no outcome`);
  }
}

/** Why a mail ended as it did, for an operator. */
export function reasonFor({ state, lastError, uncertainCount }: Pick<Delivery, 'state' | 'lastError' | 'uncertainCount'>): string {
  const why = {
    CANCELLED: 'the link was voided before its mail went out',
    SUPERSEDED: 'a newer mail takes its place',
    EXPIRED: 'the link was about to expire, or had',
    UNCERTAIN_CLOSED: "the relay's answer was lost twice: the mail has probably arrived and is not sent again",
    SUPPRESSED: 'the address is on the suppression list',
    CAPPED: 'there were as many mails as one address or tenant may have, and its link would not have lived until it may have more',
    REJECTED: 'the relay refused the mail',
    SENT: 'the relay has taken the mail',
    PENDING: '',
    UNCERTAIN: '',
    SENDING: '',
  }[state];
  const doubt = uncertainCount > 0 && state !== 'UNCERTAIN_CLOSED' ? '; an earlier attempt may have arrived' : '';
  return `${why}${doubt}${lastError === null ? '' : `; last: ${lastError}`}`;
}
