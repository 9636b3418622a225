import { isAscii } from './envelope-address.ts';
import { refusesSender } from './sender-refusal.ts';
import type { SmtpStage } from './smtp-outcome.ts';

/** A relay that refuses, falls silent or hangs up. */
export class RelayError extends Error {
  /** null where it said neither a temporary nor a final no. */
  readonly code: number | null;

  /** @param message what it said, or what became of the connection @param code as it said it */
  constructor(
    message: string,
    readonly stage: SmtpStage,
    code: number | null = null,
  ) {
    super(message);
    this.code = code !== null && code >= 400 && code <= 599 ? code : null;
  }
}

const authenticationRequired = 530; // RFC 4954, and STARTTLS first: RFC 3207
const tooBig = 552;

/**
 * Of a 5xx up to the 354. MAIL names the sender, the same for every mail; only the size in it, and whether it needs SMTPUTF8, are one mail's own.
 * @param to as RCPT named it
 */
export function isRelaysFault({ code, stage, message }: RelayError, to: string): boolean {
  return code === authenticationRequired || (stage === 'mail' && code !== tooBig && isAscii(to)) || (stage === 'rcpt' && refusesSender(message, to));
}
