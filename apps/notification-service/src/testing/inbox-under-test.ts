import { EventSigner, EventWriter, notificationServiceSource } from '@rekey/events';
import { Database } from '@rekey/messaging';
import { createLogger } from '@rekey/observability';
import { aDatabase } from '@rekey/test-kit';
import { Inbox } from '../inbox/inbox.ts';
import { notificationServiceMigrations } from '../notification-service-migrations.ts';
import { OutcomeReports, type OutcomeSubject } from '../delivery/outcome-reports.ts';
import { Publisher } from './publisher.ts';

/** An inbox on a real, empty database, and a publisher it believes. */
export class InboxUnderTest {
  readonly log = createLogger('test', { level: process.env['TEST_LOG_LEVEL'] ?? 'silent' });
  readonly reports: OutcomeReports;
  /** By default there is none. */
  webhooksWanting: (outcome: OutcomeSubject) => readonly string[] = () => [];

  private constructor(
    readonly database: Database,
    readonly publisher: Publisher,
    private readonly dropDatabase: () => Promise<void>,
  ) {
    this.reports = new OutcomeReports(new EventWriter(notificationServiceSource, new EventSigner(publisher.keys.signing)), (outcome) => this.webhooksWanting(outcome));
  }

  static async open(): Promise<InboxUnderTest> {
    const [{ settings, drop }, publisher] = await Promise.all([aDatabase(), Publisher.create()]);
    const database = await Database.open({ ...settings, poolSize: 10 }, notificationServiceMigrations, { connectionTimeoutMs: 20_000 });
    return new InboxUnderTest(database, publisher, drop);
  }

  inbox(reader = this.publisher.reader): Inbox {
    return new Inbox(this.database, reader, this.reports, {
      messageIdOf: (eventId) => `<${eventId}@example.com>`,
      log: this.log,
      onReported: () => undefined,
    });
  }

  async empty(): Promise<void> {
    await this.database.query('TRUNCATE relay_state, crash_count, open_reading, webhook_delivery, webhook_state, inbox, past_event, mail_count, replay, suppressed_address, bounce, bounce_token, filed_mail, password_set, user_head, attempt, dead, outbox');
  }

  async stateOf(eventId: string): Promise<string | undefined> {
    return (await this.database.query<{ state: string }>('SELECT state FROM inbox WHERE event_id = $1', [eventId]))[0]?.state;
  }

  /** @returns how many rows are in each state */
  async states(): Promise<Record<string, number>> {
    const rows = await this.database.query<{ state: string; n: number }>('SELECT state, count(*)::int AS n FROM inbox GROUP BY state');
    return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
  }

  /** @returns the types of the outcome events about a mail, in order */
  async outcomesOf(eventId: string): Promise<string[]> {
    const rows = await this.database.query<{ type: string }>(
      `SELECT headers->>'ce_type' AS type FROM outbox WHERE topic = 'notification.events.v1' AND convert_from(payload, 'UTF8')::json->>'eventId' = $1 ORDER BY position`,
      [eventId],
    );
    return rows.map(({ type }) => type);
  }

  async close(): Promise<void> {
    await this.database.close();
    await this.dropDatabase();
  }
}
