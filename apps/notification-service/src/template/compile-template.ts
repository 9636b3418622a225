import type { MailTemplateSource } from '@rekey/events';
import { requireKeysAtHome } from './key-placeholders.ts';
import { requireMailMarkup } from './mail-markup.ts';
import { compileMjml } from './mjml-thread.ts';
import { brandColors, inOwnWords, requireFewPlaceholders, requireKnownPlaceholders } from './placeholders.ts';
import { faultAt, TemplateError, type TemplatePart } from './template-fault.ts';
import { TemplateText } from './template-text.ts';
import { textOfHtml } from './text-of-html.ts';
import { TimesInWords } from './times-in-words.ts';
import { directionOf, languageOf } from './writing-direction.ts';

/** What a template has become, still with its placeholders; kept beside its source. */
export interface CompiledTemplate {
  readonly subject: string;
  /** null: the mail is plain text alone. */
  readonly html: string | null;
  readonly text: string;
}

/** One template in one locale, ready to be filled in. */
export interface MailTemplate {
  readonly subject: TemplateText;
  readonly html: TemplateText | null;
  readonly text: TemplateText;
  /** As in `<html lang>`: `en-US`. */
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  readonly times: TimesInWords;
  readonly locale: string;
  /** `shipped`, `draft`, or the number of a tenant's own. */
  readonly version: string;
}

/** Names of a template's parts, as its author knows them. */
type PartNames = Readonly<Record<'subject' | 'body' | 'footer' | 'text', string>>;
const apiNames: PartNames = { subject: 'subject', body: 'body', footer: 'footer', text: 'text' };

/** MJML's carousel turns nine thousand characters into a million. */
const maxHtmlCharacters = 256 * 1024;

/**
 * @param keyOrigin the only one that links with a key may lead to, such as `https://id.example.com`; null: any, where the deployment itself wrote it
 * @throws TemplateError naming part, line and column of what cannot be taken
 */
export async function compileTemplate(source: MailTemplateSource, keyOrigin: string | null, names: PartNames = apiNames): Promise<CompiledTemplate> {
  const compiled = await compiledParts(source, keyOrigin, names);
  requireFewPlaceholders(names.body, [compiled.subject, compiled.html, compiled.text]);
  return compiled;
}

async function compiledParts({ contentType, ...written }: MailTemplateSource, keyOrigin: string | null, names: PartNames): Promise<CompiledTemplate> {
  const subject = partOf(names.subject, written.subject);
  const body = partOf(names.body, written.body);
  const footer = partOf(names.footer, written.footer);
  const text = partOf(names.text, written.text ?? '');
  for (const part of [subject, text]) requireKeysAtHome(part, keyOrigin);
  if (/^text\/plain/i.test(contentType)) {
    for (const part of [body, footer]) requireKeysAtHome(part, keyOrigin);
    return { subject: subject.source, html: null, text: footer.source === '' ? body.source : `${body.source}\n\n${footer.source}` };
  }
  requireMailMarkup(footer, 'html', keyOrigin);
  const html = withImagesByHttps(withFooter(await htmlOf(body, keyOrigin), footer.source));
  if (html.length > maxHtmlCharacters) throw new TemplateError(`${body.name}: it becomes ${html.length} characters of HTML, expected at most ${maxHtmlCharacters}`);
  const words = textOfHtml(html);
  for (const source of [words, textOfHtml(html, true)]) requireKeysAtHome({ name: `${body.name}, as text`, source }, keyOrigin);
  return { subject: subject.source, html: isMjml(body.source) ? withoutIndentation(html) : html, text: text.source || words };
}

/** In our words from here on, so that whatever looks for a key finds it. */
function partOf(name: string, source: string): TemplatePart {
  requireKnownPlaceholders({ name, source });
  return { name, source: inOwnWords(source) };
}

/** @param locale as WSO2 writes it: `en_US` */
export function readyTemplate({ subject, html, text }: CompiledTemplate, locale: string, version = 'draft'): MailTemplate {
  const language = languageOf(locale);
  return { subject: TemplateText.parse(subject), html: html === null ? null : TemplateText.parse(html), text: TemplateText.parse(text), language, direction: directionOf(locale), times: new TimesInWords(language), locale, version };
}

function isMjml(source: string): boolean {
  return /^\s*<mjml[\s>]/i.test(source);
}

async function htmlOf(part: TemplatePart, keyOrigin: string | null): Promise<string> {
  if (!isMjml(part.source)) {
    const own = { name: part.name, source: withoutForeignParts(part.source) };
    requireMailMarkup(own, 'html', keyOrigin);
    return own.source;
  }
  requireMailMarkup(part, 'mjml', keyOrigin);
  const source = await htmlOfMjml(part);
  requireMailMarkup({ name: `${part.name}, as compiled`, source }, 'compiled-mjml', keyOrigin);
  return source;
}

/** MJML takes colours only: these stand in for the brand's while it compiles. */
const standIns = brandColors.map((name, index) => ({ placeholder: `{{${name}}}`, color: `#f1d0c${index}` }));

function colorsStoodInFor(source: string): string {
  return standIns.reduce((text, { placeholder, color }) => text.replaceAll(placeholder, color), source);
}

function colorsNamed(html: string): string {
  return standIns.reduce((text, { placeholder, color }) => text.replaceAll(color, placeholder), html);
}

/** Of WSO2's templates too, which have them in the clear. */
function withImagesByHttps(html: string): string {
  return html.replace(/(<img\s[^<>]*?\bsrc\s*=\s*["']?)http:/gi, '$1https:');
}

/**
 * WSO2's templates have comments that Outlook alone reads, whose content nobody can check, and fonts from elsewhere, which would tell others who reads our mails. Mails do
 * without both. Blanks take their places, so a fault further on is where its author sees it.
 */
function withoutForeignParts(html: string): string {
  const blank = (part: string) => part.replace(/[^\n]/g, ' ');
  // Behind the last end there is no comment, and nothing to look for one in.
  const commentsEnd = html.lastIndexOf('-->') + 1;
  const withoutComments = html.slice(0, commentsEnd + 2).replace(/<!--[\s\S]*?-->/g, (comment) => (/\[\s*(?:if|endif)/i.test(comment) ? blank(comment) : comment)) + html.slice(commentsEnd + 2);
  return withoutComments.replace(/<style[^<>]*>[^<]*/gi, (style) => style.replace(/@import\s+(?:url\(\s*(?:"[^"]*"\s*|'[^']*'\s*|[^()"'\s][^()"']*)?\)|"[^"]*"|'[^']*')[^;{}@]*;/gi, blank));
}

async function htmlOfMjml(part: TemplatePart): Promise<string> {
  const answer = await compileMjml(colorsStoodInFor(part.source));
  if (answer.kind === 'html') return colorsNamed(answer.html);
  const { message, fault } = answer;
  if (!fault) throw new TemplateError(`${part.name}: ${message.replace(/\s+/g, ' ').trim() || 'it does not compile'}`);
  const lineStart = part.source.split('\n').slice(0, fault.line - 1).reduce((length, line) => length + line.length + 1, 0);
  throw faultAt(part, Math.max(lineStart, part.source.indexOf(`<${fault.tagName}`, lineStart)), `${fault.message} (<${fault.tagName}>)`);
}

/** MJML indents deeply: a fifth of what would be sent with every mail. */
function withoutIndentation(html: string): string {
  return /<pre[\s>]/i.test(html) ? html : html.replace(/\n\s+/g, '\n');
}

/** WSO2 appends the footer; behind `</html>` no mail program would show it. */
function withFooter(html: string, footer: string): string {
  if (footer === '') return html;
  const end = html.search(/<\/body\s*>/i);
  return end === -1 ? `${html}\n${footer}` : `${html.slice(0, end)}${footer}${html.slice(end)}`;
}
