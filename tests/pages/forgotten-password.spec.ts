import type { Page } from 'playwright-core';
import { linkOf, type InboxMail } from '../testing/inbox-client.ts';
import { describePages } from '../testing/in-a-browser.ts';
import { arriveAt, askForLink, demandTheImpossible, descriptionOf, hasFocus, setNewPassword, signIn, toldOfLink, type Pages, type Person } from '../testing/pages.ts';

const newPassword = 'four words from nowhere';
const deadHeading = 'This link no longer works';

async function signInAnew(page: Page, person: Person): Promise<void> {
  await setNewPassword(page, newPassword);
  await arriveAt(page, 'Your password was changed');
  await page.getByRole('link', { name: 'Sign in' }).click();
  await signIn(page, { ...person, password: newPassword });
  await arriveAt(page, 'Hello, Robin Okafor');
}

describePages('My Account, for whoever forgot a password', (pages) => {
  const set = async (name: string, value: 'true' | 'false', connector = 'account-recovery') => {
    const address = `/api/server/v1/identity-governance/QWNjb3VudCBNYW5hZ2VtZW50/connectors/${Buffer.from(connector).toString('base64url')}`;
    expect((await pages().ask(address, { operation: 'UPDATE', properties: [{ name, value }] }, 'PATCH')).status).toBe(200);
  };
  const whileOn = async (name: string, happens: () => Promise<void>) => {
    await set(name, 'true');
    await happens().finally(() => set(name, 'false'));
  };

  describe('a forgotten password', () => {
    it('is recovered with the keyboard alone: Password, username, Submit, the link of the mail, the new password twice', async () => {
      const person = await pages().aPerson();
      const page = await pages().open();
      await arriveAt(page, 'Sign in');
      const password = page.getByRole('link', { name: 'Password' });
      while (!(await hasFocus(password))) await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await arriveAt(page, 'Forgot password?');
      await page.keyboard.press('Tab');
      await page.keyboard.type(person.username);
      await page.keyboard.press('Tab');
      expect(await page.locator(':focus').innerText()).toBe('Submit');
      await page.keyboard.press('Enter');
      await arriveAt(page, 'Check your email');

      await page.goto(linkOf(await pages().lastMail(person.address, 1)));
      await arriveAt(page, 'Set a new password');
      await page.getByLabel('New password', { exact: true }).waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.type(newPassword);
      for (const _ of ['Show new password', 'New password again']) await page.keyboard.press('Tab');
      await page.keyboard.type(newPassword);
      await page.keyboard.press('Enter');
      await arriveAt(page, 'Your password was changed');
      expect(await page.context().cookies()).toEqual([]);

      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await arriveAt(page, 'Sign in');
      expect(await page.getByLabel('Username').inputValue()).toBe(person.username);
      await signIn(page, { ...person, password: newPassword });
      await arriveAt(page, 'Hello, Robin Okafor');
      expect((await pages().lastMail(person.address, 2)).subject).toBe('Your password was changed');
    });

    it('is answered alike for everyone: known, unknown, without an address, disabled', async () => {
      const known = await pages().aPerson();
      const addressless = await pages().aPerson({ emails: [] });
      const disabled = await pages().aPerson({ active: false });
      const told = [];
      for (const name of [known.username, 'stranger', addressless.username, disabled.username]) {
        const page = await pages().open('/forgot');
        await askForLink(page, name);
        told.push(await toldOfLink(page, name));
      }
      expect(told[0]).toContain('If there is an account “NAME” with an email address');
      expect(new Set(told).size).toBe(1);
    });

    it('takes the username along from the sign-in form, and asks for one where there is none', async () => {
      const page = await pages().open('/signin');
      await page.getByLabel('Username').fill('robin');
      await page.getByRole('link', { name: 'Forgot password?' }).click();
      await arriveAt(page, 'Forgot password?');
      const username = page.getByLabel('Username');
      expect(await username.inputValue()).toBe('robin');
      await username.fill('  ');
      await page.getByRole('button', { name: 'Submit' }).click();
      expect([await descriptionOf(username), await hasFocus(username)]).toEqual(['Enter your username.', true]);
    });

    it('sends the link again after a minute, also on a page that was loaded anew, and not before', async () => {
      const person = await pages().aPerson();
      const page = await pages().open('/forgot');
      await page.clock.install();
      await page.route('**/recovery/ways', (route) => route.fulfill({ json: { password: ['link'], username: [], forcedCode: false, code: { length: 6, isNumeric: true }, cooldownSeconds: 60 } }));
      await page.reload();
      await askForLink(page, person.username);
      await pages().inbox.mailsTo(person.address, 1);
      await page.getByRole('button', { name: /^Send again in \d+ s$/ }).press('Enter');
      await page.reload();
      await arriveAt(page, 'Check your email');
      expect(await page.getByRole('main').innerText()).toContain(person.username);
      await page.clock.fastForward(61_000);
      const again = page.getByRole('button', { name: 'Send again', exact: true });
      await again.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('status').getByText('If there is such an account, the link was sent again.').waitFor();
      const resting = page.getByRole('button', { name: /^Send again in \d+ s$/ });
      expect([await hasFocus(resting), await resting.getAttribute('aria-disabled')]).toEqual([true, 'true']);

      const mails = await pages().inbox.mailsTo(person.address, 2);
      const [first, second] = mails.map(linkOf);
      expect(second).toBe(first);
    });

    it('says when it can be sent again only once it knows: no number before, nor a button to press', async () => {
      let answer: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (answer = resolve));
      const page = await pages().open('/forgot');
      await page.getByLabel('Username').fill('somebody');
      await page.getByRole('button', { name: 'Submit' }).click();
      await arriveAt(page, 'Check your email');
      await page.route('**/recovery/ways', async (route) => held.then(async () => route.fulfill({ json: { password: ['link'], username: [], forcedCode: false, code: { length: 6, isNumeric: true }, cooldownSeconds: 3_600 } })));
      await page.reload();
      const button = page.getByRole('button', { name: /^Send again/ });
      expect([await button.innerText(), await button.getAttribute('aria-disabled')]).toEqual(['Send again', 'true']);
      answer();
      await page.getByRole('button', { name: /^Send again in 3\d\d\d s$/ }).waitFor();
    });

    it('is offered nowhere where every way is turned off: the pages say so at once, without a form', async () => {
      await set('Recovery.Notification.Password.Enable', 'false');
      const page = await pages().open('/signin');
      await page.getByRole('link', { name: 'Forgot password?' }).waitFor({ state: 'detached' });
      for (const [address, heading] of [['/forgot', 'Forgot password?'], ['/reset', 'This link is incomplete']] as const) {
        await page.goto(`/myaccount${address}`);
        await arriveAt(page, heading);
        await page.getByText('Recovering a password by mail is turned off here. Ask your administrator.').waitFor();
        expect([await page.getByRole('textbox').count(), await page.getByRole('button').count()]).toEqual([0, 0]);
      }
      await page.getByRole('link', { name: 'Back to sign in' }).click();
      await arriveAt(page, 'Sign in');
      await set('Recovery.Notification.Password.Enable', 'true');
      await set('Recovery.Notification.Password.emailLink.Enable', 'true');
    });

    it('is asked for after a challenge that the browser solves by itself, where the tenant demands one', async () => {
      const person = await pages().aPerson();
      await whileOn('Recovery.ReCaptcha.Password.Enable', async () => {
        expect((await pages().ask('/api/rekey/v1/recovery', { username: person.username })).status).toBe(403);
        const page = await pages().open('/forgot');
        await askForLink(page, person.username);
        await pages().lastMail(person.address, 1);
      });
    });

    it('is recovered by a code, where the tenant mails these as well and one chooses so', async () => {
      const person = await pages().aPerson();
      await whileOn('Recovery.Notification.Password.OTP.SendOTPInEmail', async () => {
        const page = await pages().open('/forgot');
        const ways = page.getByRole('group', { name: 'How do you want to recover?' }).getByRole('radio');
        await ways.first().waitFor();
        expect(await Promise.all((await ways.all()).map(async (way) => [await way.getAttribute('value'), await way.isChecked()]))).toEqual([['link', true], ['code', false]]);
        await page.getByRole('radio', { name: 'Recover with a code by mail' }).check();
        await page.getByLabel('Username').fill(person.username);
        await page.getByRole('button', { name: 'Submit' }).click();
        await arriveAt(page, 'Enter the code');

        const code = codeOf(await pages().lastMail(person.address, 1));
        const field = page.getByLabel('Code');
        expect(await field.getAttribute('autocomplete')).toBe('one-time-code');
        for (const [typed, told] of [['12', 'The code has 6 characters.'], [code === '111111' ? '222222' : '111111', 'That is not the code. Look at the newest mail: only its code works.']] as const) {
          await field.fill(typed);
          await page.getByRole('button', { name: 'Continue' }).click();
          await page.getByRole('alert').getByText(told).waitFor();
          expect([await descriptionOf(field), await hasFocus(field)]).toEqual([expect.stringContaining(told), true]);
        }
        await field.fill(`${code.slice(0, 3)} ${code.slice(3)}`);
        await page.keyboard.press('Enter');
        await arriveAt(page, 'Set a new password');
        expect(await page.evaluate('location.href + JSON.stringify(history.state)')).not.toContain(code);
        await signInAnew(page, person);
      });
    });

    it('by a code that died of wrong ones is recovered by another, sent from the same page', async () => {
      const person = await pages().aPerson();
      await whileOn('Recovery.Notification.Password.OTP.SendOTPInEmail', async () => {
        const page = await pages().open('/forgot');
        await page.getByRole('radio', { name: 'Recover with a code by mail' }).check();
        await page.getByLabel('Username').fill(person.username);
        await page.getByRole('button', { name: 'Submit' }).click();
        const first = codeOf(await pages().lastMail(person.address, 1));
        const field = page.getByLabel('Code');
        const enter = async (code: string) => {
          await field.fill(code);
          const answered = page.waitForResponse('**/recovery/code/confirm');
          await page.keyboard.press('Enter');
          await answered;
        };
        for (const digit of ['1', '2', '3', '4'].filter((each) => !first.startsWith(each)).slice(0, 3)) await enter(digit.repeat(6));
        await enter(first);
        await page.getByRole('alert').getByText('This code no longer works').waitFor();
        await page.getByRole('button', { name: 'Send again', exact: true }).click();
        await page.getByRole('status').getByText('If there is such an account, a code was sent again.').waitFor();
        await enter(codeOf(await pages().lastMail(person.address, 2)));
        await arriveAt(page, 'Set a new password');
      });
    });

    it('says why it takes long where the challenge is hard, goes on listening meanwhile, and ends it when one leaves', async () => {
      const page = await pages().open('/forgot');
      await demandTheImpossible(page, '**/recovery');
      const solver = page.waitForEvent('worker');
      const username = page.getByLabel('Username');
      await username.fill('someone');
      const button = page.getByRole('button', { name: 'Submit' });
      await button.click();
      const ended = (await solver).waitForEvent('close');
      await page.getByRole('status').getByText('Your browser is solving a small task first').waitFor();
      expect([await hasFocus(button), await button.getAttribute('aria-disabled')]).toEqual([true, 'true']);
      await username.fill('someone else');
      expect(await username.inputValue()).toBe('someone else');
      await page.getByRole('link', { name: 'Back to sign in' }).click();
      await arriveAt(page, 'Sign in');
      await ended;
      expect(page.workers()).toEqual([]);
    });

    it('says so where the browser cannot solve it, and can be tried again', async () => {
      const page = await pages().open('/forgot');
      await demandTheImpossible(page, '**/recovery');
      await page.route('**/assets/solver-*.js', (route) => route.abort());
      const button = page.getByRole('button', { name: 'Submit' });
      await page.getByLabel('Username').fill('someone');
      await button.click();
      await page.getByRole('alert').getByText('Your browser could not show that you are a person.').waitFor();
      await page.unroute('**/recovery');
      await button.click();
      await arriveAt(page, 'Check your email');
    });

    it('takes nobody back who has left before the answer came', async () => {
      const person = await pages().aPerson();
      const page = await pages().open('/forgot');
      let answer: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (answer = resolve));
      await page.route('**/recovery', async (route) => held.then(async () => route.continue()));
      await page.getByLabel('Username').fill(person.username);
      await page.getByRole('button', { name: 'Submit' }).click();
      await page.getByRole('link', { name: 'Back to sign in' }).click();
      await arriveAt(page, 'Sign in');
      const answered = page.waitForResponse('**/recovery');
      answer();
      await (await answered).finished();
      await signIn(page, person);
      await arriveAt(page, 'Hello, Robin Okafor');
    });

    it('says that recovering is turned off where it is', async () => {
      const page = await pages().open('/forgot');
      await page.route('**/recovery', (route) => route.fulfill({ status: 400, json: { code: '20017', description: 'Notification based password recovery is not enabled.' } }));
      await page.getByLabel('Username').fill('someone');
      await page.getByRole('button', { name: 'Submit' }).click();
      expect(await page.getByRole('alert').innerText()).toBe('Recovering a password by mail is turned off here. Ask your administrator.');
    });
  });

  describe('the page behind the link', () => {
    it("shows the server's policy, not one of its own", async () => {
      const link = await pages().recoveryLink(await pages().aPerson());
      const page = await (await pages().visitor()).newPage();
      await page.goto(link);
      const field = page.getByLabel('New password', { exact: true });
      expect(await descriptionOf(field)).toMatch(/^8 to 128 characters\./);
      await page.route('**/recovery/key', (route) => route.fulfill({ json: { username: 'robin', isFirst: false, passwordPolicy: { minLength: 21, maxLength: 99, requirements: [{ kind: 'digit', characters: '\\d' }, { kind: 'special', characters: '[!@#]' }], patternMessage: null, notUsername: true, notKnown: true, history: 3 } } }));
      await page.goto('about:blank');
      await page.goto(link);
      expect(await descriptionOf(field)).toMatch(/^21 to 99 characters\./);
      await field.fill('🔑'.repeat(20));
      await page.getByText('1 more character needed').waitFor();
      await field.fill('🔑'.repeat(21));
      await page.getByText('Long enough').waitFor();
      const rules = page.getByRole('list', { name: 'What the password needs' }).getByRole('listitem');
      expect(await rules.allInnerTexts()).toEqual(['A digit', 'A special character ! @ #', expect.stringContaining('Without your username'), 'Not one that is known from breaches', 'Not one of your last 3']);
      await field.fill('Robin 7!');
      expect(await rules.allTextContents()).toEqual(['A digit (met)', 'A special character ! @ # (met)', 'Without your username', 'Not one that is known from breaches', 'Not one of your last 3']);
    });

    it('says at the field what is wrong before anything is sent', async () => {
      const page = await (await pages().visitor()).newPage();
      await page.goto(await pages().recoveryLink(await pages().aPerson()));
      const [first, second] = [page.getByLabel('New password', { exact: true }), page.getByLabel('New password again', { exact: true })];
      let sent = 0;
      page.on('request', (request) => void (sent += request.url().endsWith('/reset') && request.method() === 'POST' ? 1 : 0));
      for (const [password, repeated, field, words] of [
        ['', '', first, 'Enter a new password.'],
        ['short', 'short', first, 'Use at least 8 characters.'],
        ['x'.repeat(129), 'x'.repeat(129), first, 'Use at most 128 characters.'],
        ['long enough', '', second, 'Enter the new password again.'],
        ['long enough', 'Long enough', second, 'The two passwords are not the same.'],
      ] as const) {
        await setNewPassword(page, password, repeated);
        expect([words, await field.getAttribute('aria-invalid'), await hasFocus(field)]).toEqual([words, 'true', true]);
        expect(await descriptionOf(field)).toContain(words);
      }
      expect(sent).toBe(0);
      expect([await first.getAttribute('autocomplete'), await second.getAttribute('autocomplete')]).toEqual(['new-password', 'new-password']);
    });

    it('shows each password and hides it again', async () => {
      const page = await (await pages().visitor()).newPage();
      await page.goto(await pages().recoveryLink(await pages().aPerson()));
      const [first, second] = [page.getByLabel('New password', { exact: true }), page.getByLabel('New password again', { exact: true })];
      await page.getByRole('button', { name: 'Show new password', exact: true }).click();
      expect([await first.getAttribute('type'), await second.getAttribute('type')]).toEqual(['text', 'password']);
      await page.getByRole('button', { name: 'Show new password again' }).click();
      await page.getByRole('button', { name: 'Show new password', exact: true }).click();
      expect([await first.getAttribute('type'), await second.getAttribute('type')]).toEqual(['password', 'text']);
    });

    it('gives the reasons for which the policy refuses a password, and the same link works afterwards', async () => {
      const person = await pages().aPerson();
      const page = await (await pages().visitor()).newPage();
      await page.goto(await pages().recoveryLink(person));
      const refused = page.waitForResponse((response) => response.url().endsWith('/recovery/reset'));
      await setNewPassword(page, `${person.username}-again`);
      expect((await refused).status()).toBe(412);
      await page.getByRole('alert').waitFor();
      const field = page.getByLabel('New password', { exact: true });
      expect(await descriptionOf(field)).toContain('This password cannot be used.\nDo not use your username in the password.');
      expect(await hasFocus(field)).toBe(true);
      await setNewPassword(page, newPassword);
      await arriveAt(page, 'Your password was changed');
    });

    it('keeps what was typed while the server is away, and sends it afterwards', async () => {
      const person = await pages().aPerson();
      const page = await (await pages().visitor()).newPage();
      await page.goto(await pages().recoveryLink(person));
      await arriveAt(page, 'Set a new password');
      await page.context().setOffline(true);
      await setNewPassword(page, newPassword);
      expect(await page.getByRole('alert').innerText()).toBe('The server cannot be reached. Check your connection and try again.');
      await page.context().setOffline(false);
      await page.getByRole('button', { name: 'Set password' }).click();
      await arriveAt(page, 'Your password was changed');
    });

    it('lets one of two tabs win, and tells the other that the link was used', async () => {
      const person = await pages().aPerson();
      const link = await pages().recoveryLink(person);
      const visitor = await pages().visitor();
      const [one, other] = [await visitor.newPage(), await visitor.newPage()];
      for (const page of [one, other]) await page.goto(link);
      await setNewPassword(one, newPassword);
      await arriveAt(one, 'Your password was changed');
      await setNewPassword(other, 'another password altogether');
      await arriveAt(other, deadHeading);
      await one.goto('/myaccount/signin');
      await signIn(one, { ...person, password: newPassword });
      await arriveAt(one, 'Hello, Robin Okafor');
    });

    it('is not to be had by going back after the password was set', async () => {
      const page = await pages().open('/forgot');
      await page.goto(await pages().recoveryLink(await pages().aPerson()));
      await setNewPassword(page, newPassword);
      await arriveAt(page, 'Your password was changed');
      await page.goBack();
      await arriveAt(page, 'Forgot password?');
      await page.goForward();
      await arriveAt(page, 'Your password was changed');
    });

    it('signs out whoever was signed in, here and elsewhere', async () => {
      const person = await pages().aPerson();
      const page = await pages().open();
      await signIn(page, person);
      await arriveAt(page, 'Hello, Robin Okafor');
      const elsewhere = await (await pages().visitor()).newPage();
      await elsewhere.goto(await pages().recoveryLink(person));
      await setNewPassword(elsewhere, newPassword);
      await arriveAt(elsewhere, 'Your password was changed');
      await page.reload();
      await arriveAt(page, 'Sign in');
    });
  });

  describe('a password that an administrator wants reset by a code', () => {
    it('is set with the code of the mail, by whoever has just learnt that the old one is no longer taken', async () => {
      const person = await pages().aPerson();
      await set('Recovery.AdminPasswordReset.OTP', 'true', 'admin-forced-password-reset');
      await pages().ask('/api/rekey/v1/forced-resets', { users: [person.username], way: 'otp' });
      const code = codeOf(await pages().lastMail(person.address, 1));
      const page = await pages().open('/signin');
      await page.getByRole('link', { name: 'Enter a code' }).waitFor();
      await signIn(page, person);
      await page.getByRole('alert').getByText('If an administrator has reset your password, enter the code that you were mailed.').waitFor();
      await page.getByRole('link', { name: 'Enter a code' }).click();
      await arriveAt(page, 'Enter the code');
      expect(await page.getByLabel('Username').inputValue()).toBe(person.username);
      const field = page.getByLabel('Code');
      for (const [typed, told] of [['12', 'The code has 6 characters.'], [code === '111111' ? '222222' : '111111', 'The username or the code is wrong, or the code no longer works.']] as const) {
        await field.fill(typed);
        await page.keyboard.press('Enter');
        await page.getByRole('alert').getByText(told).waitFor();
        expect(await hasFocus(field)).toBe(true);
      }
      await field.fill(code);
      await page.keyboard.press('Enter');
      await arriveAt(page, 'Set a new password');
      expect(await page.evaluate('location.href + JSON.stringify(history.state)')).not.toContain(code);
      await signInAnew(page, person);
      await set('Recovery.AdminPasswordReset.OTP', 'false', 'admin-forced-password-reset');
    });
  });

  describe('a forgotten username', () => {
    it('is mailed to whoever knows something else of the account', async () => {
      const person = await pages().aPerson();
      await whileOn('Recovery.Notification.Username.Enable', async () => {
        const page = await pages().open('/signin');
        await page.getByRole('link', { name: 'Forgot username?' }).click();
        await arriveAt(page, 'Forgot username?');
        await page.getByRole('button', { name: 'Submit' }).click();
        await page.getByRole('alert').getByText('Enter at least one of these.').waitFor();
        await page.getByLabel('Email').fill(person.address);
        await page.getByRole('button', { name: 'Submit' }).click();
        await arriveAt(page, 'Check your email');
        expect(await page.getByRole('main').innerText()).toContain('If one account has what you entered, its username is on its way');
        expect((await pages().lastMail(person.address, 1)).text).toContain(person.username);
        await page.getByRole('link', { name: 'Back to sign in' }).click();
        await arriveAt(page, 'Sign in');
      });
    });

    it('is answered alike for everyone: one account, none', async () => {
      const { address } = await pages().aPerson();
      await whileOn('Recovery.Notification.Username.Enable', async () => {
        const told = [];
        for (const email of [address, 'stranger@example.com']) {
          const page = await pages().open('/username');
          await page.getByLabel('Email').fill(email);
          await page.getByRole('button', { name: 'Submit' }).click();
          await arriveAt(page, 'Check your email');
          told.push(await page.getByRole('main').innerText());
        }
        expect(told[0]).toBe(told[1]);
      });
    });

    it('is offered nowhere where that is turned off, and the page says so', async () => {
      const page = await pages().open('/username');
      await page.getByText('Recovering a username is turned off here.').waitFor();
      expect(await page.getByRole('button', { name: 'Submit' }).count()).toBe(0);
      await page.getByRole('link', { name: 'Back to sign in' }).click();
      await arriveAt(page, 'Sign in');
      expect(await page.getByRole('link', { name: 'Forgot username?' }).count()).toBe(0);
    });
  });

  describe('a link that does not work', () => {
    const address = (link: string, key: string) => link.replace(/key=.*/, `key=${key}`);
    const deaths: Record<string, (pages: Pages) => Promise<string>> = {
      expired: async (at) => {
        const mail = await at.recoveryMail(await at.aPerson());
        await at.expire(mail);
        return linkOf(mail);
      },
      used: async (at) => {
        const mail = await at.recoveryMail(await at.aPerson());
        expect(await at.setPassword(mail, newPassword)).toBe(200);
        return linkOf(mail);
      },
      'superseded by a newer one': async (at) => {
        const person = await at.aPerson();
        const link = await at.recoveryLink(person);
        await at.recoveryLink(person, 1);
        return link;
      },
      'made up': async (at) => address(await at.recoveryLink(await at.aPerson()), 'A'.repeat(43)),
      'cut off': async (at) => (await at.recoveryLink(await at.aPerson())).slice(0, -5),
      malformed: async (at) => address(await at.recoveryLink(await at.aPerson()), '%00%ff<script>'),
      'far too long': async (at) => address(await at.recoveryLink(await at.aPerson()), 'A'.repeat(5_000)),
    };

    it.each(Object.keys(deaths))('because it is %s says no more than that, and sends a new one that works', async (death) => {
      const page = await (await pages().visitor()).newPage();
      await page.goto((await deaths[death]?.(pages())) ?? '');
      await arriveAt(page, deadHeading);
      expect((await page.getByRole('main').innerText()).split(/\n+/)).toEqual([
        deadHeading,
        'It has expired, was used before, or was replaced by a newer one. A link works once and for a limited time, and only the newest one works.',
        'Enter your username, and we send you a new one.',
        'Username',
        'Send a new link',
        'Back to sign in',
      ]);

      const person = await pages().aPerson();
      await page.getByLabel('Username').fill(person.username);
      await page.getByRole('button', { name: 'Send a new link' }).click();
      await arriveAt(page, 'Check your email');
      await page.goto(linkOf(await pages().lastMail(person.address, 1)));
      await setNewPassword(page, newPassword);
      await arriveAt(page, 'Your password was changed');
    });

    it.each(['/reset', '/reset#key=', '/reset#something=else'])('because it has no key (%s) says so, and sends a new one', async (incomplete) => {
      const page = await pages().open(incomplete);
      await arriveAt(page, 'This link is incomplete');
      await page.getByLabel('Username').fill('someone');
      await page.getByRole('button', { name: 'Send a new link' }).click();
      await arriveAt(page, 'Check your email');
    });

    it('gives way to a new one that is opened in the same tab, where the browser loads nothing anew', async () => {
      const person = await pages().aPerson();
      const page = await pages().open('/reset#key=of-yesterday');
      await arriveAt(page, deadHeading);
      await page.evaluate(`location.assign(${JSON.stringify(await pages().recoveryLink(person))})`);
      await arriveAt(page, 'Set a new password');
      expect(page.url()).toBe(`${pages().rekey.baseUrl}/myaccount/reset`);
      await setNewPassword(page, newPassword);
      await arriveAt(page, 'Your password was changed');
    });

    it('because it dies while one types is told when the password is sent', async () => {
      const mail = await pages().recoveryMail(await pages().aPerson());
      const page = await (await pages().visitor()).newPage();
      await page.goto(linkOf(mail));
      await arriveAt(page, 'Set a new password');
      await pages().expire(mail);
      await setNewPassword(page, newPassword);
      await arriveAt(page, deadHeading);
    });

    it('from WSO2 Identity Server, with the key in its query, opens the same page', async () => {
      const mail = await pages().recoveryMail(await pages().aPerson());
      const key = new URL(linkOf(mail)).hash.slice('#key='.length);
      const page = await (await pages().visitor()).newPage();
      await page.goto(`/accountrecoveryendpoint/confirmrecovery.do?confirmation=${key}`);
      await arriveAt(page, 'Set a new password');
      // This one old address does carry its key to the server: it is all that such a mail has.
      pages().complaints();
    });
  });
});

/** The code that a mail shows. */
function codeOf({ subject, text }: InboxMail): string {
  const [, code] = /^Your code\s+(\w{6})$/m.exec(text ?? '') ?? [];
  if (code === undefined) throw new Error(`no code in "${subject}": ${text}`);
  return code;
}
