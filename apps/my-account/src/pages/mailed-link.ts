import { api } from '../api/client.ts';
import type { Asking } from '../captcha/solving.ts';
import { texts } from '../texts.ts';

/** A link that a mail brings. Whoever asks for one goes the same way for each of them, and is told the same whatever there is of the name. */
export interface MailedLink {
  readonly askPage: string;
  readonly sentPage: string;
  readonly send: (username: string, asking: Asking) => Promise<unknown>;
  readonly sendAgain: (username: string, asking: Asking) => Promise<unknown>;
  readonly texts: { readonly title: string; readonly lead: string; readonly sent: (username: string) => string; readonly noMail: string };
}

/** To set a new password. */
export const passwordLink: MailedLink = { askPage: '/forgot', sentPage: '/forgot/sent', send: api.requestLink, sendAgain: api.sendAgain, texts: texts.forgot };

/** To confirm an account that somebody registered: the first one is sent by the registration itself. */
export const confirmationLink: MailedLink = { askPage: '/confirm/again', sentPage: '/confirm/sent', send: api.sendConfirmation, sendAgain: api.sendConfirmation, texts: texts.confirm.again };
