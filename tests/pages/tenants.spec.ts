import { linkOf } from '../testing/inbox-client.ts';
import { describePages } from '../testing/in-a-browser.ts';
import { expectToLookRight } from '../testing/looks.ts';
import { arriveAt, askForLink, setNewPassword, signIn } from '../testing/pages.ts';

const newPassword = 'four words from nowhere';

describePages('a tenant', (pages) => {
  let place: string;
  beforeAll(async () => void (place = await pages().aTenant('acme.example')));
  const addressOf = (rest: string) => `${pages().rekey.baseUrl}${place}/myaccount${rest}`;

  it('recovers a forgotten password from the sign-in to the start page without leaving the tenant', async () => {
    const person = await pages().aPerson({}, place);
    const page = await (await pages().visitor()).newPage();
    await page.goto(`${place}/myaccount`);
    await arriveAt(page, 'Sign in');
    expect([page.url(), await page.getByRole('banner').innerText()]).toEqual([addressOf('/signin'), expect.stringContaining('acme.example')]);
    await page.getByRole('link', { name: 'Forgot password?' }).click();
    await arriveAt(page, 'Forgot password?');
    await askForLink(page, person.username);
    const link = linkOf(await pages().lastMail(person.address, 1));
    expect(link).toMatch(addressOf('/reset#key='));
    await page.goto(link);
    await setNewPassword(page, newPassword);
    await arriveAt(page, 'Your password was changed');
    expect(page.url()).toBe(addressOf('/reset/done'));
    await page.getByRole('link', { name: 'Sign in' }).click();
    await signIn(page, { ...person, password: newPassword });
    await arriveAt(page, 'Hello, Robin Okafor');
    expect(page.url()).toBe(addressOf(''));
  });

  it('has links that are none elsewhere: there the person is offered a new one, and the link stays good', async () => {
    const person = await pages().aPerson({}, place);
    const page = await (await pages().visitor()).newPage();
    await page.goto(`${place}/myaccount/forgot`);
    await askForLink(page, person.username);
    const link = linkOf(await pages().lastMail(person.address, 1));
    const other = await pages().aTenant('other.example');
    for (const elsewhere of ['', other]) {
      await page.goto(link.replace(place, elsewhere));
      await arriveAt(page, 'This link no longer works');
    }
    await page.goto(link);
    await setNewPassword(page, newPassword);
    await arriveAt(page, 'Your password was changed');
  });

  it('signs in beside the others in one browser, and out alone', async () => {
    const [theirs, ours] = [await pages().aPerson({ name: { givenName: 'Theo', familyName: 'There' } }, place), await pages().aPerson({ name: { givenName: 'Hera', familyName: 'Here' } })];
    const visitor = await pages().visitor();
    const [there, here] = [await visitor.newPage(), await visitor.newPage()];
    await there.goto(`${place}/myaccount/`);
    await signIn(there, theirs);
    await arriveAt(there, 'Hello, Theo There');
    await here.goto('/myaccount/');
    await arriveAt(here, 'Sign in');
    await signIn(here, ours);
    await arriveAt(here, 'Hello, Hera Here');
    await there.reload();
    await arriveAt(there, 'Hello, Theo There');
    await there.getByRole('button', { name: 'Sign out' }).click();
    await arriveAt(there, 'Sign in');
    await here.reload();
    await arriveAt(here, 'Hello, Hera Here');
  });

  it('does not know the people of another', async () => {
    const stranger = await pages().aPerson();
    const page = await (await pages().visitor()).newPage();
    await page.goto(`${place}/myaccount/signin`);
    await signIn(page, stranger);
    await page.getByText('The username or the password is wrong.').waitFor();
  });

  it('that is none says so at once, wherever one goes there', async () => {
    const page = await (await pages().visitor()).newPage();
    for (const address of ['/', '/signin', '/forgot', '/confirm#key=of-another']) {
      await page.goto(`/t/nowhere.example/myaccount${address}`);
      await arriveAt(page, 'There is no such organisation');
      expect(await page.getByRole('main').innerText()).toContain('nowhere.example');
      expect(await page.getByRole('textbox').count()).toBe(0);
    }
  });

  it('is made, found, switched off and on again in the Console', async () => {
    const page = await pages().console('/tenants');
    await arriveAt(page, 'Tenants');
    await page.getByRole('link', { name: 'Create tenant' }).click();
    await arriveAt(page, 'Create tenant');
    await page.getByRole('button', { name: 'Create tenant' }).click();
    expect([await page.getByText('This is needed.').count(), await page.locator(':focus').getAttribute('name')]).toEqual([6, 'domain']);
    const given = { 'Domain': ' Made.Example', 'Administrator’s username': 'sam', 'Given name': 'Sam', 'Family name': 'Adeyemi', 'Mail address': 'sam@made.example', 'Password': 'short' };
    for (const [label, text] of Object.entries(given)) await page.getByRole('textbox', { name: label }).fill(text);
    await page.getByRole('button', { name: 'Create tenant' }).click();
    await page.getByRole('alert').filter({ hasText: '20035' }).waitFor();
    await page.getByRole('textbox', { name: 'Password' }).fill(newPassword);
    await page.getByRole('button', { name: 'Create tenant' }).click();
    await arriveAt(page, 'made.example is there');
    await expectToLookRight(page, 'console tenant made');
    await page.getByRole('link', { name: '/t/made.example/console/' }).click();
    await page.getByRole('link', { name: 'Sign in' }).click();
    await signIn(page, { username: 'sam', password: newPassword, address: '' });
    await arriveAt(page, 'Overview');
    expect(await page.getByRole('navigation', { name: 'Console' }).getByRole('link').allInnerTexts()).not.toContain('Tenants');

    await page.goto('/console/tenants');
    await page.getByLabel('Domain').fill('MADE.');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByText('1–1 of 1').waitFor();
    await page.getByRole('button', { name: 'Deactivate' }).click();
    await page.getByRole('dialog', { name: 'Deactivate made.example?' }).getByRole('button', { name: 'Deactivate' }).click();
    await page.getByText('made.example is not active any more.').waitFor();
    await page.getByRole('row').filter({ hasText: 'not active' }).getByRole('button', { name: 'Activate' }).click();
    await page.getByText('made.example is active again, as it was.').waitFor();
    await page.getByLabel('Domain').fill('nowhere');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByText('No domain has “nowhere” in it.').waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'made.example' }).waitFor();
  }, 60_000);

  it('is shown to administrators of carbon.super alone', async () => {
    const auditor = await pages().aPerson();
    await pages().giveRole(auditor, 'auditor');
    const page = await pages().console('/tenants', auditor);
    await page.getByText('Your role does not allow this.').waitFor();
    expect(await page.getByRole('navigation', { name: 'Console' }).getByRole('link').allInnerTexts()).not.toContain('Tenants');
  });
});
