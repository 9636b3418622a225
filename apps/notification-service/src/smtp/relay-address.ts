import type { MailRelaySettings } from '@rekey/deployment-config';

/** As far as talking to the relay goes. */
export type RelayAddress = Pick<MailRelaySettings, 'name' | 'host' | 'port' | 'tls' | 'credentials'>;

export interface SmtpTimeouts {
  readonly connectMs: number;
  /** For each answer up to the 354: the greeting, EHLO, STARTTLS with its handshake, AUTH as a whole, MAIL, RCPT, DATA. */
  readonly commandMs: number;
  /** From the 354 to the answer to the dot. */
  readonly dataMs: number;
}
