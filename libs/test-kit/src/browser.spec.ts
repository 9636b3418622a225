import { aBrowser, browserUnavailable } from './index.ts';

const missing = browserUnavailable();
if (missing !== null) console.warn(`SKIPPED: the tests in a real browser (${missing})`);

(missing === null ? describe : describe.skip)('the browser of the tests', () => {
  it('shows a page', async () => {
    const browser = await aBrowser();
    const page = await browser.newPage();
    await page.goto('data:text/html,<title>A page</title>');
    expect(await page.title()).toBe('A page');
    await browser.close();
  });
});

describe('looking for a browser', () => {
  const { CHROME_PATH, REQUIRE_BROWSER } = process.env;
  afterEach(() => {
    for (const [name, value] of Object.entries({ CHROME_PATH, REQUIRE_BROWSER })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  it('takes the one that CHROME_PATH names', () => {
    process.env['CHROME_PATH'] = process.execPath;
    expect(browserUnavailable()).toBeNull();
  });

  it('looks no further where CHROME_PATH names none, and fails where a browser is required', () => {
    delete process.env['REQUIRE_BROWSER'];
    process.env['CHROME_PATH'] = '/nowhere/chrome';
    expect(browserUnavailable()).toBe('CHROME_PATH names no program: /nowhere/chrome');
    process.env['REQUIRE_BROWSER'] = '1';
    expect(() => browserUnavailable()).toThrow('REQUIRE_BROWSER=1, but CHROME_PATH names no program: /nowhere/chrome');
  });
});
