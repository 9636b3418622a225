import type { MailTemplateSource } from '@rekey/events';
import { TemplateError, type TemplatePart } from './template-fault.ts';
import { languageOf } from './writing-direction.ts';

/** The texts of one mail in one locale, by key. */
export type Texts = ReadonlyMap<string, string>;

/** `[[key]]`: the text; `[[?key]]`: nothing, but the line is only there where there is such a text. */
const textKey = /\[\[(\?)?([a-z][a-z-]*)\]\]/g;

/** How a mail is laid out, whatever it says: MJML, and a text file that begins with `Subject: …` and a blank line. */
export class TemplateLayout {
  constructor(
    private readonly mjml: TemplatePart,
    private readonly plain: TemplatePart,
  ) {}

  /** What mails of these texts have in common in every language of this direction: their keys still stand for them. @throws TemplateError where the text file has no subject */
  shape(direction: 'ltr' | 'rtl', texts: Texts): Omit<MailTemplateSource, 'id'> {
    const start = direction === 'rtl' ? 'right' : 'left';
    const body = linesWith(this.mjml.source, new Set([...around, ...texts.keys()])).replaceAll('[[direction]]', direction).replaceAll('[[start]]', start);
    const text = linesWith(this.plain.source, new Set(texts.keys()));
    const subject = /^Subject: (.+)\n\n/.exec(text);
    if (!subject) throw new TemplateError(`${this.plain.name}: expected a first line "Subject: …" and a blank line behind it`);
    return { contentType: 'text/html', subject: subject[1] ?? '', body, footer: '', text: text.slice(subject[0].length).replace(/\n{3,}/g, '\n\n').trim() };
  }
}

/** What a layout knows by itself. */
const around = ['language', 'direction', 'start'];

/** Leaves out the lines that name a text which is not there. */
function linesWith(layout: string, keys: ReadonlySet<string>): string {
  const lines = layout.split('\n').filter((line) => [...line.matchAll(textKey)].every(([, , key = '']) => keys.has(key)));
  return lines.join('\n').replace(textKey, (written, onlyWhere: string | undefined) => (onlyWhere === undefined ? written : ''));
}

/** Puts the texts where their keys stand. */
export function worded(shape: string, texts: Texts): string {
  return shape.replace(textKey, (_, __, key: string) => texts.get(key) ?? '');
}

/** The same texts as MJML and HTML have them. */
export function textsInHtml(locale: string, texts: Texts): Texts {
  return new Map([['language', languageOf(locale)], ...[...texts].map(([key, text]) => [key, asHtml(key, text)] as const)]);
}

/** In a title and a preview there are no elements. */
const bare = new Set(['subject', 'preview']);

/** A name may run in another direction than the words around it. */
function asHtml(key: string, text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  if (bare.has(key)) return escaped;
  return escaped
    .replaceAll('{{user-name}}', '<strong><bdi>{{user-name}}</bdi></strong>')
    .replaceAll('{{reference}}', '<bdi dir="ltr">{{reference}}</bdi>')
    .replace(/\{\{(?:user\.claim\.[\w.-]+|client-address|organization\.support\.mail)\}\}/g, '<bdi>$&</bdi>');
}
