import fc from 'fast-check';
import { canonicalUsername } from './user-name.ts';

describe('the canonical form of a username', () => {
  const same = (one: string, other: string): boolean => {
    const form = canonicalUsername(one);
    return form !== null && form === canonicalUsername(other);
  };

  it.each([
    ['Kim', 'kim'],
    ['KIM@EXAMPLE.COM', 'kim@example.com'],
    ['ÅSA', 'åsa'],
    ['a\u030Asa', 'åsa'],
    ['ΣΟΦΙΑ', 'σοφια'],
    // No capital J with a caron exists: only after lower-casing is there a letter to compose.
    ['J\u030Ciri', '\u01F0iri'],
    // Unicode has the Kelvin sign only as another way to write K (NFC).
    ['\u212Aim', 'kim'],
  ])('is one for %j and %j', (one, other) => expect(same(one, other)).toBe(true));

  it.each([
    ['mıke', 'mike'],
    ['MİKE', 'mike'],
    ['straße', 'strasse'],
    ['STRAẞE', 'strasse'],
    ['STRASSE', 'straße'],
    ['ﬀ', 'ff'],
    ['ｋｉｍ', 'kim'],
    ['ſam', 'sam'],
    ['kim.', 'kim'],
    ['kіm', 'kim'],
    ['kim²', 'kim2'],
  ])('differs for %j and %j', (one, other) => expect(same(one, other)).toBe(false));

  it.each([
    ['nothing', ''],
    ['a blank before', ' kim'],
    ['a blank after', 'kim '],
    ['a no-break space after', 'kim\u00A0'],
    ['a line feed', 'kim\nBcc: eve'],
    ['NUL', 'kim\0'],
    ['a zero-width space', 'k\u200Bim'],
    ['a zero-width joiner', 'k\u200Dim'],
    ['a word joiner', 'kim\u2060'],
    ['a byte order mark', '\uFEFFkim'],
    ['a soft hyphen', 'ki\u00ADm'],
    ['a combining grapheme joiner', 'k\u034Fim'],
    ['a variation selector', 'kim\uFE0F'],
    ['a Hangul filler', 'kim\u3164'],
    ['a blank Braille pattern', 'kim\u2800'],
    ['a direction override', '\u202Emik'],
    ['half a surrogate pair', 'kim\uD800'],
    ['more than 255 characters', 'k'.repeat(256)],
  ])('does not exist with %s', (_, name) => expect(canonicalUsername(name)).toBeNull());

  it('has itself as its canonical form, for every character there is', () => {
    for (let point = 0; point <= 0x10ffff; point++) {
      for (const name of [String.fromCodePoint(point), `a${String.fromCodePoint(point)}\u030C`]) {
        const form = canonicalUsername(name);
        if (form !== null && canonicalUsername(form) !== form) throw new Error(`U+${point.toString(16)}: ${JSON.stringify(name)} -> ${JSON.stringify(form)}`);
      }
    }
  });

  it('is one for every way to compose a name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (name) => {
        fc.pre(name.normalize('NFD').length <= 255);
        expect(canonicalUsername(name.normalize('NFD'))).toBe(canonicalUsername(name.normalize('NFC')));
      }),
      { numRuns: 500 },
    );
  });
});
