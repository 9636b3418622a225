import { z } from 'zod';
import { aligned } from '../aligned.ts';

export const delivery = z.object({
  id: z.string(),
  reference: z.string(),
  state: z.string(),
  cause: z.string().nullable(),
  templateType: z.string(),
  user: z.object({ username: z.string() }),
  recipient: z.string(),
  acceptedAt: z.string(),
  attempts: z.number(),
});
export const page = z.object({ deliveries: z.array(delivery), next: z.string().nullable() });

const attempt = z.object({
  number: z.number(),
  startedAt: z.string(),
  endedAt: z.string(),
  stage: z.string(),
  reply: z.string(),
  rendered: z.object({ templateType: z.string(), locale: z.string(), version: z.string() }).nullable(),
  relay: z.string().nullable(),
  dialogue: z.array(z.object({ who: z.string(), line: z.string(), atMs: z.number() })),
});
export const timeline = delivery.extend({
  eventType: z.string(),
  requestedAt: z.string(),
  finishedAt: z.string().nullable(),
  published: z.object({ topic: z.string(), partition: z.number(), offset: z.string() }),
  messageId: z.string(),
  expiresAt: z.string(),
  nextAttemptAt: z.string().nullable(),
  lastError: z.string().nullable(),
  ending: z.string().nullable(),
  queueId: z.string().nullable(),
  possibleCopies: z.number(),
  passwordSetAt: z.string().nullable(),
  attemptsMade: z.array(attempt),
  bounces: z.array(z.object({ at: z.string(), kind: z.string(), reason: z.string(), by: z.string() })),
});

export const failures = z.object({ groups: z.array(z.object({ state: z.string(), cause: z.string().nullable(), count: z.number(), oldestAt: z.string(), newestAt: z.string(), newest: z.array(z.string()) })) });
export const replayed = z.object({ outcome: z.enum(['replayed', 'open']) });
export const replays = z.object({ outcomes: z.record(z.string(), z.number()), next: z.string().nullable() });

export type Delivery = z.output<typeof delivery>;
export type Timeline = z.output<typeof timeline>;

export function tableOf(deliveries: readonly Delivery[]): string {
  const rows = deliveries.map(({ reference, state, templateType, user, recipient, acceptedAt, attempts, cause, id }) => [reference, state, templateType, user.username, recipient, acceptedAt, String(attempts), cause ?? '', id]);
  return aligned([['reference', 'state', 'type', 'user', 'recipient', 'accepted', 'attempts', 'cause', 'id'], ...rows]);
}

export function failureTable(groups: z.output<typeof failures>['groups']): string {
  const rows = groups.map(({ count, state, cause, oldestAt, newestAt, newest }) => [String(count), state, cause ?? '', oldestAt, newestAt, newest[0] ?? '']);
  return aligned([['mails', 'state', 'cause', 'first', 'last', 'the newest'], ...rows]);
}

/** One line for each thing that happened, in its order, and beneath each attempt what was said. */
export function storyOf(told: Timeline, withDialogue: boolean): string {
  const { reference, state, templateType, user, recipient, published, expiresAt, nextAttemptAt, lastError, ending, queueId, possibleCopies, passwordSetAt } = told;
  const head = [`${reference}  ${state}`, `${templateType} for ${user.username}, to ${recipient}; its link expires ${expiresAt}`, `Message-ID ${told.messageId}`];
  const events = [
    [told.requestedAt, 'requested', told.eventType],
    [told.acceptedAt, 'accepted', `${published.topic}, partition ${published.partition}, offset ${published.offset}`],
    ...told.attemptsMade.flatMap((made) => [
      ...(made.rendered === null ? [] : [[made.startedAt, 'rendered', `${made.rendered.templateType} in ${made.rendered.locale}, ${versionOf(made.rendered)}`]]),
      [made.startedAt, `attempt ${made.number}`, made.relay ?? 'no relay was asked'],
      ...(withDialogue ? made.dialogue.map(({ who, line, atMs }) => ['', '', `${String(atMs).padStart(6)} ms  ${signs[who] ?? who} ${line}`]) : []),
      [made.endedAt, made.stage, made.reply],
    ]),
    ...(told.finishedAt === null ? [] : [[told.finishedAt, state, [ending ?? '', ...(queueId === null ? [] : [`queue id ${queueId}`])].join('; ')]]),
    ...told.bounces.map(({ at, kind, reason, by }) => [at, kind === 'complaint' ? kind : `${kind} bounce`, `${reason} (told by ${by})`]),
    ...(passwordSetAt === null ? [] : [[passwordSetAt, 'password set', 'by its link']]),
    ...(nextAttemptAt === null ? [] : [[nextAttemptAt, 'next attempt', lastError ?? '']]),
  ];
  const copies = possibleCopies === 0 ? [] : [[`up to ${possibleCopies} more may have arrived: the relay’s answer was lost`]];
  return aligned([...head, ''].map((line) => [line])) + aligned(events) + aligned(copies);
}

function versionOf({ version }: { readonly version: string }): string {
  return /^\d/.test(version) ? `version ${version}` : version;
}

/** As SMTP's own RFC writes a dialogue. */
const signs: Readonly<Record<string, string>> = { client: 'C:', relay: 'S:', network: '!!' };
