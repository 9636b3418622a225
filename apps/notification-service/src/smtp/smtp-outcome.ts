import type { DialogueLine } from './transcript.ts';

export type SmtpStage = 'connect' | 'greeting' | 'ehlo' | 'starttls' | 'auth' | 'mail' | 'rcpt' | 'data' | 'body' | 'dot';

/** Stages in which no mail has been named yet: what fails there fails for all, and shows without one. */
export function isBeforeTheMail(stage: SmtpStage | 'send'): boolean {
  return stage === 'connect' || stage === 'greeting' || stage === 'ehlo' || stage === 'starttls' || stage === 'auth';
}

/** With which relay, and what was said, for an operator. */
export interface Conversation {
  /** null where none was asked. */
  readonly relay: string | null;
  /** Without the body, and without passwords. */
  readonly dialogue: readonly DialogueLine[];
}

export type SendOutcome = SendResult & Conversation;

/** Unreachable, or it refuses whoever sends and not what is sent: the relay's or the configuration's fault, the same for every mail. */
export interface RelayRefusal {
  readonly kind: 'relay-refused';
  readonly stage: SmtpStage;
  readonly reply: string;
}

/** What became of one mail at the relay; `reply` is for an operator. */
export type SendResult =
  /** 2xx after the dot: the relay answers for it now. */
  | { readonly kind: 'sent'; readonly reply: string }
  /** 4xx anywhere, or lost before the 354: surely not accepted. */
  | { readonly kind: 'retry'; readonly stage: SmtpStage | 'send'; readonly reply: string }
  /** 5xx for this mail. */
  | { readonly kind: 'rejected'; readonly stage: SmtpStage; readonly reply: string }
  | RelayRefusal
  /** No relay was there to be asked. */
  | { readonly kind: 'unasked'; readonly reply: string }
  /** Asked at the 354, the sender no longer wanted it: not a byte of the body went out. */
  | { readonly kind: 'withdrawn' }
  /** Lost or hung after the 354: nobody can know (RFC 1047). */
  | { readonly kind: 'uncertain'; readonly stage: SmtpStage | 'send'; readonly reply: string };

/** Whether it said a yes to RCPT, whatever it said of the mail itself then. */
export function isRecipientTaken(result: SendResult): boolean {
  if ('stage' in result) return result.stage === 'data' || result.stage === 'body' || result.stage === 'dot';
  return result.kind === 'sent' || result.kind === 'withdrawn';
}
