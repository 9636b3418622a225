import { mailBrand } from '@rekey/events';
import { HtmlValidate } from 'html-validate';
import { MailComposer, shippedTemplates } from './mail-composer.ts';
import { sampleRequest } from './sample-request.ts';
import { TemplateLibrary } from './template-library.ts';

/** What mail programs need and pages do not have: tables that are no tables, with their looks written on them. */
const rules = { 'no-inline-style': 'off', 'no-deprecated-attr': 'off', 'no-conditional-comment': 'off', 'no-trailing-whitespace': 'off', 'void-style': 'off', 'doctype-style': 'off', 'prefer-native-element': 'off' } as const;
const validator = new HtmlValidate({ extends: ['html-validate:standard', 'html-validate:a11y'], rules });
const locales = ['ar', 'de_DE', 'en_US', 'fr_FR'];
const branded = mailBrand.parse({ name: 'Acme', logo: { url: 'https://www.example.com/logo.png', alt: 'Acme' }, support: 'help@example.com', footer: 'Acme Ltd' });

let library: TemplateLibrary;
beforeAll(async () => (library = await TemplateLibrary.load(shippedTemplates, 'en_US')));

describe.each(locales)('the shipped mails in %s', (locale) => {
  const mailOf = async (type: string, brand = mailBrand.parse({})) => {
    const composer = new MailComposer(library, async () => new Map(), async () => brand, { from: { name: 'Example', address: 'help@example.com' }, messageIdDomain: 'example.com', baseUrl: 'https://id.example.com' });
    return composer.fill(library.find(type, locale), sampleRequest('carbon.super', locale));
  };

  it('are valid HTML, with and without a brand', async () => {
    for (const type of library.displayNames.keys()) {
      for (const brand of [undefined, branded]) {
        const { html } = await mailOf(type, brand);
        const report = await validator.validateString(html ?? '');
        const messages = report.results.flatMap(({ messages: found }) => found.map(({ line, message, ruleId }) => `${ruleId}, line ${line}: ${message}`));
        expect([type, messages]).toEqual([type, []]);
      }
    }
  });

  it('say what they are in a title, a heading and a preview, in their language and direction', async () => {
    for (const type of library.displayNames.keys()) {
      const { subject, html, text } = await mailOf(type);
      for (const word of [`<title>${subject}</title>`, `${subject}</h1>`, `lang="${locale.replace('_', '-')}" dir="${locale === 'ar' ? 'rtl' : 'ltr'}"`, 'role="article"', 'name="color-scheme" content="light dark"', '(prefers-color-scheme: dark)']) expect([type, html]).toEqual([type, expect.stringContaining(word)]);
      for (const part of [subject, html, text]) expect([type, part]).not.toEqual([type, expect.stringMatching(/\{\{|\[\[/)]);
      expect([type, html?.includes(`direction:${locale === 'ar' ? 'ltr' : 'rtl'}`)]).toEqual([type, false]);
      const links = html?.match(/<a\s[^>]*href="[^"]*"/g)?.length ?? 0;
      // The button, and the plain link under it.
      expect([type, html?.match(/<h1/g)?.length, links]).toEqual([type, 1, text.includes('https://') ? 2 : 0]);
    }
  });

  it('break no line before what belongs to the word before it', async () => {
    for (const type of library.displayNames.keys()) {
      const { subject, text } = await mailOf(type, branded);
      for (const part of [subject, text]) expect([type, part]).not.toEqual([type, expect.stringMatching(/ [:;?!»؟،؛]|« /)]);
      if (locale === 'fr_FR') expect([type, text]).not.toEqual([type, expect.stringMatching(/[\p{L}\d][:;?!»](?:\s|$)/mu)]);
    }
  });

  it('show names as text, whatever they are, and let none of them reorder the words around it (S40)', async () => {
    const composer = new MailComposer(library, async () => new Map(), async () => mailBrand.parse({}), { from: { name: 'Example', address: 'help@example.com' }, messageIdDomain: 'example.com', baseUrl: 'https://id.example.com' });
    for (const name of ['<img src=x onerror=alert(1)>', '{{7*7}}', '${7*7}', '[[lead]]', '\u202egnp.exe', 'a\u2066b', 'Kim\r\nBcc: eve@evil.test', 'كريم (!)']) {
      const sample = sampleRequest('carbon.super', locale);
      const { subject, html, text } = await composer.fill(library.find('accountidrecovery', locale), { ...sample, recipient: { ...sample.recipient, claims: { givenname: name } }, user: { ...sample.user, username: name } });
      expect(subject).not.toMatch(/[\r\n]/);
      expect(html).not.toMatch(/<img|[\u202a-\u202e\u2066-\u2069]/);
      expect(html?.match(/<bdi>/g)?.length).toBeGreaterThanOrEqual(3);
      expect(text).not.toMatch(/^Bcc:|[\u202a-\u202e\u2066\u2067]/m);
      const shown = name.replace(/[\u202e\u2066]/g, '').replace('\r\n', ' ');
      expect(text).toContain(locale === 'ar' || name.includes('كريم') ? `\u2068${shown}\u2069` : shown);
    }
  });
});
