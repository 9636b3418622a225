import { Catch, Controller, UseFilters, type RpcExceptionFilter } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { throwError, type Observable } from 'rxjs';
import { topics } from '@rekey/events';
import type { IncomingRecord } from '@rekey/messaging';
import { Inbox } from './inbox.ts';

/** Hands a failure to the bus as it is, which waits and tries again; Nest would log it and pass on "Internal server error". */
@Catch()
class FailureAsItIs implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/** The door for events: a batch counts as delivered when the inbox has it. */
@Controller()
@UseFilters(new FailureAsItIs())
export class InboxConsumer {
  constructor(private readonly inbox: Inbox) {}

  @EventPattern(topics.recovery)
  async accept(@Payload() records: readonly IncomingRecord[]): Promise<void> {
    await this.inbox.accept(records);
  }
}
