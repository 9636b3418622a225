import { z } from 'zod';

/**
 * The data of every event type, version 1.0, as the schemas that publishers and receivers both check.
 * Times are RFC 3339 in UTC; ids are UUIDs.
 */
const text = (max: number) => z.string().min(1).max(max);
const time = z.iso.datetime();

const user = z.strictObject({
  id: z.uuid(),
  username: text(255),
  realm: text(63),
  tenantDomain: text(255),
});

/** Where the mail goes and what its template may say of the person. The address is the stored one, never one from a request. */
const recipient = z.strictObject({
  address: text(320),
  locale: text(35),
  claims: z.record(text(255), z.string().max(1024)),
});

const passwordRecoveryRequested = z.strictObject({
  /** New with every generation; the sealed key is bound to it. */
  recoveryId: z.uuid(),
  /** Rises with every new key of this person: only the newest one's mail is worth sending. */
  generation: z.int().positive(),
  scenario: text(63),
  user,
  channel: z.literal('EMAIL'),
  recipient,
  /** JWE compact: the recovery key, sealed to the notification service. */
  sealedSecret: text(4096),
  /** The link is this with `#key=<key>` behind it; must lie below one of the publisher's link bases. */
  linkBase: z.url({ protocol: /^https?$/ }).max(2048),
  callback: z.string().max(2048).optional(),
  templateType: text(63),
  requestedAt: time,
  expiresAt: time,
  properties: z.record(text(255), z.string().max(1024)),
});

const passwordRecovered = z.strictObject({
  recoveryId: z.uuid(),
  generation: z.int().positive(),
  scenario: text(63),
  user,
  channel: z.literal('EMAIL'),
  /** null where the person has no address or the tenant does not notify of a success: nothing is sent, pending links are cancelled. */
  recipient: recipient.nullable(),
  linkBase: z.url({ protocol: /^https?$/ }).max(2048),
  templateType: text(63),
  recoveredAt: time,
  expiresAt: time,
});

const recoveryVoided = z.strictObject({
  user,
  /** Keys up to and including this generation are void: their pending mails are cancelled. */
  generation: z.int().nonnegative(),
  reason: z.enum(['password-changed', 'address-changed', 'account-disabled', 'user-deleted', 'forced-by-admin']),
  voidedAt: time,
});

const outcome = z.strictObject({
  /** `ce_id` of the event that asked for the mail. */
  eventId: z.uuid(),
  eventType: text(127),
  userId: z.uuid(),
  tenantDomain: text(255),
  generation: z.int().nonnegative(),
  messageId: text(255),
  attempts: z.int().nonnegative(),
  /** For an operator: the relay's reply, or why nothing was sent. */
  detail: z.string().max(1024),
  at: time,
});

export const eventDataSchemas = {
  PasswordRecoveryRequested: passwordRecoveryRequested,
  PasswordRecovered: passwordRecovered,
  RecoveryVoided: recoveryVoided,
  NotificationSent: outcome,
  NotificationFailed: outcome,
  NotificationExpired: outcome,
  NotificationSuperseded: outcome,
} as const;

export type EventType = keyof typeof eventDataSchemas;
export type EventData<T extends EventType> = z.output<(typeof eventDataSchemas)[T]>;

/** Major and minor version of the schema that this build writes, per type. A higher major version is not read. */
export const schemaVersion = { major: 1, minor: 0 } as const;

export function isEventType(name: string): name is EventType {
  return Object.hasOwn(eventDataSchemas, name);
}
