import { api } from '../api/client.ts';
import { confirmationLink, type MailedLink } from './mailed-link.ts';

/** What the link of a mail confirms, by the press of a button. */
export interface Confirmation {
  readonly page: string;
  readonly donePage: string;
  readonly confirm: (key: string) => Promise<{ username: string; callback?: string }>;
  /** With which another link is asked for; null: not by a name alone. */
  readonly link: MailedLink | null;
  /** Where its texts stand. */
  readonly words: 'confirm' | 'confirmAddress';
}

/** An account that somebody registered. */
export const accountConfirmation: Confirmation = { page: '/confirm', donePage: '/confirm/done', confirm: api.confirmAccount, link: confirmationLink, words: 'confirm' };

/** Another mail address of an account. */
export const addressConfirmation: Confirmation = { page: '/confirm/address', donePage: '/confirm/address/done', confirm: api.confirmAddress, link: null, words: 'confirmAddress' };
