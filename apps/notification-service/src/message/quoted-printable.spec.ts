import fc from 'fast-check';
import { quotedPrintableBlock, withoutLastSoftBreak } from './quoted-printable.ts';

/** RFC 2045 section 6.7, as a reader has it. */
function decoded(encoded: string): string {
  const bytes = encoded.replaceAll('=\r\n', '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

const awkward = fc.constantFrom('=', '==3D', '.', '\r\n.', '\n..\n', ' ', '\t', ' \r\n', '\r\n', '\n', 'ü', '👩‍👩‍👧', 'مرحبا', '\u2068', 'long'.repeat(40), ' word'.repeat(40), '=3D'.repeat(30), '"><', '--=_alternative');
const texts = fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.array(awkward, { maxLength: 6 }).map((parts) => parts.join(''))), { maxLength: 8 });

describe('blocks of quoted-printable text', () => {
  it('mean their texts, in whatever order they stand', () => {
    fc.assert(fc.property(texts, (parts) => expect(decoded(parts.map(quotedPrintableBlock).join(''))).toBe(parts.map((part) => part.replace(/\r\n?|\n/g, '\r\n')).join(''))));
  });

  it('have lines of at most 76 printable characters, no blank at an end, and nothing that is a boundary', () => {
    fc.assert(
      fc.property(texts, (parts) => {
        const lines = parts.map(quotedPrintableBlock).join('').split('\r\n');
        for (const line of lines) expect(line).toMatch(/^(?:[\x20-\x7e\t]{0,75}[\x21-\x7e])?$/);
        expect(lines.filter((line) => line.includes('=_'))).toEqual([]);
        expect(lines.at(-1)).toBe('');
      }),
    );
  });

  it('do not end what is encoded in a soft break', () => {
    expect(['Kim', 'Kim \t', 'Kim\n', ''].map((text) => withoutLastSoftBreak(quotedPrintableBlock(text)))).toEqual(['Kim', 'Kim', 'Kim\r\n', '']);
  });
});
