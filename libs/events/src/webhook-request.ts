import { z } from 'zod';

/** The type of the signed request about the webhooks of the deployment. */
export const webhookRequestType = 'WebhookRequest';

export const webhookRequest = z.discriminatedUnion('ask', [z.strictObject({ ask: z.literal('list') }), z.strictObject({ ask: z.literal('enable'), webhook: z.string().min(1).max(255) })]);

export type WebhookRequest = z.output<typeof webhookRequest>;

const count = z.int().min(0);
const time = z.iso.datetime();

export const knownWebhook = z.object({
  name: z.string(),
  host: z.string().meta({ description: 'Of its URL, of which no more is told: there may be a secret in it.' }),
  events: z.array(z.string()),
  tenants: z.array(z.string()).nullable().meta({ description: 'Of whose users’ mails it is told; null: of everybody’s.' }),
  state: z.enum(['on', 'off', 'gone']).meta({ description: '`off`: by `deployment.toml`. `gone`: it has answered 410, or taken nothing for too long, and is told nothing more.' }),
  goneSince: time.nullable(),
  waiting: count.meta({ description: 'Outcomes that it is yet to be told, as far as ten thousand.' }),
  oldestWaitingAt: time.nullable(),
  lastError: z.string().nullable().meta({ description: 'Why one of those that wait was not taken; of one that is told nothing more, why the last was not.' }),
  lastTakenAt: time.nullable().meta({ description: 'null: none in the last seven days.' }),
  takenInLastHour: count,
  givenUpInLastDay: count.meta({ description: 'Outcomes of which it is not told any more.' }),
});

export type KnownWebhook = z.output<typeof knownWebhook>;

export const webhookOutcome = z.discriminatedUnion('kind', [z.object({ kind: z.literal('webhooks'), webhooks: z.array(knownWebhook) }), z.object({ kind: z.enum(['enabled', 'unknown']) })]);

export type WebhookOutcome = z.output<typeof webhookOutcome>;
