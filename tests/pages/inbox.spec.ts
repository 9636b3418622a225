import { localPorts } from '@rekey/local-stack';
import { createTransport } from 'nodemailer';
import type { Page } from 'playwright-core';
import { linkOf } from '../testing/inbox-client.ts';
import { describePages } from '../testing/in-a-browser.ts';
import { expectToLookRight } from '../testing/looks.ts';
import { arriveAt, hasFocus } from '../testing/pages.ts';

describePages('the web inbox', (pages) => {
  const open = async (): Promise<Page> => {
    const page = await (await pages().visitor()).newPage();
    await page.goto(pages().rekey.inboxUrl);
    await page.getByText('Live', { exact: true }).waitFor();
    return page;
  };
  const entry = (page: Page, address: string) => page.getByRole('navigation').getByRole('link', { name: `To ${address}` });

  /** A mail of somebody else's making, by SMTP. */
  const send = async (mail: { readonly to: string; readonly subject: string; readonly html?: string; readonly text?: string }): Promise<void> => {
    const transport = createTransport({ host: '127.0.0.1', port: localPorts(pages().rekey.offset).inboxSmtp, ignoreTLS: true });
    await transport.sendMail({ from: 'someone@example.org', ...mail });
    transport.close();
  };

  it('shows a mail as soon as it comes, and says so', async () => {
    const page = await open();
    const person = await pages().aPerson();
    await pages().recoveryMail(person);
    await entry(page, person.address).waitFor();
    await page.getByRole('status').getByText('New mail: Reset your password').waitFor();
    expect(await page.title()).toMatch(/^Inbox \(\d+\) · Rekey$/);
  });

  it('shows the message, its text, links, headers and source, with the arrow keys', async () => {
    const person = await pages().aPerson();
    const mail = await pages().recoveryMail(person);
    const page = await open();
    await entry(page, person.address).press('Enter');
    await page.locator('h2:focus', { hasText: 'Reset your password' }).waitFor();
    await page.frameLocator('iframe').getByRole('link', { name: 'Set a new password' }).waitFor();

    await page.getByRole('tab', { name: 'Message' }).press('ArrowRight');
    const panel = page.getByRole('tabpanel');
    await panel.getByText('Hello Robin,').waitFor();
    expect(await panel.innerText()).toContain(linkOf(mail));
    await page.keyboard.press('ArrowRight');
    await panel.getByRole('link', { name: linkOf(mail) }).waitFor();
    await page.keyboard.press('ArrowRight');
    await panel.getByRole('row', { name: 'Auto-Submitted auto-generated' }).waitFor();
    await page.keyboard.press('ArrowRight');
    await panel.getByText('Content-Type: multipart/alternative').waitFor();
    await page.keyboard.press('ArrowRight');
    expect(await page.getByRole('tab', { name: 'Message' }).getAttribute('aria-selected')).toBe('true');
  });

  it('leads from the mail to the page that sets a new password, in a tab that knows nothing of the inbox', async () => {
    const person = await pages().aPerson();
    await pages().recoveryMail(person);
    const page = await open();
    await entry(page, person.address).click();
    const opened = page.context().waitForEvent('page');
    await page.frameLocator('iframe').getByRole('link', { name: 'Set a new password' }).click();
    const reset = await opened;
    await arriveAt(reset, 'Set a new password');
    expect(await reset.evaluate('[opener, document.referrer]')).toEqual([null, '']);
  });

  it('lets a hostile mail do nothing: no script, no form, no request', async () => {
    const to = 'target@example.com';
    await send({
      to,
      subject: '<img src=x onerror="window.strange = true">',
      html: `<script>top.strange = true</script><img src="https://stranger.test/pixel.png"><link rel="stylesheet" href="https://stranger.test/look.css">
        <form action="https://stranger.test/"><button>Send</button></form><p onclick="top.strange = true">A paragraph</p><meta http-equiv="refresh" content="0;url=https://stranger.test/">`,
    });
    const page = await open();
    const asked: string[] = [];
    page.context().on('requestfinished', (request) => void asked.push(new URL(request.url()).origin));
    await entry(page, to).click();
    const frame = page.frameLocator('iframe');
    await frame.getByText('A paragraph').click();
    await frame.getByRole('button', { name: 'Send' }).click();
    expect(await page.evaluate("'strange' in window")).toBe(false);
    expect(await page.locator('#subject').innerText()).toBe('<img src=x onerror="window.strange = true">');
    expect(page.url()).toContain(pages().rekey.inboxUrl);
    expect(new Set(asked)).toEqual(new Set([pages().rekey.inboxUrl]));
    // The browser says what it held back.
    expect(pages().complaints().join('\n')).toContain('Blocked script execution');
  });

  it('catches up after the connection was lost', async () => {
    const page = await (await pages().visitor()).newPage();
    await page.route('**/api/changes', (route) => route.abort());
    await page.goto(pages().rekey.inboxUrl);
    await page.getByText('Reconnecting').waitFor();
    await send({ to: 'missed@example.com', subject: 'Missed', text: 'A mail' });
    await page.unroute('**/api/changes');
    await entry(page, 'missed@example.com').waitFor();
  });

  it('looks right', async () => {
    const person = await pages().aPerson();
    await pages().recoveryMail(person);
    const page = await open();
    await entry(page, person.address).waitFor();
    await expectToLookRight(page, 'inbox');
    await entry(page, person.address).click();
    for (const tab of ['Message', 'Text', 'Links', 'Headers', 'Source']) {
      await page.getByRole('tab', { name: tab }).click();
      await expectToLookRight(page, `inbox, ${tab}`);
    }
    await page.getByRole('button', { name: 'Delete all' }).click();
    await expectToLookRight(page, 'inbox, delete all');
  });

  it('shows the list or the mail where there is no room for both, and the way back', async () => {
    const person = await pages().aPerson();
    await pages().recoveryMail(person);
    const page = await open();
    await page.setViewportSize({ width: 360, height: 740 });
    const link = entry(page, person.address);
    await link.click();
    expect(await link.isVisible()).toBe(false);
    await page.getByRole('link', { name: 'All mails' }).click();
    await link.waitFor();
    expect(await hasFocus(link)).toBe(true);
    await page.goBack();
    await page.getByRole('heading', { name: 'Reset your password' }).waitFor();
  });

  it('deletes every mail after asking, in every open page', async () => {
    const person = await pages().aPerson();
    await pages().recoveryMail(person);
    const [page, other] = [await open(), await open()];
    await entry(page, person.address).waitFor();
    await page.getByRole('button', { name: 'Delete all' }).click();
    await page.getByRole('button', { name: 'Keep them' }).click();
    expect(await entry(page, person.address).count()).toBe(1);
    await page.getByRole('button', { name: 'Delete all' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete all' }).click();
    for (const each of [page, other]) await each.getByText('No mail yet').waitFor();
    expect(await pages().inbox.mails()).toEqual([]);
    await expectToLookRight(page, 'inbox, empty');
  });
});
