import { Controller, UseFilters } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { topics } from '@rekey/events';
import { FailureAsItIs, type IncomingRecord } from '@rekey/messaging';
import { CarefulReader } from './careful-reader.ts';
import { Intake } from './intake.ts';

/** The door for events: a batch counts as delivered when the inbox has it. */
@Controller()
@UseFilters(new FailureAsItIs())
export class InboxConsumer {
  constructor(
    private readonly intake: Intake,
    private readonly reader: CarefulReader,
  ) {}

  @EventPattern(topics.recovery)
  async accept(@Payload() records: readonly IncomingRecord[]): Promise<void> {
    await this.intake.requireRoom();
    await this.reader.accept(records);
  }
}
