import { Controller, Inject, UseFilters } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { EventReader, notificationServiceSource, topics } from '@rekey/events';
import { confirmOutbox, Database, FailureAsItIs, type IncomingRecord } from '@rekey/messaging';
import type { Logger } from '@rekey/observability';

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
    const eventIds = records.flatMap((record) => {
      const result = this.reader.read(record);
      if (result.kind === 'unreadable') {
        this.log.warn({ topic: record.topic, partition: record.partition, offset: record.offset, reason: result.reason }, 'a notification event is not believed');
        return [];
      }
      // A mail that another publisher calls sent would not be asked for again.
      return result.event.source === notificationServiceSource && 'eventId' in result.event.data ? [result.event.data.eventId] : [];
    });
    if (eventIds.length > 0) await confirmOutbox(this.database, eventIds);
  }
}
