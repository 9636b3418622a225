import { isAscii } from './envelope-address.ts';
import { refusesSender } from './sender-refusal.ts';
import type { SmtpStage } from './smtp-outcome.ts';

/** What nodemailer's errors say beside their message. */
export type RelayError = Error & { readonly responseCode?: number; readonly response?: string; readonly command?: string; readonly code?: string };

/** With its last word, where that is a 421: the connection's end comes before the command's. */
export function closedBecauseOf(lastReply: string): RelayError {
  const error = new Error('the relay closed the connection');
  return lastReply.startsWith('421') ? Object.assign(error, { responseCode: 421, response: lastReply }) : error;
}

/** @returns null where the relay said neither a temporary nor a final no */
export function codeOf(error: unknown): number | null {
  const code = error instanceof Error ? (error as RelayError).responseCode : undefined;
  return code !== undefined && code >= 400 && code <= 599 ? code : null;
}

/** Bigger than the relay takes by its own account, or an address that no command can hold: nodemailer does not even ask. */
export function isRefusedByClient(error: unknown): boolean {
  const { code, response } = error instanceof Error ? (error as RelayError) : {};
  return !response && (code === 'EMESSAGE' || code === 'EENVELOPE');
}

const authenticationRequired = 530; // RFC 4954, and STARTTLS first: RFC 3207
const tooBig = 552;

/** A 5xx. */
export interface Refusal {
  readonly code: number;
  readonly stage: SmtpStage;
  readonly reply: string;
  /** As RCPT named it. */
  readonly to: string;
}

/**
 * MAIL names the sender, the same for every mail; only the size in it, and whether it needs SMTPUTF8, are one mail's own. To the dot, every
 * refusal is the mail's own.
 */
export function isRelaysFault({ code, stage, reply, to }: Refusal): boolean {
  if (stage === 'body' || stage === 'dot') return false;
  return code === authenticationRequired || (stage === 'mail' && code !== tooBig && isAscii(to)) || (stage === 'rcpt' && refusesSender(reply, to));
}
