import { describePages } from '../testing/in-a-browser.ts';
import { arriveAt, descriptionOf, hasFocus, signIn } from '../testing/pages.ts';

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
    await page.keyboard.press('Tab');
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
