import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readyTemplate } from './compile-template.ts';
import { TemplateLibrary } from './template-library.ts';
import { asOneLine, escapeHtml, TemplateText } from './template-text.ts';

const body = (text: string) => `<mjml><mj-body><mj-section><mj-column><mj-text>${text}</mj-text></mj-column></mj-section></mj-body></mjml>`;

describe('a folder of templates', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rekey-templates-'));
    await mkdir(path.join(folder, 'greeting'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const write = (locale: string, mjml: string, text: string) => Promise.all([writeFile(path.join(folder, 'greeting', `${locale}.mjml`), mjml), writeFile(path.join(folder, 'greeting', `${locale}.txt`), text)]);
  const load = () => TemplateLibrary.load(folder, 'en_US');

  it('is compiled once, and filled in as often as wanted', async () => {
    await write('en_US', body('Hello {{user-name}}'), 'Subject: Hi {{user-name}}\n\nHello {{user-name}}');
    const { subject, html, text, language } = (await load()).find('greeting', 'en_US');
    const values = new Map([['user-name', 'Kim & <Lee>']]);
    expect([subject.fill(values, asOneLine), text.fill(values, asOneLine), language]).toEqual(['Hi Kim & <Lee>', 'Hello Kim & <Lee>', 'en-US']);
    expect(html?.fill(values, escapeHtml)).toContain('Hello Kim &amp; &lt;Lee&gt;');
  });

  it.each([
    ['an unknown placeholder', body('{{user-nmae}}'), 'Subject: Hi\n\nHello', /en_US\.mjml, line 1, column 48: unknown placeholder \{\{user-nmae\}\}/],
    ['an unknown placeholder in the text', body('Hello'), 'Subject: Hi\n\n{{nobody}}', /en_US\.txt, line 3, column 1: unknown placeholder \{\{nobody\}\}/],
    ['an unknown element', '<mjml><mj-body><mj-sectoin /></mj-body></mjml>', 'Subject: Hi\n\nHello', /en_US\.mjml, line 1, column 16: .*mj-sectoin/],
    ['an attribute that is none', '<mjml><mj-body><mj-section colour="red" /></mj-body></mjml>', 'Subject: Hi\n\nHello', /en_US\.mjml, line 1, column 16: .*colour/],
    ['a subject that is missing', body('Hello'), 'Hello', /en_US\.txt: expected a first line "Subject: …"/],
  ])('is refused by file and reason for %s', async (_what, mjml, text, expected) => {
    await write('en_US', mjml, text);
    await expect(load()).rejects.toThrow(expected);
  });

  it('is refused where a part or the default locale is missing', async () => {
    await write('de_DE', body('Hallo'), 'Subject: Hallo\n\nHallo');
    await expect(load()).rejects.toThrow(/default locale en_US/);
    await writeFile(path.join(folder, 'greeting', 'en_US.mjml'), body('Hello'));
    await expect(load()).rejects.toThrow(/en_US\.txt/);
  });

  it('looks as look.mjml says where it includes it, and includes nothing else', async () => {
    await writeFile(path.join(folder, 'look.mjml'), '<mj-attributes><mj-text color="#123456" /></mj-attributes>');
    const including = (file: string) => body('Hello').replace('<mj-body>', `<mj-head><mj-include path="${file}" /></mj-head><mj-body>`);
    await write('en_US', including('../look.mjml'), 'Subject: Hi\n\nHello');
    const library = await load();
    expect(library.find('greeting', 'en_US').html?.fill(new Map(), escapeHtml)).toContain('#123456');
    expect(library.shipped('greeting').get('en_US')?.source.body).toContain('#123456');
    for (const other of ['../../etc/passwd', './look.mjml']) {
      await write('en_US', including(other), 'Subject: Hi\n\nHello');
      await expect(load()).rejects.toThrow(/en_US\.mjml, line 1, column \d+: <mj-include> has no place in a mail/);
    }
  });

  it('has a tenant’s own before its own in each locale, and looks for a language in both', async () => {
    await write('en_US', body('Hello'), 'Subject: Hi\n\nHello');
    await write('de_DE', body('Hallo'), 'Subject: Hallo\n\nHallo');
    const library = await load();
    const own = new Map([['en_US', readyTemplate({ subject: 'own', html: null, text: 'own' }, 'en_US')], ['fr_CA', readyTemplate({ subject: 'salut', html: null, text: 'salut' }, 'fr_CA')]]);
    const subjectIn = (locale: string) => library.find('GREETING', locale, own).subject.fill(new Map(), asOneLine);
    expect(['en_US', 'en-GB', 'de_AT', 'fr_FR', 'fi'].map(subjectIn)).toEqual(['own', 'own', 'Hallo', 'salut', 'own']);
  });
});

describe('a text with placeholders', () => {
  it('URL-encodes what {{url:…}} names, and leaves a claim that a person lacks empty', () => {
    const text = TemplateText.parse('/?u={{url:user-name}}&n={{user.claim.lastname}}.');
    expect(text.fill(new Map([['user-name', 'a b&c']]), asOneLine)).toBe('/?u=a%20b%26c&n=.');
  });

  it('does not read a value again', () => {
    expect(TemplateText.parse('{{user-name}}').fill(new Map([['user-name', '{{reset-link}}'], ['reset-link', 'secret']]), asOneLine)).toBe('{{reset-link}}');
  });
});
