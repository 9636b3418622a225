import { keyOf, linkOf } from '../testing/inbox-client.ts';
import { describePages } from '../testing/in-a-browser.ts';
import { arriveAt, askForLink, hasFocus, registrationOn, signIn, toldOfLink, verificationOn, type Pages, type Person } from '../testing/pages.ts';

const deadHeading = 'This link no longer works';
const readyHeading = 'Your account is ready';

describePages(
  'My Account, for whoever has registered',
  (pages) => {
    const mailOf = async ({ address }: Person, nth = 1) => pages().lastMail(address, nth);
    const openLink = async (link: string) => {
      const page = await (await pages().visitor()).newPage();
      await page.goto(link);
      return page;
    };
    const confirmByHttp = async (key: string, place = '') => (await pages().ask(`${place}/api/rekey/v1/registration/confirm`, { key })).status;

    describe('the link of the mail', () => {
      it('opens the account with the keyboard alone, and leads to the sign-in', async () => {
        const person = await pages().aRegistrant();
        const page = await openLink(linkOf(await mailOf(person)));
        await arriveAt(page, 'Confirm your account');
        await page.keyboard.press('Tab');
        expect(await page.locator(':focus').innerText()).toBe('Confirm the account');
        await page.keyboard.press('Enter');
        await arriveAt(page, readyHeading);
        expect(await page.context().cookies()).toEqual([]);
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        await arriveAt(page, 'Sign in');
        expect(await page.getByLabel('Username').inputValue()).toBe(person.username);
        await signIn(page, person);
        await arriveAt(page, `Hello, ${person.username}`);
      });

      it('is not spent by looking at it: a browser that clicks nothing, and GET, HEAD and OPTIONS, twenty times each (S35)', async () => {
        const mail = await mailOf(await pages().aRegistrant());
        const page = await (await pages().visitor()).newPage();
        const asked: string[] = [];
        page.on('request', (request) => void asked.push(new URL(request.url()).pathname));
        for (let count = 0; count < 20; count++) {
          await page.goto(linkOf(mail));
          await arriveAt(page, 'Confirm your account');
          await page.goto('about:blank');
        }
        expect(asked.filter((address) => address.startsWith('/api/'))).toEqual([]);
        const [path] = linkOf(mail).slice(pages().rekey.baseUrl.length).split('#');
        for (const method of ['GET', 'HEAD', 'OPTIONS']) await Promise.all(Array.from({ length: 20 }, async () => fetch(pages().rekey.httpUrl + path, { method })));
        expect(await confirmByHttp(keyOf(mail))).toBe(200);
      });

      it('keeps its key out of the address and of the history, and is needed again after a reload', async () => {
        const mail = await mailOf(await pages().aRegistrant());
        const page = await openLink(linkOf(mail));
        await arriveAt(page, 'Confirm your account');
        expect(await page.evaluate('[location.href, JSON.stringify(history.state)]')).toEqual([`${pages().rekey.baseUrl}/myaccount/confirm`, expect.not.stringContaining(keyOf(mail))]);
        await page.reload();
        await arriveAt(page, 'This link is incomplete');
        await page.goto(linkOf(mail));
        await page.getByRole('button', { name: 'Confirm the account' }).click();
        await arriveAt(page, readyHeading);
        await page.reload();
        await arriveAt(page, readyHeading);
        expect(await page.evaluate('[location.href, JSON.stringify(history.state), document.documentElement.outerHTML].join()')).not.toContain(keyOf(mail));
        await page.goBack();
        await page.goto('/myaccount/confirm');
        await arriveAt(page, 'This link is incomplete');
      });

      it('waits where the server is away, and works afterwards', async () => {
        const page = await openLink(linkOf(await mailOf(await pages().aRegistrant())));
        await arriveAt(page, 'Confirm your account');
        await page.context().setOffline(true);
        const button = page.getByRole('button', { name: 'Confirm the account' });
        await button.click();
        expect(await page.getByRole('alert').innerText()).toBe('The server cannot be reached. Check your connection and try again.');
        expect(await hasFocus(button)).toBe(true);
        await page.context().setOffline(false);
        await button.click();
        await arriveAt(page, readyHeading);
      });
    });

    it('leads on to where the registration said, and nowhere else (S39)', async () => {
      const callback = `${pages().rekey.baseUrl}/portal/welcome`;
      const page = await openLink(linkOf(await mailOf(await pages().aRegistrant('', callback))));
      await page.getByRole('button', { name: 'Confirm the account' }).click();
      await arriveAt(page, readyHeading);
      expect(await page.getByRole('link', { name: 'Continue' }).getAttribute('href')).toBe(callback);
      await page.evaluate(`history.replaceState({ ...history.state, usr: { done: true, callback: 'javascript:alert(1)' } }, '')`);
      await page.reload();
      await arriveAt(page, readyHeading);
      expect(await page.getByRole('link', { name: 'Continue' }).count()).toBe(0);
    });

    it('confirms another address of an account that has one', async () => {
      const person = await pages().aPerson();
      const address = `new-${person.address}`;
      await pages().changeAddress(person, address);
      const mail = await pages().lastMail(address, 1);
      expect(linkOf(mail)).toMatch(`${pages().rekey.baseUrl}/myaccount/confirm/address#key=`);
      const page = await openLink(linkOf(mail));
      await arriveAt(page, 'Confirm your email address');
      await page.getByRole('button', { name: 'Confirm the address' }).click();
      await arriveAt(page, 'Your email address is confirmed');
      await page.goto(linkOf(mail));
      await page.getByRole('button', { name: 'Confirm the address' }).click();
      await arriveAt(page, deadHeading);
      await page.getByRole('link', { name: 'Back to sign in' }).click();
      await signIn(page, person);
      await page.getByText(address).waitFor();
    });

    it('confirms another address that the person has entered, who can have the link sent again, or keep the old one', async () => {
      const person = await pages().aPerson();
      const [given, wanted] = [`given-up-${person.address}`, `wanted-${person.address}`];
      const page = await pages().open('/signin');
      await signIn(page, person);
      await page.getByRole('navigation').getByRole('link', { name: 'Profile' }).click();
      await arriveAt(page, 'Profile');
      const change = async (email: string, password: string) => {
        await page.getByLabel('New email address').fill(email);
        await page.getByLabel('Current password', { exact: true }).fill(password);
        await page.getByRole('button', { name: 'Change the address' }).click();
      };
      await page.getByRole('button', { name: 'Change the address' }).click();
      await change(given, 'not the password');
      await page.getByRole('alert').getByText('That is not your current password.').waitFor();
      expect(await hasFocus(page.getByLabel('Current password', { exact: true }))).toBe(true);
      await change(given, person.password);
      await page.getByText(`${given} waits to be confirmed`).waitFor();
      await page.getByText(person.address, { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Send again' }).click();
      await page.getByRole('status').getByText('The link was sent again.').waitFor();
      const mail = await pages().lastMail(given, 2);

      await page.getByRole('button', { name: 'Keep the old address' }).click();
      await page.getByText('waits to be confirmed').waitFor({ state: 'detached' });
      const dropped = await openLink(linkOf(mail));
      await dropped.getByRole('button', { name: 'Confirm the address' }).click();
      await arriveAt(dropped, deadHeading);

      await page.getByRole('button', { name: 'Change the address' }).click();
      await change(wanted, person.password);
      const link = await openLink(linkOf(await pages().lastMail(wanted, 1)));
      await link.getByRole('button', { name: 'Confirm the address' }).click();
      await arriveAt(link, 'Your email address is confirmed');
      await page.reload();
      await page.getByText(wanted, { exact: true }).waitFor();
      expect(await page.getByRole('region', { name: 'Email' }).getByText('Confirmed', { exact: true }).count()).toBe(1);
    });

    describe('a link that does not work', () => {
      const address = (link: string, key: string) => link.replace(/key=.*/, `key=${key}`);
      const deaths: Record<string, (pages: Pages, person: Person) => Promise<string>> = {
        expired: async (at, person) => {
          const mail = await mailOf(person);
          await at.expire(mail);
          return linkOf(mail);
        },
        'made up': async (_, person) => address(linkOf(await mailOf(person)), 'A'.repeat(43)),
        'of a recovery': async (at, person) => address(linkOf(await mailOf(person)), keyOf(await at.recoveryMail(await at.aPerson()))),
        malformed: async (_, person) => address(linkOf(await mailOf(person)), '%00%ff<script>'),
      };

      it.each(Object.keys(deaths))('because it is %s says no more than that, and sends another one that works', async (death) => {
        const person = await pages().aRegistrant();
        const page = await openLink((await deaths[death]?.(pages(), person)) ?? '');
        await page.getByRole('button', { name: 'Confirm the account' }).click();
        await arriveAt(page, deadHeading);
        expect((await page.getByRole('main').innerText()).split(/\n+/)).toEqual([
          deadHeading,
          'It has expired, was used before, or was replaced by a newer one. Perhaps the account is confirmed already: try to sign in.',
          'Enter your username, and we send you a new one.',
          'Username',
          'Send a new link',
          'Back to sign in',
        ]);
        await askForLink(page, person.username, 'Send a new link');
        await page.goto(linkOf(await mailOf(person, 2)));
        await page.getByRole('button', { name: 'Confirm the account' }).click();
        await arriveAt(page, readyHeading);
      });

      it('because it was used says so, and mails nothing to whoever has confirmed', async () => {
        const person = await pages().aRegistrant();
        const mail = await mailOf(person);
        expect(await confirmByHttp(keyOf(mail))).toBe(200);
        const page = await openLink(linkOf(mail));
        await page.getByRole('button', { name: 'Confirm the account' }).click();
        await arriveAt(page, deadHeading);
        await askForLink(page, person.username, 'Send a new link');
        await page.getByRole('link', { name: 'Back to sign in' }).click();
        await signIn(page, person);
        await arriveAt(page, `Hello, ${person.username}`);
        await pages().inbox.mailsTo(person.address, 1);
      });

      it('because it has no key says so, and sends one; again after a minute, to another name as well', async () => {
        const [person, other] = [await pages().aRegistrant(), await pages().aRegistrant()];
        await mailOf(person);
        const page = await pages().open('/confirm');
        await arriveAt(page, 'This link is incomplete');
        await page.clock.install();
        await askForLink(page, person.username, 'Send a new link');
        await mailOf(person, 2);
        await page.clock.fastForward(61_000);
        await page.getByRole('button', { name: 'Send again', exact: true }).click();
        await page.getByRole('status').getByText('If there is such an account, the link was sent again.').waitFor();
        await mailOf(person, 3);
        await page.getByRole('link', { name: 'Use another username' }).click();
        await arriveAt(page, 'Send the link again');
        await askForLink(page, other.username);
        await mailOf(other, 2);
      });

      it('is answered alike for everyone: waiting, confirmed, never registered', async () => {
        const told = [];
        for (const { username } of [await pages().aRegistrant(), await pages().aPerson(), { username: 'stranger' }]) {
          const page = await pages().open('/confirm/again');
          await askForLink(page, username);
          told.push(await toldOfLink(page, username));
        }
        expect(told[0]).toContain('If the account “NAME” waits to be confirmed, a link is on its way');
        expect(new Set(told).size).toBe(1);
      });
    });

    it('leads to the tenant’s own pages, and is no link of another tenant’s', async () => {
      const place = await pages().aTenant('confirming.example');
      const person = await pages().aRegistrant(place);
      const mail = await mailOf(person);
      expect(linkOf(mail)).toMatch(`${pages().rekey.baseUrl}${place}/myaccount/confirm#key=`);
      const stray = await openLink(linkOf(mail).replace(place, ''));
      await stray.getByRole('button', { name: 'Confirm the account' }).click();
      await arriveAt(stray, deadHeading);
      const page = await openLink(linkOf(mail));
      await page.getByRole('button', { name: 'Confirm the account' }).click();
      await arriveAt(page, readyHeading);
      await page.getByRole('link', { name: 'Sign in' }).click();
      expect(page.url()).toBe(`${pages().rekey.baseUrl}${place}/myaccount/signin`);
      await signIn(page, person);
      await arriveAt(page, `Hello, ${person.username}`);
    });
  },
  { edits: [registrationOn, verificationOn] },
);
