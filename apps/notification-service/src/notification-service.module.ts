import 'reflect-metadata';
import { Module, type DynamicModule } from '@nestjs/common';
import { Health } from '@rekey/observability';
import { HealthController } from './health.controller.ts';
import { InboxConsumer } from './inbox/inbox-consumer.ts';
import { Inbox } from './inbox/inbox.ts';

/** The service's doors: events in, health out. The parts behind them are built in plain constructors by `createNotificationService`. */
@Module({})
export class NotificationServiceModule {
  static with(parts: { inbox: Inbox; health: Health }): DynamicModule {
    return {
      module: NotificationServiceModule,
      controllers: [InboxConsumer, HealthController],
      providers: [
        { provide: Inbox, useValue: parts.inbox },
        { provide: Health, useValue: parts.health },
      ],
    };
  }
}
