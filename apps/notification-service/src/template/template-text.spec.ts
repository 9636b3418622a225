import { asOneIsolatedLine, asOneLine, TemplateText } from './template-text.ts';

const filled = (text: string, values: Readonly<Record<string, string>>) => TemplateText.parse(text).fill(new Map(Object.entries(values)), asOneLine);

describe('a text with placeholders', () => {
  it('URL-encodes what {{url:…}} names, and leaves a claim that a person lacks empty', () => {
    expect(filled('/?u={{url:user-name}}&n={{user.claim.lastname}}.', { 'user-name': 'a b&c' })).toBe('/?u=a%20b%26c&n=.');
  });

  it('does not read a value again', () => {
    expect(filled('{{user-name}}', { 'user-name': '{{reset-link}}', 'reset-link': 'secret' })).toBe('{{reset-link}}');
  });

  it('has a section where its value is there, and another where it is not', () => {
    const text = 'a{{#client-address}} from {{client-address}}{{#callback}}, {{callback}}{{/callback}}{{/client-address}}{{^client-address}} from nowhere{{/client-address}}.';
    expect([filled(text, {}), filled(text, { 'client-address': '192.0.2.7' }), filled(text, { 'client-address': '192.0.2.7', callback: 'b' })]).toEqual(['a from nowhere.', 'a from 192.0.2.7.', 'a from 192.0.2.7, b.']);
  });
});

describe('a value in plain text (S40)', () => {
  it.each<['ltr' | 'rtl', string, string, string]>([
    ['ltr', 'user-name', 'kim', 'kim'],
    ['ltr', 'user-name', 'كريم', '\u2068كريم\u2069'],
    ['rtl', 'user-name', 'kim!', '\u2068kim!\u2069'],
    ['rtl', 'user-name', 'a\u202eb\u2066c', '\u2068abc\u2069'],
    ['rtl', 'user-name', '', ''],
    ['rtl', 'reset-link', 'https://id.example.com/', 'https://id.example.com/'],
    ['rtl', 'confirmation-code', 'wi8Ivm', 'wi8Ivm'],
    ['rtl', 'requested-at', '٢٥ نوفمبر', '٢٥ نوفمبر'],
  ])('in a mail from %s, {{%s}} %s is set apart where it may run otherwise than the words around it', (direction, name, value, expected) => {
    expect(asOneIsolatedLine(direction)(value, name)).toBe(expected);
  });
});
