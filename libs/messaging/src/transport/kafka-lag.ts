import type { PartitionLag } from '@rekey/observability';
import type { Admin, Kafka } from 'kafkajs';

/** How far groups are behind, as the cluster has it: also where their consumer does not come to fetch any more. */
export class KafkaLag {
  private admin: Promise<Admin> | null = null;
  private closed = false;

  constructor(private readonly kafka: Kafka) {}

  /** @throws the client's error where the cluster does not answer */
  async of(subscriptions: readonly { readonly group: string; readonly topic: string }[]): Promise<readonly PartitionLag[]> {
    if (this.closed || subscriptions.length === 0) return [];
    this.admin ??= this.connect();
    const current = this.admin;
    try {
      const admin = await current;
      return (await Promise.all(subscriptions.map(async (one) => lagOf(admin, one)))).flat();
    } catch (error) {
      if (this.admin === current) await this.disconnect();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.disconnect();
  }

  private async connect(): Promise<Admin> {
    const admin = this.kafka.admin({ retry: { retries: 0 } });
    await admin.connect();
    return admin;
  }

  private async disconnect(): Promise<void> {
    const dropped = this.admin;
    this.admin = null;
    await dropped?.then((admin) => admin.disconnect()).catch(() => undefined);
  }
}

async function lagOf(admin: Admin, { group, topic }: { readonly group: string; readonly topic: string }): Promise<PartitionLag[]> {
  const [ends, [committed]] = await Promise.all([admin.fetchTopicOffsets(topic), admin.fetchOffsets({ groupId: group, topics: [topic] })]);
  const takenOf = new Map(committed?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
  return ends.map(({ partition, high, low }) => {
    const taken = takenOf.get(partition) ?? -1n;
    // What retention has removed is waited for by nobody.
    const from = taken > BigInt(low) ? taken : BigInt(low);
    return { group, topic, partition, records: Math.max(0, Number(BigInt(high) - from)) };
  });
}
