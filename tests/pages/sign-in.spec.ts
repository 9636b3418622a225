import type { BrowserContextOptions, Page } from 'playwright-core';
import { describePages } from '../testing/in-a-browser.ts';
import { arriveAt, descriptionOf, hasFocus, setNewPassword, signIn, type Person } from '../testing/pages.ts';

describePages('signing in to My Account', (pages) => {
  it('shows who one is, and signs out', async () => {
    const person = await pages().aPerson();
    const page = await pages().open();
    await arriveAt(page, 'Sign in');
    await signIn(page, person);
    await arriveAt(page, 'Hello, Robin Okafor');
    expect(await page.locator('dl').innerText()).toBe(`Username\n${person.username}\nEmail\n${person.address}`);

    const [cookie, ...others] = await page.context().cookies();
    expect(others).toEqual([]);
    expect(cookie).toMatchObject({ name: '__Host-rekey-session', httpOnly: true, secure: true, sameSite: 'Lax', path: '/' });

    await page.getByRole('button', { name: 'Sign out' }).click();
    await arriveAt(page, 'Sign in');
    expect(await page.context().cookies()).toEqual([]);
  });

  it('takes the keyboard alone', async () => {
    const person = await pages().aPerson();
    const page = await pages().open('/signin');
    await arriveAt(page, 'Sign in');
    await page.keyboard.press('Tab');
    await page.keyboard.type(person.username);
    await page.keyboard.press('Tab');
    await page.keyboard.type(person.password);
    await page.keyboard.press('Enter');
    await arriveAt(page, 'Hello, Robin Okafor');
    const signOut = page.getByRole('button', { name: 'Sign out' });
    while (!(await hasFocus(signOut))) await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await arriveAt(page, 'Sign in');
  });

  it('says the same of a wrong password and of a stranger, on the page and not in a window of the browser', async () => {
    const person = await pages().aPerson();
    const told = [];
    for (const username of [person.username, 'nobody-here']) {
      const page = await pages().open('/signin');
      const answer = page.waitForResponse((response) => response.request().method() === 'POST');
      await signIn(page, { ...person, username, password: 'not the password' });
      told.push(await page.getByRole('alert').innerText());
      expect((await answer).headers()['www-authenticate']).not.toMatch(/basic/i);
      const password = page.getByLabel('Password', { exact: true });
      expect([await password.inputValue(), await hasFocus(password), await page.getByLabel('Username').inputValue()]).toEqual(['', true, username]);
    }
    expect(told).toEqual(['The username or the password is wrong.', 'The username or the password is wrong.']);
  });

  it('names what is missing at the field, and goes there', async () => {
    const page = await pages().open('/signin');
    const [username, password] = [page.getByLabel('Username'), page.getByLabel('Password', { exact: true })];
    await page.getByRole('button', { name: 'Sign in' }).click();
    expect(await descriptionOf(username)).toBe('Enter your username.');
    expect(await descriptionOf(password)).toBe('Enter your password.');
    expect([await username.getAttribute('aria-invalid'), await hasFocus(username)]).toEqual(['true', true]);
    await username.fill('someone');
    expect([await descriptionOf(username), await username.getAttribute('aria-invalid')]).toEqual(['', null]);
    await page.keyboard.press('Enter');
    expect(await hasFocus(password)).toBe(true);
  });

  it('shows the password and hides it again, and tells password managers which is which', async () => {
    const page = await pages().open('/signin');
    const [username, password] = [page.getByLabel('Username'), page.getByLabel('Password', { exact: true })];
    expect([await username.getAttribute('autocomplete'), await password.getAttribute('autocomplete')]).toEqual(['username', 'current-password']);
    const show = page.getByRole('button', { name: 'Show password' });
    expect([await password.getAttribute('type'), await show.getAttribute('aria-pressed')]).toEqual(['password', 'false']);
    await show.press('Enter');
    expect([await password.getAttribute('type'), await show.getAttribute('aria-pressed')]).toEqual(['text', 'true']);
    await show.click();
    expect(await password.getAttribute('type')).toBe('password');
  });

  it('says that the server is away, keeps what was typed, and works once it is back', async () => {
    const person = await pages().aPerson();
    const page = await pages().open('/signin');
    await arriveAt(page, 'Sign in');
    await page.context().setOffline(true);
    await signIn(page, person);
    expect(await page.getByRole('alert').innerText()).toBe('The server cannot be reached. Check your connection and try again.');
    await page.context().setOffline(false);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await arriveAt(page, 'Hello, Robin Okafor');
  });

  it('offers to try again where the server is away when the page is opened', async () => {
    const page = await (await pages().visitor()).newPage();
    await page.route('**/api/**', (route) => route.abort());
    await page.goto('/myaccount/');
    await page.getByRole('alert').waitFor();
    await page.unroute('**/api/**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await arriveAt(page, 'Sign in');
  });

  it('says that the server is busy', async () => {
    const page = await pages().open('/signin');
    await page.route('**/api/**', (route) => route.fulfill({ status: 503, headers: { 'retry-after': '5' }, json: { code: 'RKY-10007' } }));
    await signIn(page, { username: 'someone', password: 'something', address: '' });
    expect(await page.getByRole('alert').innerText()).toBe('The server is busy right now. Try again in a few seconds.');
  });

  it('lasts over a reload and in a second tab, which sees the other one sign out', async () => {
    const person = await pages().aPerson();
    const page = await pages().open();
    await signIn(page, person);
    await arriveAt(page, 'Hello, Robin Okafor');
    await page.reload();
    await arriveAt(page, 'Hello, Robin Okafor');

    const other = await page.context().newPage();
    await other.goto('/myaccount/signin');
    await arriveAt(other, 'Hello, Robin Okafor');
    await other.getByRole('button', { name: 'Sign out' }).click();
    await arriveAt(other, 'Sign in');
    // What a browser tells a page that one comes back to.
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))");
    await arriveAt(page, 'Sign in');
  });

  it('leads to the page that one wanted, and back to it where the session ended meanwhile', async () => {
    const person = await pages().aPerson();
    const page = await pages().open('/profile');
    await arriveAt(page, 'Sign in');
    await signIn(page, person);
    await arriveAt(page, 'Profile');
    await pages().ask(`/api/rekey/v1/users/${await pages().idOf(person)}/sessions`, {}, 'DELETE');
    await page.getByRole('navigation').getByRole('link', { name: 'Sessions' }).click();
    await page.getByText('You are signed out.').waitFor();
    await arriveAt(page, 'Sign in');
    await signIn(page, person);
    await arriveAt(page, 'Where you are signed in');
  });

  it('shows nobody by going back, neither after signing in nor after signing out', async () => {
    const person = await pages().aPerson();
    const page = await pages().open('/forgot');
    await page.getByRole('link', { name: 'Back to sign in' }).click();
    await signIn(page, person);
    await arriveAt(page, 'Hello, Robin Okafor');
    await page.goBack();
    await arriveAt(page, 'Forgot password?');
    await page.goForward();
    await arriveAt(page, 'Hello, Robin Okafor');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await arriveAt(page, 'Sign in');
    await page.goBack();
    await arriveAt(page, 'Forgot password?');
    await page.goForward();
    await arriveAt(page, 'Sign in');
  });

  describe('lets one who is signed in', () => {
    const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';
    const signedIn = async (person: Person, options?: BrowserContextOptions) => {
      const page = await pages().open('/signin', options);
      await signIn(page, person);
      await arriveAt(page, 'Hello, Robin Okafor');
      return page;
    };
    const goTo = async (page: Page, name: string, title = name) => {
      await page.getByRole('navigation').getByRole('link', { name }).click();
      await arriveAt(page, title);
    };
    const newPassword = 'four words from nowhere';
    const changePassword = async (page: Page, current: string) => {
      await page.getByLabel('Current password', { exact: true }).fill(current);
      await setNewPassword(page, newPassword);
    };

    it('change the name and the language of mails', async () => {
      const page = await signedIn(await pages().aPerson());
      await goTo(page, 'Profile');
      await page.getByLabel('First name').fill('Kim');
      await page.getByLabel('Language of mails').selectOption('de_DE');
      let sent = 0;
      page.on('request', (request) => void (sent += request.method() === 'PATCH' ? 1 : 0));
      await page.getByRole('button', { name: 'Save' }).dblclick();
      await page.getByRole('status').getByText('Saved.').waitFor();
      expect(sent).toBe(1);
      await page.reload();
      await arriveAt(page, 'Profile');
      expect([await page.getByLabel('First name').inputValue(), await page.getByLabel('Last name').inputValue(), await page.getByLabel('Language of mails').inputValue()]).toEqual(['Kim', 'Okafor', 'de_DE']);
      await goTo(page, 'Overview', 'Hello, Kim Okafor');
    });

    it('change the password after giving the present one, which ends every session', async () => {
      const person = await pages().aPerson();
      const [page, elsewhere] = [await signedIn(person), await signedIn(person)];
      await goTo(page, 'Password', 'Change your password');
      await page.getByText('You will be signed out everywhere, here too.').waitFor();
      await changePassword(page, 'not the password');
      const current = page.getByLabel('Current password', { exact: true });
      await page.getByRole('alert').getByText('That is not your current password.').waitFor();
      expect([await descriptionOf(current), await hasFocus(current)]).toEqual(['That is not your current password.', true]);
      await changePassword(page, person.password);
      await arriveAt(page, 'Your password was changed');
      expect(await page.getByRole('main').innerText()).toContain('You were signed out everywhere. Sign in with the new password.');
      await elsewhere.reload();
      await arriveAt(elsewhere, 'Sign in');
      await page.getByRole('link', { name: 'Sign in' }).click();
      await signIn(page, { ...person, password: newPassword });
      await arriveAt(page, 'Hello, Robin Okafor');
    });

    it('stay so with another password, where the deployment keeps that session', async () => {
      const person = await pages().aPerson();
      const page = await signedIn(person);
      await page.route('**/me/password', async (route) => {
        if (route.request().method() === 'POST') return route.fulfill({ status: 204 });
        const response = await route.fetch();
        return route.fulfill({ response, json: { ...((await response.json()) as object), endsThisSession: false } });
      });
      await goTo(page, 'Password', 'Change your password');
      await page.getByText('You will be signed out everywhere else.').waitFor();
      await changePassword(page, person.password);
      await arriveAt(page, 'Your password was changed');
      expect((await page.getByRole('main').innerText()).split(/\n+/)).toEqual(['Your password was changed', 'You were signed out everywhere else.', 'Continue']);
      await page.getByRole('link', { name: 'Continue' }).click();
      await arriveAt(page, 'Hello, Robin Okafor');
    });

    it('stay there while the server is away: what cannot be shown says so, and all around it stays', async () => {
      const page = await signedIn(await pages().aPerson());
      await page.context().setOffline(true);
      await page.getByRole('navigation').getByRole('link', { name: 'Activity' }).click();
      await page.getByRole('main').getByText('The server cannot be reached. Check your connection and try again.').waitFor();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('banner').getByRole('alert').getByText('The server cannot be reached.').waitFor();
      await page.context().setOffline(false);
      await goTo(page, 'Profile');
    });

    it('see where else, end one of these sessions, and all', async () => {
      const person = await pages().aPerson();
      const [page, elsewhere] = [await signedIn(person), await signedIn(person, { userAgent: windows })];
      await goTo(page, 'Sessions', 'Where you are signed in');
      const sessions = page.getByRole('main').getByRole('listitem');
      const other = sessions.filter({ hasText: 'Firefox on Windows' });
      await other.waitFor();
      expect([await sessions.count(), await sessions.filter({ hasText: 'This one' }).getByRole('button').count()]).toEqual([2, 0]);
      await other.getByRole('button', { name: 'End' }).click();
      await other.waitFor({ state: 'detached' });
      await page.getByRole('status').getByText('Ended.').waitFor();
      await elsewhere.reload();
      await arriveAt(elsewhere, 'Sign in');

      await signIn(elsewhere, person);
      await arriveAt(elsewhere, 'Hello, Robin Okafor');
      await page.getByRole('button', { name: 'Sign out everywhere', exact: true }).click();
      await arriveAt(page, 'Sign in');
      await elsewhere.reload();
      await arriveAt(elsewhere, 'Sign in');
    });

    it('sign out everywhere else, and stay', async () => {
      const person = await pages().aPerson();
      const [page, elsewhere] = [await signedIn(person), await signedIn(person)];
      await goTo(page, 'Sessions', 'Where you are signed in');
      const others = page.getByRole('button', { name: 'Sign out everywhere else' });
      await others.click();
      await others.waitFor({ state: 'detached' });
      expect(await page.getByRole('main').getByRole('listitem').count()).toBe(1);
      await elsewhere.reload();
      await arriveAt(elsewhere, 'Sign in');
    });

    it('see what happened to the account: links that were mailed, sign-ins, and whose were refused', async () => {
      const person = await pages().aPerson();
      await pages().recoveryMail(person);
      const page = await pages().open('/signin');
      await signIn(page, { ...person, password: 'not the password' });
      await page.getByText('The username or the password is wrong.').waitFor();
      await signIn(page, person);
      await arriveAt(page, 'Hello, Robin Okafor');
      const lines = page.getByRole('main').getByRole('listitem');
      // The audit is written a moment after what it tells of.
      for (const deadline = Date.now() + 30_000; Date.now() < deadline; ) {
        await goTo(page, 'Activity', 'Recent activity');
        await lines.first().waitFor();
        if ((await lines.filter({ hasText: 'Signing in' }).count()) === 2) break;
        await page.reload();
      }
      const told = (await lines.locator('.fact').allInnerTexts()).map((line) => line.replace(/\s+/g, ' '));
      expect(told).toEqual(expect.arrayContaining(['A link or code for a new password Still works', 'Signing in', 'Signing in Refused']));
    });
  });

  it.each(['/nowhere', '/reset/nowhere', '/%20'])('says that there is nothing at %s, and leads on', async (address) => {
    const page = await pages().open(address);
    await arriveAt(page, 'There is nothing here');
    await page.getByRole('link', { name: 'To the first page' }).click();
    await arriveAt(page, 'Sign in');
  });

  it.each([
    ['/forgot/sent', 'Forgot password?'],
    ['/reset/done', 'Sign in'],
  ])('claims nothing that has not happened: %s alone leads to "%s"', async (address, heading) => {
    await arriveAt(await pages().open(address), heading);
  });
});
