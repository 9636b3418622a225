import 'reflect-metadata';
import { Module, type DynamicModule } from '@nestjs/common';
import { Health, type Metrics } from '@rekey/observability';
import { HealthController } from './health.controller.ts';
import { InboxConsumer } from './inbox/inbox-consumer.ts';
import { Inbox } from './inbox/inbox.ts';
import { MetricsController } from './metrics.controller.ts';

/** The service's doors: events in, health out. The parts behind them are built in plain constructors by `createNotificationService`. */
@Module({})
export class NotificationServiceModule {
  static with(parts: { inbox: Inbox; health: Health; metrics: Metrics | null }): DynamicModule {
    return {
      module: NotificationServiceModule,
      controllers: [InboxConsumer, HealthController, MetricsController],
      providers: [
        { provide: Inbox, useValue: parts.inbox },
        { provide: Health, useValue: parts.health },
        { provide: 'metrics', useValue: parts.metrics },
      ],
    };
  }
}
