import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { EventReader, fromBinaryMode, isBinaryMode, recordOf, structuredEvent, type UnreadableBy } from '@rekey/events';
import { Database, OutboxRelay } from '@rekey/messaging';
import type { Logger } from '@rekey/observability';
import type { FastifyRequest } from 'fastify';
import { Operation } from '../api-docs/operation.ts';
import { parseBody } from '../http/body.ts';
import { ApiError, type ErrorCode } from '../http/error-catalogue.ts';
import { AddressLimit } from '../rate-limit/address-limit.ts';
import { takeEvent } from './take-event.ts';

const refusals: Readonly<Record<UnreadableBy, ErrorCode>> = { 'nobody known': 'RKY-10410', 'not allowed': 'RKY-10411', malformed: 'RKY-10412' };

/** For services that do not speak Kafka: the same event with the same signature, by HTTP. */
@Controller('api/rekey/v1/events')
export class EventDoor {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(EventReader) private readonly reader: EventReader,
    @Inject(OutboxRelay) private readonly relay: OutboxRelay,
    @Inject('credentialsLimit') private readonly addressLimit: AddressLimit,
    @Inject('log') private readonly log: Logger,
  ) {}

  @Post()
  @HttpCode(202)
  @Operation({
    summary: 'Publish an event',
    description: 'One CloudEvent in structured mode (`application/cloudevents+json`, or `application/json`), or in binary mode, where its attributes are headers (`ce-id`, …, `ce-signature`) and the body is the data alone (`application/json`); batches are not taken. Signed by a publisher that `[[event_publisher]]` lists; no other credentials are asked for. It is relayed to Kafka as it came. The same event sent again is one event.',
    access: 'anyone',
    body: structuredEvent,
    responses: { 202: { description: 'It is kept, and will be published. What comes of it is told on `notification.events.v1`.' } },
    errors: ['RKY-10011', 'RKY-10410', 'RKY-10411', 'RKY-10412', 'RKY-10413'],
  })
  async publish(@Req() request: FastifyRequest, @Body() body: unknown): Promise<void> {
    const event = isBinaryMode(request.headers) ? fromBinaryMode(request.headers, Buffer.from(request.sentText ?? '')) : body;
    const taken = await takeEvent(this.database, this.reader, recordOf(parseBody(structuredEvent, event)));
    switch (taken.kind) {
      case 'taken':
        this.relay.wake();
        return;
      case 'id is taken':
        throw new ApiError('RKY-10413');
      case 'unreadable':
        this.log.warn({ traceId: request.id, reason: taken.reason }, 'an event is refused');
        // As with a wrong password; a publisher behind the same address is not slowed down.
        if (taken.by === 'nobody known') await this.addressLimit.spend(request.raw);
        throw new ApiError(refusals[taken.by], `The event is refused: ${taken.reason}.`);
    }
  }
}
