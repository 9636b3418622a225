import { rawElements, voidElements } from './mail-markup.ts';
import { htmlTokens, type HtmlAttribute } from './html-tokens.ts';

/** Begin a line of their own. */
const blocks = new Set(['p', 'div', 'table', 'tr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li', 'dl', 'dt', 'dd', 'blockquote', 'pre', 'hr', 'section', 'article', 'header', 'footer', 'main', 'center', 'address']);
const apart = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'table', 'blockquote', 'pre', 'hr']);
const unseen = new Set(['head', 'title', 'style']);
const characters: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', zwnj: '', shy: '', ndash: '–', mdash: '—', hellip: '…', copy: '©', euro: '€', bull: '•', middot: '·' };

/**
 * The text part of a mail whose author wrote none: the words, with the address behind each link that does not show it.
 * @param withHidden whether also those that are hidden: style sheets, and a style's later words, may show them all the same
 */
export function textOfHtml(html: string, withHidden = false): string {
  const written: string[] = [];
  /** Of the element that nothing is shown of, and of those within it. */
  let hidden: string[] = [];
  let link: { readonly address: string; readonly from: number } | null = null;
  for (const token of htmlTokens({ name: 'html', source: html }, rawElements)) {
    if (token.kind === 'open') {
      if (hidden.length > 0 || (!withHidden && isHidden(token))) {
        if (!token.selfClosing && !voidElements.has(token.name)) hidden.push(token.name);
        continue;
      }
      if (token.name === 'br') written.push('\n');
      if (blocks.has(token.name)) written.push(apart.has(token.name) ? '\n\n' : '\n');
      if (token.name === 'li') written.push('- ');
      if (token.name === 'td' || token.name === 'th') written.push(' ');
      if (token.name === 'a') link = { address: attributeOf(token.attributes, 'href'), from: written.length };
      if (token.name === 'img') written.push(attributeOf(token.attributes, 'alt'));
    } else if (token.kind === 'close') {
      if (hidden.length > 0) {
        const innermost = hidden.lastIndexOf(token.name);
        if (innermost !== -1) hidden = hidden.slice(0, innermost);
        continue;
      }
      if (token.name === 'a' && link) {
        const shown = written.slice(link.from).join('');
        if (/^(?:https?:|\{\{)/i.test(link.address) && !shown.includes(link.address)) written.push(`${shown.trim() === '' ? '' : ':'} ${link.address} `);
        link = null;
      }
      if (blocks.has(token.name)) written.push(apart.has(token.name) ? '\n\n' : '\n');
    } else if (token.kind === 'text' && hidden.length === 0) written.push(decoded(token.text).replace(/\s+/g, ' '));
  }
  return written.join('').replace(/[^\S\n]+/g, ' ').replace(/ ?\n ?/g, '\n').replace(/\n{3,}/g, '\n\n').trim();
}

function isHidden({ name, attributes }: { readonly name: string; readonly attributes: readonly HtmlAttribute[] }): boolean {
  return unseen.has(name) || /display\s*:\s*none/i.test(attributeOf(attributes, 'style'));
}

function attributeOf(attributes: readonly HtmlAttribute[], name: string): string {
  return decoded(attributes.find((attribute) => attribute.name === name)?.value ?? '');
}

/** Character references that mails are written with; others stay as they are. */
function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]+));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return characters[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : whole;
  });
}
