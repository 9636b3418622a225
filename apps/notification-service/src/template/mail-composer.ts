import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import NodeMailComposer from 'nodemailer/lib/mail-composer';
import type { Mail } from './mail.ts';
import { TemplateLibrary, type MailTemplate } from './template-library.ts';
import { asOneLine, escapeHtml, type TemplateValues } from './template-text.ts';

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
  readonly expiresAt: Date;
  readonly properties: Readonly<Record<string, string>>;
  /** From where what the mail tells of was done; null where that is not known. */
  readonly clientAddress: string | null;
  /** When the lock that the mail tells of ends by itself; null where it does not, or there is none. */
  readonly lockedUntil: Date | null;
}

export interface MailComposerOptions {
  readonly from: { readonly name: string; readonly address: string };
  readonly defaultLocale: string;
  readonly messageIdDomain: string;
}

/** An address that would not reach one mailbox alone. */
export class MailAddressError extends Error {}

const templateFolder = fileURLToPath(new URL('../../templates/', import.meta.url));

/** Renders mails. The same request always gives the same bytes: an extra copy is the same mail, and mail programs show it once. */
export class MailComposer {
  private constructor(
    private readonly templates: TemplateLibrary,
    private readonly options: MailComposerOptions,
  ) {}

  /** @throws TemplateError where a shipped template does not compile */
  static async load(options: MailComposerOptions): Promise<MailComposer> {
    return new MailComposer(await TemplateLibrary.load(templateFolder, options.defaultLocale), options);
  }

  /** @throws TemplateError for an unknown template type, MailAddressError for an address that is not exactly one */
  async compose(request: MailRequest): Promise<Mail> {
    const { eventId, createdAt, recipient } = request;
    const { from, messageIdDomain } = this.options;
    requireOneAddress(recipient.address);
    const template = this.templates.find(request.templateType, recipient.locale);
    const values = valuesOf(request, template, from.name);
    const messageId = messageIdOf(eventId, messageIdDomain);
    const message = new NodeMailComposer({
      from: { name: asOneLine(from.name), address: from.address },
      to: { name: '', address: recipient.address },
      subject: asOneLine(template.subject.fill(values, asOneLine)),
      text: template.text.fill(values, asOneLine),
      html: template.html.fill(values, escapeHtml),
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
}

/** Derived from the event id: all copies of a mail have one Message-ID. */
export function messageIdOf(eventId: string, domain: string): string {
  return `<${eventId}@${domain}>`;
}

function valuesOf({ recipient, user, link, confirmationCode, createdAt, expiresAt, properties, clientAddress, lockedUntil }: MailRequest, { times }: MailTemplate, organization: string): TemplateValues {
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
