import { readFileSync } from 'node:fs';
import { mailBrand } from '@rekey/events';
import { aBrowser, browserUnavailable } from '@rekey/test-kit';
import type { Browser, BrowserContext } from 'playwright-core';
import { MailComposer, shippedTemplates } from '../../apps/notification-service/src/template/mail-composer.ts';
import { sampleRequest } from '../../apps/notification-service/src/template/sample-request.ts';
import { TemplateLibrary } from '../../apps/notification-service/src/template/template-library.ts';
import { expectToLookRight } from '../testing/looks.ts';

const plain = mailBrand.parse({});
/** Nothing is fetched here. */
const logo = 'data:image/svg+xml,%3Csvg xmlns=%27http://www.w3.org/2000/svg%27 width=%27120%27 height=%2740%27%3E%3Crect width=%27120%27 height=%2740%27 rx=%276%27 fill=%27%230b5d3b%27/%3E%3C/svg%3E';
const branded = { ...mailBrand.parse({ name: 'Acme', colors: { primary: '#0b5d3b', background: '#eef7f2' }, support: 'help@example.com', footer: 'Acme Ltd, 1 Main Street' }), logo: { url: logo, alt: 'Acme' } };

/** A mail is an article in somebody else’s page, which has them. */
const landmarks = ['landmark-one-main', 'region'];

/** One of each kind: with a link, with a code, with neither. */
const ofEachKind = [
  ['passwordreset', 'en_US', plain],
  ['passwordreset', 'ar', branded],
  ['passwordresetotp', 'fr_FR', branded],
  ['passwordresetotp', 'ar', plain],
  ['accountlockadmin', 'de_DE', plain],
] as const;
/** Where pictures are asked for. */
const everyMail = Object.keys(JSON.parse(readFileSync(`${shippedTemplates}texts/en_US.json`, 'utf8')) as object)
  .filter((type) => type !== 'every mail')
  .flatMap((type) => ['en_US', 'de_DE', 'fr_FR', 'ar'].map((locale) => [type, locale, plain] as const));

(browserUnavailable() === null ? describe : describe.skip)('a mail in a mail program', () => {
  let browser: Browser;
  let context: BrowserContext;
  let library: TemplateLibrary;
  beforeAll(async () => {
    browser = await aBrowser();
    context = await browser.newContext({ reducedMotion: 'reduce', offline: true });
    library = await TemplateLibrary.load(shippedTemplates, 'en_US');
  });
  afterAll(() => browser.close());

  it.each(process.env['REKEY_SCREENSHOTS'] === undefined ? ofEachKind : everyMail)('can be read by everybody, wide and narrow, light and dark: %s in %s', async (type, locale, brand) => {
    const composer = new MailComposer(library, async () => new Map(), async () => brand, { from: { name: 'Example', address: 'help@example.com' }, messageIdDomain: 'example.com', baseUrl: 'https://id.example.com' });
    const { html } = await composer.fill(library.find(type, locale), sampleRequest('carbon.super', locale));
    const page = await context.newPage();
    await page.setContent(html ?? '');
    await expectToLookRight(page, `mail ${type} ${locale}`, landmarks);
    await page.close();
  });
});
