import type { Page } from 'playwright-core';
import { describePages } from '../testing/in-a-browser.ts';
import { expectToLookRight } from '../testing/looks.ts';
import { arriveAt, signIn, type Person } from '../testing/pages.ts';

const administrator: Person = { username: 'admin', password: 'admin', address: '' };

describePages('the Console’s pages for operators', (pages) => {
  async function consoleAt(address: string, heading: string, person = administrator): Promise<Page> {
    const page = await (await pages().visitor()).newPage();
    await page.goto('/myaccount/signin?then=console');
    await signIn(page, person);
    await arriveAt(page, 'Overview');
    await page.goto(`/console${address}`);
    await arriveAt(page, heading);
    return page;
  }

  it('show the flow just made over time, and as a table', async () => {
    const page = await consoleAt('/overview?range=hour', 'Overview');
    await page.getByText('No mail was sent in this time.').waitFor();
    await pages().recoveryMail(await pages().aPerson());
    await page.getByRole('img', { name: 'Requests and mails: Requests 1, Mails sent 1' }).waitFor({ timeout: 30_000 });
    await page.getByRole('region', { name: 'Requests and mails' }).getByText('As a table').click();
    await page.getByRole('region', { name: 'Requests and mails' }).getByRole('row').nth(1).waitFor();
    await expectToLookRight(page, 'console overview');
    await page.getByRole('link', { name: '7 days' }).click();
    await page.getByText('in 60 min each').or(page.getByText('in 1 hr each')).first().waitFor();
  });

  it('show what a relay says when it is tried', async () => {
    const page = await consoleAt('/relays', 'Relays');
    await page.getByText('in use').first().waitFor();
    await page.getByRole('button', { name: 'Test ' }).first().click();
    await page.getByText('It works: a mail could have been given to it.').waitFor();
    await page.getByText('Dialogue (').click();
    await page.getByText(/^EHLO /).waitFor();
    await expectToLookRight(page, 'console relays');
  });

  it('are the super tenant’s to change for administrators, and to read for its staff alone', async () => {
    const helper = await pages().aPerson();
    await pages().giveRole(helper, 'helpdesk');
    const page = await consoleAt('/dead-events', 'Dead events', helper);
    await page.getByText('Every event could be read').waitFor();
    await expectToLookRight(page, 'console dead events');
    await page.goto('/console/relays');
    await page.getByText('in use').first().waitFor();
    expect(await page.getByRole('button', { name: 'Test ' }).count()).toBe(0);
    await page.goto('/console/webhooks');
    await page.getByText('There are no webhooks').waitFor();
  });

  it('let an administrator leave unread what could not be read', async () => {
    const page = await consoleAt('/dead-events', 'Dead events');
    const event = { id: '0198e6a1-7c3b-7d52-9c1e-3a5b8f2d4e60', state: 'open', reason: 'the version 2.0 is not known here', cause: 'read: the version #.# is not known here', type: 'PasswordRecoveryRequested', publisher: { source: 'urn:crm', listed: false }, bytes: 812, timesSeen: 2, firstAt: '2026-01-01T00:00:00Z', lastAt: '2026-01-01T00:00:00Z', published: { topic: 'recovery.events.v1', partition: 0, offset: '7' }, key: 'kim', headers: { ce_type: 'PasswordRecoveryRequested' }, replayedAt: null, replayedBy: null, discardedAt: null, discardedBy: null, discardReason: null };
    let now: object = event;
    await page.route('**/api/rekey/v1/dead-events?*', async (route) => route.fulfill({ json: { events: [now], next: null } }));
    await page.route(`**/api/rekey/v1/dead-events/${event.id}`, async (route) => route.fulfill({ json: now }));
    await page.route('**/replay', async (route) => route.fulfill({ status: 409, json: { code: 'RKY-10210', description: 'It still cannot be read: the version 2.0 is not known here.' } }));
    await page.route('**/discard', async (route) => {
      now = { ...event, state: 'discarded', discardedAt: '2026-01-02T00:00:00Z', discardedBy: 'admin@carbon.super', discardReason: (route.request().postDataJSON() as { reason: string }).reason };
      await route.fulfill({ json: now });
    });
    await page.reload();
    await page.getByRole('link', { name: 'PasswordRecoveryRequested' }).click();
    await arriveAt(page, 'Dead event');
    await page.getByRole('button', { name: 'Read it again' }).click();
    await page.getByText('It still cannot be read').waitFor();
    await expectToLookRight(page, 'console dead event');
    await page.getByRole('button', { name: 'Leave it unread' }).click();
    await page.getByText('Enter the reason.').waitFor();
    await page.getByLabel('Why', { exact: true }).fill('a test of ours');
    await page.getByRole('button', { name: 'Leave it unread' }).click();
    await page.getByText('a test of ours').waitFor();
  });
});
