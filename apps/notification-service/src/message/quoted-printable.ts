import { encode, wrap } from 'nodemailer/lib/qp';

const softBreak = '=\r\n';
/** RFC 2045 section 6.7: 76 characters a line, of which the soft break's sign is one. */
const lineLength = 75;
/** Most values: what stands for itself. Their own ends are no blanks. */
const isOneLine = /^[\x21-\x3c\x3e-\x7e](?:[\x20-\x3c\x3e-\x7e]{0,73}[\x21-\x3c\x3e-\x7e])?$/;

/**
 * Text in quoted-printable, which begins a line and ends it, by a soft break where the text itself does not. Such blocks can stand behind each
 * other in any order and mean their texts together; so what a template always says is encoded once, and each value by itself.
 */
export function quotedPrintableBlock(text: string): string {
  if (text === '') return '';
  if (isOneLine.test(text)) return text + softBreak;
  const lines = text.replace(/\r\n?|\n/g, '\r\n');
  if (lines.endsWith('\r\n')) return wrap(encode(lines), lineLength);
  // With something behind it, so that blanks at its end stay what they are: a soft break comes behind them.
  return wrap(encode(`${lines}.`).slice(0, -1), lineLength) + softBreak;
}

/** What is encoded never ends in a soft break, behind which nothing comes, nor in blanks, which relays may take away. */
export function withoutLastSoftBreak(blocks: string): string {
  return blocks.endsWith(softBreak) ? blocks.slice(0, -softBreak.length).trimEnd() : blocks;
}
