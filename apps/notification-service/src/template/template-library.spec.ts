import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compileTemplate, readyTemplate } from './compile-template.ts';
import { shippedTemplates } from './mail-composer.ts';
import { TemplateLibrary } from './template-library.ts';
import { asOneLine, escapeHtml } from './template-text.ts';

const mjml = (text: string) => `<mjml lang="[[language]]" dir="[[direction]]">\n<mj-head>\n</mj-head>\n<mj-body><mj-section direction="[[direction]]"><mj-column>\n<mj-text align="[[start]]">${text}</mj-text>\n</mj-column></mj-section></mj-body></mjml>`;
const plain = 'Subject: [[subject]]\n\n[[greeting]]';
const texts = { 'every mail': { greeting: 'Hello {{user-name}}' }, greeting: { subject: 'Hi {{user-name}}' } };

describe('a folder of templates', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rekey-templates-'));
    await mkdir(path.join(folder, 'texts'));
    await layOut('look', mjml('[[greeting]]'), plain);
    await write('en_US', texts);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const layOut = (name: string, html: string, text: string) => Promise.all([writeFile(path.join(folder, `${name}.mjml`), html), writeFile(path.join(folder, `${name}.txt`), text)]);
  const write = (locale: string, content: object | string) => writeFile(path.join(folder, 'texts', `${locale}.json`), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  const load = () => TemplateLibrary.load(folder, 'en_US');

  it('is compiled once, and filled in as often as wanted', async () => {
    const { subject, html, text, language } = (await load()).find('greeting', 'en_US');
    const values = new Map([['user-name', 'Kim & <Lee>']]);
    expect([subject.fill(values, asOneLine), text.fill(values, asOneLine), language]).toEqual(['Hi Kim & <Lee>', 'Hello Kim & <Lee>', 'en-US']);
    expect(html?.fill(values, escapeHtml)).toContain('Hello <strong><bdi>Kim &amp; &lt;Lee&gt;</bdi></strong>');
  });

  it('has a line of its layout where a type has the text that it names', async () => {
    await layOut('look', mjml('[[greeting]]').replace('</mj-column>', '<mj-text>[[more]]</mj-text>\n[[?more]]<mj-text>beside it</mj-text>\n</mj-column>'), `${plain}\n\n[[more]]\n[[?more]]beside it`);
    await write('en_US', { ...texts, other: { subject: 'Ho', more: 'There is <more>' } });
    const library = await load();
    const shown = (type: string) => [library.find(type, 'en_US').html?.fill(new Map(), escapeHtml), library.find(type, 'en_US').text.fill(new Map(), asOneLine)];
    for (const part of shown('greeting')) expect(part).not.toMatch(/beside it|more/);
    expect(shown('other')).toEqual([expect.stringMatching(/There is &lt;more>[\s\S]+beside it/), 'Hello\n\nThere is <more>\nbeside it'.replace('Hello', 'Hello ')]);
  });

  it('may lay a type out otherwise than all', async () => {
    await layOut('greeting', mjml('own look: [[greeting]]'), 'Subject: [[subject]]\n\nown words');
    const { html, text } = (await load()).find('greeting', 'en_US');
    expect([html?.fill(new Map(), escapeHtml), text.fill(new Map(), asOneLine)]).toEqual([expect.stringContaining('own look: Hello'), 'own words']);
  });

  it('is written in the direction of its language', async () => {
    await write('ar', { 'every mail': { greeting: 'مرحبًا' }, greeting: { subject: 'أهلًا' } });
    const html = (await load()).find('greeting', 'ar_EG').html?.fill(new Map(), escapeHtml);
    for (const word of ['lang="ar"', 'dir="rtl"', 'direction:rtl', 'text-align:right']) expect(html).toContain(word);
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ['an unknown placeholder in a text', () => write('en_US', { ...texts, greeting: { subject: '{{user-nmae}}' } }), /en_US\.json, line 6, column 17: unknown placeholder \{\{user-nmae\}\}/],
    ['an unknown placeholder in the layout', () => layOut('look', mjml('{{nobody}}'), plain), /look\.mjml for greeting in en_US, line 5, column 23: unknown placeholder \{\{nobody\}\}/],
    ['an unknown element', () => layOut('look', '<mjml><mj-body><mj-sectoin /></mj-body></mjml>', plain), /look\.mjml for greeting in en_US, line 1, column 16: .*mj-sectoin/],
    ['a file of the machine', () => layOut('look', mjml('<mj-include path="/etc/passwd" />'), plain), /<mj-include> has no place in a mail/],
    ['a subject that is missing', () => layOut('look', mjml('x'), 'Hello'), /look\.txt: expected a first line "Subject: …"/],
    ['a layout that is missing', () => rm(path.join(folder, 'look.txt')), /expected look\.txt, or greeting\.txt/],
    ['texts that are none', () => write('en_US', '{"greeting": {"subject": 1}}'), /en_US\.json: expected texts by key/],
    ['texts that cannot be read', () => write('en_US', '{"greeting"'), /en_US\.json: /],
    ['a default locale without texts', () => rm(path.join(folder, 'texts', 'en_US.json')), /no texts in the default locale en_US/],
    ['a text that one language lacks', () => write('de_DE', { greeting: { subject: 'Hallo' } }), /de_DE\.json: "greeting" lacks the text "greeting"/],
    ['a text that only one language has', () => write('de_DE', { ...texts, greeting: { subject: 'Hallo', more: 'mehr' } }), /de_DE\.json: "greeting" has a text "more"/],
    ['a type that only one language has', () => write('de_DE', { ...texts, other: { subject: 'Hallo' } }), /de_DE\.json: "other" has a text "greeting", which it lacks/],
  ])('is refused by file and reason for %s', async (_what, spoil, expected) => {
    await spoil();
    await expect(load()).rejects.toThrow(expected);
  });

  it('has a tenant’s own before its own in each locale, and looks for a language in both', async () => {
    await write('de_DE', { 'every mail': { greeting: 'Hallo' }, greeting: { subject: 'Hallo' } });
    const library = await load();
    const own = new Map([['en_US', readyTemplate({ subject: 'own', html: null, text: 'own' }, 'en_US')], ['fr_CA', readyTemplate({ subject: 'salut', html: null, text: 'salut' }, 'fr_CA')]]);
    const subjectIn = (locale: string) => library.find('GREETING', locale, own).subject.fill(new Map(), asOneLine);
    expect(['en_US', 'en-GB', 'de_AT', 'fr_FR', 'fi'].map(subjectIn)).toEqual(['own', 'own', 'Hallo', 'salut', 'own']);
  });
});

describe('the shipped templates', () => {
  it('are there in four languages, each of which says everything, and can be saved as a tenant’s own', async () => {
    const library = await TemplateLibrary.load(shippedTemplates, 'en_US');
    expect(library.displayNames.size).toBe(24);
    for (const type of library.displayNames.keys()) {
      const locales = library.shipped(type);
      expect([type, [...locales.keys()].sort()]).toEqual([type, ['ar', 'de_DE', 'en_US', 'fr_FR']]);
      const arabic = locales.get('ar');
      if (!arabic) throw new Error('the Arabic one was just seen');
      const own = readyTemplate(await compileTemplate(arabic.source, 'https://id.example.com'), 'ar');
      const filled = ({ subject, html, text }: typeof own) => [subject, html, text].map((part) => part?.fill(new Map(), asOneLine));
      expect([type, filled(own)]).toEqual([type, filled(arabic.ready)]);
    }
  });
});
