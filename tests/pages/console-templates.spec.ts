import type { BrowserContext, Locator, Page } from 'playwright-core';
import { describePages } from '../testing/in-a-browser.ts';
import { expectToLookRight } from '../testing/looks.ts';
import { arriveAt, hasFocus, signIn } from '../testing/pages.ts';

const passwordReset = `/templates/${Buffer.from('PasswordReset').toString('base64url')}`;
describePages('mail templates in the Console', (pages) => {
  /** An administrator with a mail address, who has signed in once. */
  let address: string;
  let storageState: Awaited<ReturnType<BrowserContext['storageState']>>;
  beforeAll(async () => {
    const person = await pages().aPerson();
    await pages().giveRole(person, 'administrator');
    const visitor = await pages().visitor();
    const page = await visitor.newPage();
    await page.goto('/myaccount/signin?then=console');
    await signIn(page, person);
    await page.waitForURL('**/console/**');
    address = person.address;
    storageState = await visitor.storageState();
    await visitor.close();
  });

  async function consoleAt(place: string, heading: string): Promise<Page> {
    const page = await (await pages().visitor({ storageState })).newPage();
    await page.goto(`/console${place}`);
    await arriveAt(page, heading);
    return page;
  }

  const source = (page: Page, part: string): Locator => page.getByRole('textbox', { name: part, exact: true });

  /** Pastes it in the place of what is there, and types the last letter. */
  async function write(page: Page, part: string, text: string): Promise<void> {
    await source(page, part).click();
    await page.keyboard.press('Control+A');
    await page.evaluate(`{
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', ${JSON.stringify(text.slice(0, -1))});
      document.activeElement.shadowRoot.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }`);
    await page.keyboard.type(text.slice(-1));
  }

  /** What is in the mail's own page. */
  const mailOf = (page: Page) => page.frameLocator('iframe:not([hidden])');

  it('are written with completion, told of faults at their place, looked at in every way, saved, compared and restored', async () => {
    const page = await consoleAt(`${passwordReset}/en_US`, 'PasswordReset, en_US');
    // The first mail that is compiled waits for MJML, which takes its time to be read.
    await mailOf(page).getByRole('heading', { name: 'Reset your password' }).waitFor({ timeout: 30_000 });
    await expectToLookRight(page, 'console template');
    await page.setViewportSize({ width: 1440, height: 900 });

    await write(page, 'Subject', 'For {{user');
    await page.getByRole('option', { name: 'user-name' }).waitFor();
    await page.getByRole('option', { name: 'user-name' }).click();
    expect(await source(page, 'Subject').innerText()).toBe('For {{user-name}}');
    await page.keyboard.press('Tab');
    expect(await hasFocus(source(page, 'Body'))).toBe(true);

    await write(page, 'Body', '<h1>First</h1>\n<p>Dear {{nobody}}</p>');
    await page.getByText('Line 2, column 9: unknown placeholder {{nobody}}').waitFor();
    await page.getByText('The source has a fault.').waitFor();
    await expectToLookRight(page, 'console template fault');
    await page.setViewportSize({ width: 1440, height: 900 });
    expect(await page.getByRole('button', { name: 'Save' }).getAttribute('aria-disabled')).toBeNull();
    await page.getByRole('button', { name: 'Go to the fault' }).click();
    await page.keyboard.press('Control+Shift+ArrowRight');
    await write(page, 'Body', '<style>p { color: #ff0000 } @media (prefers-color-scheme: dark) { p { color: #00ff00 } } @media (max-width: 480px) { p { margin: 0 7px } }</style>\n<h1>First</h1>\n<p>Dear {{user-name}}</p>');

    const paragraph = mailOf(page).locator('p');
    const styled = async (property: string): Promise<string> => paragraph.evaluate((element, name) => (globalThis as unknown as { getComputedStyle: (of: unknown) => { getPropertyValue: (name: string) => string } }).getComputedStyle(element).getPropertyValue(name), property);
    await paragraph.getByText('Dear kim').waitFor();
    expect([await styled('color'), await styled('margin-left')]).toEqual(['rgb(255, 0, 0)', '0px']);
    await page.getByText('Narrow', { exact: true }).click();
    expect(await styled('margin-left')).toBe('7px');
    await page.getByText('Dark', { exact: true }).click();
    await page.locator('iframe[src$="scheme=dark"]:not([hidden])').waitFor();
    expect(await styled('color')).toBe('rgb(0, 255, 0)');
    await page.getByLabel('Preview').getByText('Text', { exact: true }).click();
    await page.getByLabel('The mail as text').getByText('the account kim').waitFor();

    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved. It counts for the next mail.').waitFor();
    await write(page, 'Body', '<h1>Second</h1>\n<p>Dear {{user-name}}</p>');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row').filter({ hasText: 'counts now' }).filter({ has: page.getByRole('rowheader', { name: '2' }) }).waitFor();
    const difference = page.getByRole('region', { name: 'What differs in Body' });
    await difference.scrollIntoViewIfNeeded();
    expect(await difference.locator('del').allTextContents()).toEqual([expect.stringContaining('removed: <style>'), expect.stringContaining('removed: <h1>First</h1>')]);
    expect(await difference.locator('ins').allTextContents()).toEqual([expect.stringContaining('added: <h1>Second</h1>')]);
    await expectToLookRight(page, 'console template versions');
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByText('Side by side').click();
    expect(await difference.getByRole('row').first().getByRole('cell').count()).toBe(4);

    await page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: '1' }) }).getByRole('button', { name: 'Restore' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
    await page.getByText('Version 1 counts again.').waitFor();
    await source(page, 'Body').getByText('<h1>First</h1>').waitFor();
    await page.getByRole('button', { name: 'Remove our own' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('It is as shipped again.').waitFor();
    await source(page, 'Subject').getByText('Reset your password').waitFor();
  }, 120_000);

  it('tell the second of two who change one what the first one saved, and lose neither', async () => {
    const [mine, theirs] = [await consoleAt(`${passwordReset}/ar`, 'PasswordReset, ar'), await consoleAt(`${passwordReset}/ar`, 'PasswordReset, ar')];
    await write(mine, 'Subject', 'Mine');
    await write(theirs, 'Subject', 'Theirs');
    await theirs.getByRole('button', { name: 'Save' }).click();
    await theirs.getByText('Saved. It counts for the next mail.').waitFor();
    await mine.getByRole('button', { name: 'Save' }).click();
    const alert = mine.getByRole('alert');
    await alert.getByText(/^While you changed it, person\d+@carbon\.super saved it: /).waitFor();
    expect(await source(mine, 'Subject').innerText()).toBe('Mine');
    await alert.getByText('What is different').click();
    expect(await alert.locator('del, ins').allTextContents()).toEqual(['removed: Theirs', 'added: Mine']);
    await expectToLookRight(mine, 'console template conflict');
    await mine.setViewportSize({ width: 1440, height: 900 });
    await mine.getByRole('button', { name: 'Save anyway' }).click();
    await mine.getByText('Saved. It counts for the next mail.').waitFor();
    expect(await alert.count()).toBe(0);
    await mine.getByRole('row').filter({ hasText: 'Theirs' }).getByRole('button', { name: 'Restore' }).waitFor();

    await write(theirs, 'Subject', 'Theirs again');
    await theirs.getByRole('button', { name: 'Save' }).click();
    await theirs.getByRole('button', { name: 'Take theirs' }).click();
    await source(theirs, 'Subject').getByText('Mine', { exact: true }).waitFor();
    expect(await theirs.getByRole('button', { name: 'Save' }).getAttribute('aria-disabled')).toBe('true');
  }, 60_000);

  it('are tried in one’s own mailbox, and the test is followed to the relay', async () => {
    const page = await consoleAt(`${passwordReset}/de_DE`, 'PasswordReset, de_DE');
    await write(page, 'Subject', 'Nur ein Versuch');
    await page.getByRole('button', { name: 'Send me a test' }).click();
    await page.getByRole('status').filter({ hasText: 'Test mail' }).getByText('sent', { exact: true }).waitFor();
    expect((await pages().lastMail(address, 1)).subject).toBe('[Test] Nur ein Versuch');
    await page.getByRole('link', { name: 'Follow it' }).click();
    await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Stay here' }).click();
    expect(await source(page, 'Subject').innerText()).toBe('Nur ein Versuch');
    await page.getByRole('link', { name: 'Follow it' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click();
    await page.getByText('Attempt 1: the relay has taken it').waitFor();
  });

  it('run, load and open nothing, whatever somebody has written and whatever is checked (S40)', async () => {
    const page = await consoleAt(`${passwordReset}/fr_FR`, 'PasswordReset, fr_FR');
    const reached: string[] = [];
    await page.route('https://evil.test/**', async (route) => {
      reached.push(route.request().url());
      await route.abort();
    });
    await page.evaluate('globalThis.heard = []; addEventListener("message", ({ data }) => heard.push(data))');
    await mailOf(page).getByRole('heading').waitFor();
    await pages().replacePreview(`<!doctype html><html><head><style>p {} </style><script>parent.postMessage('ran', '*'); top.location = '/console/users';</script></head>
      <body onload="top.name = 'ran'"><img src="https://evil.test/x.png" onerror="top.name = 'ran'"><link rel="stylesheet" href="https://evil.test/x.css">
      <p><a href="/console/users">here</a> <a href="javascript:top.name = 'ran'" target="_self">there</a> <a href="https://evil.test/" target="_top">away</a></p>
      <form action="https://evil.test/" method="post"><button>send</button></form><iframe src="/console/users"></iframe><object data="/console/"></object></body></html>`);
    await page.getByText('Dark', { exact: true }).click();
    const mail = mailOf(page);
    for (const what of ['here', 'there', 'away', 'send']) await mail.getByText(what, { exact: true }).click();
    expect(await page.evaluate('[heard, name, location.pathname, history.length]')).toEqual([[], '', `/console${passwordReset}/fr_FR`, expect.any(Number)]);
    await mail.getByText('here', { exact: true }).waitFor();
    expect(page.context().pages()).toHaveLength(1);
    // What the policy has held back is what the browser complains of, and all that it does.
    const complaints = pages().complaints();
    expect([complaints.length > 0, complaints.filter((complaint) => !/^console: .*(?:Content Security Policy|sandbox)|^asked https:\/\/evil\.test$/i.test(complaint)), reached]).toEqual([true, [], []]);
  });

  it('have the tenant’s brand, which is seen while one chooses it, and refused where nobody could read it', async () => {
    const page = await consoleAt('/brand', 'Brand');
    await page.getByText('Text on the button: contrast 7.5 of at least 4.5').waitFor();
    await page.getByLabel('Name').fill('Acme & <b>Sons</b>');
    await page.getByLabel('Footer').fill('Acme Ltd, 1 Main Street');
    await page.getByLabel('Button and accents').fill('#0b5d3b');
    await page.getByText('Text on the button: contrast 7.9 of at least 4.5').waitFor();
    await mailOf(page).getByText('Acme & <b>Sons</b>').waitFor();
    await expectToLookRight(page, 'console brand');
    await page.getByLabel('Button and accents').fill('#ffcc00');
    await page.getByText('#ffffff on #ffcc00, the colour of the button, has a contrast of 1.51:1, expected at least 4.5:1').waitFor();
    await mailOf(page).getByText('Acme & <b>Sons</b>').waitFor();
    await page.getByLabel('Button and accents').fill('#0b5d3b');
    await page.getByRole('button', { name: 'Update' }).click();
    await page.getByText('Updated. It counts for the next mail.').waitFor();
    await page.goto(`/console${passwordReset}/en_US`);
    await arriveAt(page, 'PasswordReset, en_US');
    await mailOf(page).getByText('Acme Ltd, 1 Main Street').waitFor();
    await page.goto('/console/brand');
    await page.getByRole('button', { name: 'Back to Rekey’s look' }).click();
    await page.getByText('The mails have Rekey’s look again.').waitFor();
  }, 90_000);
});
