import { describePages } from '../testing/in-a-browser.ts';
import { expectToLookRight } from '../testing/looks.ts';
import { arriveAt, signIn } from '../testing/pages.ts';

describePages('users in the Console', (pages) => {
  it('are found by a part of the name, locked, unlocked, and given a role', async () => {
    const { username } = await pages().aPerson();
    const page = await pages().console('/users');
    await arriveAt(page, 'Users');
    await page.getByLabel('Username, name or address').fill(username);
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByText('1–1 of 1').waitFor();
    expect(page.url()).not.toContain(username);
    await page.getByLabel('Username, name or address').fill(`${username}@ robin`);
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByText('1–1 of 1').waitFor();
    await page.getByRole('link', { name: username }).click();
    await arriveAt(page, username);

    await page.getByRole('button', { name: 'Lock', exact: true }).click();
    await page.getByText('Locked.', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.getByText('Unlocked.', { exact: true }).waitFor();
    await page.getByLabel('Family name').fill('Adeyemi');
    await page.getByRole('textbox', { name: 'Mail address' }).fill('not an address');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Enter a whole address, such as kim@example.com, or none.').waitFor();
    await page.getByRole('textbox', { name: 'Mail address' }).fill(`new-${username}@example.com`);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.', { exact: true }).waitFor();
    await page.getByRole('heading', { name: username }).locator('..').getByText('Robin Adeyemi').waitFor();
    await page.getByLabel('helpdesk').check();
    await page.getByRole('button', { name: 'Update roles' }).click();
    await page.getByText('Updated. They count from the next request on.').waitFor();
    await page.reload();
    await arriveAt(page, username);
    expect(await page.getByLabel('helpdesk').isChecked()).toBe(true);
    await expectToLookRight(page, 'Console, user');
  });

  it('show where they are signed in and what happened, and are signed out there', async () => {
    const person = await pages().aPerson();
    const theirs = await pages().open('/signin');
    await signIn(theirs, person);
    await arriveAt(theirs, 'Hello, Robin');
    await pages().recoveryMail(person);
    const page = await pages().console('/users');
    await arriveAt(page, 'Users');
    await page.getByRole('link', { name: person.username, exact: true }).click();
    await arriveAt(page, person.username);
    await page.getByRole('cell', { name: 'live', exact: true }).waitFor();
    await page.getByRole('link', { name: 'Follow the mails to this user' }).waitFor();
    await page.getByRole('row', { name: /requestRecovery|authenticate/ }).first().waitFor();
    await page.getByRole('button', { name: 'End', exact: true }).click();
    await page.getByText('Nowhere.').waitFor();
    await theirs.reload();
    await arriveAt(theirs, 'Sign in');
  });

  it('are helped by the helpdesk, who sees what it may do and no more', async () => {
    const [helper, person] = [await pages().aPerson(), await pages().aPerson()];
    await pages().giveRole(helper, 'helpdesk');
    const page = await pages().console('/users', helper);
    await arriveAt(page, 'Users');
    expect(await page.getByRole('link', { name: 'Create user' }).count()).toBe(0);
    await page.getByRole('link', { name: person.username, exact: true }).click();
    await arriveAt(page, person.username);
    await page.getByRole('button', { name: 'Force reset' }).waitFor();
    for (const name of ['Lock', 'Save', 'Update roles', 'Sign out everywhere']) expect([name, await page.getByRole('button', { name }).count()]).toEqual([name, 0]);
    await page.getByRole('link', { name: 'Forced resets' }).click();
    await page.getByRole('link', { name: 'Start a forced reset' }).click();
    await arriveAt(page, 'Start a forced reset');
    expect(await page.getByText('Everybody whom a filter finds').count()).toBe(0);
  });

  it('are created, and what is missing is said at the field', async () => {
    const page = await pages().console('/users/new');
    await arriveAt(page, 'Create user');
    await page.getByLabel('I set it').check();
    await page.getByRole('button', { name: 'Create user' }).click();
    await page.getByText('Enter a username.').waitFor();
    expect(await page.locator(':focus').getAttribute('name')).toBe('userName');
    await page.getByLabel('Username').fill('sasha');
    await page.getByRole('textbox', { name: 'Password' }).fill('short');
    await page.getByRole('button', { name: 'Create user' }).click();
    await page.getByRole('alert').filter({ hasText: '20035' }).waitFor();
    await page.getByRole('textbox', { name: 'Password' }).fill('correct horse Battery 9');
    await page.getByRole('button', { name: 'Create user' }).click();
    await arriveAt(page, 'sasha');
  });

  it('are counted before they are forced to reset, and followed until all are', async () => {
    const { username, address } = await pages().aPerson();
    const page = await pages().console('/forced-resets/new');
    await arriveAt(page, 'Start a forced reset');
    await page.getByLabel('Everybody whom a filter finds').check();
    await page.getByLabel('Filter', { exact: true }).fill(`userName eq "${username}"`);
    await page.getByRole('button', { name: 'Count them' }).click();
    await page.getByRole('button', { name: 'Force 1 user to reset' }).click();
    await arriveAt(page, 'Forced reset');
    await page.getByText('Everybody has had their turn.').waitFor();
    await pages().lastMail(address, 1);
  });
});
