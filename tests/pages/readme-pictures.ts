import { statSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { describePages } from '../testing/in-a-browser.ts';
import { administrator, arriveAt, askForLink, signIn } from '../testing/pages.ts';
import { root } from '../testing/started-program.ts';

/** README.md shows them two beside each other. */
const size = { viewport: { width: 1120, height: 800 }, deviceScaleFactor: 1.25 };
const maxBytes = 80_000;

/** `npm run screenshots -- --readme`: no spec, as it changes the checkout. */
describePages('the pictures of README.md', (pages) => {
  it('tell of a recovery, from who asks for it to what the relay said', async () => {
    const page = await (await pages().visitor(size)).newPage();
    await page.goto('/myaccount/forgot');
    await askForLink(page, 'kim');
    await page.getByRole('button', { name: 'Send again', exact: true }).waitFor();
    await keep(page, 'my-account');

    await page.goto(pages().rekey.inboxUrl);
    await page.getByRole('navigation').getByRole('link', { name: 'To kim@example.com' }).click();
    await page.frameLocator('iframe').getByRole('link', { name: 'Set a new password' }).waitFor();
    await keep(page, 'mail');

    await page.goto('/myaccount/signin?then=console');
    await signIn(page, administrator);
    await arriveAt(page, 'Overview');
    await page.goto('/console/listeners');
    await page.getByText('governance_identity_mgt', { exact: true }).first().waitFor();
    await keep(page, 'listener-chain');
    await page.goto('/console/deliveries');
    await page.getByRole('row', { name: 'kim' }).getByRole('link').click();
    await page.getByText('Attempt 1: the relay has taken it').waitFor();
    await keep(page, 'delivery');
  });
});

async function keep(page: Page, name: string): Promise<void> {
  const file = path.join(root, 'docs/pictures', `${name}.webp`);
  await page.screenshot({ path: file, type: 'webp', quality: 80 });
  expect(statSync(file).size).toBeLessThan(maxBytes);
}
