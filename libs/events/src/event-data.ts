import { z } from 'zod';
import { isLinkBase } from './link-base.ts';
import type { SchemaVersion } from './schema-urn.ts';

/** No database takes the rest: a publisher is to learn of it where it publishes. */
const unicode = (max: number) => z.string().max(max).refine((given) => !/[\0\p{Surrogate}]/u.test(given), 'must be Unicode text without NUL');
const text = (max: number) => unicode(max).min(1);
const time = z.iso.datetime();
const linkBase = z.string().max(2048).refine(isLinkBase, 'expected an http or https URL in its canonical spelling, without user, query, fragment or encoded slashes');
const textsByName = z.record(text(255), unicode(1024));
/** RFC 7516, 7.1: five parts, of which the second is empty where the key is agreed on directly. */
const jweCompact = /^[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+$/;
const sealedSecret = z.string().max(4096).regex(jweCompact, 'expected a JWE in compact form');

/** What is published and received at most; no event of ours comes near it. */
export const maxValueBytes = 256 * 1024;

type ObjectSchema = typeof z.strictObject;

/** A link or a code that works longer is a risk; a minute is for clocks that differ. */
const longestValidityMs = (24 * 60 + 1) * 60_000;

/** Whether a secret works no longer than a day from when it was asked for. */
function isShortLived({ requestedAt, expiresAt }: { readonly requestedAt: string; readonly expiresAt: string }): boolean {
  return Date.parse(expiresAt) - Date.parse(requestedAt) <= longestValidityMs;
}

const shortLived = { path: ['expiresAt'], message: 'expected within 24 hours of requestedAt' };

/**
 * The data of every event type, version 1.2, as the schemas that publishers and receivers both check.
 * Times are RFC 3339 in UTC; ids are UUIDs.
 * @param object what becomes of fields that are not in the schema
 */
function dataSchemas(object: ObjectSchema) {
  const user = object({
    id: z.uuid(),
    username: text(255),
    realm: text(63),
    tenantDomain: text(255),
  });

  /** Where the mail goes and what its template may say of the person. The address is the stored one, never one from a request. */
  const recipient = object({
    address: text(320),
    locale: text(35),
    claims: textsByName,
  });

  const passwordRecoveryRequested = object({
    /** New with every generation; the sealed key is bound to it. */
    recoveryId: z.uuid(),
    /** Rises with every new key of this person: only the newest one's mail is worth sending. */
    generation: z.int().positive(),
    scenario: text(63),
    user,
    channel: z.literal('EMAIL'),
    recipient,
    /** JWE compact: the recovery key, sealed to the notification service. */
    sealedSecret,
    /** Since 1.2. `code`: what is sealed is a code for the person to type, and the mail has no link; without it, a key. */
    secretKind: z.enum(['key', 'code']).optional(),
    /** The link is this with `#key=<key>` behind it; must lie below one of the publisher's link bases. */
    linkBase,
    callback: unicode(2048).optional(),
    /** Since 1.2. From where it was asked for, an IP address or an IPv6 network; absent where a portal or an administrator asked for the person. */
    clientAddress: text(63).optional(),
    templateType: text(63),
    requestedAt: time,
    expiresAt: time,
    properties: textsByName,
  }).refine(isShortLived, shortLived);

  /** Since 1.2. The name of an account, for whoever knows its address and forgot it. */
  const usernameRecoveryRequested = object({
    user,
    channel: z.literal('EMAIL'),
    recipient,
    /** Where one signs in with it. */
    linkBase,
    /** As in `PasswordRecoveryRequested`. */
    clientAddress: text(63).optional(),
    templateType: text(63),
    requestedAt: time,
    expiresAt: time,
  });

  const passwordRecovered = object({
    recoveryId: z.uuid(),
    generation: z.int().positive(),
    scenario: text(63),
    user,
    channel: z.literal('EMAIL'),
    /** null where the person has no address or the tenant does not notify of a success: nothing is sent, pending links are cancelled. */
    recipient: recipient.nullable(),
    linkBase,
    templateType: text(63),
    recoveredAt: time,
    /** Since 1.1. Where the new password came from, an IP address or an IPv6 network; absent where a portal set it for the person. */
    clientAddress: text(63).optional(),
    expiresAt: time,
  });

  const recoveryVoided = object({
    user,
    /** Keys up to and including this generation are void: their pending mails are cancelled. */
    generation: z.int().nonnegative(),
    /** `account-locked`, by an administrator, since 1.1; `role-granted` since 1.2. */
    reason: z.enum(['password-changed', 'address-changed', 'account-disabled', 'account-locked', 'user-deleted', 'forced-by-admin', 'role-granted']),
    voidedAt: time,
  });

  const accountLocked = object({
    user,
    channel: z.literal('EMAIL'),
    /** null where the person has no address: nothing is sent. */
    recipient: recipient.nullable(),
    /** Where a new password can be asked for. */
    linkBase,
    templateType: text(63),
    reason: z.enum(['failed-attempts', 'administrator']),
    lockedAt: time,
    /** null: until a recovery or an administrator unlocks it. */
    unlocksAt: time.nullable(),
    expiresAt: time,
  });

  const accountUnlocked = object({
    user,
    channel: z.literal('EMAIL'),
    recipient: recipient.nullable(),
    linkBase,
    templateType: text(63),
    reason: z.enum(['time', 'recovery', 'administrator']),
    unlockedAt: time,
    expiresAt: time,
  });

  /** Since 1.1. A change that is no recovery, told to where the person was reached before it. */
  const accountChanged = object({
    user,
    channel: z.literal('EMAIL'),
    recipient,
    /** Where a new password can be asked for; of a `confirmed` account, where one signs in to it. */
    linkBase,
    templateType: text(63),
    /** Since 1.2: `confirmed`, by whoever registered the account, and `address-requested`, where another one waits to be confirmed. */
    change: z.enum(['password', 'address', 'address-requested', 'confirmed']),
    changedAt: time,
    /** From where, as in `PasswordRecovered`. */
    clientAddress: text(63).optional(),
    expiresAt: time,
  });

  /** Since 1.2. Somebody has registered an account, or given another address, and is to prove that it is theirs: by the key in the link. */
  const accountConfirmationRequested = object({
    /** As in `PasswordRecoveryRequested`, but of the confirmation: its key sets no password. */
    recoveryId: z.uuid(),
    scenario: text(63),
    user,
    channel: z.literal('EMAIL'),
    recipient,
    sealedSecret,
    linkBase,
    callback: unicode(2048).optional(),
    templateType: text(63),
    requestedAt: time,
    expiresAt: time,
    properties: textsByName,
  }).refine(isShortLived, shortLived);

  const outcome = object({
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

  return {
    PasswordRecoveryRequested: passwordRecoveryRequested,
    UsernameRecoveryRequested: usernameRecoveryRequested,
    PasswordRecovered: passwordRecovered,
    RecoveryVoided: recoveryVoided,
    AccountLocked: accountLocked,
    AccountUnlocked: accountUnlocked,
    AccountChanged: accountChanged,
    AccountConfirmationRequested: accountConfirmationRequested,
    NotificationSent: outcome,
    NotificationFailed: outcome,
    NotificationExpired: outcome,
    NotificationSuperseded: outcome,
  } as const;
}

/** Fields that are not in the schema are refused: a slip of the publisher's. */
export const eventDataSchemas = dataSchemas(z.strictObject);

/**
 * For what a later minor version wrote, which may add optional fields and nothing else: they are left out.
 * Both functions of zod take the same shapes and put out the same data; their types differ in what becomes of other fields.
 */
export const laterMinorDataSchemas = dataSchemas(z.object);

export type EventType = keyof typeof eventDataSchemas;
export type EventData<T extends EventType> = z.output<(typeof eventDataSchemas)[T]>;

/** The version that this build writes, of every type. */
export const schemaVersion: SchemaVersion = { major: 1, minor: 2 };

export function isEventType(name: string): name is EventType {
  return Object.hasOwn(eventDataSchemas, name);
}

/** @returns the user id that an event with this data has as its subject */
export function subjectOf(data: EventData<EventType>): string {
  return 'user' in data ? data.user.id : data.userId;
}
