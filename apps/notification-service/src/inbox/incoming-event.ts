import { topics, type EventReader, type RecoveryEvent, type UnreadableBy } from '@rekey/events';
import type { IncomingRecord } from '@rekey/messaging';
import { linkHolderOf } from './link-holder.ts';

/** A mail that an event asks for, as the inbox keeps it. Ids are lower case, so that equal ones are equal as text too. */
export interface WantedMail {
  readonly record: IncomingRecord;
  readonly eventId: string;
  readonly eventType: RecoveryEvent['type'];
  /** Whose event it is. */
  readonly source: string;
  /** A recovery's link may be overtaken or voided; a notice tells of what has happened and is always worth sending. */
  readonly kind: 'recovery' | 'notice';
  /** Whose links are counted, as `linkHolderOf` has it. */
  readonly holderId: string;
  readonly tenantDomain: string;
  readonly generation: number;
  readonly data: object;
  /** By which the mail is looked for; lower case. */
  readonly recipient: string;
  readonly username: string;
  readonly traceparent: string | null;
  readonly createdAt: string;
  readonly expiresAt: string;
}

/** What an event says about which links of a person are still worth mailing. */
export interface HeadChange {
  readonly holderId: string;
  /** The newest generation that has been asked for; 0: says nothing. */
  readonly generation: number;
  /** Links up to and including this generation are void; 0: none. */
  readonly voidedGeneration: number;
}

/** That a recovery has come to its end: whoever follows its mail sees so. */
export interface PasswordSet {
  readonly recoveryId: string;
  readonly at: string;
}

export type Reading =
  | { readonly kind: 'event'; readonly record: IncomingRecord; readonly head: HeadChange; readonly mail: WantedMail | null; readonly passwordSet: PasswordSet | null }
  | { readonly kind: 'unreadable'; readonly record: IncomingRecord; readonly by: UnreadableBy; readonly reason: string };

/** Decides what one record of the recovery topic means; believes nothing that the reader has not checked. */
export function readIncoming(record: IncomingRecord, reader: EventReader): Reading {
  const result = reader.read(record);
  if (result.kind === 'unreadable') return { kind: 'unreadable', record, by: result.by, reason: result.reason };
  const { event } = result;
  // PostgreSQL would take "yesterday" and "infinity" too.
  if (Number.isNaN(Date.parse(event.time))) return { kind: 'unreadable', record, by: 'malformed', reason: `ce_time is not a time: "${event.time}"` };
  const tenantDomain = 'user' in event.data ? event.data.user.tenantDomain : event.data.tenantDomain;
  const saysNothing: HeadChange = { holderId: linkHolderOf(event.source, tenantDomain, event.subject), generation: 0, voidedGeneration: 0 };
  switch (event.type) {
    case 'PasswordRecoveryRequested':
      return reading(record, { ...saysNothing, generation: event.data.generation }, wantedMail(record, event, 'recovery', event.data, event.data.generation));
    case 'PasswordRecovered':
      return {
        ...reading(record, { ...saysNothing, voidedGeneration: event.data.generation }, noticeOf(record, event, event.data, event.data.generation)),
        passwordSet: { recoveryId: event.data.recoveryId, at: event.data.recoveredAt },
      };
    case 'RecoveryVoided':
      return reading(record, { ...saysNothing, voidedGeneration: event.data.generation }, null);
    case 'AccountLocked':
    case 'AccountUnlocked':
      // Says nothing of links: the one for a locked account still works.
      return reading(record, saysNothing, noticeOf(record, event, event.data, 0));
    case 'AccountChanged':
    case 'AccountConfirmationRequested':
    case 'UsernameRecoveryRequested':
      return reading(record, saysNothing, noticeOf(record, event, event.data, 0));
    case 'NotificationSent':
    case 'NotificationFailed':
    case 'NotificationExpired':
    case 'NotificationSuperseded':
      return { kind: 'unreadable', record, by: 'not allowed', reason: `a ${event.type} does not belong on ${topics.recovery}` };
    default:
      return neverHappens(event);
  }
}

type EventReading = Extract<Reading, { kind: 'event' }>;

function reading(record: IncomingRecord, head: HeadChange, mail: WantedMail | null): EventReading {
  return { kind: 'event', record, head, mail, passwordSet: null };
}

interface MailData {
  readonly expiresAt: string;
  readonly user: { readonly username: string; readonly tenantDomain: string };
  readonly recipient: { readonly address: string };
}

/** @returns null where there is nobody to write to */
function noticeOf(record: IncomingRecord, event: RecoveryEvent, data: Omit<MailData, 'recipient'> & { readonly recipient: MailData['recipient'] | null }, generation: number): WantedMail | null {
  const { recipient } = data;
  return recipient === null ? null : wantedMail(record, event, 'notice', { ...data, recipient }, generation);
}

function wantedMail(record: IncomingRecord, event: RecoveryEvent, kind: WantedMail['kind'], data: MailData, generation: number): WantedMail {
  return {
    record,
    eventId: event.id.toLowerCase(),
    eventType: event.type,
    source: event.source,
    kind,
    holderId: linkHolderOf(event.source, data.user.tenantDomain, event.subject),
    tenantDomain: data.user.tenantDomain,
    generation,
    data,
    recipient: data.recipient.address.toLowerCase(),
    username: data.user.username.toLowerCase(),
    traceparent: event.traceparent !== undefined && w3cTraceparent.test(event.traceparent) ? event.traceparent : null,
    createdAt: event.time,
    expiresAt: data.expiresAt,
  };
}

/** https://www.w3.org/TR/trace-context/#traceparent-header; the header is not signed. */
const w3cTraceparent = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** One change per person, by id: every transaction takes the rows in the same order, so none waits in a circle. */
export function mergeHeads(changes: readonly HeadChange[]): HeadChange[] {
  const merged = new Map<string, HeadChange>();
  for (const change of changes) {
    const known = merged.get(change.holderId);
    merged.set(change.holderId, {
      holderId: change.holderId,
      generation: Math.max(change.generation, known?.generation ?? 0),
      voidedGeneration: Math.max(change.voidedGeneration, known?.voidedGeneration ?? 0),
    });
  }
  return [...merged.values()].sort((a, b) => (a.holderId < b.holderId ? -1 : 1));
}

function neverHappens(event: never): never {
  throw new Error(`an event type nobody has thought of: ${JSON.stringify(event)}`);
}
