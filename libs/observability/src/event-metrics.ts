import { Counter, Gauge, type Registry } from 'prom-client';
import { AtScrape } from './at-scrape.ts';

/** What waits in an outbox to be published. */
export interface WaitingEvents {
  readonly events: number;
  /** null where none waits. */
  readonly oldestAgeSeconds: number | null;
}

/** To be told what an outbox's relay does. */
export interface OutboxMetrics {
  published(events: number): void;
  republished(events: number): void;
}

/** How far a consumer group is behind in a partition. */
export interface PartitionLag {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly records: number;
}

/** What a consumer group does not fetch at the moment. */
export type PausedPartition = Omit<PartitionLag, 'records'>;

/** The outboxes and subscriptions of one process: each figure is there once, by the name of the outbox or group, also where one process has several. */
export class EventMetrics {
  private readonly outboxes = new Map<string, AtScrape<WaitingEvents>>();
  private readonly lags: AtScrape<readonly PartitionLag[]>[] = [];
  private readonly pauses: (() => readonly PausedPartition[])[] = [];
  private readonly published: Counter;
  private readonly republished: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    this.published = new Counter({ name: 'rekey_outbox_published_total', help: 'Events that the bus has taken.', labelNames: ['outbox'], registers });
    this.republished = new Counter({ name: 'rekey_outbox_republished_total', help: 'Events that are published again because no outcome has come back for them.', labelNames: ['outbox'], registers });
    this.waitingGauge(registers, 'rekey_outbox_events', 'Events that wait to be published; 100000 stands for that many or more.', ({ events }) => events);
    this.waitingGauge(registers, 'rekey_outbox_oldest_event_age_seconds', 'How long the oldest event has been waiting to be published; 0 where none waits.', ({ oldestAgeSeconds }) => oldestAgeSeconds ?? 0);
    const { lags, pauses } = this;
    new Gauge({
      name: 'rekey_consumer_paused',
      help: 'Partitions that a consumer group fetches nothing of, because it can take nothing at the moment: 1 for each.',
      labelNames: ['group', 'topic', 'partition'],
      registers,
      collect() {
        this.reset();
        for (const paused of pauses.flatMap((look) => look())) this.set({ ...paused }, 1);
      },
    });
    new Gauge({
      name: 'rekey_consumer_lag_records',
      help: 'Records of a partition that the consumer group has not taken yet.',
      labelNames: ['group', 'topic', 'partition'],
      registers,
      async collect() {
        const partitions = await Promise.all(lags.map(async (lag) => lag.latest()));
        this.reset();
        for (const { group, topic, partition, records } of partitions.flatMap((known) => known ?? [])) this.set({ group, topic, partition }, records);
      },
    });
  }

  /** @param look counts what waits */
  outbox(outbox: string, look: () => Promise<WaitingEvents>): OutboxMetrics {
    this.outboxes.set(outbox, new AtScrape(look));
    this.published.inc({ outbox }, 0);
    this.republished.inc({ outbox }, 0);
    return {
      published: (events) => this.published.inc({ outbox }, events),
      republished: (events) => this.republished.inc({ outbox }, events),
    };
  }

  /** @param look asks the bus */
  lag(look: () => Promise<readonly PartitionLag[]>): void {
    this.lags.push(new AtScrape(look));
  }

  /** @param look asks the bus */
  paused(look: () => readonly PausedPartition[]): void {
    this.pauses.push(look);
  }

  private waitingGauge(registers: Registry[], name: string, help: string, figure: (waiting: WaitingEvents) => number): void {
    const { outboxes } = this;
    new Gauge({
      name,
      help,
      labelNames: ['outbox'],
      registers,
      async collect() {
        const known = await Promise.all([...outboxes].map(async ([outbox, waiting]) => ({ outbox, waiting: await waiting.latest() })));
        this.reset();
        for (const { outbox, waiting } of known) if (waiting) this.set({ outbox }, figure(waiting));
      },
    });
  }
}
