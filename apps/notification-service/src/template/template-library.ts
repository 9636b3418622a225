import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import mjml2html from 'mjml';
import { TimesInWords } from './times-in-words.ts';
import { TemplateError, TemplateText } from './template-text.ts';

/** One template in one locale, compiled. */
export interface MailTemplate {
  readonly subject: TemplateText;
  readonly html: TemplateText;
  readonly text: TemplateText;
  /** As in `<html lang>`: `en-US`. */
  readonly language: string;
  readonly times: TimesInWords;
}

/**
 * The mail templates of a folder, compiled once: `<type>/<locale>.mjml` beside `<type>/<locale>.txt`, whose first line is
 * `Subject: …`, followed by a blank line and the plain text. What all look like stands in `look.mjml`, which they include.
 */
export class TemplateLibrary {
  private constructor(
    private readonly templates: ReadonlyMap<string, ReadonlyMap<string, MailTemplate>>,
    private readonly defaultLocale: string,
  ) {}

  /** @throws TemplateError naming the file that does not compile */
  static async load(folder: string, defaultLocale: string): Promise<TemplateLibrary> {
    const types = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name);
    const templates = await Promise.all(types.map(async (type) => [type, await loadType(path.join(folder, type))] as const));
    const library = new TemplateLibrary(new Map(templates), defaultLocale);
    for (const type of types) library.find(type, defaultLocale);
    return library;
  }

  /**
   * `fr_FR`, else `fr`, else any locale of that language, else the default locale.
   * @throws TemplateError where there is no such type
   */
  find(type: string, locale: string): MailTemplate {
    const locales = this.templates.get(type);
    if (!locales) throw new TemplateError(`there is no mail template "${type}": expected one of ${[...this.templates.keys()].join(', ')}`);
    const wanted = locale.replace('-', '_');
    const [language = ''] = wanted.split('_');
    const sameLanguage = [...locales.keys()].find((candidate) => candidate.split('_')[0] === language);
    const template = locales.get(wanted) ?? locales.get(language) ?? (sameLanguage === undefined ? undefined : locales.get(sameLanguage)) ?? locales.get(this.defaultLocale);
    if (!template) throw new TemplateError(`the mail template "${type}" is not there in the default locale ${this.defaultLocale}`);
    return template;
  }
}

async function loadType(folder: string): Promise<ReadonlyMap<string, MailTemplate>> {
  const locales = (await readdir(folder)).filter((file) => file.endsWith('.mjml')).map((file) => path.basename(file, '.mjml'));
  return new Map(await Promise.all(locales.map(async (locale) => [locale, await loadTemplate(folder, locale)] as const)));
}

async function loadTemplate(folder: string, locale: string): Promise<MailTemplate> {
  const [htmlFile, textFile] = [path.join(folder, `${locale}.mjml`), path.join(folder, `${locale}.txt`)];
  const [source, plain] = await Promise.all([readFile(htmlFile, 'utf8'), readFile(textFile, 'utf8')]);
  const subject = /^Subject: (.+)\n\n/.exec(plain);
  if (!subject) throw new TemplateError(`${textFile}: expected a first line "Subject: …" and a blank line behind it`);
  const language = locale.replace('_', '-');
  return {
    subject: TemplateText.parse(subject[1] ?? '', textFile),
    text: TemplateText.parse(plain.slice(subject[0].length), textFile),
    html: TemplateText.parse(await compile(source, htmlFile, path.dirname(folder)), htmlFile),
    language,
    times: new TimesInWords(language),
  };
}

/** @param includes the only folder that `<mj-include>` may read */
async function compile(source: string, file: string, includes: string): Promise<string> {
  const fault = (reason: string) => new TemplateError(`${file}: ${reason.replace(/\s+/g, ' ').trim()}`);
  // No fonts: MJML would have those it knows by name fetched from elsewhere, which tells others who reads our mails.
  const { html, errors } = await mjml2html(source, { validationLevel: 'strict', fonts: {}, filePath: file, ignoreIncludes: false, includePath: includes }).catch((error: unknown) => {
    throw fault(error instanceof Error ? error.message : String(error));
  });
  const [error] = errors;
  if (error) throw fault(error.formattedMessage ?? error.message);
  // MJML writes a comment where it may not read a file, or finds none.
  const unread = /<!-- (mj-include (?:denied|fails?)[^>]*) -->/.exec(html)?.[1];
  if (unread) throw fault(unread);
  return html;
}
