import type { Mail } from '../smtp/mail.ts';

export interface ComposedMail extends Mail {
  readonly rendered: Rendered;
}

/** From which template a mail was made. */
export interface Rendered {
  readonly templateType: string;
  /** Of the template: another than the person's where there is none in theirs. */
  readonly locale: string;
  /** `shipped`, `draft`, or the number of the tenant's own. */
  readonly version: string;
}
