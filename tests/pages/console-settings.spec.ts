import { describePages } from '../testing/in-a-browser.ts';
import { expectToLookRight } from '../testing/looks.ts';
import { administrator, arriveAt, descriptionOf, signIn } from '../testing/pages.ts';

const accountRecovery = '/resident/QWNjb3VudCBNYW5hZ2VtZW50/YWNjb3VudC1yZWNvdmVyeQ';

describePages('settings in the Console', (pages) => {
  it('are found and changed by the clicks of the guide', async () => {
    const page = await pages().console('/');
    await page.getByRole('navigation').getByRole('link', { name: 'Account Management' }).click();
    await arriveAt(page, 'Account Management');
    await page.getByText('Identity Providers › Resident').first().waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Account Recovery' }).click();
    await arriveAt(page, 'Account Recovery');
    const recovery = page.locator('[name="Recovery.Notification.Password.Enable"]');
    await recovery.press('Space');
    await page.getByText('1 change that is not saved yet').waitFor();
    await page.getByRole('button', { name: 'Update' }).click();
    const done = page.getByRole('status').filter({ hasText: 'Updated' });
    await done.getByText('Notification based password recovery: off').waitFor();
    await done.getByText('Notification based password recovery via an email: off').waitFor();
    await recovery.press('Space');
    await page.getByRole('button', { name: 'Update' }).click();
    await done.getByText('Notification based password recovery: on').waitFor();
  });

  it('say where their value comes from, and go back to the file’s', async () => {
    const page = await pages().console(accountRecovery);
    await arriveAt(page, 'Account Recovery');
    const field = page.getByRole('textbox', { name: 'Recovery link expiry time in minutes' });
    const setting = page.locator('.setting').filter({ has: field });
    await setting.locator('summary', { hasText: /deployment\.toml|Default/ }).click();
    await setting.getByText('identity_mgt.password_reset_email.reset_mail_validity').waitFor();
    await field.fill('7');
    await page.getByRole('button', { name: 'Update' }).click();
    await setting.getByText('admin@carbon.super').waitFor();
    await expectToLookRight(page, 'Console, settings');
    await page.locator('[name="Recovery.Notification.Username.Enable"]').press('Space');
    await setting.getByRole('button', { name: 'Use the file’s value: 60' }).click();
    await page.getByText('The file’s value counts again:').waitFor();
    expect(await field.inputValue()).toBe('60');
    await page.getByText('1 change that is not saved yet').waitFor();
  });

  it('are refused at the field, and not lost by leaving', async () => {
    const page = await pages().console('/resident');
    await page.getByRole('main').getByRole('link', { name: 'Account Recovery' }).click();
    await arriveAt(page, 'Account Recovery');
    const field = page.getByRole('textbox', { name: 'Recovery link expiry time in minutes' });
    await field.fill('1441');
    await page.getByRole('button', { name: 'Update' }).click();
    await page.getByRole('alert').filter({ hasText: 'IDG-50013' }).waitFor();
    expect(await descriptionOf(field)).toContain('Expected: whole minutes from 1 to 1440.');
    expect(await page.locator(':focus').getAttribute('name')).toBe('Recovery.ExpiryTime');
    await page.getByRole('link', { name: 'Users' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stay here' }).click();
    await page.evaluate('history.back()');
    await page.getByRole('dialog').getByRole('button', { name: 'Stay here' }).click();
    expect(await field.inputValue()).toBe('1441');
    expect(page.url()).toContain(accountRecovery);
    await page.getByRole('link', { name: 'Users' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click();
    await arriveAt(page, 'Users');
    await page.evaluate('history.back()');
    await arriveAt(page, 'Account Recovery');
    await field.fill('7');
    await page.evaluate('history.back()');
    await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click();
    await arriveAt(page, 'Account Management');
  });

  it('are not lost where the session ends meanwhile: one signs in beside them, and goes on', async () => {
    const page = await pages().console(accountRecovery);
    await arriveAt(page, 'Account Recovery');
    const field = page.getByRole('textbox', { name: 'Recovery link expiry time in minutes' });
    await field.fill('11');
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Update' }).click();
    const ended = page.getByRole('dialog', { name: 'Your session has ended' });
    await ended.waitFor();
    await expectToLookRight(page, 'Console, session ended');
    const [beside] = await Promise.all([page.waitForEvent('popup'), ended.getByRole('link', { name: 'Sign in' }).click()]);
    await signIn(beside, administrator);
    await arriveAt(beside, 'Overview');
    await ended.waitFor({ state: 'detached' });
    expect(await field.inputValue()).toBe('11');
    await page.getByRole('button', { name: 'Update' }).click();
    await page.getByText('Recovery link expiry time in minutes: 11').waitFor();

    await field.fill('12');
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Update' }).click();
    await ended.getByRole('button', { name: 'Leave it' }).click();
    await page.getByRole('link', { name: 'Sign in' }).click();
    await signIn(page, administrator);
    await arriveAt(page, 'Account Recovery');
    expect(await field.inputValue()).toBe('11');
  });

  it('tell the second of two administrators what the first one did, and keep what was typed', async () => {
    const page = await pages().console(accountRecovery);
    await arriveAt(page, 'Account Recovery');
    await page.getByRole('textbox', { name: 'Recovery link expiry time in minutes' }).fill('9');
    const by = await pages().ask(`/api/server/v1/identity-governance${accountRecovery.replace('/resident', '').replace(/\/(\w+)$/, '/connectors/$1')}`, { operation: 'UPDATE', properties: [{ name: 'Recovery.ExpiryTime', value: '8' }] }, 'PATCH');
    expect(by.status).toBe(200);
    await page.getByRole('button', { name: 'Update' }).click();
    await page.getByRole('alert').getByText('Recovery link expiry time in minutes is 8 now, set by admin@carbon.super').waitFor();
    expect(await page.getByRole('textbox', { name: 'Recovery link expiry time in minutes' }).inputValue()).toBe('9');
    await page.getByRole('button', { name: 'Update' }).click();
    await page.getByText('Recovery link expiry time in minutes: 9').waitFor();
  });

  it('say why there is nothing to choose, where there is not, and offer no Update', async () => {
    const page = await pages().console('/resident');
    await page.getByRole('main').getByRole('link', { name: 'Multi Attribute Login' }).click();
    await arriveAt(page, 'Multi Attribute Login');
    await page.getByText('people sign in with their username').first().waitFor();
    expect(await page.getByRole('button', { name: 'Update' }).count()).toBe(0);
    await expectToLookRight(page, 'Console, settings without a choice');
  });

  it('are read by auditors, and are none of the helpdesk’s business', async () => {
    const [auditor, helper] = [await pages().aPerson(), await pages().aPerson()];
    await pages().giveRole(auditor, 'auditor');
    await pages().giveRole(helper, 'helpdesk');
    const reading = await pages().console(accountRecovery, auditor);
    await reading.getByText('Your role reads this').waitFor();
    expect(await reading.locator('[name="Recovery.Notification.Username.Enable"]').isDisabled()).toBe(true);
    expect(await reading.getByRole('button', { name: 'Update' }).count()).toBe(0);
    await reading.goto(`/console/templates/${Buffer.from('PasswordReset').toString('base64url')}/en_US`);
    await reading.getByText('Your role reads this').waitFor();
    await reading.getByRole('textbox', { name: 'Subject' }).press('x');
    expect([await reading.getByRole('textbox', { name: 'Subject' }).innerText(), await reading.getByRole('button', { name: 'Save' }).count()]).toEqual(['Reset your password', 0]);
    const helping = await pages().console(accountRecovery, helper);
    await helping.getByText('Your role does not allow this.').waitFor();
    expect(await helping.getByRole('navigation', { name: 'Console' }).getByRole('link').allInnerTexts()).not.toContain('Account Management');
  });

  it('have beside them the whole configuration, to be read with where each value comes from; secrets are not told', async () => {
    const page = await pages().console('/configuration');
    await arriveAt(page, 'Configuration');
    await page.getByRole('searchbox', { name: 'Find a key' }).fill('super_admin');
    await page.getByText('2 keys').waitFor();
    await page.getByText('set, and not told').waitFor();
  });

  it('have beside them the listener chain, which is asked what it would say, and does nothing', async () => {
    const { username } = await pages().aPerson();
    const page = await pages().console('/listeners');
    await arriveAt(page, 'Listener chain');
    await page.getByRole('row', { name: 'authenticate' }).first().waitFor();
    expect(await page.getByRole('row', { name: 'getClaims' }).count()).toBe(0);
    await page.getByRole('checkbox', { name: 'Also those that only read' }).check();
    await page.getByRole('row', { name: 'getClaims' }).first().waitFor();
    await page.getByRole('link', { name: 'Dry run' }).click();
    await arriveAt(page, 'Dry run');
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByText('Enter a username.').waitFor();
    await page.getByLabel('Username').fill(username);
    await page.getByLabel('Operation').selectOption('updateCredentialByAdmin');
    await page.getByRole('textbox', { name: 'Password' }).fill('short');
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByText('It would be refused: 20035').waitFor();
    await page.getByText('too-short').waitFor();
    await expectToLookRight(page, 'Console, dry run');
    await page.getByLabel('Operation').selectOption('deleteUser');
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByText('It would be done').waitFor();
    expect((await pages().ask('/scim2/Users/.search', { filter: `userName eq "${username}"` }).then((answer) => answer.json()))).toMatchObject({ totalResults: 1 });
  });
});
