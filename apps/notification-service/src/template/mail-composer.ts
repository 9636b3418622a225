import { fileURLToPath } from 'node:url';
import type { FilledMail, MailBrand } from '@rekey/events';
import type { DkimSignature } from '../message/dkim-signature.ts';
import { fromHeader, mimeMessage } from '../message/mime-message.ts';
import { referenceOf } from '../reference.ts';
import { brandValues } from './brand-values.ts';
import type { MailTemplate } from './compile-template.ts';
import type { ComposedMail } from './composed-mail.ts';
import type { TemplateLibrary } from './template-library.ts';
import { asOneIsolatedLine, asOneLine, escapeHtml, unfolded, type Escape, type TemplateValues } from './template-text.ts';
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
  /** What a test is to show; else the template is the type's. */
  readonly draft?: MailTemplate;
}

export interface MailComposerOptions {
  readonly from: { readonly name: string; readonly address: string };
  readonly messageIdDomain: string;
  /** `[server] base_path`, without a slash behind it. */
  readonly baseUrl: string;
  /** null, or absent: mails are not signed here. */
  readonly signature?: Pick<DkimSignature, 'sign'> | null;
}

/** An address that would not reach one mailbox alone. */
export class MailAddressError extends Error {}

/** A tenant's own templates of a type, by locale. */
export type OwnTemplates = (tenantDomain: string, type: string) => Promise<ReadonlyMap<string, MailTemplate>>;

export type BrandOf = (tenantDomain: string) => Promise<MailBrand>;

export const shippedTemplates = fileURLToPath(new URL('../../templates/', import.meta.url));

/** Renders mails. The same request gives the same bytes, for as long as nobody changes its template: an extra copy is the same mail, and mail programs show it once. */
export class MailComposer {
  private readonly fromHeader: string;

  constructor(
    private readonly library: TemplateLibrary,
    private readonly own: OwnTemplates,
    private readonly brandOf: BrandOf,
    private readonly options: MailComposerOptions,
  ) {
    this.fromHeader = fromHeader({ name: asOneLine(options.from.name), address: options.from.address });
  }

  /** @throws TemplateError for an unknown template type, MailAddressError for an address that is not exactly one */
  async compose(request: MailRequest): Promise<ComposedMail> {
    const { eventId, createdAt, recipient } = request;
    const { from, messageIdDomain, signature } = this.options;
    requireOneAddress(recipient.address);
    const template = request.draft ?? this.library.find(request.templateType, recipient.locale, await this.own(request.user.tenantDomain, request.templateType));
    const { values, asPlain } = await this.wordsFor(template, request);
    const subject = unfolded(template.subject.fill(values, asPlain));
    const messageId = messageIdOf(eventId, messageIdDomain);
    const raw = mimeMessage({
      from: this.fromHeader,
      to: recipient.address,
      subject: request.draft ? `[Test] ${subject}` : subject,
      messageId,
      date: createdAt,
      language: template.language,
      text: template.text.fillEncoded(values, asPlain),
      html: template.html?.fillEncoded(values, escapeHtml) ?? null,
    });
    const rendered = { templateType: request.templateType, locale: template.locale, version: template.version };
    return { messageId, envelope: { from: from.address, to: recipient.address }, raw: signature ? signature.sign(raw) : raw, secret: request.confirmationCode, rendered };
  }

  /**
   * @param brand that is tried; else the tenant's
   * @returns what the mail says
   */
  async fill(template: MailTemplate, request: MailRequest, brand?: MailBrand): Promise<FilledMail> {
    const { values, asPlain } = await this.wordsFor(template, request, brand);
    return { subject: unfolded(template.subject.fill(values, asPlain)), html: template.html?.fill(values, escapeHtml) ?? null, text: template.text.fill(values, asPlain) };
  }

  /** @returns what placeholders stand for, in the words of a template's language */
  async valuesOf({ times }: Pick<MailTemplate, 'times'>, request: MailRequest, brand?: MailBrand): Promise<TemplateValues> {
    const { from, baseUrl } = this.options;
    const { tenantDomain } = request.user;
    return new Map([...valuesOf(request, times), ...homeValues(baseUrl, tenantDomain), ...brandValues(brand ?? (await this.brandOf(tenantDomain)), from.name)]);
  }

  private async wordsFor(template: MailTemplate, request: MailRequest, brand?: MailBrand): Promise<{ readonly values: TemplateValues; readonly asPlain: Escape }> {
    return { values: await this.valuesOf(template, request, brand), asPlain: asOneIsolatedLine(template.direction) };
  }
}

/** Derived from the event id: all copies of a mail have one Message-ID. */
export function messageIdOf(eventId: string, domain: string): string {
  return `<${eventId}@${domain}>`;
}

function valuesOf({ eventId, recipient, user, link, confirmationCode, callback, createdAt, expiresAt, properties, clientAddress, lockedUntil }: MailRequest, times: TimesInWords): [string, string][] {
  const timeZone = recipient.claims['timeZone'];
  return [
    ...Object.entries(properties),
    ...Object.entries(recipient.claims).map(([name, value]): [string, string] => [`user.claim.${name}`, value]),
    // A person without a given name is greeted by the username.
    ['user.claim.givenname', recipient.claims['givenname'] || user.username],
    ['user-name', user.username],
    ['userstore-domain', user.realm],
    ['tenant-domain', user.tenantDomain],
    ['reset-link', link ?? ''],
    ['confirmation-code', confirmationCode ?? ''],
    // It may stand in a link: a publisher's is no script.
    ['callback', callback !== null && /^https?:\/\//i.test(callback) ? callback : ''],
    ['link-validity', times.span(createdAt, expiresAt)],
    ['expires-at', times.moment(expiresAt, timeZone)],
    ['requested-at', times.moment(createdAt, timeZone)],
    ['client-address', clientAddress ?? ''],
    ['lock-duration', lockedUntil === null ? '–' : times.span(createdAt, lockedUntil)],
    ['reference', referenceOf(eventId)],
    ['current-year', String(createdAt.getUTCFullYear())],
  ];
}

/** Without a path of its own. */
const superTenant = 'carbon.super';

/** Where WSO2's templates lead. */
function homeValues(baseUrl: string, tenantDomain: string): [string, string][] {
  const ofTenant = tenantDomain === superTenant ? baseUrl : `${baseUrl}/t/${encodeURIComponent(tenantDomain)}`;
  return [
    ['carbon.product-url', baseUrl],
    ['carbon.product-url-with-user-tenant', ofTenant],
    ['account.recovery.endpoint-url', `${ofTenant}/accountrecoveryendpoint`],
    ['authentication.endpoint-url', `${ofTenant}/myaccount/signin`],
  ];
}

/** Lists, groups, comments and quoted parts are not one plain address: what the parser of some relay makes of them is anyone's guess (CVE-2025-13033). */
function requireOneAddress(address: string): void {
  if (!/^[^\s"(),:;<>@[\\\]\p{Cc}]+@[^\s"(),:;<>@[\\\]\p{Cc}]+$/u.test(address)) throw new MailAddressError('the stored address is not one plain mail address');
}
