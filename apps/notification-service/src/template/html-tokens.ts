import { faultAt, type TemplatePart } from './template-fault.ts';

export interface HtmlAttribute {
  /** Lower case. */
  readonly name: string;
  /** As written, with its entities; empty where there is none. */
  readonly value: string;
  readonly quoted: boolean;
  readonly position: number;
}

export type HtmlToken =
  | { readonly kind: 'text'; readonly text: string; readonly position: number }
  | { readonly kind: 'comment'; readonly text: string; readonly position: number }
  /** What stands between the tags of an element in which there are none, such as a style sheet. */
  | { readonly kind: 'raw'; readonly element: string; readonly text: string; readonly position: number }
  | { readonly kind: 'open'; readonly name: string; readonly attributes: readonly HtmlAttribute[]; readonly selfClosing: boolean; readonly position: number }
  | { readonly kind: 'close'; readonly name: string; readonly position: number };

const text = /[^<]+/y;
const comment = /<!--([\s\S]*?)-->/y;
const doctype = /<!doctype\s[^<>]*>/iy;
const openTag = /<([a-z][a-z0-9-]*)/iy;
const closeTag = /<\/([a-z][a-z0-9-]*)\s*>/iy;
/** Behind a value in quotes HTML's standard has the next one begin without a space too, as in WSO2's templates. */
const attribute = /(?:\s+|(?<=["']))([a-z_:][\w:.-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/iy;
const tagEnd = /\s*(\/?)>/y;

/**
 * Takes apart what is written as plainly as mails are. Whatever two programs may read differently is refused, so what is checked here
 * is what a mail program sees.
 * @param rawElements whose content is no markup
 * @throws TemplateError with line and column
 */
export function* htmlTokens(part: TemplatePart, rawElements: readonly string[]): Generator<HtmlToken, void> {
  const { source } = part;
  let position = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const match = pattern.exec(source);
    if (match) position = pattern.lastIndex;
    return match;
  };
  while (position < source.length) {
    const start = position;
    const words = take(text);
    if (words) yield { kind: 'text', text: words[0], position: start };
    else if (source.startsWith('<!--', position)) {
      const found = take(comment);
      if (!found) throw faultAt(part, start, 'this comment has no end');
      // Where HTML ends a comment, and older programs do not.
      if (/^-?>|--!>/.test(found[1] ?? '')) throw faultAt(part, start, 'this comment ends in two ways');
      yield { kind: 'comment', text: found[1] ?? '', position: start };
    } else if (take(doctype)) continue;
    else {
      const closed = take(closeTag);
      if (closed) {
        yield { kind: 'close', name: nameOf(closed), position: start };
        continue;
      }
      const opened = take(openTag);
      if (!opened) throw faultAt(part, start, 'expected a tag behind "<": write &lt; for the sign itself');
      const name = nameOf(opened);
      const attributes: HtmlAttribute[] = [];
      for (let at = position, found = take(attribute); found; at = position, found = take(attribute)) {
        const [whole, written = '', inDouble, inSingle, bare] = found;
        attributes.push({ name: written.toLowerCase(), value: inDouble ?? inSingle ?? bare ?? '', quoted: bare === undefined, position: at + (whole.length - whole.trimStart().length) });
      }
      const ended = take(tagEnd);
      if (!ended) throw faultAt(part, position, `the tag <${name}> cannot be read from here on`);
      const selfClosing = ended[1] === '/';
      yield { kind: 'open', name, attributes, selfClosing, position: start };
      if (selfClosing || !rawElements.includes(name)) continue;
      const rawStart = position;
      const rawEnd = new RegExp(`</${name}(?=[\\s/>])`, 'ig');
      rawEnd.lastIndex = rawStart;
      const end = rawEnd.exec(source);
      if (!end) throw faultAt(part, start, `<${name}> has no end`);
      position = end.index;
      yield { kind: 'raw', element: name, text: source.slice(rawStart, position), position: rawStart };
    }
  }
}

function nameOf(match: RegExpExecArray): string {
  return (match[1] ?? '').toLowerCase();
}
