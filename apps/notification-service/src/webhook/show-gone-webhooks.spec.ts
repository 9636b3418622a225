import { createHash } from 'node:crypto';
import type { WebhookSettings } from '@rekey/deployment-config';
import { Database } from '@rekey/messaging';
import { aDatabase } from '@rekey/test-kit';
import { notificationServiceMigrations } from '../notification-service-migrations.ts';
import { KeepWebhookState1765150000000 } from './keep-webhook-state.ts';
import { ShowGoneWebhooks1765204000000 } from './show-gone-webhooks.ts';
import { forgetGone, noteFailing, noteGone, noteTaken, offAmong } from './webhook-statements.ts';

type Webhook = Pick<WebhookSettings, 'name' | 'url'>;
const [portal, crm, shop]: readonly [Webhook, Webhook, Webhook] = [
  { name: 'portal', url: 'https://portal.example/mails' },
  { name: 'crm', url: 'https://crm.example/mails' },
  { name: 'shop', url: 'https://shop.example/mails' },
];
const digestOf = ({ url }: Webhook): Buffer => createHash('sha256').update(url).digest();

/** What notification services said to the database before webhooks had a state. */
class EarlierService {
  constructor(private readonly database: Database) {}

  noteGone(webhook: Webhook): Promise<unknown> {
    return this.database.query(`INSERT INTO gone_webhook (webhook, url_digest) VALUES ($1, $2) ON CONFLICT (webhook) DO UPDATE SET url_digest = excluded.url_digest, gone_at = now()`, [webhook.name, digestOf(webhook)]);
  }

  async goneAmong(...webhooks: readonly Webhook[]): Promise<string[]> {
    const rows = await this.database.query<{ webhook: string }>(
      `SELECT webhook FROM gone_webhook JOIN unnest($1::text[], $2::bytea[]) AS w (webhook, url_digest) USING (webhook, url_digest) ORDER BY webhook`,
      [webhooks.map(({ name }) => name), webhooks.map(digestOf)],
    );
    return rows.map(({ webhook }) => webhook);
  }
}

describe('notification services from before webhooks had a state, beside later ones (F57)', () => {
  let made: Awaited<ReturnType<typeof aDatabase>>;
  const opened: Database[] = [];
  let earlier: EarlierService;
  let later: Database;

  async function open(migrations: readonly (typeof notificationServiceMigrations)[number][]): Promise<Database> {
    const database = await Database.open({ ...made.settings, poolSize: 2 }, migrations);
    opened.push(database);
    return database;
  }
  const off = async (...webhooks: readonly Webhook[]): Promise<string[]> => [...(await offAmong(later, webhooks))].sort();

  beforeEach(async () => {
    made = await aDatabase();
    earlier = new EarlierService(await open(notificationServiceMigrations.filter((migration) => migration !== KeepWebhookState1765150000000 && migration !== ShowGoneWebhooks1765204000000)));
    await earlier.noteGone(portal);
    later = await open(notificationServiceMigrations);
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((database) => database.close()));
    await made.drop();
  });

  it('find what they noted, and so do the later ones, under the same URL', async () => {
    expect([await earlier.goneAmong(portal, crm), await off(portal, crm)]).toEqual([['portal'], ['portal']]);
    expect(await off({ ...portal, url: 'https://portal.example/new' })).toEqual([]);
  });

  it('tell the later ones which webhooks are gone, of those that fail too, and again', async () => {
    await noteFailing(later, crm, '503');
    for (const webhook of [crm, shop, shop]) await earlier.noteGone(webhook);
    expect(await off(portal, crm, shop)).toEqual(['crm', 'portal', 'shop']);
    await noteTaken(later, { webhook: crm.name, outcomeId: '0198e6a1-7c3b-7d52-9c1e-3a5b8f2d4e60', attempts: 1 });
    expect([await noteFailing(later, crm, '503'), await off(crm)]).toEqual([true, ['crm']]);
  });

  it('are told by the later ones which webhooks are gone, and which are told again', async () => {
    await noteGone(later, crm);
    await noteFailing(later, shop, '503');
    await forgetGone(later, portal.name);
    expect(await earlier.goneAmong(portal, crm, shop)).toEqual(['crm']);
  });
});
