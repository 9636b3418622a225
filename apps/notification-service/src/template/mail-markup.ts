import { htmlTokens, type HtmlAttribute, type HtmlToken } from './html-tokens.ts';
import { holdsKey, keepsKey } from './key-placeholders.ts';
import { homes, isColorOrFont, placeholder } from './placeholders.ts';
import { faultAt, type TemplatePart } from './template-fault.ts';

/** As written, or what MJML made of it. */
type Dialect = 'html' | 'mjml' | 'compiled-mjml';

/** What mail programs show. Whatever runs, loads, sends or frames something is not among it. */
const elements = new Set(
  ('html head title meta style body div span p a img table thead tbody tfoot tr td th caption colgroup col br hr wbr h1 h2 h3 h4 h5 h6 ul ol li dl dt dd strong b em i u s small big sub sup center font ' +
    'blockquote q pre code kbd samp abbr address cite bdi bdo section article aside header footer main nav figure figcaption').split(' '),
);
export const voidElements = new Set(['meta', 'img', 'col', 'br', 'hr', 'wbr', 'input']);
/** In a title nothing is a tag or a comment, and styles hold `>`; what those may hold is looked at apart. */
export const rawElements = ['title', 'style', 'mj-style'] as const;

/** Compiling takes a fifth of a millisecond for each, and a mail has a hundred; each becomes up to ten. */
const maxElements: Readonly<Record<Dialect, number>> = { html: 500, mjml: 500, 'compiled-mjml': 5_000 };
const maxDepth = 64;

const loading = new Set(['src', 'background', 'background-url', 'thumbnails-src', 'icon-wrapped-url', 'icon-unwrapped-url', 'left-icon', 'right-icon']);
const leading = new Set(['href', 'cite', 'base-url']);
/** Of HTML's elements, beside `aria-*` and `data-*`: those that tell how something looks and what it is, and of those that load or lead the ones that are looked at. */
const attributes = new Set(
  ('id class style title lang dir align valign bgcolor color width height border name role href target rel hreflang cite datetime src alt sizes cellpadding cellspacing colspan rowspan headers scope abbr nowrap span ' +
    'start type value reversed compact size face content media http-equiv charset background hspace vspace clear noshade summary rules frame link vlink alink text leftmargin topmargin marginwidth marginheight xmlns xmlns:v xmlns:o').split(' '),
);
/** Of the menus and carousels that MJML makes of boxes to tick. */
const madeByMjml = new Set(['for', 'checked']);
/** MJML refuses attributes that it does not know; of those it knows, this loads from several places. */
const refusedMjmlAttributes = new Set(['srcset']);
/** They read files, load fonts from elsewhere, and set any attribute anywhere. */
const refusedMjml = new Set(['mj-include', 'mj-font', 'mj-html-attributes']);
const leadsSomewhere = new RegExp(String.raw`^(?:\{\{\s*(?:reset-link|callback)\s*\}\}$|(?:https?:\/\/[^/{}\s]+|\{\{\s*(?:${homes.join('|')})\s*\}\})(?:[/?#]|$)|mailto:|tel:|#|$)`, 'i');
const metaMeanings = new Set(['content-type', 'x-ua-compatible', 'content-language']);

/**
 * What a template that somebody saves may be written in. Values are escaped for text and for quoted attributes, so that is where placeholders may
 * stand; a person's own value must never become an address, a style or a tag.
 * @param keyOrigin the only one that links with a key may lead to; null: any
 * @throws TemplateError with line and column
 */
export function requireMailMarkup(part: TemplatePart, dialect: Dialect, keyOrigin: string | null): void {
  const open: { name: string; position: number }[] = [];
  let count = 0;
  for (const token of htmlTokens(part, rawElements)) {
    if (token.kind === 'open') {
      if (++count > maxElements[dialect]) throw faultAt(part, token.position, `more than ${maxElements[dialect]} elements`);
      requireMailElement(part, token, dialect, keyOrigin);
      if (token.selfClosing || voidElements.has(token.name)) continue;
      open.push(token);
      if (open.length > maxDepth) throw faultAt(part, token.position, `more than ${maxDepth} elements within each other`);
    } else if (token.kind === 'close') closeElement(part, open, token);
    else if (token.kind === 'text') openAndCloseSections(part, open, token, dialect);
    else if (token.kind === 'comment' && dialect !== 'compiled-mjml') requireMereComment(part, token);
    else if (token.kind === 'raw' && token.element !== 'title') requireMailStyle(part, token.text, token.position);
  }
  const [unclosed] = open.filter(({ name }) => !mayStayOpen.has(name));
  if (unclosed) throw faultAt(part, unclosed.position, `${written(unclosed.name)} has no end`);
}

/** MJML drops what stands between these and their components. */
const mjmlContainers = new Set(['mjml', 'mj-head', 'mj-attributes', 'mj-body', 'mj-wrapper', 'mj-section', 'mj-group', 'mj-column', 'mj-hero', 'mj-navbar', 'mj-social', 'mj-carousel', 'mj-accordion', 'mj-accordion-element']);

/** A section begins and ends within one element and has whole ones in it, so the mail is well formed with it and without. */
function openAndCloseSections(part: TemplatePart, open: { name: string; position: number }[], { text, position }: { readonly text: string; readonly position: number }, dialect: Dialect): void {
  for (const { 1: mark = '', 2: name = '', index } of text.matchAll(placeholder)) {
    if (mark === '') continue;
    const at = { name: `{{${name}}}`, position: position + index };
    if (dialect === 'mjml' && mjmlContainers.has(open.at(-1)?.name ?? '')) throw faultAt(part, at.position, 'a section has its place in <mj-text>, <mj-raw> and the like: MJML leaves out what stands between its components');
    if (mark === '/') closeElement(part, open, at);
    else open.push(at);
  }
}

/** @param name of an element, or of a section: `{{name}}` */
function written(name: string, end: '/' | '' = ''): string {
  return name.startsWith('{{') ? name.replace('{{', end === '/' ? '{{/' : '{{#') : `<${end}${name}>`;
}

/** Outlook reads what stands in a conditional one, and nobody else does. MJML makes some of its own. */
function requireMereComment(part: TemplatePart, { text, position }: { readonly text: string; readonly position: number }): void {
  const read = /\[\s*(?:if|endif)|\{\{/i.exec(text);
  if (read) throw faultAt(part, position, `"${read[0]}" has no place in a comment`);
}

/** HTML lets these end by themselves. */
const mayStayOpen = new Set(['p', 'li', 'dt', 'dd', 'tr', 'td', 'th', 'thead', 'tbody', 'tfoot', 'colgroup', 'html', 'head', 'body']);

function closeElement(part: TemplatePart, open: { name: string; position: number }[], { name, position }: { readonly name: string; readonly position: number }): void {
  if (voidElements.has(name)) return;
  while (open.length > 0) {
    const last = open.pop();
    if (last?.name === name) return;
    if (last && !mayStayOpen.has(last.name)) throw faultAt(part, position, `expected ${written(last.name, '/')}, not ${written(name, '/')}`);
  }
  throw faultAt(part, position, `${written(name, '/')} ends nothing`);
}

function requireMailElement(part: TemplatePart, { name, attributes: given, position }: Extract<HtmlToken, { kind: 'open' }>, dialect: Dialect, keyOrigin: string | null): void {
  const isMjml = dialect === 'mjml' && /^mj(?:ml$|-)/.test(name) && !refusedMjml.has(name);
  const isMadeByMjml = dialect === 'compiled-mjml' && (name === 'input' || name === 'label');
  if (!elements.has(name) && !isMjml && !isMadeByMjml) throw faultAt(part, position, `<${name}> has no place in a mail`);
  const isAllowed = isMjml ? (attribute: string) => !attribute.startsWith('on') && !refusedMjmlAttributes.has(attribute) : (attribute: string) => attributes.has(attribute) || /^(?:aria|data)-/.test(attribute) || (dialect === 'compiled-mjml' && madeByMjml.has(attribute));
  for (const attribute of given) {
    if (!isAllowed(attribute.name)) throw faultAt(part, attribute.position, `the attribute ${attribute.name} has no place in a mail`);
    requireMailAttribute(part, name, attribute, keyOrigin);
  }
  // MJML puts values into double quotes, whatever they were written in.
  const breaking = isMjml && given.find(({ value }) => value.includes('"'));
  if (breaking) throw faultAt(part, breaking.position, 'write &quot; for the sign itself');
}

function requireMailAttribute(part: TemplatePart, element: string, { name, value, quoted, position }: HtmlAttribute, keyOrigin: string | null): void {
  const fault = (reason: string) => faultAt(part, position, reason);
  if (element === 'meta' && name === 'http-equiv' && !metaMeanings.has(value.toLowerCase())) throw fault(`<meta http-equiv="${value.slice(0, 40)}"> has no place in a mail`);
  if (/\{\{\s*[#^/]/.test(value)) throw fault('a section has no place in an attribute');
  if (!quoted && value.includes('{{')) throw fault('put the attribute in quotes: a value with a space in it would start another one');
  if (name === 'style') requireMailStyle(part, value, position);
  else if (element === 'img' && name === 'src' && /^http:\/\/[^{}\s]+$/i.test(value)) return; // fetched by https
  else if (loading.has(name) && value !== '' && !/^(?:https:\/\/[^{}\s]+|\{\{\s*organization\.logo\.img\s*\}\}|cid:[^{}\s]+|data:image\/(?:png|gif|jpe?g|webp);base64,[a-z0-9+/=\s]*)$/i.test(value)) {
    throw fault(`expected an https address without placeholders in ${name}: whoever serves it would learn what they stand for`);
  } else if (leading.has(name) && !leadsSomewhere.test(value)) {
    throw fault(`expected an address that begins with https://, mailto:, tel: or {{reset-link}} in ${name}`);
  } else if (!leading.has(name) && keyOrigin !== null && holdsKey(value)) {
    throw fault(`the key has no place in ${name}: a style could load something by what stands there`);
  } else if (leading.has(name) && !keepsKey(value, keyOrigin)) {
    throw fault(`expected {{reset-link}} alone, or an address below ${keyOrigin}/, in ${name}: whoever serves another one would learn the key`);
  }
}

/** Of a link's address, a style may go by what kind it is: not by what stands in it, which is the key. */
const harmlessSelector = /^\s*href\s*(?:\^=\s*["']?(?:tel|sms|mailto|https?)(?::|:\/\/)?["']?\s*)?$/i;

/** What a style loads is loaded from whoever opens the mail; what old programs take for a script is refused with it. */
function requireMailStyle(part: TemplatePart, style: string, position: number): void {
  const others = style.replace(placeholder, (whole, mark: string | undefined, name: string) => (mark === undefined && isColorOrFont(name) ? '' : whole));
  if (others.includes('{{')) throw faultAt(part, position, 'a style has no placeholders but the brand’s colours and font');
  const suspect = /@import|@charset|expression\s*\(|javascript:|-moz-binding|behaviou?r\s*:|\\|<|&(?!quot;|apos;|#39;|amp;)|url\((?!\s*["']?\s*(?:https:\/\/|data:image\/))/i.exec(style);
  if (suspect) throw faultAt(part, position, `"${suspect[0]}" has no place in a mail's style`);
  // A comment may hide where a selector ends.
  const telling = style.split('[').slice(1).map((rest) => rest.split(']', 1)[0] ?? '').find((selector) => selector.includes('/*') || (/href|cite/i.test(selector) && !harmlessSelector.test(selector)));
  if (telling !== undefined) throw faultAt(part, position, `"[${telling.slice(0, 40)}" has no place in a mail's style: what it loads would tell the link`);
}
