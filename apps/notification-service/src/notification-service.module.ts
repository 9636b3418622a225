import 'reflect-metadata';
import { Module, type DynamicModule } from '@nestjs/common';
import { Health, type Metrics } from '@rekey/observability';
import { HealthDoor } from './health.http.ts';
import { CarefulReader } from './inbox/careful-reader.ts';
import { InboxConsumer } from './inbox/inbox-consumer.ts';
import { Intake } from './inbox/intake.ts';
import { MetricsDoor } from './metrics.http.ts';
import { ServiceRequestsDoor } from './service-request/service-requests.http.ts';
import { ServiceRequests } from './service-request/service-requests.ts';

/** The service's doors: events in, what the recovery service asks, health out. The parts behind them are built in plain constructors by `createNotificationService`. */
@Module({})
export class NotificationServiceModule {
  static with(parts: { intake: Intake; events: CarefulReader; requests: ServiceRequests; health: Health; metrics: Metrics | null }): DynamicModule {
    return {
      module: NotificationServiceModule,
      controllers: [InboxConsumer, ServiceRequestsDoor, HealthDoor, MetricsDoor],
      providers: [
        { provide: Intake, useValue: parts.intake },
        { provide: CarefulReader, useValue: parts.events },
        { provide: ServiceRequests, useValue: parts.requests },
        { provide: Health, useValue: parts.health },
        { provide: 'metrics', useValue: parts.metrics },
      ],
    };
  }
}
