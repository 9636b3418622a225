import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { topics } from '@rekey/events';
import type { IncomingRecord } from '@rekey/messaging';
import { Inbox } from './inbox.ts';

/** The door for events: a batch counts as delivered when the inbox has it. */
@Controller()
export class InboxConsumer {
  constructor(private readonly inbox: Inbox) {}

  @EventPattern(topics.recovery)
  async accept(@Payload() records: readonly IncomingRecord[]): Promise<void> {
    await this.inbox.accept(records);
  }
}
