import { Controller, Inject, UseFilters } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { EventReader, notificationServiceSource, topics } from '@rekey/events';
import { confirmOutbox, Database, FailureAsItIs, type IncomingRecord } from '@rekey/messaging';
import { tracedEach, type Logger } from '@rekey/observability';

/** What came of each mail: an event that has its outcome need not be published again. */
@Controller()
@UseFilters(new FailureAsItIs())
export class Outcomes {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(EventReader) private readonly reader: EventReader,
    @Inject('log') private readonly log: Logger,
  ) {}

  @EventPattern(topics.notification)
  async accept(@Payload() records: readonly IncomingRecord[]): Promise<void> {
    const told = records.flatMap((record) => {
      const result = this.reader.read(record);
      if (result.kind === 'unreadable') {
        this.log.warn({ topic: record.topic, partition: record.partition, offset: record.offset, reason: result.reason }, 'a notification event is not believed');
        return [];
      }
      // A mail that another publisher calls sent would not be asked for again.
      return result.event.source === notificationServiceSource && 'eventId' in result.event.data ? [{ eventId: result.event.data.eventId, traceparent: result.event.traceparent ?? null }] : [];
    });
    if (told.length === 0) return;
    await tracedEach(`process ${topics.notification}`, told.map(({ eventId, traceparent }) => ({ kind: 'consumer', traceparent, attributes: { 'messaging.operation.type': 'process', 'rekey.event_id': eventId } })), async () =>
      confirmOutbox(this.database, told.map(({ eventId }) => eventId)));
  }
}
