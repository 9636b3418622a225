import type { Page } from 'playwright-core';
import { describePages } from '../testing/in-a-browser.ts';
import { expectToLookRight } from '../testing/looks.ts';
import { arriveAt, type Person } from '../testing/pages.ts';

describePages('mails in the Console', (pages) => {
  /** Somebody whose mail has been sent. */
  async function mailed(): Promise<Person> {
    const person = await pages().aPerson();
    await pages().recoveryMail(person);
    return person;
  }

  async function suppress(page: Page, address: string): Promise<void> {
    await page.getByRole('button', { name: 'Add an address' }).click();
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('Enter the reason.').waitFor();
    await page.getByLabel('Address', { exact: true }).fill(address);
    await page.getByLabel('Reason').fill('left the company');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }

  it('appear by themselves, are found by what is known of them, and are followed to the relay’s 250', async () => {
    const page = await pages().console('/deliveries');
    await arriveAt(page, 'Deliveries');
    await page.getByText('No mail has been asked for yet').waitFor();
    const { username, address } = await mailed();
    const other = await mailed();
    await page.getByRole('row').filter({ hasText: other.username }).filter({ hasText: 'sent' }).waitFor();
    await page.getByRole('row').filter({ hasText: username }).filter({ hasText: 'sent' }).waitFor();

    await page.getByLabel('Recipient').fill(` ${address} `);
    await page.getByLabel('State').selectOption('sent');
    await page.getByText('By type, relay, cause and time').click();
    await page.getByLabel('Accepted from').fill('2020-02-29T12:00');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByRole('row').filter({ hasText: other.username }).waitFor({ state: 'detached' });
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ recipient: address, state: 'SENT', from: expect.stringMatching(/^2020-02-\d\dT.*Z$/) });
    await page.reload();
    expect(await page.getByLabel('Accepted from').inputValue()).toBe('2020-02-29T12:00');

    await page.getByRole('rowheader').getByRole('link').click();
    await arriveAt(page, 'Mail ');
    await page.getByText('Attempt 1: the relay has taken it').waitFor();
    await page.getByText('Dialogue (').click();
    await page.getByText(/^354/).waitFor();
    await expectToLookRight(page, 'console delivery');

    await page.goBack();
    await page.getByLabel('State').selectOption('refused');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByText('There is no such mail').waitFor();
    await page.goBack();
    await page.getByRole('row').filter({ hasText: username }).waitFor();
    expect(await page.getByLabel('State').inputValue()).toBe('SENT');
    await page.getByRole('link', { name: 'Show all', exact: true }).click();
    await page.getByRole('row').filter({ hasText: other.username }).waitFor();
    expect(await page.getByLabel('Recipient').inputValue()).toBe('');
  });

  it('are read page by page, and only the first page is asked for again', async () => {
    const page = await pages().console('/deliveries');
    await arriveAt(page, 'Deliveries');
    const delivery = { id: '0198e6a1-7c3b-7d52-9c1e-3a5b8f2d4e60', reference: '7K3M9-QPA2X', state: 'REJECTED', cause: 'rcpt 550 5.1.1', eventType: 'PasswordRecoveryRequested', templateType: 'passwordreset', user: { id: '0198e6a1-7c3b-7d52-9c1e-3a5b8f2d4e61', username: 'kim', realm: 'PRIMARY' }, recipient: 'k***@example.com', requestedAt: '2026-01-01T00:00:00Z', acceptedAt: '2026-01-01T00:00:00Z', finishedAt: '2026-01-01T00:00:00Z', attempts: 1 };
    const asked: (string | null)[] = [];
    await page.route('**/api/rekey/v1/deliveries?*', async (route) => {
      const after = new URL(route.request().url()).searchParams.get('after');
      asked.push(after);
      await route.fulfill({ json: { deliveries: [{ ...delivery, reference: after ?? 'the first' }], next: after === null ? 'the second' : null } });
    });
    await page.clock.install();
    await page.goto('/console/deliveries?user=kim');
    await page.getByRole('link', { name: 'Next page' }).click();
    await page.getByRole('link', { name: 'the second' }).waitFor();
    const before = asked.length;
    await page.clock.runFor(60_000);
    expect(asked.slice(before)).toEqual([]);
    await page.getByRole('link', { name: 'First page' }).click();
    await page.getByRole('link', { name: 'the first' }).waitFor();
    await Promise.all([page.waitForRequest('**/api/rekey/v1/deliveries?*'), page.clock.runFor(6_000)]);
  });

  it('that failed are sent again from the desk, once their address is off the list', async () => {
    const person = await pages().aPerson();
    const page = await pages().console('/suppressed-addresses');
    await arriveAt(page, 'Suppressed addresses');
    await page.getByText('Every address is mailed to').waitFor();
    await suppress(page, person.address);
    await page.getByRole('row').filter({ hasText: 'left the company' }).waitFor();
    await expectToLookRight(page, 'console suppressed addresses');
    await page.getByLabel('Is this address on the list?').fill('somebody.else@example.com');
    await page.getByRole('button', { name: 'Look' }).click();
    await page.getByText('somebody.else@example.com is mailed to').waitFor();

    await pages().ask('/api/rekey/v1/recovery', { username: person.username });
    await page.goto('/console/deliveries/failures');
    const failure = page.getByRole('listitem').filter({ hasText: 'suppressed' }).filter({ hasText: '1 mail' });
    await failure.waitFor();
    await expectToLookRight(page, 'console failures');
    await failure.getByText('One by one').click();
    await failure.getByRole('listitem').getByRole('link').click();
    await page.getByText('Ended: suppressed').waitFor();

    await page.goto('/console/suppressed-addresses');
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('It is off the list.').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByText('Every address is mailed to').waitFor();
    await arriveAt(page, 'Suppressed addresses');

    await page.goto('/console/deliveries/failures');
    await page.getByRole('button', { name: 'Replay 1 mail' }).click();
    await page.getByText('may get the mail a second time').waitFor();
    await expectToLookRight(page, 'console replay');
    await page.getByRole('dialog').getByRole('button', { name: 'Replay' }).click();
    await page.getByText('1 mail on the way again').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await arriveAt(page, 'Failures');
    await page.getByText('Nothing has failed').waitFor();
    await pages().inbox.mailsTo(person.address, 1);
  });

  it('say why they are not sent again, and send a possible copy only to whoever asks for one', async () => {
    const person = await pages().aPerson();
    const page = await pages().console('/suppressed-addresses');
    await arriveAt(page, 'Suppressed addresses');
    await suppress(page, person.address);
    await pages().ask('/api/rekey/v1/recovery', { username: person.username });
    await page.goto(`/console/deliveries?user=${person.username}`);
    await page.getByRole('row').filter({ hasText: 'suppressed' }).waitFor();
    await pages().ask('/api/rekey/v1/recovery', { username: person.username });
    await page.getByRole('row').filter({ hasText: 'suppressed' }).nth(1).waitFor();
    await page.getByRole('rowheader').getByRole('link').last().click();
    await page.getByRole('button', { name: 'Replay' }).click();
    const dialog = page.getByRole('dialog');
    const sent = async () => {
      const [request] = await Promise.all([page.waitForRequest('**/replay'), dialog.getByRole('button', { name: 'Replay' }).click()]);
      await page.getByText('only the newest link works. (RKY-10210)').waitFor();
      return request.postDataJSON() as unknown;
    };
    expect(await sent()).toEqual({ copy: false });
    await dialog.getByLabel('Also what may have arrived already').check();
    expect(await sent()).toEqual({ copy: true });
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Replay' }).and(page.locator(':focus')).waitFor();
  });

  it('are followed by the helpdesk, which replays none', async () => {
    const helper = await pages().aPerson();
    await pages().giveRole(helper, 'helpdesk');
    const page = await pages().console('/deliveries/failures', helper);
    await arriveAt(page, 'Failures');
    await page.getByText('Administrators can have them sent again.').waitFor();
    expect(await page.getByRole('button', { name: 'Replay' }).count()).toBe(0);
    await page.context().setOffline(true);
    await page.getByRole('link', { name: 'Suppressed addresses' }).click();
    await page.getByText('The server cannot be reached.').waitFor();
    await expectToLookRight(page, 'console while the server is away');
  });
});
