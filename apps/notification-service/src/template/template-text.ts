import { quotedPrintableBlock } from '../message/quoted-printable.ts';
import { placeholder } from './placeholders.ts';

/** @param name of the placeholder that the value stands for */
export type Escape = (value: string, name: string) => string;

/** What a placeholder stands for, by its name; claims that a person lacks are empty. */
export type TemplateValues = ReadonlyMap<string, string>;

type Piece =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'value'; readonly name: string }
  /** What stands in it is there where the value is not empty, or where it is. */
  | { readonly kind: 'section'; readonly name: string; readonly whereEmpty: boolean; readonly pieces: readonly Piece[] };

/**
 * A text with `{{placeholders}}` and `{{#sections}}…{{/sections}}`, taken apart once: filling it in is a join. Values are escaped and never
 * read again, so a value that looks like a placeholder stays what it is.
 */
export class TemplateText {
  private blocks: readonly Piece[] | null = null;

  private constructor(private readonly pieces: readonly Piece[]) {}

  /** Names that nobody fills are left empty: `requireKnownPlaceholders` has seen to it that there are none, and that sections end. */
  static parse(text: string): TemplateText {
    const outer: Piece[] = [];
    const open: Piece[][] = [outer];
    let from = 0;
    for (const { 0: written, 1: mark = '', 2: name = '', index } of text.matchAll(placeholder)) {
      const inner = open.at(-1) ?? outer;
      if (index > from) inner.push({ kind: 'literal', text: text.slice(from, index) });
      from = index + written.length;
      if (mark === '') inner.push({ kind: 'value', name });
      else if (mark === '/') open.pop();
      else {
        const pieces: Piece[] = [];
        inner.push({ kind: 'section', name, whereEmpty: mark === '^', pieces });
        open.push(pieces);
      }
    }
    outer.push({ kind: 'literal', text: text.slice(from) });
    return new TemplateText(outer);
  }

  fill(values: TemplateValues, escape: Escape): string {
    return filled(this.pieces, values, escape);
  }

  /** @returns the same as blocks of quoted-printable text. What is no value is encoded once, when the first mail needs it */
  fillEncoded(values: TemplateValues, escape: Escape): string {
    this.blocks ??= encoded(this.pieces);
    return filled(this.blocks, values, (value, name) => quotedPrintableBlock(escape(value, name)));
  }
}

function encoded(pieces: readonly Piece[]): readonly Piece[] {
  return pieces.map((piece) => {
    if (piece.kind === 'literal') return { ...piece, text: quotedPrintableBlock(piece.text) };
    return piece.kind === 'section' ? { ...piece, pieces: encoded(piece.pieces) } : piece;
  });
}

function filled(pieces: readonly Piece[], values: TemplateValues, escape: Escape): string {
  return pieces
    .map((piece) => {
      if (piece.kind === 'literal') return piece.text;
      if (piece.kind === 'value') return escape(valueOf(values, piece.name), piece.name);
      return (valueOf(values, piece.name) === '') === piece.whereEmpty ? filled(piece.pieces, values, escape) : '';
    })
    .join('');
}

function valueOf(values: TemplateValues, name: string): string {
  return name.startsWith('url:') ? encodeURIComponent(values.get(name.slice('url:'.length)) ?? '') : (values.get(name) ?? '');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** For HTML text and quoted attributes. Direction overrides, with which a name could reorder the words around it, are dropped. */
export function escapeHtml(value: string): string {
  return asOneLine(value).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** For headers and plain text: a value cannot start a line of its own. */
export function asOneLine(value: string): string {
  return unfolded(value.replace(/[\u202A-\u202E\u2066-\u2069]/g, ''));
}

/** A header is one line, whatever its template says. */
export function unfolded(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

const rightToLeftLetter = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
/** What people copy, programs make links of, or is written in the mail's own language. */
const plainly = /^(?:url:|organization\.(?:color|font|theme|button|logo\.img)|(?:reset-link|confirmation-code|callback|reference|link-validity|expires-at|requested-at|lock-duration|current-year)$)|-url(?:-|$)/;

/**
 * The same where words may run in another direction than the value: it is set apart (UAX #9: a first strong isolate), as `<bdi>` does in HTML. In mails from left to right
 * nothing is added to a value that runs so too.
 */
export function asOneIsolatedLine(direction: 'ltr' | 'rtl'): Escape {
  return (value, name) => {
    const line = asOneLine(value);
    return line === '' || plainly.test(name) || (direction === 'ltr' && !rightToLeftLetter.test(line)) ? line : `\u2068${line}\u2069`;
  };
}
