import { api } from '../api/client.ts';
import { texts } from '../texts.ts';
import { confirmationLink, type MailedLink } from './mailed-link.ts';

/** What the link of a mail confirms, by the press of a button. */
export interface Confirmation {
  readonly page: string;
  readonly donePage: string;
  readonly confirm: (key: string) => Promise<{ username: string; callback?: string }>;
  /** With which another link is asked for; null: not by a name alone. */
  readonly link: MailedLink | null;
  readonly texts: { readonly title: string; readonly lead: string; readonly submit: string; readonly dead: string; readonly done: { readonly title: string; readonly lead: string } };
}

/** An account that somebody registered. */
export const accountConfirmation: Confirmation = { page: '/confirm', donePage: '/confirm/done', confirm: api.confirmAccount, link: confirmationLink, texts: texts.confirm };

/** Another mail address of an account. */
export const addressConfirmation: Confirmation = { page: '/confirm/address', donePage: '/confirm/address/done', confirm: api.confirmAddress, link: null, texts: texts.confirmAddress };
