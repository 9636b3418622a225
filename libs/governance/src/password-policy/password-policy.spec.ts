import fc from 'fast-check';
import { PasswordPolicy, type PasswordPolicySettings } from './password-policy.ts';

const reasons = (password: string, settings: Partial<PasswordPolicySettings> = {}, username = 'kim.meyer@example.com'): string[] =>
  new PasswordPolicy({ enable: true, minLength: 15, maxLength: 128, pattern: null, ...settings }).reasonsAgainst(password, username).map(({ code }) => code);

describe('the password policy', () => {
  it.each([
    ['14 characters', 'a'.repeat(14), ['too-short']],
    ['15 characters', 'a'.repeat(15), []],
    ['128 characters', 'a'.repeat(128), []],
    ['129 characters', 'a'.repeat(129), ['too-long']],
    ['14 emoji, 28 code units', '😀'.repeat(14), ['too-short']],
    ['15 emoji', '😀'.repeat(15), []],
    ['128 emoji', '😀'.repeat(128), []],
    ['14 letters written as 28', 'o\u0308'.repeat(14), ['too-short']],
    ['128 letters of four code units each', '\u03B1\u0313\u0300\u0345'.repeat(128), []],
    ['blanks only', ' '.repeat(15), []],
    ['no capital, no digit', 'correct horse battery', []],
    ['a megabyte', 'x'.repeat(1_000_000), ['too-long']],
  ])('of 15 to 128 characters, on %s', (_, password, expected) => expect(reasons(password)).toEqual(expected));

  it.each([
    ['the username', 'my kim.meyer@example.com!', ['contains-username']],
    ['the username in capitals', 'MY KIM.MEYER@EXAMPLE.COM', ['contains-username']],
    ['what stands before the @', 'my name: Kim.Meyer', ['contains-username']],
    ['neither', 'my name: Meyer, Kim', []],
  ])('on a password with %s', (_, password, expected) => expect(reasons(password)).toEqual(expected));

  it('lets a short username stand in a password, but not be it', () => {
    expect(reasons('swimming in the lake', {}, 'in')).toEqual([]);
    expect(reasons('kim', { minLength: 1 }, 'KIM')).toEqual(['contains-username']);
  });

  it('gives every reason at once', () => {
    expect(reasons('meyer-1', { pattern: '[a-z]+' }, 'meyer')).toEqual(['too-short', 'contains-username', 'pattern']);
  });

  it('applies its pattern to the whole password', () => {
    expect(reasons('correct horse battery', { pattern: '[a-z ]+' })).toEqual([]);
    expect(reasons('correct horse battery 1', { pattern: '[a-z ]+' })).toEqual(['pattern']);
    expect(reasons('correct horse battery', { pattern: 'x|[a-z ]+' })).toEqual([]);
  });

  it('shows its pattern nothing that is too long: this one would take longer than the universe has', () => {
    expect(reasons(`${'a'.repeat(129)}!`, { pattern: '(a+)+' })).toEqual(['too-long']);
  });

  it('says nothing when it is off', () => expect(reasons('', { enable: false })).toEqual([]));

  it('refuses with 20035 and all reasons', () => {
    const policy = new PasswordPolicy({ enable: true, minLength: 15, maxLength: 128, pattern: null });
    expect(policy.verdictOn('short', 'kim')).toEqual({ kind: 'refuse', code: '20035', message: 'Use at least 15 characters.', reasons: [{ code: 'too-short', message: 'Use at least 15 characters.' }] });
  });

  it('judges every way to compose a password alike', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 150 }), (password) => expect(reasons(password.normalize('NFD'))).toEqual(reasons(password.normalize('NFC')))), { numRuns: 300 });
  });
});
