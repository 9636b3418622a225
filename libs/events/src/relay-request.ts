import { z } from 'zod';
import { dialogueLine } from './delivery-request.ts';

/** The type of the signed request about the mail relays of the deployment, which the notification services talk to. */
export const relayRequestType = 'RelayRequest';

export const relayRequest = z.discriminatedUnion('ask', [z.strictObject({ ask: z.literal('list') }), z.strictObject({ ask: z.literal('test'), relay: z.string().min(1).max(255) })]);

export type RelayRequest = z.output<typeof relayRequest>;

const count = z.int().min(0);
const time = z.iso.datetime();

/** What one notification service has come to know of a relay: each has a circuit of its own. */
const relayAtWorker = z.object({
  worker: z.string().meta({ description: 'The host’s name and the process id.' }),
  circuit: z.enum(['closed', 'open', 'half-open']).meta({ description: '`closed`: it is used. `open`: it cannot be, and is left alone. `half-open`: one mail is tried, or is about to be.' }),
  since: time.meta({ description: 'Since when it is `closed`, or is not.' }),
  reason: z.string().nullable().meta({ description: 'Why it cannot be used, as the relay said last; null where it can.' }),
  nextProbeAt: time.nullable().meta({ description: 'When one mail may be tried again; null where it is `closed`.' }),
  inFlight: count.meta({ description: 'Mails that are being handed over.' }),
  sent: count.meta({ description: 'Mails that it took in the last five minutes.' }),
  failed: count.meta({ description: 'Attempts of the last five minutes that ended otherwise.' }),
  meanMs: z.number().nullable().meta({ description: 'How long a mail that it took in the last five minutes needed, from being handed over to the `250`; null where there was none.' }),
  reportedAt: time,
});

export const knownRelay = z.object({
  name: z.string(),
  host: z.string(),
  port: z.int(),
  priority: z.int().meta({ description: 'The lower is asked first.' }),
  tls: z.enum(['starttls', 'opportunistic', 'implicit', 'none']).meta({ description: 'As `tls` of the relay in `deployment.toml`.' }),
  signsIn: z.boolean().meta({ description: 'Whether it is given a user name and a password.' }),
  dkim: z.boolean().meta({ description: 'Whether the mails are signed before.' }),
  connections: count.meta({ description: 'Of one notification service, at most.' }),
  mailsPerSecond: z.number().nullable().meta({ description: 'Of one notification service; null: as many as it takes.' }),
  workers: z.array(relayAtWorker).meta({ description: 'The notification services that run; one that is gone is not among them after twenty seconds.' }),
});

export type KnownRelay = z.output<typeof knownRelay>;

/** What was said until a mail could have been given to it; none was. */
export const relayTest = z.object({
  relay: z.string(),
  refusal: z.string().nullable().meta({ description: 'Why it cannot be used; null where it can.' }),
  dialogue: z.array(dialogueLine).meta({ description: 'Without passwords.' }),
});

export type RelayTest = z.output<typeof relayTest>;

export const relayOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('relays'), relays: z.array(knownRelay) }),
  z.object({ kind: z.literal('tested'), test: relayTest }),
  z.object({ kind: z.literal('unknown') }),
]);

export type RelayOutcome = z.output<typeof relayOutcome>;
