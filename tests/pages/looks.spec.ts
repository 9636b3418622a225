import type { Page } from 'playwright-core';
import { describePages } from '../testing/in-a-browser.ts';
import { expectToLookRight } from '../testing/looks.ts';
import { arriveAt, demandTheImpossible, setNewPassword, signIn } from '../testing/pages.ts';

/** Long, as names and addresses are. */
const username = 'konstantina.papadimitriou-schwarzenberger.department-of-external-affairs';
const password = 'four words from nowhere';

/** The pages as one comes to them are in `every-page.spec.ts`. */
describePages('every state of My Account, narrow and wide, light and dark', (pages) => {
  const states: Record<string, (page: Page) => Promise<void>> = {
    'signing in': async (page) => {
      await page.goto('/myaccount/signin');
      await arriveAt(page, 'Sign in');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await expectToLookRight(page, 'sign in with nothing');
      await signIn(page, { username, password: 'wrong', address: '' });
      await page.getByText('The username or the password is wrong.').waitFor();
      await expectToLookRight(page, 'sign in with a wrong password');
      await page.context().setOffline(true);
      await signIn(page, { username, password: 'wrong', address: '' });
      await page.getByText('The server cannot be reached.').waitFor();
      await expectToLookRight(page, 'sign in while the server is away');
    },
    'the start page': async (page) => {
      await pages().aPerson({ userName: username, password, name: { givenName: 'Konstantina', familyName: 'Papadimitriou-Schwarzenberger' }, emails: [{ value: `${username}@example.com` }] });
      await page.goto('/myaccount/signin');
      await signIn(page, { username, password, address: '' });
      await arriveAt(page, 'Hello, Konstantina');
      await expectToLookRight(page, 'start page');
      for (const [link, title] of [['Profile', 'Profile'], ['Password', 'Change your password'], ['Sessions', 'Where you are signed in'], ['Activity', 'Recent activity']] as const) {
        await page.getByRole('navigation').getByRole('link', { name: link }).click();
        await arriveAt(page, title);
        await page.getByRole('main').getByRole('status').filter({ hasText: 'Loading' }).waitFor({ state: 'detached' });
        await expectToLookRight(page, title);
      }
      await page.goto('/myaccount/profile?lang=ar');
      await arriveAt(page, 'الملف الشخصي');
      await page.getByRole('button', { name: 'تغيير البريد' }).click();
      await expectToLookRight(page, 'profile in Arabic');
    },
    'asking for a link': async (page) => {
      await page.goto('/myaccount/forgot');
      await arriveAt(page, 'Forgot password?');
      await page.getByRole('button', { name: 'Submit' }).click();
      await expectToLookRight(page, 'forgot password with nothing');
      await page.clock.install();
      await page.getByLabel('Username').fill(username);
      await page.getByRole('button', { name: 'Submit' }).click();
      await arriveAt(page, 'Check your email');
      await page.clock.fastForward(61_000);
      await page.getByRole('button', { name: 'Send again', exact: true }).click();
      await page.getByText('the link was sent again').waitFor();
      await expectToLookRight(page, 'sent again');
    },
    'recovering by a code, and the username': async (page) => {
      const ways = { password: ['link', 'code'], username: ['emailaddress', 'mobile', 'givenname', 'lastname'].map((name) => `http://wso2.org/claims/${name}`), forcedCode: true, code: { length: 6, isNumeric: false }, cooldownSeconds: 60 };
      await page.route('**/recovery/ways', (route) => route.fulfill({ json: ways }));
      await page.route('**/recovery/code', (route) => route.fulfill({ status: 202, json: { flow: 'a-flow' } }));
      await page.route('**/username-recovery', (route) => route.fulfill({ status: 202 }));
      await page.goto('/myaccount/signin');
      await page.getByRole('link', { name: 'Enter a code' }).waitFor();
      await signIn(page, { username, password: 'wrong', address: '' });
      await page.getByText('enter the code that you were mailed').waitFor();
      await expectToLookRight(page, 'sign in with every way');
      await page.getByRole('link', { name: 'Enter a code' }).click();
      await arriveAt(page, 'Enter the code');
      await page.getByRole('button', { name: 'Continue' }).click();
      await expectToLookRight(page, 'enter a forced code with nothing');
      await page.goto('/myaccount/forgot');
      await page.getByRole('radio', { name: 'Recover with a code by mail' }).check();
      await expectToLookRight(page, 'forgot password with a choice');
      await page.getByLabel('Username').fill(username);
      await page.getByRole('button', { name: 'Submit' }).click();
      await arriveAt(page, 'Enter the code');
      await page.getByRole('button', { name: 'Continue' }).click();
      await expectToLookRight(page, 'enter the code with nothing');
      await page.goto('/myaccount/username');
      await page.getByRole('button', { name: 'Submit' }).click();
      await expectToLookRight(page, 'forgot username with nothing');
      await page.getByLabel('First name').fill('Konstantina');
      await page.getByRole('button', { name: 'Submit' }).click();
      await arriveAt(page, 'Check your email');
      await expectToLookRight(page, 'username sent');
    },
    'setting a password': async (page) => {
      const person = await pages().aPerson();
      await page.goto(await pages().recoveryLink(person));
      await arriveAt(page, 'Set a new password');
      await setNewPassword(page, 'short');
      await expectToLookRight(page, 'reset with a short password');
      await setNewPassword(page, password, 'another');
      await page.getByRole('button', { name: 'Show new password', exact: true }).click();
      await expectToLookRight(page, 'reset with two passwords');
      await setNewPassword(page, `${person.username} is my name`);
      await page.getByText('This password cannot be used.').waitFor();
      await expectToLookRight(page, 'reset with a refused password');
      await setNewPassword(page, password);
      await arriveAt(page, 'Your password was changed');
    },
    'solving a challenge': async (page) => {
      await page.goto('/myaccount/forgot');
      await demandTheImpossible(page, '**/recovery');
      await page.getByLabel('Username').fill(username);
      await page.getByRole('button', { name: 'Submit' }).click();
      await page.getByText('Your browser is solving').waitFor();
      await expectToLookRight(page, 'solving a challenge');
    },
    'confirming an account': async (page) => {
      await page.goto('/myaccount/confirm#key=no-key');
      await arriveAt(page, 'Confirm your account');
      await page.getByRole('button', { name: 'Confirm the account' }).click();
      await arriveAt(page, 'This link no longer works');
      await expectToLookRight(page, 'confirm with a dead link');
      await page.getByLabel('Username').fill(username);
      await page.getByRole('button', { name: 'Send a new link' }).click();
      await arriveAt(page, 'Check your email');
      await expectToLookRight(page, 'confirmation sent');
      await page.getByRole('link', { name: 'Use another username' }).click();
      await arriveAt(page, 'Send the link again');
      await expectToLookRight(page, 'confirmation again');
      await page.route('**/registration/confirm', (route) => route.fulfill({ json: { username } }));
      await page.goto('/myaccount/confirm#key=a-key');
      await page.getByRole('button', { name: 'Confirm the account' }).click();
      await arriveAt(page, 'Your account is ready');
      await expectToLookRight(page, 'account confirmed');
    },
    'a tenant’s pages': async (page) => {
      const place = await pages().aTenant('konstantina.papadimitriou-schwarzenberger.department-of-external-affairs.example');
      await page.goto(`${place}/myaccount/signin`);
      await arriveAt(page, 'Sign in');
      await expectToLookRight(page, 'sign in of a tenant');
    },
    'what leads nowhere': async (page) => {
      await page.route('**/recovery/ways', (route) => route.fulfill({ json: { password: [], username: [], forcedCode: false, code: { length: 6, isNumeric: false }, cooldownSeconds: 60 } }));
      await page.goto('/myaccount/forgot');
      await page.getByText('Recovering a password by mail is turned off here.').waitFor();
      await expectToLookRight(page, 'forgot password where that is off');
      await page.unroute('**/recovery/ways');
      await page.goto('/myaccount/reset#key=no-key');
      await arriveAt(page, 'This link no longer works');
      await expectToLookRight(page, 'dead link');
      await page.goto('/myaccount/nowhere');
      await arriveAt(page, 'There is nothing here');
      await expectToLookRight(page, 'unknown page');
      await page.goto('/myaccount/reset');
      await arriveAt(page, 'This link is incomplete');
      await expectToLookRight(page, 'incomplete link');
    },
    'waiting for the server': async (page) => {
      let answer: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (answer = resolve));
      await page.route('**/recovery/key', async (route) => held.then(async () => route.abort()));
      await page.goto('/myaccount/reset#key=some-key');
      await page.getByText('Checking the link').waitFor();
      await expectToLookRight(page, 'checking the link');
      answer();
      await page.getByRole('button', { name: 'Try again' }).waitFor();
      await expectToLookRight(page, 'link not checked');
    },
  };

  it.each(Object.keys(states))(
    'has nothing that axe objects to and nothing that sticks out: %s',
    async (state) => {
      const page = await (await pages().visitor()).newPage();
      await states[state]?.(page);
    },
  );

  it('stands still for whoever wants no motion', async () => {
    const page = await pages().open('/signin');
    await arriveAt(page, 'Sign in');
    const moving = await page.evaluate(`[...document.querySelectorAll('*')].filter((element) => {
      const { transitionDuration, animationDuration } = getComputedStyle(element);
      return [transitionDuration, animationDuration].some((times) => times.split(',').some((time) => parseFloat(time) > 0.001));
    }).length`);
    expect(moving).toBe(0);
  });

  it('fits a window of 320 px, as it is after zooming in to 400 %', async () => {
    const page = await pages().open('/signin', { viewport: { width: 320, height: 256 } });
    await arriveAt(page, 'Sign in');
    await page.getByRole('button', { name: 'Sign in' }).click();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
  });
});
