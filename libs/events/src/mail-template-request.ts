import { z } from 'zod';
import { storable, text } from './storable-text.ts';

/** The type of the signed request by which the recovery service, which knows administrators, asks the notification service, which keeps templates. */
export const mailTemplateRequestType = 'MailTemplateRequest';

/** As WSO2 writes it: `en`, `en_US`, `zh_Hans_CN`. */
export const templateLocale = z.string().max(35).refine(isLocale, 'expected a locale such as "en_US"');
export const templateTypeName = text(63);

/** At most so many characters of a body; a mail program shows the first hundred thousand of what it becomes. */
const maxBodyCharacters = 60_000;

export const mailTemplate = z.strictObject({
  /** The locale: WSO2's templates have no other id. */
  id: templateLocale,
  contentType: z.string().regex(/^text\/(?:html|plain)(?:\s*;\s*charset="?utf-8"?)?$/i, 'expected "text/html" or "text/plain"'),
  subject: text(255),
  /** HTML, MJML where it begins with `<mjml`, or plain text. */
  body: text(maxBodyCharacters),
  footer: storable(8_192),
  /** Rekey's: the text part of an HTML mail; where it is missing, one is made from the HTML. */
  text: storable(maxBodyCharacters).optional(),
});

export type MailTemplateSource = z.output<typeof mailTemplate>;

export const ofTenant = { tenantDomain: text(255) };
/** By name, whatever its case and spaces, as in WSO2. */
const ofType = { ...ofTenant, type: templateTypeName };

/** A change, and whose: `name@tenant-domain`. */
export const change = { by: text(511) };
const ofTemplate = { ...ofType, locale: templateLocale };
const version = z.int().positive();
/** Which template counts: `shipped`, or the number of the tenant's own. */
const countingVersion = z.string().regex(/^(?:shipped|[1-9]\d{0,9})$/);

/** Whoever asks, and their own address. */
const testRecipient = z.strictObject({ address: text(320), user: z.strictObject({ id: z.uuid(), username: text(255), realm: text(63) }) });

export const mailTemplateRequest = z.discriminatedUnion('ask', [
  z.strictObject({ ask: z.literal('types'), ...ofTenant }),
  z.strictObject({ ask: z.literal('type'), ...ofType }),
  z.strictObject({ ask: z.literal('add-type'), ...ofTenant, ...change, displayName: templateTypeName, templates: z.array(mailTemplate).max(50) }),
  z.strictObject({ ask: z.literal('replace-type'), ...ofType, ...change, templates: z.array(mailTemplate).max(50) }),
  z.strictObject({ ask: z.literal('remove-type'), ...ofType, ...change }),
  z.strictObject({ ask: z.literal('add-template'), ...ofType, ...change, template: mailTemplate }),
  /** With a `version`, only while that one counts. */
  z.strictObject({ ask: z.literal('replace-template'), ...ofType, ...change, template: mailTemplate, version: countingVersion.optional() }),
  z.strictObject({ ask: z.literal('remove-template'), ...ofTemplate, ...change }),
  z.strictObject({ ask: z.literal('placeholders'), ...ofTemplate }),
  z.strictObject({ ask: z.literal('versions'), ...ofTemplate }),
  z.strictObject({ ask: z.literal('version'), ...ofTemplate, version }),
  z.strictObject({ ask: z.literal('restore-version'), ...ofTemplate, ...change, version }),
  z.strictObject({ ask: z.literal('preview'), ...ofTenant, template: mailTemplate }),
  z.strictObject({ ask: z.literal('test'), ...ofTenant, template: mailTemplate, recipient: testRecipient }),
]);

export type MailTemplateRequest = z.output<typeof mailTemplateRequest>;

export const templateVersion = z.object({
  version,
  savedAt: z.iso.datetime(),
  /** `name@tenant-domain`; null: before that was written down. */
  savedBy: z.string().nullable(),
  /** null: from then on the template was as shipped, or there was none. */
  subject: z.string().nullable(),
  /** Whether it counts now. */
  current: z.boolean(),
});

export type TemplateVersion = z.output<typeof templateVersion>;

export const templatePlaceholder = z.object({
  /** As it stands between `{{` and `}}`. */
  name: z.string(),
  description: z.string(),
  /** What a preview has in its place. */
  sample: z.string(),
});

/** What a mail says, filled in with the data of nobody. */
export const filledMail = z.object({
  subject: z.string(),
  /** null where its template is plain text. */
  html: z.string().nullable(),
  text: z.string(),
});

export type FilledMail = z.output<typeof filledMail>;

const templateType = z.object({
  displayName: z.string(),
  templates: z.array(mailTemplate),
  /** By locale. */
  versions: z.record(z.string(), countingVersion),
});

export const mailTemplateOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('types'), displayNames: z.array(z.string()) }),
  z.object({ kind: z.literal('type'), type: templateType }),
  z.object({ kind: z.literal('preview'), ...filledMail.shape }),
  z.object({ kind: z.literal('placeholders'), placeholders: z.array(templatePlaceholder) }),
  z.object({ kind: z.literal('versions'), versions: z.array(templateVersion) }),
  z.object({ kind: z.literal('version'), version: templateVersion, template: mailTemplate.nullable() }),
  /** It is on its way. */
  z.object({ kind: z.literal('test'), reference: z.string() }),
  z.object({ kind: z.literal('done') }),
  z.object({ kind: z.enum(['unknown-type', 'unknown-template', 'unknown-version', 'another-version', 'type-exists', 'template-exists']) }),
  /** `reason` names part, line and column, for whoever wrote the template. */
  z.object({ kind: z.literal('refused'), reason: z.string() }),
]);

export type MailTemplateOutcome = z.output<typeof mailTemplateOutcome>;

function isLocale(text: string): boolean {
  if (!/^[A-Za-z]{2,3}(?:_[A-Za-z0-9]+)*$/.test(text)) return false;
  try {
    return Intl.getCanonicalLocales(text.replaceAll('_', '-')).length === 1;
  } catch {
    return false;
  }
}
