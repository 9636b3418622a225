import type { MailTemplateSource } from '@rekey/events';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { compileTemplate, readyTemplate, type MailTemplate } from './compile-template.ts';
import { TemplateError } from './template-fault.ts';
import { requireKnownPlaceholders } from './template-text.ts';

/** A template that comes with Rekey. */
export interface ShippedTemplate {
  readonly source: MailTemplateSource;
  readonly ready: MailTemplate;
}

/** WSO2's display names, of which its ids are made, where the case is not our folder's. */
const displayNames = ['PasswordReset', 'PasswordResetSucess', 'PasswordResetOTP', 'AdminForcedPasswordReset', 'AdminForcedPasswordResetWithOTP', 'AccountIdRecovery', 'initiateRecovery', 'AccountLock', 'AccountLockAdmin', 'AccountLockFailedAttempt', 'AccountUnLock'];

const noTemplates: ReadonlyMap<string, never> = new Map<string, never>();

/** A type by its name, whatever its case and spaces, as in WSO2. */
export function typeOf(name: string): string {
  return name.replace(/\s+/g, '').toLowerCase();
}

/**
 * The mail templates of a folder, compiled once: `<type>/<locale>.mjml` beside `<type>/<locale>.txt`, whose first line is
 * `Subject: …`, followed by a blank line and the plain text. What all look like stands in `look.mjml`, which they include.
 */
export class TemplateLibrary {
  private constructor(
    /** By type, then by locale. */
    private readonly templates: ReadonlyMap<string, ReadonlyMap<string, ShippedTemplate>>,
    /** By type. */
    readonly displayNames: ReadonlyMap<string, string>,
    private readonly defaultLocale: string,
  ) {}

  /** @throws TemplateError naming the file that does not compile */
  static async load(folder: string, defaultLocale: string): Promise<TemplateLibrary> {
    const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name);
    const look = await readFile(path.join(folder, 'look.mjml'), 'utf8').catch(() => '');
    const templates = await Promise.all(names.map(async (name) => [typeOf(name), await loadType(path.join(folder, name), look)] as const));
    const library = new TemplateLibrary(new Map(templates), new Map(names.map((name) => [typeOf(name), displayNames.find((known) => typeOf(known) === typeOf(name)) ?? name])), defaultLocale);
    for (const [type, locales] of templates) if (!locales.has(defaultLocale)) throw new TemplateError(`the mail template "${type}" is not there in the default locale ${defaultLocale}`);
    return library;
  }

  /** By locale; none where there is no such type. */
  shipped(type: string): ReadonlyMap<string, ShippedTemplate> {
    return this.templates.get(typeOf(type)) ?? noTemplates;
  }

  /**
   * `fr_FR`, else `fr`, else any locale of that language, else the default locale; in each a tenant's own before the shipped one.
   * @param own the tenant's own templates of this type, by locale
   * @throws TemplateError where there is none of this type
   */
  find(type: string, locale: string, own: ReadonlyMap<string, MailTemplate> = noTemplates): MailTemplate {
    const shipped = this.shipped(type);
    const locales = [...own.keys(), ...shipped.keys()];
    const wanted = locale.replaceAll('-', '_');
    const [language = ''] = wanted.split('_');
    const found = [wanted, language].find((candidate) => locales.includes(candidate)) ?? locales.find((candidate) => candidate.split('_')[0] === language) ?? (locales.includes(this.defaultLocale) ? this.defaultLocale : locales[0]);
    const template = found === undefined ? undefined : (own.get(found) ?? shipped.get(found)?.ready);
    if (!template) throw new TemplateError(`there is no mail template "${type}": expected one of ${[...this.displayNames.values()].join(', ')}, or one that the tenant has made`);
    return template;
  }
}

async function loadType(folder: string, look: string): Promise<ReadonlyMap<string, ShippedTemplate>> {
  const locales = (await readdir(folder)).filter((file) => file.endsWith('.mjml')).map((file) => path.basename(file, '.mjml'));
  return new Map(await Promise.all(locales.map(async (locale) => [locale, await loadTemplate(folder, locale, look)] as const)));
}

async function loadTemplate(folder: string, locale: string, look: string): Promise<ShippedTemplate> {
  const [htmlFile, textFile] = [path.join(folder, `${locale}.mjml`), path.join(folder, `${locale}.txt`)];
  const [body, plain] = await Promise.all([readFile(htmlFile, 'utf8'), readFile(textFile, 'utf8')]);
  const subject = /^Subject: (.+)\n\n/.exec(plain);
  if (!subject) throw new TemplateError(`${textFile}: expected a first line "Subject: …" and a blank line behind it`);
  // Of the whole file, so that the line is the file's.
  requireKnownPlaceholders({ name: textFile, source: plain });
  const source: MailTemplateSource = {
    id: locale,
    contentType: 'text/html',
    subject: subject[1] ?? '',
    // Put in here and not by MJML: administrators read and change a template that is whole.
    body: body.replace('<mj-include path="../look.mjml" />', () => look),
    footer: '',
    text: plain.slice(subject[0].length),
  };
  return { source, ready: readyTemplate(await compileTemplate(source, null, { subject: textFile, body: htmlFile, footer: htmlFile, text: textFile }), locale) };
}
