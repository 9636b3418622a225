import { topics } from '@rekey/events';
import type { Logger } from '@rekey/observability';
import type { Kafka } from 'kafkajs';

/** The contract's topics on one cluster: made with the configured partitions where they are missing; a broker never makes them by itself. */
export class KafkaTopics {
  private existing: Promise<void> | null = null;

  constructor(
    private readonly kafka: Kafka,
    private readonly settings: { readonly partitions: number; readonly replicationFactor: number },
    private readonly log: Logger,
  ) {}

  /** @throws the client's error where the cluster cannot be reached or refuses; the next call tries again */
  async ensure(): Promise<void> {
    this.existing ??= this.makeMissing().catch((error: unknown) => {
      this.existing = null;
      throw error;
    });
    await this.existing;
  }

  /** They may have been deleted: the next `ensure` looks again. */
  forget(): void {
    this.existing = null;
  }

  private async makeMissing(): Promise<void> {
    const admin = this.kafka.admin();
    try {
      await admin.connect();
      const existing = new Set(await admin.listTopics());
      const missing = Object.values(topics).filter((topic) => !existing.has(topic));
      if (missing.length === 0) return;
      const { partitions: numPartitions, replicationFactor } = this.settings;
      await admin.createTopics({ waitForLeaders: true, topics: missing.map((topic) => ({ topic, numPartitions, replicationFactor })) });
      this.log.info({ topics: missing, partitions: numPartitions, replicationFactor }, 'topics made');
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }
}
