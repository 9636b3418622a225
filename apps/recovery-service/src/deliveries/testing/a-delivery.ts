import { randomUUID } from 'node:crypto';
import type { DeadEvent, DeliverySummary, DeliveryTimeline } from '@rekey/events';

const at = '2026-11-25T10:00:00.000Z';

/** As the notification service would tell of a mail that was sent. */
export function aDelivery(id: string = randomUUID()): DeliverySummary {
  return {
    id,
    reference: '7K3M9-QPA2X',
    state: 'SENT',
    cause: null,
    eventType: 'PasswordRecoveryRequested',
    templateType: 'passwordreset',
    user: { id: randomUUID(), username: 'kim', realm: 'PRIMARY' },
    recipient: 'k***@example.com',
    requestedAt: at,
    acceptedAt: at,
    finishedAt: at,
    attempts: 1,
  };
}

export function aDeadEvent(id: string): DeadEvent {
  const reason = 'the event is not signed';
  return { id, state: 'open', reason, cause: `read: ${reason}`, type: 'Nonsense', publisher: null, published: { topic: 'recovery.events.v1', partition: 0, offset: '7' }, key: null, headers: { ce_type: 'Nonsense' }, bytes: 4, timesSeen: 1, firstAt: at, lastAt: at, replayedAt: null, replayedBy: null, discardedAt: null, discardedBy: null, discardReason: null };
}

export function aTimeline(id: string): DeliveryTimeline {
  return {
    ...aDelivery(id),
    published: { topic: 'recovery.events.v1', partition: 0, offset: '7' },
    generation: 1,
    messageId: `<${id}@example.com>`,
    traceId: null,
    expiresAt: at,
    nextAttemptAt: null,
    lastError: null,
    ending: 'the relay has taken the mail',
    sentAt: at,
    queueId: '4XyZ1k2Wz9z3h',
    possibleCopies: 0,
    passwordSetAt: null,
    attemptsMade: [{ number: 1, startedAt: at, endedAt: at, stage: 'sent', reply: '250 2.0.0 Ok: queued as 4XyZ1k2Wz9z3h', rendered: { templateType: 'passwordreset', locale: 'en_US', version: 'shipped' }, relay: 'relay.example', dialogue: [{ who: 'relay', line: '220 relay.example ESMTP', atMs: 3 }] }],
    bounces: [],
    replays: [],
  };
}
