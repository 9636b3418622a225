import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { describePages } from '../testing/in-a-browser.ts';
import { expectToLookRight, keepPicture } from '../testing/looks.ts';
import { administrator, arriveAt, askForLink, setNewPassword, signIn, type Pages } from '../testing/pages.ts';
import { root } from '../testing/started-program.ts';

const password = 'four words from nowhere';

/** Leads to a page, by the name of its source: what the build says of pages that have no way here fails. */
const myAccount: Readonly<Record<string, (page: Page, pages: Pages) => Promise<void>>> = {
  'home-page': async (page) => signInAsAdministrator(page),
  'profile-page': async (page) => ofOnesAccount(page, '/profile', 'Profile'),
  'password-page': async (page) => ofOnesAccount(page, '/password', 'Change your password'),
  'sessions-page': async (page) => ofOnesAccount(page, '/sessions', 'Where you are signed in'),
  'activity-page': async (page) => ofOnesAccount(page, '/activity', 'Recent activity'),
  'sign-in-page': async (page) => {
    await page.goto('/myaccount/signin');
    await arriveAt(page, 'Sign in');
  },
  'forgot-password-page': async (page) => {
    await offerEveryWay(page);
    await page.goto('/myaccount/forgot');
    await arriveAt(page, 'Forgot password?');
    await page.getByText('How do you want to recover?').waitFor();
  },
  'forgot-username-page': async (page) => {
    await offerEveryWay(page);
    await page.goto('/myaccount/username');
    await arriveAt(page, 'Forgot username?');
  },
  'username-sent-page': async (page) => {
    await comeAfterAnother(page, '/username/sent', { done: true });
    await arriveAt(page, 'Check your email');
  },
  'forced-code-page': async (page) => {
    await page.goto('/myaccount/code');
    await arriveAt(page, 'Enter the code');
  },
  'enter-code-page': async (page) => {
    await comeAfterAnother(page, '/forgot/code', { username: 'somebody', sentAt: 0, flow: 'none' });
    await arriveAt(page, 'Enter the code');
  },
  'ask-for-link-page': async (page) => {
    await page.goto('/myaccount/confirm/again');
    await arriveAt(page, 'Send the link again');
  },
  'check-your-email-page': async (page) => {
    await page.goto('/myaccount/forgot');
    await askForLink(page, 'somebody');
  },
  'reset-page': async (page, pages) => {
    await page.goto(await pages.recoveryLink(await pages.aPerson()));
    await arriveAt(page, 'Set a new password');
  },
  'confirm-page': async (page) => {
    await page.goto('/myaccount/confirm#key=no-key');
    await arriveAt(page, 'Confirm your account');
  },
  'done-page': async (page, pages) => {
    await page.goto(await pages.recoveryLink(await pages.aPerson()));
    await setNewPassword(page, password);
    await arriveAt(page, 'Your password was changed');
  },
};

interface SampleData {
  readonly user: string;
  readonly delivery: string;
  readonly forcedReset: string;
}

const consolePages: Readonly<Record<string, (sample: SampleData) => string>> = {
  'brand-page': () => '/brand',
  'dead-events-page': () => '/dead-events',
  'configuration-page': () => '/configuration',
  'overview-page': () => '/overview',
  'relays-page': () => '/relays',
  'webhooks-page': () => '/webhooks',
  'deliveries-page': () => '/deliveries',
  'delivery-page': ({ delivery }) => `/deliveries/${delivery}`,
  'failures-page': () => '/deliveries/failures',
  'forced-reset-page': ({ forcedReset }) => `/forced-resets/${forcedReset}`,
  'forced-resets-page': () => '/forced-resets',
  'new-forced-reset-page': () => '/forced-resets/new',
  'listener-chain-page': () => '/listeners',
  'dry-run-page': () => '/listeners/dry-run',
  'connectors-page': () => '/resident',
  'connector-page': () => '/resident/QWNjb3VudCBNYW5hZ2VtZW50/YWNjb3VudC1yZWNvdmVyeQ',
  'suppressed-addresses-page': () => '/suppressed-addresses',
  'templates-page': () => '/templates',
  'template-type-page': () => '/templates/UGFzc3dvcmRSZXNldA',
  'template-page': () => '/templates/UGFzc3dvcmRSZXNldA/en_US',
  'tenants-page': () => '/tenants',
  'new-tenant-page': () => '/tenants/new',
  'users-page': () => '/users',
  'user-page': ({ user }) => `/users/${user}`,
  'new-user-page': () => '/users/new',
};

/** It takes an event that cannot be read: not one of the sample data. */
const elsewhere = ['dead-event-page'];

describePages('every page, narrow and wide, light and dark, from left and from right', (pages) => {
  it('has a way to each page of both apps', () => {
    expect(Object.keys(myAccount).sort()).toEqual(pagesOf('apps/my-account'));
    expect([...Object.keys(consolePages), ...elsewhere].sort()).toEqual(pagesOf('apps/console'));
  });

  it.each(Object.keys(myAccount))(
    'has nothing that axe objects to and nothing that sticks out: the %s of My Account',
    async (name) => {
      const page = await (await pages().visitor()).newPage();
      await myAccount[name]?.(page, pages());
      await everythingIsThere(page);
      await expectToLookRightBothWays(page, `my account, ${name}`);
    },
  );

  it('has nothing that axe objects to and nothing that sticks out: the pages of the Console', async () => {
    const page = await (await pages().visitor()).newPage();
    await signInAsAdministrator(page);
    const sample = await sampleData(pages());
    for (const [name, addressOf] of Object.entries(consolePages)) {
      await page.goto(`/console${addressOf(sample)}`);
      await page.locator('h1:focus').waitFor();
      await everythingIsThere(page);
      await expectToLookRightBothWays(page, `console, ${name}`);
    }
  }, 240_000);

  it('is used by the keyboard: a link leads past the navigation, and where one is can be seen', async () => {
    const page = await (await pages().visitor()).newPage();
    await signInAsAdministrator(page);
    await page.goto('/console/users');
    await arriveAt(page, 'Users');
    // The heading has the focus; the way back leads over the page's beginning.
    await page.getByRole('link', { name: 'Skip to the page' }).focus();
    expect(await page.evaluate('document.activeElement.getBoundingClientRect().left')).toBeGreaterThanOrEqual(0);
    expect(await page.evaluate('parseFloat(getComputedStyle(document.activeElement).outlineWidth)')).toBeGreaterThanOrEqual(2);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.closest("main") !== null')).toBe(true);
  });

  it('keeps all of its content at twice the size of type', async () => {
    const page = await (await pages().visitor({ viewport: { width: 1280, height: 900 } })).newPage();
    await page.goto('/myaccount/signin');
    await arriveAt(page, 'Sign in');
    // What zooming to 200 % does to the layout: half as many pixels of CSS.
    await page.setViewportSize({ width: 640, height: 450 });
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
  });
});

async function signInAsAdministrator(page: Page): Promise<void> {
  await page.goto('/myaccount/signin');
  await signIn(page, administrator);
  await arriveAt(page, 'Hello, admin');
}

async function ofOnesAccount(page: Page, address: string, title: string): Promise<void> {
  await signInAsAdministrator(page);
  await page.goto(`/myaccount${address}`);
  await arriveAt(page, title);
}

/** As a tenant has it that has turned everything on. */
async function offerEveryWay(page: Page): Promise<void> {
  const username = ['emailaddress', 'givenname', 'lastname'].map((claim) => `http://wso2.org/claims/${claim}`);
  await page.route('**/recovery/ways', (route) => route.fulfill({ json: { password: ['link', 'code'], username, forcedCode: true, code: { length: 6, isNumeric: true }, cooldownSeconds: 60 } }));
}

/** A page that another one tells something: the browser keeps it beside the address. */
async function comeAfterAnother(page: Page, address: string, told: object): Promise<void> {
  await page.goto('/myaccount/signin');
  await page.evaluate(`history.replaceState(${JSON.stringify({ usr: told })}, '', ${JSON.stringify(`/myaccount${address}`)})`);
  await page.reload();
}

async function everythingIsThere(page: Page): Promise<void> {
  await page.locator('body:not(:has(.waiting))').waitFor();
}

/** In English as it is, and in Arabic, where nothing may stick out either. */
async function expectToLookRightBothWays(page: Page, state: string): Promise<void> {
  await expectToLookRight(page, state);
  const language = page.locator('.language select');
  await language.selectOption('ar');
  await page.locator('html[dir=rtl]').waitFor();
  await page.emulateMedia({ colorScheme: 'light' });
  await keepPicture(page, `${state}, wide, light, ar`);
  expect([state, await page.evaluate('document.documentElement.scrollWidth - innerWidth')]).toEqual([state, 0]);
  await language.selectOption('en-US');
}

/** The sources of the pages that an app loads when somebody goes there. */
function pagesOf(app: string): string[] {
  const manifest = JSON.parse(readFileSync(path.join(root, app, 'dist/.vite/manifest.json'), 'utf8')) as object;
  return Object.keys(manifest).filter((source) => source.endsWith('-page.tsx')).map((source) => path.basename(source, '.tsx')).sort();
}

async function sampleData(pages: Pages): Promise<SampleData> {
  const person = await pages.aPerson();
  await pages.recoveryMail(person);
  const found = async (address: string, body?: object) => (await pages.ask(address, body, body ? 'POST' : 'GET')).json() as Promise<never>;
  const { Resources: [user] } = await found('/scim2/Users/.search', { filter: `userName eq "${person.username}"` }) as { Resources: [{ id: string }] };
  const { deliveries: [delivery] } = await found('/api/rekey/v1/deliveries') as { deliveries: [{ id: string }] };
  const forcedReset = await found('/api/rekey/v1/forced-resets', { users: [person.username] }) as { id: string };
  return { user: user.id, delivery: delivery.id, forcedReset: forcedReset.id };
}
