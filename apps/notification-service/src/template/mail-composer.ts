import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import NodeMailComposer from 'nodemailer/lib/mail-composer';
import type { MailTemplate } from './compile-template.ts';
import type { Mail } from './mail.ts';
import type { TemplateLibrary } from './template-library.ts';
import { asOneLine, escapeHtml, type TemplateValues } from './template-text.ts';
import type { TimesInWords } from './times-in-words.ts';

/** What a mail is made from. */
export interface MailRequest {
  readonly eventId: string;
  /** The mail's Date, on every copy. */
  readonly createdAt: Date;
  readonly templateType: string;
  readonly recipient: { readonly address: string; readonly locale: string; readonly claims: Readonly<Record<string, string>> };
  readonly user: { readonly username: string; readonly realm: string; readonly tenantDomain: string };
  /** null where the person has a code to type instead. */
  readonly link: string | null;
  /** WSO2's word for what proves that a person reads their mail: a recovery key, or such a code; null where the mail asks for nothing. */
  readonly confirmationCode: string | null;
  /** Where the person goes on to afterwards, as the publisher said; null: nowhere. */
  readonly callback: string | null;
  readonly expiresAt: Date;
  readonly properties: Readonly<Record<string, string>>;
  /** From where what the mail tells of was done; null where that is not known. */
  readonly clientAddress: string | null;
  /** When the lock that the mail tells of ends by itself; null where it does not, or there is none. */
  readonly lockedUntil: Date | null;
}

export interface MailComposerOptions {
  readonly from: { readonly name: string; readonly address: string };
  readonly messageIdDomain: string;
}

/** An address that would not reach one mailbox alone. */
export class MailAddressError extends Error {}

/** A tenant's own templates of a type, by locale. */
export type OwnTemplates = (tenantDomain: string, type: string) => Promise<ReadonlyMap<string, MailTemplate>>;

export const shippedTemplates = fileURLToPath(new URL('../../templates/', import.meta.url));

/** Renders mails. The same request gives the same bytes, for as long as nobody changes its template: an extra copy is the same mail, and mail programs show it once. */
export class MailComposer {
  constructor(
    private readonly library: TemplateLibrary,
    private readonly own: OwnTemplates,
    private readonly options: MailComposerOptions,
  ) {}

  /** @throws TemplateError for an unknown template type, MailAddressError for an address that is not exactly one */
  async compose(request: MailRequest): Promise<Mail> {
    const { eventId, createdAt, recipient } = request;
    const { from, messageIdDomain } = this.options;
    requireOneAddress(recipient.address);
    const template = this.library.find(request.templateType, recipient.locale, await this.own(request.user.tenantDomain, request.templateType));
    const { subject, html, text } = this.fill(template, request);
    const messageId = messageIdOf(eventId, messageIdDomain);
    const message = new NodeMailComposer({
      from: { name: asOneLine(from.name), address: from.address },
      to: { name: '', address: recipient.address },
      subject,
      text,
      ...(html === null ? {} : { html }),
      messageId,
      date: createdAt,
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', 'Content-Language': template.language },
      // nodemailer's own boundary is random.
      baseBoundary: createHash('sha256').update(eventId).digest('hex').slice(0, 32),
      textEncoding: 'quoted-printable',
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    return { messageId, envelope: { from: from.address, to: recipient.address }, raw: await message.compile().build() };
  }

  /** @returns what the mail says. `html` is null where its template is plain text */
  fill({ subject, html, text, times }: MailTemplate, request: MailRequest): { readonly subject: string; readonly html: string | null; readonly text: string } {
    const values = valuesOf(request, times, this.options.from.name);
    return { subject: asOneLine(subject.fill(values, asOneLine)), html: html?.fill(values, escapeHtml) ?? null, text: text.fill(values, asOneLine) };
  }
}

/** Derived from the event id: all copies of a mail have one Message-ID. */
export function messageIdOf(eventId: string, domain: string): string {
  return `<${eventId}@${domain}>`;
}

function valuesOf({ recipient, user, link, confirmationCode, callback, createdAt, expiresAt, properties, clientAddress, lockedUntil }: MailRequest, times: TimesInWords, organization: string): TemplateValues {
  return new Map([
    ...Object.entries(properties),
    ...Object.entries(recipient.claims).map(([name, value]) => [`user.claim.${name}`, value] as const),
    // A person without a given name is greeted by the username.
    ['user.claim.givenname', recipient.claims['givenname'] || user.username],
    ['user-name', user.username],
    ['userstore-domain', user.realm],
    ['tenant-domain', user.tenantDomain],
    ['organization-name', organization],
    ['reset-link', link ?? ''],
    ['confirmation-code', confirmationCode ?? ''],
    // It may stand in a link: a publisher's is no script.
    ['callback', callback !== null && /^https?:\/\//i.test(callback) ? callback : ''],
    ['link-validity', times.span(createdAt, expiresAt)],
    ['requested-at', times.moment(createdAt)],
    ['client-address', clientAddress ?? '–'],
    ['lock-duration', lockedUntil === null ? '–' : times.span(createdAt, lockedUntil)],
  ]);
}

/** Lists, groups, comments and quoted parts are not one plain address: what the parser of some relay makes of them is anyone's guess (CVE-2025-13033). */
function requireOneAddress(address: string): void {
  if (!/^[^\s"(),:;<>@[\\\]\p{Cc}]+@[^\s"(),:;<>@[\\\]\p{Cc}]+$/u.test(address)) throw new MailAddressError('the stored address is not one plain mail address');
}
