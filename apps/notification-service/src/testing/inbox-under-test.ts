import { EventSigner, EventWriter, notificationServiceSource } from '@rekey/events';
import { Database } from '@rekey/messaging';
import { createLogger } from '@rekey/observability';
import { aDatabase } from '@rekey/test-kit';
import { NoteRenderings1765048100000 } from '../delivery/note-renderings.ts';
import { KeepPastEvents1765048200000 } from '../inbox/keep-past-events.ts';
import { CountMails1765048000000 } from '../delivery/count-mails.ts';
import { AddRecipientDomain1765042000000 } from '../inbox/add-recipient-domain.ts';
import { CreateInbox1764000100000 } from '../inbox/create-inbox.ts';
import { KeepDeliveryLog1765044000000 } from '../inbox/keep-delivery-log.ts';
import { KeepReplays1765044100000 } from '../inbox/keep-replays.ts';
import { CreateSuppressedAddress1765044200000 } from '../suppression/create-suppressed-address.ts';
import { CreateWebhookDelivery1765047000000 } from '../webhook/create-webhook-delivery.ts';
import { KeepWebhookState1765150000000 } from '../webhook/keep-webhook-state.ts';
import { ShowGoneWebhooks1765204000000 } from '../webhook/show-gone-webhooks.ts';
import { KeepBounces1765160000000 } from '../suppression/keep-bounces.ts';
import { CountCrashes1765054000000 } from '../quarantine/count-crashes.ts';
import { DiscardDead1765120300000 } from '../inbox/discard-dead.ts';
import { CreateMailCounts1765120000000 } from '../mail-figures/create-mail-counts.ts';
import { CreateRelayState1765120200000 } from '../relay/create-relay-state.ts';
import { CreateOutbox1764000000000 } from '@rekey/messaging';
import { Inbox } from '../inbox/inbox.ts';
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
    const database = await Database.open({ ...settings, poolSize: 10 }, [CreateOutbox1764000000000, CreateInbox1764000100000, AddRecipientDomain1765042000000, KeepDeliveryLog1765044000000, KeepReplays1765044100000, CreateSuppressedAddress1765044200000, CreateWebhookDelivery1765047000000, CountMails1765048000000, NoteRenderings1765048100000, KeepPastEvents1765048200000, CountCrashes1765054000000, CreateMailCounts1765120000000, CreateRelayState1765120200000, DiscardDead1765120300000, KeepWebhookState1765150000000, KeepBounces1765160000000, ShowGoneWebhooks1765204000000]);
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
