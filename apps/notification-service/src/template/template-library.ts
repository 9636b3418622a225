import type { MailTemplateSource } from '@rekey/events';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { compileTemplate, readyTemplate, type CompiledTemplate, type MailTemplate } from './compile-template.ts';
import { localeTexts, requireSameKeys } from './locale-texts.ts';
import { TemplateError, type TemplatePart } from './template-fault.ts';
import { TemplateLayout, textsInHtml, worded, type Texts } from './template-layout.ts';
import { directionOf } from './writing-direction.ts';

/** A template that comes with Rekey. */
export interface ShippedTemplate {
  readonly source: MailTemplateSource;
  readonly ready: MailTemplate;
}

/** WSO2's display names, of which its ids are made, where the case is not that of our texts. */
const displayNames = ['PasswordReset', 'PasswordResetSucess', 'PasswordResetOTP', 'AdminForcedPasswordReset', 'AdminForcedPasswordResetWithOTP', 'AccountIdRecovery', 'initiateRecovery', 'AccountLock', 'AccountLockAdmin', 'AccountLockFailedAttempt', 'AccountUnLock'];

const noTemplates: ReadonlyMap<string, never> = new Map<string, never>();

/** A type by its name, whatever its case and spaces, as in WSO2. */
export function typeOf(name: string): string {
  return name.replace(/\s+/g, '').toLowerCase();
}

/**
 * The mail templates of a folder, compiled once: what they say is in `texts/<locale>.json`, and what they look like in `look.mjml` and
 * `look.txt`, or in `<type>.mjml` and `<type>.txt` where a type looks otherwise.
 */
export class TemplateLibrary {
  private constructor(
    /** By type, then by locale. */
    private readonly templates: ReadonlyMap<string, ReadonlyMap<string, ShippedTemplate>>,
    /** By type. */
    readonly displayNames: ReadonlyMap<string, string>,
    readonly defaultLocale: string,
  ) {}

  /** @throws TemplateError naming the file that does not compile, or lacks a text */
  static async load(folder: string, defaultLocale: string): Promise<TemplateLibrary> {
    const workshop = new Workshop(await readLayouts(folder));
    const texts = await readTexts(path.join(folder, 'texts'));
    const defaults = texts.get(defaultLocale);
    if (!defaults) throw new TemplateError(`${folder}: there are no texts in the default locale ${defaultLocale}`);
    const templates = new Map<string, Map<string, ShippedTemplate>>();
    for (const [locale, types] of texts) {
      requireSameKeys(types, path.join(folder, 'texts', `${locale}.json`), defaults);
      for (const [name, ofType] of types) {
        const locales = templates.get(typeOf(name)) ?? new Map<string, ShippedTemplate>();
        templates.set(typeOf(name), locales.set(locale, await workshop.template(name, locale, ofType)));
      }
    }
    return new TemplateLibrary(templates, new Map([...defaults.keys()].map((name) => [typeOf(name), displayNames.find((known) => typeOf(known) === typeOf(name)) ?? name])), defaultLocale);
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

const look = 'look';

/** By file, without its ending. */
async function readLayouts(folder: string): Promise<ReadonlyMap<string, TemplatePart>> {
  const files = (await readdir(folder)).filter((file) => /\.(?:mjml|txt)$/.test(file));
  return new Map(await Promise.all(files.map(async (file) => [file, await readPart(path.join(folder, file))] as const)));
}

/** By locale. */
async function readTexts(folder: string): Promise<ReadonlyMap<string, ReadonlyMap<string, Texts>>> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json'));
  return new Map(await Promise.all(files.map(async (file) => [path.basename(file, '.json'), localeTexts(await readPart(path.join(folder, file)))] as const)));
}

async function readPart(file: string): Promise<TemplatePart> {
  return { name: file, source: await readFile(file, 'utf8') };
}

/** Of one shape many mails are made, in several languages: each is compiled once. */
class Workshop {
  private readonly compiled = new Map<string, Promise<CompiledTemplate>>();

  /** @param layouts by file */
  constructor(private readonly layouts: ReadonlyMap<string, TemplatePart>) {}

  async template(name: string, locale: string, texts: Texts): Promise<ShippedTemplate> {
    const [mjml, plain] = [this.layout(name, '.mjml'), this.layout(name, '.txt')];
    const shape = new TemplateLayout(mjml, plain).shape(directionOf(locale), texts);
    const { subject, html, text } = await this.compile({ id: locale, ...shape }, `${mjml.name} for ${name} in ${locale}`, `${plain.name} for ${name} in ${locale}`);
    const inHtml = textsInHtml(locale, texts);
    const compiled = { subject: worded(subject, texts), html: html && worded(html, inHtml), text: worded(text, texts) };
    return { source: { id: locale, ...shape, subject: compiled.subject, body: worded(shape.body, inHtml), text: compiled.text }, ready: readyTemplate(compiled, locale, 'shipped') };
  }

  private layout(name: string, ending: string): TemplatePart {
    const part = this.layouts.get(`${name}${ending}`) ?? this.layouts.get(`${look}${ending}`);
    if (!part) throw new TemplateError(`expected ${look}${ending}, or ${name}${ending}, among the mail templates`);
    return part;
  }

  private compile(shape: MailTemplateSource, body: string, text: string): Promise<CompiledTemplate> {
    const key = `${shape.body}\0${shape.text}`;
    const compiled = this.compiled.get(key) ?? compileTemplate(shape, null, { subject: text, body, footer: body, text });
    this.compiled.set(key, compiled);
    return compiled;
  }
}
