import type { RelayTest } from '@rekey/events';
import { AnsweringFamily } from '../smtp/answering-family.ts';
import { standardTimeouts } from '../smtp/smtp-relay.ts';
import { SmtpSession } from '../smtp/smtp-session.ts';
import type { RelayAddress, SmtpTimeouts } from '../smtp/relay-address.ts';

export interface RelayTestOptions {
  readonly timeouts?: Partial<SmtpTimeouts>;
  /** Until it is given up, however slowly the relay goes on. */
  readonly withinMs?: number;
}

/** Connects, secures the connection and signs in, as before a mail, and names none. */
export async function testRelay(relay: RelayAddress, { timeouts, withinMs }: RelayTestOptions = {}): Promise<RelayTest> {
  const ended = withinMs === undefined ? new AbortController().signal : AbortSignal.timeout(withinMs);
  const session = await SmtpSession.open(relay, { timeouts: { ...standardTimeouts, ...timeouts }, family: new AnsweringFamily(), ended });
  if (!(session instanceof SmtpSession)) return { relay: relay.name, refusal: `${session.stage}: ${ended.aborted ? 'it took too long' : session.reply}`, dialogue: [...session.dialogue] };
  session.quit();
  return { relay: relay.name, refusal: null, dialogue: [...session.said] };
}
