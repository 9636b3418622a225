import { z } from 'zod';
import { text } from './storable-text.ts';

/** The type of the signed request by which the recovery service, which knows administrators, asks the notification service what became of mails. */
export const deliveryRequestType = 'DeliveryRequest';

const time = z.iso.datetime();
/** As much as every clock here can tell, and no more text than PostgreSQL reads. */
export const timeSince1970 = z.iso.datetime().max(35).refine((moment) => moment >= '1970', 'expected a time since 1970');

/** Where a mail may stand, on its way or at its end. */
export const deliveryStates = ['PENDING', 'UNCERTAIN', 'SENDING', 'SENT', 'REJECTED', 'UNCERTAIN_CLOSED', 'SUPERSEDED', 'EXPIRED', 'CANCELLED', 'SUPPRESSED', 'CAPPED'] as const;

/** All of them hold for a mail that is shown. */
export const deliveryFilter = z.strictObject({
  state: z.enum(deliveryStates).optional(),
  type: text(127).optional().meta({ description: 'The template’s, such as `passwordreset`, or the event’s, such as `PasswordRecoveryRequested`.' }),
  user: text(255).optional().meta({ description: 'By id or by name.' }),
  recipient: text(320).optional().meta({ description: 'The whole address.' }),
  reference: text(20).optional().meta({ description: 'The number in the mail, such as `7K3M9-QPA2X`.' }),
  from: timeSince1970.optional().meta({ description: 'Accepted at this time or later.' }),
  to: timeSince1970.optional().meta({ description: 'Accepted before this time.' }),
  relay: text(255).optional().meta({ description: 'One that it was tried with.' }),
  cause: text(255).optional().meta({ description: 'Why it failed last, as `failures` groups by it: `rcpt 550 5.1.1`.' }),
});

export type DeliveryFilter = z.output<typeof deliveryFilter>;

/** How mails end that were not sent, and neither overtaken nor void. */
export const failedMailStates = ['REJECTED', 'UNCERTAIN_CLOSED', 'EXPIRED', 'SUPPRESSED', 'CAPPED'] as const;

/** Those of which an operator may have something done again. `DEAD`: what came in and could not be read; it is of no tenant. */
const failedStates = [...failedMailStates, 'DEAD'] as const;

export const replayFilter = deliveryFilter.extend({ state: z.enum(failedStates) });

/** What became of a mail that was to be sent again, or why it was not. */
export const replayVerdicts = ['replayed', 'open', 'sent', 'overtaken', 'void', 'expires-soon', 'may-be-a-copy', 'still-unreadable'] as const;

export type ReplayVerdict = (typeof replayVerdicts)[number];

const count = z.int().min(0);
const ofTenant = { tenantDomain: text(255) };
/** `dead`: whether what is of no tenant may be seen. `copy`: whether to send what may have arrived. `by`: who asks, as `name@tenant`. */
const ofDesk = { ...ofTenant, dead: z.boolean() };
const replaying = { ...ofDesk, by: text(600), copy: z.boolean() };
/** Made by the answer before, and read by nobody else. */
export const deliveryCursor = text(128);

export const deadStates = ['open', 'replayed', 'discarded'] as const;

export const deadFilter = z.strictObject({ state: z.enum(deadStates).default('open'), cause: text(255).optional().meta({ description: 'As `failures` groups by it.' }) });

/** Why it is to be left unread, for whoever finds it. */
export const discardReason = text(500);

export const deliveryRequest = z.discriminatedUnion('ask', [
  z.strictObject({ ask: z.literal('list'), ...ofTenant, filter: deliveryFilter, after: deliveryCursor.optional(), limit: z.int().min(1).max(100) }),
  z.strictObject({ ask: z.literal('show'), ...ofTenant, id: z.uuid() }),
  z.strictObject({ ask: z.literal('list-dead'), ...ofDesk, filter: deadFilter, after: z.uuid().optional(), limit: z.int().min(1).max(100) }),
  z.strictObject({ ask: z.literal('show-dead'), ...ofDesk, id: z.uuid() }),
  z.strictObject({ ask: z.literal('discard-dead'), ...ofDesk, by: text(600), id: z.uuid(), reason: discardReason }),
  z.strictObject({ ask: z.literal('failures'), ...ofDesk }),
  z.strictObject({ ask: z.literal('figures'), ...ofTenant, from: timeSince1970, to: timeSince1970, buckets: z.int().min(1).max(200) }),
  z.strictObject({ ask: z.literal('replay'), ...replaying, id: z.uuid() }),
  z.strictObject({ ask: z.literal('replay-many'), ...replaying, filter: replayFilter, after: deliveryCursor.optional() }),
]);

export type DeliveryRequest = z.output<typeof deliveryRequest>;

export const deliverySummary = z.object({
  id: z.uuid().meta({ description: 'Of the event that asked for the mail.' }),
  reference: z.string().meta({ description: 'The number in the mail.' }),
  state: z.enum(deliveryStates),
  cause: z.string().nullable().meta({ description: 'Why its last attempt failed, in a form to group by; null where none has.' }),
  eventType: z.string(),
  templateType: z.string(),
  user: z.object({ id: z.uuid(), username: z.string(), realm: z.string() }),
  recipient: z.string().meta({ description: 'Masked: the first letter, and the domain.' }),
  requestedAt: time.meta({ description: 'As the event has it.' }),
  acceptedAt: time,
  finishedAt: time.nullable(),
  attempts: count,
});

export type DeliverySummary = z.output<typeof deliverySummary>;

export const dialogueLine = z.object({ who: z.enum(['client', 'relay', 'network']), line: z.string(), atMs: z.number() });

const deliveryAttempt = z.object({
  number: count.meta({ description: 'One that a relay refused before any mail was named does not count: the next one has its number again.' }),
  startedAt: time,
  endedAt: time,
  stage: z.string().meta({ description: 'How far it came: `connect`, `rcpt`, `dot`, … or `sent`.' }),
  reply: z.string().meta({ description: 'Of the relay, or what went wrong.' }),
  rendered: z.object({ templateType: z.string(), locale: z.string(), version: z.string().meta({ description: '`shipped`, the number of the tenant’s own, or `draft` for a test.' }) }).nullable().meta({ description: 'From which template the mail was made; null where it could not be, or its sender was lost.' }),
  relay: z.string().nullable().meta({ description: 'null where none was reached.' }),
  dialogue: z.array(dialogueLine).meta({ description: 'What was said, without the mail and without passwords.' }),
});

export const deliveryTimeline = deliverySummary.extend({
  published: z.object({ topic: z.string(), partition: count, offset: z.string() }),
  generation: count.meta({ description: 'Of the recovery’s link: only the newest is mailed. 0: not of a recovery.' }),
  messageId: z.string(),
  traceId: z.string().nullable(),
  expiresAt: time,
  nextAttemptAt: time.nullable().meta({ description: 'null where none is due.' }),
  lastError: z.string().nullable(),
  ending: z.string().nullable().meta({ description: 'Why it ended as it did, in words; null while it is open.' }),
  sentAt: time.nullable(),
  queueId: z.string().nullable().meta({ description: 'By which the relay that took it knows the mail.' }),
  possibleCopies: count.meta({ description: 'How often the relay’s answer was lost after the mail had gone out: so many copies may have arrived unknown.' }),
  passwordSetAt: time.nullable().meta({ description: 'When a new password was set by its link.' }),
  attemptsMade: z.array(deliveryAttempt),
  bounces: z.array(z.object({
    at: time.meta({ description: 'When it bounced, as whoever told it says; else when it was sent.' }),
    kind: z.enum(['hard', 'soft', 'complaint']).meta({ description: '`hard` and `complaint` put the address on the list of those that are not mailed to.' }),
    reason: z.string(),
    by: z.string(),
    reportedAt: time,
  })),
  replays: z.array(z.object({ at: time, by: z.string(), copy: z.boolean().meta({ description: 'Whether it may have arrived before.' }) })),
});

export type DeliveryTimeline = z.output<typeof deliveryTimeline>;

/** What came in and could not be read. */
export const deadSummary = z.object({
  id: z.uuid(),
  state: z.enum(deadStates),
  reason: z.string().meta({ description: 'Why it could not be read.' }),
  cause: z.string().meta({ description: 'The same, in a form to group by.' }),
  type: z.string().nullable().meta({ description: 'As it says of itself; null where it does not.' }),
  publisher: z.object({ source: z.string(), listed: z.boolean().meta({ description: 'Whether `deployment.toml` has a publisher of this name. That it was this one is not shown by it.' }) }).nullable().meta({ description: 'As it says of itself.' }),
  bytes: count.nullable().meta({ description: 'Of its data; null where it had none.' }),
  timesSeen: count,
  firstAt: time,
  lastAt: time,
});

export type DeadSummary = z.output<typeof deadSummary>;

/** Its data is not among it: nobody knows what a stranger wrote there, or whether it is a key. */
export const deadEvent = deadSummary.extend({
  published: z.object({ topic: z.string(), partition: count, offset: z.string() }),
  key: z.string().nullable(),
  headers: z.record(z.string(), z.string()).meta({ description: 'As they came, but for the signature; what prints as nothing is written `\\u{…}`. What a stranger wrote: not to be believed.' }),
  replayedAt: time.nullable(),
  replayedBy: z.string().nullable(),
  discardedAt: time.nullable(),
  discardedBy: z.string().nullable(),
  discardReason: z.string().nullable(),
});

export type DeadEvent = z.output<typeof deadEvent>;

export const failureGroup = z.object({
  state: z.enum(failedStates),
  cause: z.string().nullable(),
  count,
  oldestAt: time,
  newestAt: time,
  newest: z.array(z.uuid()).meta({ description: 'The ids of the newest, ten at most.' }),
});

/** What happened to mails within some time; each counts when it came in, and when it ended. */
export const mailFigures = z.object({
  accepted: count.meta({ description: 'Mails that were asked for.' }),
  sent: count,
  failed: count.meta({ description: 'Those that ended otherwise, and were neither overtaken nor void.' }),
  failures: z.partialRecord(z.enum(failedMailStates), count).meta({ description: 'The same, by how they ended.' }),
  medianMs: z.number().nullable().meta({ description: 'From the request to the relay’s `250`, to within a tenth; null where none was sent.' }),
  p95Ms: z.number().nullable().meta({ description: 'Likewise; all but one in twenty were quicker.' }),
  oldestSeconds: count.nullable().meta({ description: 'How long the mail waited that waited longest, as it was looked at each minute; null where none did.' }),
});

export type MailFigures = z.output<typeof mailFigures>;

export const deliveryOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('page'), deliveries: z.array(deliverySummary), next: z.string().nullable() }),
  z.object({ kind: z.literal('timeline'), delivery: deliveryTimeline }),
  z.object({ kind: z.literal('dead-page'), events: z.array(deadSummary), next: z.uuid().nullable() }),
  z.object({ kind: z.literal('dead'), event: deadEvent }),
  z.object({ kind: z.literal('discarded'), event: deadEvent }),
  z.object({ kind: z.literal('failures'), groups: z.array(failureGroup) }),
  z.object({ kind: z.literal('figures'), buckets: z.array(mailFigures), open: count, oldestOpenAt: time.nullable() }),
  z.object({ kind: z.literal('replay'), verdict: z.enum(replayVerdicts), reason: z.string().optional() }),
  z.object({ kind: z.literal('replays'), verdicts: z.partialRecord(z.enum(replayVerdicts), count), next: z.string().nullable() }),
  z.object({ kind: z.literal('unknown') }),
  z.object({ kind: z.literal('refused'), reason: z.string() }),
]);

export type DeliveryOutcome = z.output<typeof deliveryOutcome>;
