import type { Page } from 'playwright-core';
import { keyOf, linkOf } from '../testing/inbox-client.ts';
import { describePages } from '../testing/in-a-browser.ts';
import { arriveAt, setNewPassword, signIn } from '../testing/pages.ts';

const newPassword = 'four words from nowhere';

/** Every place where a page or the browser keeps an address or a text. */
async function whatIsKept(page: Page): Promise<string> {
  const devtools = await page.context().newCDPSession(page);
  const { entries } = await devtools.send('Page.getNavigationHistory');
  await devtools.detach();
  const inPage = await page.evaluate('[location.href, document.referrer, history.state, { ...localStorage }, { ...sessionStorage }, document.cookie, document.documentElement.outerHTML]');
  return JSON.stringify([entries.map(({ url, title }) => [url, title]), inPage, await page.context().storageState({ indexedDB: true })]);
}

describePages('what leaves the browser and what stays in it', (pages) => {
  describe('the key of a link', () => {
    it('is not spent by looking at it: twenty times by a browser that clicks nothing, and by GET, HEAD and OPTIONS', async () => {
      const mail = await pages().recoveryMail(await pages().aPerson());
      const page = await (await pages().visitor()).newPage();
      for (let count = 0; count < 20; count++) {
        await page.goto(linkOf(mail));
        await arriveAt(page, 'Set a new password');
        await page.goto('about:blank');
      }
      const [path] = linkOf(mail).slice(pages().rekey.baseUrl.length).split('#');
      for (const method of ['GET', 'HEAD', 'OPTIONS']) await Promise.all(Array.from({ length: 20 }, async () => fetch(pages().rekey.httpUrl + path, { method })));
      expect(await pages().setPassword(mail, newPassword)).toBe(200);
    });

    it('is out of the address bar before anything is sent, and is kept nowhere', async () => {
      const person = await pages().aPerson();
      const mail = await pages().recoveryMail(person);
      const page = await (await pages().visitor()).newPage();
      await page.addInitScript(`
        const send = window.fetch;
        window.addressesAtFetch = [];
        window.fetch = (...request) => {
          addressesAtFetch.push(location.href);
          return send(...request);
        };`);
      const sentBodies: string[] = [];
      page.on('request', (request) => {
        if (request.postData()?.includes(keyOf(mail))) sentBodies.push(new URL(request.url()).pathname);
      });
      await page.goto(linkOf(mail));
      await arriveAt(page, 'Set a new password');
      expect(new Set(await page.evaluate<string[]>('addressesAtFetch'))).toEqual(new Set([`${pages().rekey.baseUrl}/myaccount/reset`]));
      expect(await whatIsKept(page)).not.toContain(keyOf(mail));

      await setNewPassword(page, newPassword);
      await arriveAt(page, 'Your password was changed');
      expect(await whatIsKept(page)).not.toContain(keyOf(mail));
      await page.getByRole('link', { name: 'Sign in' }).click();
      await signIn(page, { ...person, password: newPassword });
      await arriveAt(page, 'Hello, Robin Okafor');
      expect(await whatIsKept(page)).not.toMatch(new RegExp(`${keyOf(mail)}|${newPassword}`));
      expect(sentBodies).toEqual(['/api/rekey/v1/recovery/key', '/api/rekey/v1/recovery/reset']);
    });

    it('is gone after a reload: the link of the mail is needed again', async () => {
      const link = await pages().recoveryLink(await pages().aPerson());
      const page = await (await pages().visitor()).newPage();
      await page.goto(link);
      await arriveAt(page, 'Set a new password');
      await page.reload();
      await arriveAt(page, 'This link is incomplete');
      await page.goto(link);
      await arriveAt(page, 'Set a new password');
    });

    it('is in no log line of the server', async () => {
      const mail = await pages().recoveryMail(await pages().aPerson());
      const page = await (await pages().visitor()).newPage();
      await page.goto(linkOf(mail));
      await setNewPassword(page, newPassword);
      await arriveAt(page, 'Your password was changed');
      expect(pages().rekey.output()).toContain('Rekey is ready');
      expect(pages().rekey.output()).not.toContain(keyOf(mail));
    });
  });

  describe("the pages' own policy", () => {
    it('runs no script and takes no style that is not a file of ours, and lets nobody frame them', async () => {
      const page = await pages().open('/signin');
      await arriveAt(page, 'Sign in');
      const ran = await page.evaluate(`(() => {
        const [script, style] = ['script', 'style'].map((name) => document.createElement(name));
        script.textContent = 'window.strange = true';
        style.textContent = 'h1 { display: none }';
        document.body.append(script, style);
        return ['strange' in window, getComputedStyle(document.querySelector('h1')).display];
      })()`);
      expect(ran).toEqual([false, 'block']);
      expect(pages().complaints().sort()).toEqual([expect.stringContaining('Applying inline style violates'), expect.stringContaining('Executing inline script violates')]);

      const stranger = await (await pages().visitor()).newPage();
      await stranger.route('https://stranger.test/', (route) => route.fulfill({ contentType: 'text/html', body: `<iframe src="${pages().rekey.baseUrl}/myaccount/signin"></iframe>` }));
      await stranger.goto('https://stranger.test/');
      expect(await stranger.frameLocator('iframe').getByRole('heading', { name: 'Sign in' }).count()).toBe(0);
      expect(stranger.frames().map((frame) => frame.url())).toEqual(['https://stranger.test/', 'chrome-error://chromewebdata/']);
      // Asking the stranger was this test's doing.
      pages().complaints();
    });

    it('is sent with every page, file and answer, beside what keeps addresses and contents to themselves', async () => {
      const page = await (await pages().visitor()).newPage();
      const answers: [string, Record<string, string>][] = [];
      page.on('response', (response) => void answers.push([new URL(response.url()).pathname, response.headers()]));
      await page.goto('/myaccount/reset#key=some-key');
      await arriveAt(page, 'This link no longer works');
      expect(answers.length).toBeGreaterThanOrEqual(4);
      for (const [path, headers] of answers) {
        expect([path, headers['content-security-policy']]).toEqual([path, "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"]);
        expect([path, headers]).toEqual([path, expect.objectContaining({ 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff', 'cross-origin-opener-policy': 'same-origin', 'strict-transport-security': 'max-age=31536000' })]);
        if (path.startsWith('/api/')) expect([path, headers['cache-control']]).toEqual([path, 'no-store']);
      }
    });
  });
});
