import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { localPorts } from '@rekey/local-stack';
import { settingsOf } from '@rekey/local-stack/shared-postgres';
import { aBrowser } from '@rekey/test-kit';
import pg from 'pg';
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { InboxClient, keyOf, linkOf, type InboxMail } from './inbox-client.ts';
import { startRekey, type RekeyOptions, type StartedRekey } from './started-rekey.ts';

export interface Person {
  readonly username: string;
  readonly password: string;
  readonly address: string;
}

/** Whom a started Rekey has from the beginning. */
export const administrator: Person = { username: 'admin', password: 'admin', address: '' };

/** Lets people register, as administrators do by `deployment.toml`. */
export const registrationOn = [/^\[identity_mgt\.password_policy\]/m, '[identity_mgt.user_self_registration]\nallow_self_registration = true\n\n[identity_mgt.password_policy]'] as const;

/** Lets a changed mail address wait until it is confirmed. */
export const verificationOn = [/^\[identity_mgt\.password_policy\]/m, '[identity_mgt.user_claim_update.email]\nenable_verification = true\n\n[identity_mgt.password_policy]'] as const;

type LocalDatabase = 'rekey_recovery' | 'rekey_notification';

const patienceMs = 30_000;

/** A started Rekey, and a browser that looks at it as a person does. */
export class Pages {
  private people = 0;
  private readonly found: string[] = [];

  private constructor(
    readonly rekey: StartedRekey,
    readonly browser: Browser,
    readonly inbox: InboxClient,
  ) {}

  /** Its links are replaced as soon as one asks again, so that a test can supersede one. */
  static async open({ edits = [], ...options }: RekeyOptions = {}): Promise<Pages> {
    const rekey = await startRekey({ ...options, edits: [[/^notify_on_reset/m, 'cooldown = "0s"\nnotify_on_reset'], ...edits] });
    const browser = await aBrowser();
    return new Pages(rekey, browser, new InboxClient(rekey.inboxUrl));
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.rekey.stop();
  }

  /** A browser with an empty profile; its pages are watched. */
  async visitor(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await this.browser.newContext({ ignoreHTTPSErrors: true, reducedMotion: 'reduce', locale: 'en-US', baseURL: this.rekey.baseUrl, ...options });
    context.setDefaultTimeout(patienceMs);
    this.watch(context);
    return context;
  }

  /** A page of a new visitor, at an address below `/myaccount`. */
  async open(address = '/', options?: BrowserContextOptions): Promise<Page> {
    const page = await (await this.visitor(options)).newPage();
    await page.goto(`/myaccount${address}`);
    return page;
  }

  /** A page of the Console, as somebody sees it who has just signed in. @param address below `/console` */
  async console(address: string, person = administrator): Promise<Page> {
    const page = await this.open('/signin?then=console');
    await signIn(page, person);
    await arriveAt(page, 'Overview');
    await page.goto(`/console${address}`);
    return page;
  }

  /**
   * What no page may ever do, seen since the last call: break, be held back by its own Content-Security-Policy, ask another server for
   * something, send a recovery key in an address or a Referer.
   */
  complaints(): string[] {
    return this.found.splice(0);
  }

  /**
   * Somebody with an account, a mail address and a password.
   * @param place a tenant's, e.g. `/t/acme.example`
   */
  async aPerson(details: Readonly<Record<string, unknown>> = {}, place = ''): Promise<Person> {
    const person = this.somebody();
    const { username } = person;
    const answer = await this.ask(`${place}/scim2/Users`, { userName: username, password: person.password, emails: [{ value: person.address }], name: { givenName: 'Robin', familyName: 'Okafor' }, ...details });
    if (answer.status !== 201) throw new Error(`POST /scim2/Users answered ${answer.status}: ${await answer.text()}`);
    return person;
  }

  /** Somebody who has registered, and has a mail with a link to confirm that. */
  async aRegistrant(place = '', callback?: string): Promise<Person> {
    const person = this.somebody();
    const { username, password, address } = person;
    const answer = await this.ask(`${place}/api/identity/user/v1.0/me`, { user: { username, password, claims: [{ uri: 'http://wso2.org/claims/emailaddress', value: address }] }, properties: callback === undefined ? [] : [{ key: 'callback', value: callback }] });
    if (answer.status !== 201) throw new Error(`POST /me answered ${answer.status}: ${await answer.text()}`);
    return person;
  }

  async changeAddress(person: Person, address: string): Promise<void> {
    await this.ask('/scim2/Bulk', { Operations: [{ method: 'PATCH', path: `/Users/${await this.idOf(person)}`, data: { Operations: [{ op: 'replace', path: 'emails', value: [address] }] } }] });
  }

  async giveRole(person: Person, role: string): Promise<void> {
    const answer = await this.ask(`/api/rekey/v1/users/${await this.idOf(person)}/roles`, { roles: [role] }, 'PUT');
    if (answer.status !== 200) throw new Error(`PUT roles answered ${answer.status}: ${await answer.text()}`);
  }

  /** @returns the place of its pages and APIs */
  async aTenant(domain: string): Promise<string> {
    const owner = { username: 'owner', password: 'the password of whoever owns it', email: `owner@${domain}`, firstname: 'Toni', lastname: 'Alvarez', provisioningMethod: 'inline-password' };
    const answer = await this.ask('/api/server/v1/tenants', { domain, owners: [owner] });
    if (answer.status !== 201) throw new Error(`POST /tenants answered ${answer.status}: ${await answer.text()}`);
    return `/t/${domain}`;
  }

  /** The mail that a person gets after asking for a link, as the only one since `earlier` others. */
  async recoveryMail({ username, address }: Person, earlier = 0): Promise<InboxMail> {
    const answer = await this.ask('/api/rekey/v1/recovery', { username });
    if (answer.status !== 202) throw new Error(`POST recovery answered ${answer.status}`);
    return this.lastMail(address, earlier + 1);
  }

  async recoveryLink(person: Person, earlier = 0): Promise<string> {
    return linkOf(await this.recoveryMail(person, earlier));
  }

  async lastMail(address: string, count: number): Promise<InboxMail> {
    const mail = (await this.inbox.mailsTo(address, count)).at(-1);
    if (!mail) throw new TypeError('as many mails as were waited for');
    return mail;
  }

  /** Spends a key without a browser. @returns the status */
  async setPassword(mail: InboxMail, password: string): Promise<number> {
    return (await this.ask('/api/rekey/v1/recovery/reset', { key: keyOf(mail), password })).status;
  }

  /** Lets a key's time run out, by the database's clock. */
  async expire(mail: InboxMail): Promise<void> {
    await this.update('UPDATE recovery SET expires_at = now() WHERE key_hash = $1', createHash('sha256').update(keyOf(mail)).digest());
  }

  /** Puts this into the place of the last mail that somebody looked at, past every check of templates. */
  async replacePreview(html: string): Promise<void> {
    await this.update('UPDATE mail_preview SET html = $1 WHERE kept_at = (SELECT max(kept_at) FROM mail_preview)', html);
  }

  /** An event that no publisher of ours would make, on the bus. @param headers its attributes, `ce_…` */
  async publishUnsigned(headers: Readonly<Record<string, string>>): Promise<void> {
    await this.update(`INSERT INTO outbox (id, topic, key, headers, payload, awaits_outcome) VALUES (gen_random_uuid(), 'recovery.events.v1', 'kim', $1::jsonb, '{}', false)`, JSON.stringify(headers));
  }

  async idOf({ username }: Person): Promise<string> {
    const { Resources: [user] } = (await (await this.ask('/scim2/Users/.search', { filter: `userName eq "${username}"` })).json()) as { Resources: readonly { id: string }[] };
    if (!user) throw new Error(`nobody is called ${username}`);
    return user.id;
  }

  /**
   * Asks for a link as a recovery service of a later version would: its event cannot be read.
   * @returns what makes it one that can, as an upgrade would
   */
  async askAheadOfTime({ username }: Person): Promise<() => Promise<void>> {
    const of = (version: number) => `jsonb_set(headers::jsonb, '{ce_dataschema}', to_jsonb(regexp_replace(headers ->> 'ce_dataschema', ':\\d+\\.', ':${version}.')))`;
    await this.query('rekey_recovery', `CREATE FUNCTION later() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.headers = ${of(9).replaceAll('headers', 'NEW.headers')}; RETURN NEW; END $$`);
    await this.query('rekey_recovery', 'CREATE TRIGGER later BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION later()');
    const answer = await this.ask('/api/rekey/v1/recovery', { username });
    await this.query('rekey_recovery', 'DROP FUNCTION later CASCADE');
    if (answer.status !== 202) throw new Error(`POST recovery answered ${answer.status}`);
    return async () => void (await this.query('rekey_notification', `UPDATE dead SET headers = ${of(1)} WHERE headers ->> 'ce_dataschema' LIKE '%:9.%'`));
  }

  /** Of the recovery service's database, one row. */
  private async update(statement: string, value: string | Buffer): Promise<void> {
    if ((await this.query('rekey_recovery', statement, [value])) !== 1) throw new Error(`expected one row of ${statement}`);
  }

  /** @returns how many rows it concerned */
  private async query(database: LocalDatabase, statement: string, values: readonly (string | Buffer)[] = []): Promise<number | null> {
    const secret = await readFile(path.join(this.rekey.home, 'postgres', 'secret'), 'utf8');
    const { host, port, name, username, password } = settingsOf({ port: localPorts(this.rekey.offset).postgres, secret: secret.trim() }, database);
    const client = new pg.Client({ host, port, database: name, user: username, password });
    await client.connect();
    try {
      return (await client.query(statement, [...values])).rowCount;
    } finally {
      await client.end();
    }
  }

  /** By HTTP and as the administrator, past the pages. */
  async ask(address: string, body: unknown, method = 'POST'): Promise<Response> {
    const authorization = `Basic ${Buffer.from('admin@carbon.super:admin').toString('base64')}`;
    return fetch(this.rekey.httpUrl + address, { method, headers: { authorization, 'content-type': 'application/json' }, body: JSON.stringify(body) });
  }

  private somebody(): Person {
    const username = `person${++this.people}`;
    return { username, password: 'the password from before', address: `${username}@example.com` };
  }

  private watch(context: BrowserContext): void {
    const complain = (what: string): void => void this.found.push(what);
    context.on('weberror', (error) => complain(`a script broke: ${error.error().message}`));
    context.on('console', (message) => {
      // A refused sign-in, a dead link or a server that is away are answers, which Chromium writes there as well.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complain(`console: ${message.text()}`);
    });
    context.on('request', (request) => {
      const url = new URL(request.url());
      // The fragment of a page's address is not sent.
      url.hash = '';
      const isOurs = [this.rekey.baseUrl, this.rekey.inboxUrl].includes(url.origin) || ['data:', 'about:', 'blob:'].includes(url.protocol);
      if (!isOurs) complain(`asked ${url.origin}`);
      if (/key=/.test(url.href) || /key=/.test(request.headers()['referer'] ?? '')) complain(`a key in ${url.href}, from ${request.headers()['referer'] ?? 'nowhere'}`);
    });
  }
}

/** Waits until the page's heading is this one and has the focus: a screen reader says it then. */
export async function arriveAt(page: Page, heading: string): Promise<void> {
  await page.locator('h1:focus', { hasText: heading }).waitFor();
}

/** What a screen reader adds to a field's label: hints and errors that are tied to it. */
export async function descriptionOf(field: Locator): Promise<string> {
  const ids = ((await field.getAttribute('aria-describedby')) ?? '').split(' ').filter((id) => id !== '');
  return (await Promise.all(ids.map(async (id) => field.page().locator(`[id="${id}"]`).innerText()))).join(' ');
}

export async function hasFocus(element: Locator): Promise<boolean> {
  return (await element.and(element.page().locator(':focus')).count()) === 1;
}

export async function signIn(page: Page, { username, password }: Person): Promise<void> {
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Demands of a page, at an address of the API, to solve what has no solution. */
export async function demandTheImpossible(page: Page, address: string): Promise<void> {
  const parameters = { algorithm: 'PBKDF2/SHA-256', nonce: '00'.repeat(16), salt: '00'.repeat(16), cost: 1_000, keyLength: 32, keyPrefix: 'ff'.repeat(16) };
  await page.route(address, (route) => route.fulfill({ status: 403, json: { code: 'RKY-10130', description: 'Solve the challenge first.', challenge: { parameters, signature: '' } } }));
}

/** Asks for a link, on any page that offers one. */
export async function askForLink(page: Page, username: string, button = 'Submit'): Promise<void> {
  await page.getByLabel('Username').fill(username);
  await page.getByRole('button', { name: button }).click();
  await arriveAt(page, 'Check your email');
}

/** What the page says that a link is on its way, without whose it is; once it knows after how long another one may be asked for. */
export async function toldOfLink(page: Page, username: string): Promise<string> {
  await page.getByRole('button', { name: 'Send again', exact: true }).waitFor();
  return (await page.getByRole('main').innerText()).replaceAll(username, 'NAME');
}

export async function setNewPassword(page: Page, password: string, repeated = password): Promise<void> {
  await page.getByLabel('New password', { exact: true }).fill(password);
  await page.getByLabel('New password again', { exact: true }).fill(repeated);
  await page.getByRole('button', { name: 'Set password' }).click();
}
