import { randomUUID } from 'node:crypto';
import { anSmtpSink } from '@rekey/test-kit';
import { WebhookReceiver } from '../../apps/notification-service/src/testing/webhook-receiver.ts';
import { describePages } from '../testing/in-a-browser.ts';
import { expectToLookRight } from '../testing/looks.ts';
import { arriveAt } from '../testing/pages.ts';

const relay = await anSmtpSink();
const portal = await new WebhookReceiver((response) => response.writeHead(410).end()).open();
afterAll(async () => Promise.all([relay.close(), portal.close()]));

describePages('the Console’s pages for operators', (pages) => {
  const askForMail = async () => pages().ask('/api/rekey/v1/recovery', { username: (await pages().aPerson()).username });

  it('show the flow just made over time, its figures where one points, and as a table', async () => {
    const page = await pages().console('/overview?range=hour');
    await arriveAt(page, 'Overview');
    await page.getByText('No mail was sent in this time.').waitFor();
    await askForMail();
    const flow = page.getByRole('region', { name: 'Requests and mails', exact: true });
    const drawing = flow.getByRole('img', { name: 'Requests and mails: Requests 1, Mails sent 1' });
    await drawing.waitFor({ timeout: 30_000 });
    const { width = 0, height = 0 } = (await drawing.boundingBox()) ?? {};
    await drawing.hover({ position: { x: 2, y: height / 2 } });
    await flow.getByText('Requests 0').waitFor();
    await drawing.hover({ position: { x: width - 2, y: height / 2 } });
    await flow.getByText('each minute').waitFor({ state: 'detached' });
    await page.mouse.move(0, 0);
    await flow.getByText('each minute').waitFor();
    await flow.getByText('As a table').click();
    await flow.getByRole('row').nth(1).waitFor();
    await expectToLookRight(page, 'console overview');
    await page.getByRole('link', { name: '7 days' }).click();
    await flow.getByText('each hour').waitFor();
    await page.getByLabel('Language').selectOption({ label: 'العربية' });
    await page.getByRole('heading', { name: 'نظرة عامة' }).waitFor();
    const days = page.locator('.plot-times').first().locator('span');
    const [earlier, later] = [await days.first().boundingBox(), await days.last().boundingBox()];
    expect(earlier?.x).toBeGreaterThan(later?.x ?? Infinity);
    await expectToLookRight(page, 'console overview in Arabic');
  });

  it('show what a relay says when it is tried, that it is left alone once it has stopped, and in use again when it is back', async () => {
    const page = await pages().console('/relays');
    await arriveAt(page, 'Relays');
    await page.getByText('in use').waitFor();
    await page.getByRole('button', { name: 'Test ' }).click();
    await page.getByText('It works: a mail could have been given to it.').waitFor();
    await page.getByText('Dialogue (').click();
    await page.getByText(/^EHLO /).waitFor();
    await relay.pause();
    await askForMail();
    await page.getByText(/^connect: .*ECONNREFUSED/).waitFor();
    await page.getByText('left alone').or(page.getByText('being tried')).waitFor();
    await expectToLookRight(page, 'console relays');
    await relay.resume();
    await page.getByText('in use').waitFor();
  });

  it('are the super tenant’s to change for administrators, and to read for its staff alone', async () => {
    const helper = await pages().aPerson();
    await pages().giveRole(helper, 'helpdesk');
    const page = await pages().console('/dead-events', helper);
    await arriveAt(page, 'Dead events');
    await page.getByText('Every event could be read').waitFor();
    await expectToLookRight(page, 'console dead events');
    await page.goto('/console/relays');
    await page.getByText('in use').first().waitFor();
    expect(await page.getByRole('button', { name: 'Test ' }).count()).toBe(0);
  });

  it('show a webhook that wants nothing more, which an administrator has told again, and nobody else', async () => {
    await askForMail();
    const helper = await pages().aPerson();
    await pages().giveRole(helper, 'helpdesk');
    const helping = await pages().console('/webhooks', helper);
    await helping.getByRole('row').filter({ hasText: 'portal' }).filter({ hasText: 'told nothing more' }).waitFor();
    expect(await helping.getByRole('button', { name: 'Tell portal again' }).count()).toBe(0);
    const page = await pages().console('/webhooks');
    await arriveAt(page, 'Webhooks');
    portal.answer = null;
    await page.getByRole('button', { name: 'Tell portal again' }).click();
    await page.getByRole('row').filter({ hasText: 'portal' }).filter({ hasText: 'is told' }).waitFor();
    expect(await page.getByRole('button', { name: 'Tell portal again' }).count()).toBe(0);
    await askForMail();
    await page.getByText(/^[1-9]\d* in the last hour$/).waitFor();
    await expectToLookRight(page, 'console webhooks');
  });

  it('show an event that could not be read, which is read again in vain and then left unread', async () => {
    await pages().publishUnsigned({ ce_specversion: '1.0', ce_id: randomUUID(), ce_source: 'urn:crm', ce_type: 'PasswordRecoveryRequested', ce_subject: randomUUID(), ce_time: '2026-01-01T00:00:00Z', ce_dataschema: 'urn:rekey:event:PasswordRecoveryRequested:1.0' });
    const page = await pages().console('/dead-events');
    await arriveAt(page, 'Dead events');
    await page.getByRole('row').filter({ hasText: 'urn:crm' }).filter({ hasText: 'a stranger' }).getByRole('link', { name: 'PasswordRecoveryRequested' }).click();
    await arriveAt(page, 'Dead event');
    await page.getByText('the publisher "urn:crm" is not listed').waitFor();
    await page.getByRole('button', { name: 'Read it again' }).click();
    await page.getByText('It still cannot be read').waitFor();
    await expectToLookRight(page, 'console dead event');
    const helper = await pages().aPerson();
    await pages().giveRole(helper, 'helpdesk');
    const helping = await pages().console(new URL(page.url()).pathname.replace('/console', ''), helper);
    await helping.getByText('the publisher "urn:crm" is not listed').waitFor();
    for (const name of ['Read it again', 'Leave it unread']) expect([name, await helping.getByRole('button', { name }).count()]).toEqual([name, 0]);
    await page.getByRole('button', { name: 'Leave it unread' }).click();
    await page.getByText('Enter the reason.').waitFor();
    await page.getByLabel('Why', { exact: true }).fill('a test of ours');
    await page.getByRole('button', { name: 'Leave it unread' }).click();
    await page.getByText('a test of ours').waitFor();
    expect(await page.getByRole('button').filter({ hasText: 'Leave it unread' }).count()).toBe(0);
    await page.getByRole('link', { name: 'All dead events' }).click();
    await page.getByText('Every event could be read').waitFor();
    await page.getByRole('link', { name: 'left unread' }).click();
    await page.getByRole('row').filter({ hasText: 'urn:crm' }).waitFor();
  });

  it('have an event read again that can be read after an upgrade, and its mail is sent', async () => {
    const person = await pages().aPerson();
    const upgrade = await pages().askAheadOfTime(person);
    const page = await pages().console('/dead-events');
    await page.getByRole('row').filter({ hasText: 'urn:rekey:recovery-service' }).getByRole('link', { name: 'PasswordRecoveryRequested' }).click();
    await arriveAt(page, 'Dead event');
    await upgrade();
    await page.getByRole('button', { name: 'Read it again' }).click();
    await page.getByText('read again', { exact: true }).first().waitFor();
    expect(await page.getByRole('button', { name: 'Read it again' }).count()).toBe(0);
    await page.getByRole('link', { name: 'All dead events' }).click();
    await page.getByText('Every event could be read').waitFor();
    await page.goto(`/console/deliveries?user=${person.username}`);
    await page.getByRole('row').filter({ hasText: person.username }).filter({ hasText: 'sent' }).waitFor();
  });
}, { edits: [[/^# Your mail relay\./m, `[output_adapter.email]\nhostname = "127.0.0.1"\nport = ${relay.port}\nfrom_address = "no-reply@example.com"\nenable_start_tls = false\nenable_authentication = false\n\n[[event_webhook]]\nname = "portal"\nurl = "${portal.settings().url}"\nallow_private = true\n\n# Your mail relay.`]] });
