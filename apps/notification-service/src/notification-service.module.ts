import 'reflect-metadata';
import { Module, type DynamicModule } from '@nestjs/common';
import { Health, type Metrics } from '@rekey/observability';
import { HealthController } from './health.controller.ts';
import { InboxConsumer } from './inbox/inbox-consumer.ts';
import { Inbox } from './inbox/inbox.ts';
import { MetricsController } from './metrics.controller.ts';
import { TemplateRequestsDoor } from './template/template-requests.http.ts';
import { TemplateRequests } from './template/template-requests.ts';

/** The service's doors: events in, templates for the recovery service, health out. The parts behind them are built in plain constructors by `createNotificationService`. */
@Module({})
export class NotificationServiceModule {
  static with(parts: { inbox: Inbox; templates: TemplateRequests; health: Health; metrics: Metrics | null }): DynamicModule {
    return {
      module: NotificationServiceModule,
      controllers: [InboxConsumer, TemplateRequestsDoor, HealthController, MetricsController],
      providers: [
        { provide: Inbox, useValue: parts.inbox },
        { provide: TemplateRequests, useValue: parts.templates },
        { provide: Health, useValue: parts.health },
        { provide: 'metrics', useValue: parts.metrics },
      ],
    };
  }
}
