import { z } from 'zod';
import { eventTime as time } from './event-time.ts';
import { isLinkBase } from './link-base.ts';
import type { SchemaVersion } from './schema-urn.ts';

/** No database takes the rest: a publisher is to learn of it where it publishes. */
const unicode = (max: number) => z.string().max(max).refine((given) => !/[\0\p{Surrogate}]/u.test(given), 'must be Unicode text without NUL');
const text = (max: number) => unicode(max).min(1);
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
 * The data of every event type, version 1.2, as the schemas that publishers and receivers both check; what each field means stands in the
 * documents that are made of them. Times are RFC 3339 in UTC; ids are UUIDs.
 * @param object what becomes of fields that are not in the schema
 */
function dataSchemas(object: ObjectSchema) {
  const user = object({
    id: z.uuid().describe('The same for ever; also the record’s key.'),
    username: text(255),
    realm: text(63).describe('The user store: `PRIMARY`, or a secondary one’s name.'),
    tenantDomain: text(255),
  }).describe('Whom it is about.');

  const recipient = object({
    address: text(320).describe('One plain address: the stored one, never one from a request.'),
    locale: text(35).describe('Of the mail, as `en_US`; where there is no template in it, the language alone, then the default.'),
    claims: textsByName.describe('What the template may say of the person, by the last part of the claim’s name: `givenname`.'),
  }).describe('Where the mail goes.');
  const maybeRecipient = (without: string) => recipient.nullable().describe(`Where the mail goes; null ${without}: nothing is sent.`);

  const channel = z.literal('EMAIL').describe('How the person is reached.');
  const templateType = text(63).describe('Which mail, by the name of its template.');
  const scenario = text(63).describe('WSO2’s name of the flow: `NOTIFICATION_BASED_PW_RECOVERY`, `SELF_SIGN_UP`, …');
  const generation = z.int().positive().describe('Rises with every new key of this person: only the newest one’s mail is worth sending.');
  const sealed = sealedSecret.describe('JWE compact: the key, or the code, sealed to the notification service and bound to `recoveryId`.');
  const keyLink = linkBase.describe('The link is this with `#key=<key>` behind it; below one of the publisher’s `link_bases`.');
  const askAgain = linkBase.describe('Where a new password can be asked for; below one of the publisher’s `link_bases`.');
  const callback = unicode(2048).optional().describe('Where the person is led afterwards.');
  const properties = textsByName.describe('For the template, by name.');
  const requestedAt = time.describe('When it was asked for.');
  const workable = time.describe('Until when the secret works, at most 24 hours after `requestedAt`; with less than a minute left nothing is mailed.');
  const mailable = time.describe('Until when it is worth mailing.');
  /** Of a person alone: what a portal or an administrator does for somebody comes from their own address. */
  const clientAddress = (since: string, what: string) => text(63).optional().describe(`Since ${since}. From where ${what}: an IP address, or an IPv6 network; absent where somebody else did it for the person.`);

  const passwordRecoveryRequested = object({
    recoveryId: z.uuid().describe('New with every generation; the sealed secret is bound to it.'),
    generation,
    scenario,
    user,
    channel,
    recipient,
    sealedSecret: sealed,
    secretKind: z.enum(['key', 'code']).optional().describe('Since 1.2. `code`: what is sealed is a code for the person to type, and the mail has no link; without it, a key.'),
    linkBase: keyLink,
    callback,
    clientAddress: clientAddress('1.2', 'it was asked for'),
    templateType,
    requestedAt,
    expiresAt: workable,
    properties,
  }).refine(isShortLived, shortLived);

  /** Since 1.2. The name of an account, for whoever knows its address and forgot it. */
  const usernameRecoveryRequested = object({
    user,
    channel,
    recipient,
    linkBase: linkBase.describe('Where one signs in with it; below one of the publisher’s `link_bases`.'),
    clientAddress: clientAddress('1.2', 'it was asked for'),
    templateType,
    requestedAt,
    expiresAt: mailable,
  });

  const passwordRecovered = object({
    recoveryId: z.uuid().describe('Of the recovery whose key was spent.'),
    generation: generation.describe('Of that key: pending mails up to it are cancelled.'),
    scenario,
    user,
    channel,
    recipient: maybeRecipient('where the person has no address, or the tenant does not notify of a success'),
    linkBase: askAgain,
    templateType,
    recoveredAt: time.describe('When the password was set.'),
    clientAddress: clientAddress('1.1', 'the new password came'),
    expiresAt: mailable,
  });

  const recoveryVoided = object({
    user,
    generation: z.int().nonnegative().describe('Keys up to and including this generation are void: their pending mails are cancelled.'),
    reason: z.enum(['password-changed', 'address-changed', 'account-disabled', 'account-locked', 'user-deleted', 'forced-by-admin', 'role-granted']).describe('`account-locked`, by an administrator, since 1.1; `role-granted` since 1.2.'),
    voidedAt: time,
  });

  const accountLocked = object({
    user,
    channel,
    recipient: maybeRecipient('where the person has no address'),
    linkBase: askAgain,
    templateType,
    reason: z.enum(['failed-attempts', 'administrator']),
    lockedAt: time,
    unlocksAt: time.nullable().describe('null: until a recovery or an administrator unlocks it.'),
    expiresAt: mailable,
  });

  const accountUnlocked = object({
    user,
    channel,
    recipient: maybeRecipient('where the person has no address'),
    linkBase: askAgain,
    templateType,
    reason: z.enum(['time', 'recovery', 'administrator']).describe('What unlocked it.'),
    unlockedAt: time,
    expiresAt: mailable,
  });

  /** Since 1.1. A change that is no recovery, told to where the person was reached before it. */
  const accountChanged = object({
    user,
    channel,
    recipient,
    linkBase: linkBase.describe('Where a new password can be asked for; of a `confirmed` account, where one signs in to it.'),
    templateType,
    change: z.enum(['password', 'address', 'address-requested', 'confirmed']).describe('Since 1.2: `confirmed`, by whoever registered the account, and `address-requested`, where another one waits to be confirmed.'),
    changedAt: time,
    clientAddress: clientAddress('1.1', 'it was changed'),
    expiresAt: mailable,
  });

  /** Since 1.2. Somebody has registered an account, or given another address, and is to prove that it is theirs: by the key in the link. */
  const accountConfirmationRequested = object({
    recoveryId: z.uuid().describe('As in `PasswordRecoveryRequested`, but of the confirmation: its key sets no password.'),
    scenario,
    user,
    channel,
    recipient,
    sealedSecret: sealed,
    linkBase: keyLink,
    callback,
    clientAddress: clientAddress('1.2', 'it was asked for'),
    templateType,
    requestedAt,
    expiresAt: workable,
    properties,
  }).refine(isShortLived, shortLived);

  const outcome = object({
    eventId: z.uuid().describe('`ce_id` of the event that asked for the mail.'),
    eventType: text(127).describe('Its type.'),
    userId: z.uuid(),
    tenantDomain: text(255),
    generation: z.int().nonnegative().describe('Of the key that was mailed; 0 where there was none.'),
    messageId: text(255).describe('Of the mail, in angle brackets, the same of every copy.'),
    attempts: z.int().nonnegative().describe('How often it was given to a relay.'),
    detail: z.string().max(1024).describe('For an operator: the relay’s reply, or why nothing was sent.'),
    at: time.describe('When it ended.'),
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
