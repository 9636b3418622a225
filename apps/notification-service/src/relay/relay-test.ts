import { standardTimeouts } from '../smtp/smtp-relay.ts';
import { SmtpSession, type RelayAddress } from '../smtp/smtp-session.ts';
import type { DialogueLine } from '../smtp/transcript.ts';

/** What `rekey relays test` reads, as JSON. */
export interface RelayReport {
  readonly relay: string;
  /** null where a mail could be given to it. */
  readonly refusal: string | null;
  readonly dialogue: readonly DialogueLine[];
}

/** Connects, secures the connection and signs in, as before a mail, and names none. */
export async function testRelay(relay: RelayAddress): Promise<RelayReport> {
  const session = await SmtpSession.open(relay, { timeouts: standardTimeouts, ended: new AbortController().signal });
  if (!(session instanceof SmtpSession)) return { relay: relay.name, refusal: `${session.stage}: ${session.reply}`, dialogue: session.dialogue };
  session.quit();
  return { relay: relay.name, refusal: null, dialogue: session.said };
}
