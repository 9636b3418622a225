import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import fc from 'fast-check';
import { UsersUnderTest } from '../testing/users-under-test.ts';
import { PasswordPolicy, type PasswordOwner, type PasswordPolicySettings } from './password-policy.ts';

const asShipped: PasswordPolicySettings = { enable: true, minLength: 15, maxLength: 128, pattern: null, patternMessage: 'Three words, please.', breachedList: true, contextWords: [] };
const kim: PasswordOwner = { username: 'kim.meyer@example.com', tenantDomain: 'carbon.super' };

const reasons = (password: string, settings: Partial<PasswordPolicySettings> = {}, owner: Partial<PasswordOwner> = {}): string[] =>
  new PasswordPolicy({ ...asShipped, ...settings }).reasonsAgainst(password, { ...kim, ...owner }).map(({ code }) => code);

/** No two characters of it are the same or side by side. */
const plain = 'gkpvzbmxhtnlcwdf';
const ofLength = (length: number) => plain.repeat(Math.ceil(length / plain.length)).slice(0, length);

describe('the password policy', () => {
  it.each([
    ['14 characters', ofLength(14), ['too-short']],
    ['15 characters', ofLength(15), []],
    ['64 characters', ofLength(64), []],
    ['128 characters', ofLength(128), []],
    ['129 characters', ofLength(129), ['too-long']],
    ['14 emoji, 28 code units', '😀🚲🍒🌍🎲🔑🐘'.repeat(2), ['too-short']],
    ['15 emoji', '😀🚲🍒🌍🎲🔑🐘📷🌵🦆🍋🎺🧦🚀🪁', []],
    ['128 emoji', '😀🚲🍒🌍🎲🔑🐘📷'.repeat(16), []],
    ['14 letters written as 28', 'öéñâùîç'.repeat(2).normalize('NFD'), ['too-short']],
    ['128 letters of four code units each', '\u03B1\u0313\u0300\u0345\u03C9\u0313\u0300\u0345\u03B7\u0313\u0300\u0345\u03B1\u0314\u0300\u0345\u03C9\u0314\u0300\u0345\u03B7\u0314\u0300\u0345\u03B1\u0313\u0301\u0345\u03C9\u0313\u0301\u0345'.repeat(16), []],
    ['14 letters between blanks', ` ${ofLength(13)} `, []],
    ['no capital, no digit', 'correct horse battery', []],
    ['a megabyte', 'x'.repeat(1_000_000), ['too-long']],
  ])('of 15 to 128 characters, on %s (S28)', (_, password, expected) => expect(reasons(password)).toEqual(expected));

  it.each([
    ['the username', 'my kim.meyer@example.com!', ['contains-username']],
    ['the username in capitals', 'MY KIM.MEYER@EXAMPLE.COM', ['contains-username']],
    ['what stands before the @', 'my name: Kim.Meyer', ['contains-username']],
    ['neither', 'my name: Meyer, Kim', []],
  ])('on a password with %s (S28)', (_, password, expected) => expect(reasons(password)).toEqual(expected));

  it('lets a short username stand in a password, but not be it', () => {
    expect(reasons('swimming in the lake', {}, { username: 'in' })).toEqual([]);
    expect(reasons('kim', { minLength: 1, breachedList: false }, { username: 'KIM' })).toEqual(['contains-username']);
  });

  it.each([
    ['the service’s name', 'what a fine Rekey this is'],
    ['a word of the organisation', 'the ZEPPELIN has landed'],
    ['the tenant’s domain', 'log in at acme.example'],
    ['the name in the tenant’s domain', 'acmeology for beginners'],
  ])('on a password with %s (S28)', (_, password) => {
    expect(reasons(password, { contextWords: ['Zeppelin', 'hr'] }, { tenantDomain: 'acme.example' })).toEqual(['contains-context-word']);
  });

  it('takes neither the tenant that every installation has nor a short word within another for a name', () => {
    expect(reasons('carbon dioxide threatens', { contextWords: ['hr'] })).toEqual([]);
  });

  it.each(['password', 'PassWord', 'princess', 'football', 'iloveyou', 'sunshine', 'trustno1', 'password1', 'michelle', 'jennifer', 'superman', '1qaz2wsx', 'princess12'])('knows %s from breaches (S28)', (password) => {
    expect(reasons(password, { minLength: 8 })).toEqual(['breached']);
  });

  it('knows those from breaches that are long enough for the default too, and only as a whole (S28)', () => {
    expect(reasons('lyTdyBrbdfvgbhf')).toEqual(['breached']);
    expect(reasons('lytdybrbdfvgbhf zebra')).toEqual([]);
    expect(reasons('Password1!', { minLength: 8 })).toEqual([]);
  });

  it.each(['aaaaaaaa', '12121212', 'xk3vxk3vxk3v', 'xkxkxkxkx', '12345678', '87654321', 'abcdefgh', 'qwertyuiop', '1234abcd', 'ASDFGHJKL', '11112222'])('sees at a glance how %s goes on (S28)', (password) => {
    expect(reasons(password, { minLength: 8 })).toContain('predictable');
  });

  it.each(['correct horse battery staple', 'treasured sweaters were there', 'a phrase said twice a phrase said twice', 'my telephone: 0431 98 72 65'])('takes "%s" for no repetition and no sequence', (password) => {
    expect(reasons(password)).toEqual([]);
  });

  it('asks neither the list nor for repetitions where the list is off', () => {
    for (const password of ['password', 'aaaaaaaa', '12345678']) expect(reasons(password, { minLength: 8, breachedList: false })).toEqual([]);
  });

  it('gives every reason at once', () => {
    expect(reasons('meyer-1', { pattern: '[a-z]+' }, { username: 'meyer' })).toEqual(['too-short', 'contains-username', 'pattern']);
    expect(reasons('qwertyuiop', { contextWords: ['Wert'] }, { username: 'qwer' })).toEqual(['too-short', 'contains-username', 'contains-context-word', 'breached', 'predictable']);
  });

  it('applies its pattern to the whole password', () => {
    expect(reasons('correct horse battery', { pattern: '[a-z ]+' })).toEqual([]);
    expect(reasons('correct horse battery 1', { pattern: '[a-z ]+' })).toEqual(['pattern']);
    expect(reasons('correct horse battery', { pattern: 'x|[a-z ]+' })).toEqual([]);
  });

  it('refuses what its pattern would take years to find out about', () => {
    expect(reasons(`${'a'.repeat(40)}!`, { pattern: '(a+)+', breachedList: false })).toEqual(['pattern']);
  });

  it('shows its pattern nothing that is too long: this one would take longer than the universe has', () => {
    expect(reasons(`${'a'.repeat(129)}!`, { pattern: '(a+)+' })).toEqual(['too-long']);
  });

  it('says nothing when it is off', () => expect(reasons('', { enable: false })).toEqual([]));

  it('refuses with 20035 and all reasons', () => {
    const tooShort = { code: 'too-short', message: 'Use at least 15 characters.' };
    expect(new PasswordPolicy(asShipped).verdictOn('short', kim)).toEqual({ kind: 'refuse', code: '20035', message: tooShort.message, reasons: [tooShort] });
  });

  it('judges every way to compose a password alike (S28)', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 150 }), (password) => expect(reasons(password.normalize('NFD'))).toEqual(reasons(password.normalize('NFC')))), { numRuns: 300 });
  });
});

describe('the one rule for passwords', () => {
  let test: UsersUnderTest;
  beforeAll(async () => (test = await UsersUnderTest.open()));
  afterAll(() => test.close());

  it.each([
    ['too short', 'gkpvzbm', 'too-short'],
    ['too long', ofLength(129), 'too-long'],
    ['known from breaches', 'iloveyou', 'breached'],
    ['a sequence', 'hgfedcba', 'predictable'],
    ['of the service’s name', 'rekey it!', 'contains-context-word'],
  ])('refuses a password that is %s when a user is added, recovers and changes it, before anything is hashed (S28)', async (_, password, reason) => {
    const users = test.manager();
    const user = await test.aUser(users, 'correct horse');
    const hashing = jest.spyOn(test.hasher, 'hash');
    const refused = { kind: 'refused', code: '20035', reasons: [{ code: reason }] };
    expect(await users.addUser({ ...user, username: `user-${randomUUID()}` }, password, {})).toMatchObject(refused);
    expect(await users.updateCredentialByAdmin(user, password, async () => true)).toMatchObject(refused);
    expect(await users.updateCredential(user, 'correct horse', password)).toMatchObject(refused);
    expect(hashing).not.toHaveBeenCalled();
    hashing.mockRestore();
  });

  it('keeps the blanks of a password, and takes it in every way to compose it (S28)', async () => {
    const users = test.manager();
    const user = await test.aUser(users, ' scho\u0308n  warm ');
    expect(await users.authenticate(user, ' sch\u00F6n  warm ')).toMatchObject({ kind: 'authenticated' });
    expect(await users.authenticate(user, 'sch\u00F6n  warm')).toMatchObject({ code: '17002' });
  });
});
