import { api, type RecoveryWays } from '../api/client.ts';
import type { Asking } from '../captcha/solving.ts';

/** What a mail brings that opens something. Whoever asks for it goes the same way for each of them, and is told the same whatever there is of the name. */
export interface MailedLink {
  readonly askPage: string;
  readonly sentPage: string;
  /** `flow`: what the code of the mail is typed with. */
  readonly send: (username: string, asking: Asking) => Promise<{ flow?: string }>;
  readonly sendAgain: (username: string, asking: Asking) => Promise<{ flow?: string }>;
  /** Where its texts stand. */
  readonly words: 'forgot' | 'forgot.byCode' | 'confirm.again';
}

/** To set a new password. */
export const passwordLink: MailedLink = { askPage: '/forgot', sentPage: '/forgot/sent', send: api.requestLink, sendAgain: api.sendAgain, words: 'forgot' };

/** A code in the place of the link. */
export const passwordCode: MailedLink = { askPage: '/forgot', sentPage: '/forgot/code', send: api.requestCode, sendAgain: api.requestCode, words: 'forgot.byCode' };

/** To confirm an account that somebody registered: the first one is sent by the registration itself. */
export const confirmationLink: MailedLink = { askPage: '/confirm/again', sentPage: '/confirm/sent', send: api.sendConfirmation, sendAgain: api.sendConfirmation, words: 'confirm.again' };

export const passwordWays: Readonly<Record<RecoveryWays['password'][number], MailedLink>> = { link: passwordLink, code: passwordCode };
