import { randomUUID } from 'node:crypto';
import { mailBrand } from '@rekey/events';
import fc from 'fast-check';
import { simpleParser, type ParsedMail } from 'mailparser';
import NodeMailComposer from 'nodemailer/lib/mail-composer';
import { MailAddressError, MailComposer, shippedTemplates, type MailRequest } from './mail-composer.ts';
import { TemplateError } from './template-fault.ts';
import { TemplateLibrary } from './template-library.ts';

const link = 'https://id.example.com/myaccount/reset#key=Zm9yZ290dGVu';

const brand = mailBrand.parse({});

let library: TemplateLibrary;
let composer: MailComposer;
beforeAll(async () => {
  library = await TemplateLibrary.load(shippedTemplates, 'en_US');
  composer = new MailComposer(library, async () => new Map(), async () => brand, { from: { name: 'Example', address: 'help@example.com' }, messageIdDomain: 'example.com', baseUrl: 'https://id.example.com' });
});

function aRequest(more: Partial<MailRequest> = {}): MailRequest {
  return {
    eventId: randomUUID(),
    createdAt: new Date('2026-11-25T09:30:00Z'),
    templateType: 'passwordreset',
    recipient: { address: 'kim@example.org', locale: 'en_US', claims: { givenname: 'Kim' } },
    user: { username: 'kim', realm: 'PRIMARY', tenantDomain: 'carbon.super' },
    link,
    callback: null,
    confirmationCode: 'Zm9yZ290dGVu',
    expiresAt: new Date('2026-11-25T10:30:00Z'),
    properties: {},
    clientAddress: null,
    lockedUntil: null,
    ...more,
  };
}

const named = (givenname: string) => aRequest({ recipient: { address: 'kim@example.org', locale: 'en_US', claims: { givenname } } });
const composed = async (request: MailRequest) => simpleParser((await composer.compose(request)).raw);

/** Without what marks them up. */
const wordsOf = (html: string | false | undefined) => String(html).replace(/<\/?(?:bdi|strong)[^>]*>/g, '');

describe('a recovery mail', () => {
  it('has an HTML and a text part, which both say who, what, where and how long', async () => {
    const mail = await composed(aRequest());
    expect(mail.subject).toBe('Reset your password');
    for (const part of [mail.text, mail.html]) {
      for (const word of ['Kim', 'kim', link, '60 minutes', 'November 25, 2026']) expect(part).toContain(word);
    }
    expect(mail.html).toContain(`href="${link}"`);
    expect(mail.html).toContain('lang="en-US"');
    expect(mail.html).not.toMatch(/(?:src|url\()\s*=?\s*["']?https?:|<link/i);
    expect(mail.html).toMatch(/<title>Reset your password<\/title>/);
  });

  it('has the Message-ID of its event, the event’s date, and says that a program wrote it (RFC 3834)', async () => {
    const request = aRequest();
    const { messageId, raw } = await composer.compose(request);
    const mail = await simpleParser(raw);
    expect([messageId, mail.messageId]).toEqual([`<${request.eventId}@example.com>`, `<${request.eventId}@example.com>`]);
    expect(mail.date).toEqual(request.createdAt);
    expect([mail.headers.get('auto-submitted'), mail.headers.get('content-language')]).toEqual(['auto-generated', 'en-US']);
  });

  it('is the same to the byte however often it is composed', async () => {
    const request = aRequest();
    const [one, other] = [await composer.compose(request), await composer.compose(request)];
    expect(one.raw.equals(other.raw)).toBe(true);
  });

  it('has no line that ends otherwise than SMTP has it', async () => {
    const { raw } = await composer.compose(named('Kim\nK'));
    expect(raw.toString('latin1')).not.toMatch(/[^\r]\n|\r[^\n]/);
  });

  it('keeps its lines within what SMTP allows, whatever is put in (RFC 5321 section 4.5.3.1.6)', async () => {
    const { raw } = await composer.compose(named('K'.repeat(1_024)));
    expect(Math.max(...raw.toString('latin1').split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
  });

  it('speaks the person’s language, a near one, or else the default', async () => {
    const subjectIn = async (locale: string) => (await composed(aRequest({ recipient: { address: 'kim@example.org', locale, claims: {} } }))).subject;
    expect(await subjectIn('de_DE')).toBe('Passwort zurücksetzen');
    expect(await subjectIn('de-AT')).toBe('Passwort zurücksetzen');
    expect(await subjectIn('en_GB')).toBe('Reset your password');
    expect(await subjectIn('fi_FI')).toBe('Reset your password');
    expect(await subjectIn('../../etc')).toBe('Reset your password');
  });

  it.each([
    ['en_US', 'Europe/Paris', '60 minutes', 'November 25, 2026 at 11:30 AM GMT+1'],
    ['de_DE', 'Europe/Berlin', '60 Minuten', '25. November 2026 um 11:30 MEZ'],
    ['fr_CA', 'America/Montreal', '60 minutes', '25 novembre 2026 à 05:30 UTC−5'],
    ['ar_EG', 'Africa/Cairo', '60 دقيقة', '25 نوفمبر 2026 في 12:30 م غرينتش+2'],
    ['en_US', 'Nowhere/At/All', '60 minutes', 'November 25, 2026 at 10:30 AM UTC'],
    ['en_US', '', '60 minutes', 'November 25, 2026 at 10:30 AM UTC'],
  ])('tells how long its link works, in words and as a moment of the person’s own: %s in %s', async (locale, timeZone, words, moment) => {
    const { text } = await composed(aRequest({ recipient: { address: 'kim@example.org', locale, claims: { timeZone } } }));
    for (const part of [words, moment]) expect(text?.replace(/[\u00a0\u202f]/g, ' ')).toContain(part);
  });

  it('asks for no answers of programs, but to be told that it came back', async () => {
    const { headers } = await composed(aRequest());
    expect([headers.get('auto-submitted'), headers.get('x-auto-response-suppress')]).toEqual(['auto-generated', 'DR, RN, NRN, OOF, AutoReply']);
  });

  it('counts the first day of a month as French does', async () => {
    const textUntil = async (expiresAt: string) => (await composed(aRequest({ expiresAt: new Date(expiresAt), recipient: { address: 'kim@example.org', locale: 'fr_FR', claims: {} } }))).text;
    expect(await textUntil('2026-12-01T10:30:00Z')).toContain('1er décembre 2026');
    expect(await textUntil('2026-12-11T10:30:00Z')).toContain('11 décembre 2026');
  });

  it('greets whoever has no given name by the username', async () => {
    expect((await composed(aRequest({ recipient: { address: 'kim@example.org', locale: 'en_US', claims: {} } }))).text).toContain('Hello kim,');
  });

  it('shows what a person is called as text, in HTML, in text and in headers (S40)', async () => {
    for (const name of ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '{{user-name}}', '${7*7}', '&lt;b&gt;', "' onmouseover='x"]) {
      const mail = await composed(named(name));
      expect([name, mail.text?.includes(`Hello ${name},`)]).toEqual([name, true]);
      expect(mail.html).not.toContain('<script');
      expect(mail.html).not.toContain('<img src=x');
      expect(mail.html).not.toContain("onmouseover='");
    }
  });

  it('has no line, header or direction that a value began', async () => {
    const raw = (await composer.compose(named('Kim\r\nBcc: eve@evil.test\r\n\r\n\u202eevil'))).raw.toString();
    expect(raw).not.toMatch(/^Bcc:/m);
    const mail = await simpleParser(raw);
    expect(mail.text).toContain('Hello Kim Bcc: eve@evil.test evil,');
  });

  it('goes to one plain address, or is not composed (S4, S7)', async () => {
    for (const address of ['a@x,b@y', 'a@x;b@y', 'a@x\r\nBcc: b@y', '"a@evil.test x"@ok.test', 'group: a@x;', '<a@x>', 'a@b@c', 'nobody', '', 'a (comment)@x']) {
      await expect(composer.compose(aRequest({ recipient: { address, locale: 'en_US', claims: {} } }))).rejects.toThrow(MailAddressError);
    }
    const { envelope } = await composer.compose(aRequest({ recipient: { address: 'jörg.o’neil+tag@bücher.example', locale: 'en_US', claims: {} } }));
    expect(envelope).toEqual({ from: 'help@example.com', to: 'jörg.o’neil+tag@bücher.example' });
  });

  it.each([
    ['comments', `${'('.repeat(5_000)}${')'.repeat(5_000)}a@ok.test`],
    ['groups', `${'a:'.repeat(5_000)}b@ok.test;`],
    ['quotes', `${'"\\"'.repeat(3_334)}@ok.test`],
    ['an endless name', `${'a'.repeat(10_000)}@`],
  ])('costs next to nothing to refuse, however deep its address is in %s (S7)', async (_what, address) => {
    const millisecondsOfOne = async () => {
      const before = process.cpuUsage();
      await expect(composer.compose(aRequest({ recipient: { address, locale: 'en_US', claims: {} } }))).rejects.toThrow(MailAddressError);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1_000;
    };
    const runs: number[] = [];
    for (let run = 0; run < 5; run++) runs.push(await millisecondsOfOne());
    expect(Math.min(...runs)).toBeLessThan(50);
  });

  it('of a type that there is no template for is refused by name', async () => {
    await expect(composer.compose(aRequest({ templateType: 'passwordrest' }))).rejects.toThrow(TemplateError);
    await expect(composer.compose(aRequest({ templateType: '../passwordreset' }))).rejects.toThrow(/there is no mail template/);
  });
});

describe('a mail of prepared parts', () => {
  const hostile = fc.constantFrom('=', '.', '..', '👩‍👩‍👧', 'مرحبا بك', 'עברית', 'J=C3=B6rg', '\r\n.\r\n', '\u202e', '<b>&amp;</b>', 'Donaudampfschifffahrt'.repeat(12), 'two words '.repeat(20), '=\r\n', '\t', '{{user-name}}', '--=_alternative--');
  const value = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.array(hostile, { maxLength: 5 }).map((parts) => parts.join('')));
  const locale = fc.constantFrom('en_US', 'de_DE', 'ar', 'fr_FR');
  const template = fc.constantFrom('passwordreset', 'accountconfirmation', 'passwordresetsucess', 'accountlockfailedattempt');

  const address = fc.constantFrom('kim@example.org', 'jörg.o’neil+tag@bücher.example', "o'neil@example.org", `${'k'.repeat(48)}@example.org`, 'root@localhost');

  it('says what nodemailer would have said, whatever its values are', async () => {
    await fc.assert(
      fc.asyncProperty(value, value, locale, template, address, async (givenname, username, spoken, templateType, to) => {
        const request = aRequest({ templateType, recipient: { address: to, locale: spoken, claims: { givenname } }, user: { username, realm: 'PRIMARY', tenantDomain: 'carbon.super' } });
        const { raw, messageId } = await composer.compose(request);
        const words = await composer.fill(library.find(templateType, spoken), request);
        const whole = new NodeMailComposer({ ...words, html: words.html ?? '', from: { name: 'Example', address: 'help@example.com' }, to, messageId, date: request.createdAt, newline: '\r\n' });
        const [ours, theirs] = [await simpleParser(raw), await simpleParser(await whole.compile().build())];
        const withoutLastBlanks = ({ subject, text, html, messageId: id, date }: ParsedMail) => [subject, text?.trimEnd(), String(html).trimEnd(), id, date];
        expect(withoutLastBlanks(ours)).toEqual(withoutLastBlanks(theirs));
        expect([ours.from?.value, [ours.to].flat()[0]?.value]).toEqual([theirs.from?.value, [theirs.to].flat()[0]?.value]);
        if (!to.startsWith('jörg')) expect(raw.toString('latin1')).toMatch(/^(?:[\x20-\x7e\t]{0,76}\r\n)*$/);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the mail that a password was changed', () => {
  it.each(['passwordresetsucess', 'passwordchanged'])('has no key in it, but when and from where that was, and the page where to ask for a new link (S33): %s', async (templateType) => {
    const mail = await composed(aRequest({ templateType, link: 'https://id.example.com/myaccount/forgot', clientAddress: '192.0.2.7' }));
    expect(mail.subject).toBe('Your password was changed');
    expect(mail.text).toContain('https://id.example.com/myaccount/forgot');
    expect(mail.text).not.toContain('key=');
    for (const part of [mail.text, mail.html]) for (const word of ['November 25, 2026', '9:30', '192.0.2.7']) expect(part).toContain(word);
  });
});

describe('the mail that', () => {
  it.each([
    ['an account was locked', 'accountlock', 'Your account has been locked', 'Ihr Konto wurde gesperrt'],
    ['it was locked for a time', 'accountlockfailedattempt', 'Your account has been locked', 'Ihr Konto wurde gesperrt'],
    ['an administrator locked it', 'accountlockadmin', 'Your account has been locked', 'Ihr Konto wurde gesperrt'],
    ['somebody changed the password, knowing the old one', 'passwordchanged', 'Your password was changed', 'Ihr Passwort wurde geändert'],
    ['another address is written to from now on', 'notifyOnExistingEmailUpdateWithoutVerification', 'Your email address was changed', 'Ihre Mailadresse wurde geändert'],
    ['somebody asked for the username', 'accountidrecovery', 'Your username', 'Ihr Benutzername'],
    ['it was unlocked', 'accountunlock', 'Your account has been unlocked', 'Ihr Konto wurde entsperrt'],
    ['an administrator wants a new password', 'adminforcedpasswordreset', 'Password reset is required', 'Ein neues Passwort ist nötig'],
    ['somebody has to set the first password', 'askPassword', 'Set the password of your account', 'Passwort für Ihr Konto festlegen'],
    ['somebody has still to do so', 'resendAskPassword', 'Set the password of your account: your link once more', 'Passwort für Ihr Konto festlegen: Ihr Link noch einmal'],
    ['somebody has to confirm the address of a new account', 'emailconfirm', 'Confirm your email address to use your account', 'Mailadresse bestätigen, um Ihr Konto zu nutzen'],
  ])('%s says so, of which account and when, in either language', async (_, templateType, english, german) => {
    const inLocale = (locale: string) => composed(aRequest({ templateType, recipient: { address: 'kim@example.org', locale, claims: { givenname: 'Kim' } } }));
    const [en, de] = [await inLocale('en_US'), await inLocale('de_DE')];
    expect([en.subject, de.subject]).toEqual([english, german]);
    for (const part of [en.text, wordsOf(en.html)]) for (const word of ['Hello Kim,', 'kim', 'November 25, 2026']) expect(part).toContain(word);
    for (const part of [de.text, wordsOf(de.html)]) for (const word of ['Hallo Kim,', 'kim', '25. November 2026']) expect(part).toContain(word);
  });
});

describe('a mail with a code', () => {
  it.each([
    ['passwordresetotp', 'en_US', 'Your code to reset the password', 'Hello Kim,'],
    ['passwordresetotp', 'de_DE', 'Ihr Code zum Zurücksetzen des Passworts', 'Hallo Kim,'],
    ['adminforcedpasswordresetwithotp', 'en_US', 'Password reset is required', 'Hello Kim,'],
    ['adminforcedpasswordresetwithotp', 'de_DE', 'Ein neues Passwort ist nötig', 'Hallo Kim,'],
    ['resendAdminForcedPasswordResetWithOTP', 'en_US', 'Password reset is still required', 'Hello Kim,'],
    ['resendAdminForcedPasswordResetWithOTP', 'de_DE', 'Ein neues Passwort ist weiterhin nötig', 'Hallo Kim,'],
  ])('has it in both parts, and leads nowhere: %s in %s', async (templateType, locale, subject, greeting) => {
    const mail = await composed(aRequest({ templateType, link: null, confirmationCode: 'wi8Ivm', recipient: { address: 'kim@example.org', locale, claims: { givenname: 'Kim' } } }));
    expect(mail.subject).toBe(subject);
    for (const part of [mail.text, wordsOf(mail.html)]) {
      for (const word of [greeting, 'kim', 'wi8Ivm']) expect(part).toContain(word);
      expect(part).not.toContain('href');
    }
  });
});

describe('the mail about a lock', () => {
  const about = async (templateType: string, lockedUntil: Date | null = null) => (await composed(aRequest({ templateType, lockedUntil, link: 'https://id.example.com/myaccount/reset' }))).text;

  it('says how long it lasts, where it ends by itself', async () => {
    const text = await about('accountlockfailedattempt', new Date('2026-11-25T09:35:00Z'));
    expect(text).toContain('ends by itself after 5 minutes, or as soon as you set a new password');
    expect(text).toContain('/myaccount/reset');
  });

  it('promises no end where there is none but a new password or an administrator', async () => {
    const text = await about('accountlock');
    expect(text).not.toContain('by itself');
    expect(text).toContain('/myaccount/reset');
  });

  it('offers no link where an administrator locked it: none would work', async () => {
    expect(await about('accountlockadmin')).not.toContain('http');
  });
});
