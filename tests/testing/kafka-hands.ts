import { topics } from '@rekey/events';
import { until } from '@rekey/test-kit';
import { Kafka, logLevel, type Admin, type Message } from 'kafkajs';

/** `position` is `partition/offset`. */
export type KafkaRecord = Message & { readonly position: string };

const topic = topics.recovery;
const group = 'notification-service';

/** What an operator, or an accident, may do to the topic of recovery events and to the group that reads it. */
export class KafkaHands {
  private readonly kafka: Kafka;

  constructor(brokers: readonly string[]) {
    this.kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });
  }

  /** All that the topic holds, each partition's from its first. */
  async records(): Promise<KafkaRecord[]> {
    const expected = await this.asAdmin(async (admin) => sum((await admin.fetchTopicOffsets(topic)).map(({ high, low }) => Number(high) - Number(low))));
    const found: KafkaRecord[] = [];
    const consumer = this.kafka.consumer({ groupId: `onlooker ${Date.now()}` });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({ eachMessage: ({ partition, message: { key, value, offset, headers = {} } }) => Promise.resolve(void found.push({ key, value, headers, position: `${partition}/${offset}` })) });
    await until(() => found.length >= expected);
    await consumer.disconnect();
    return found;
  }

  async publish(messages: Message[]): Promise<void> {
    const producer = this.kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    await producer.send({ topic, messages });
    await producer.disconnect();
  }

  /** It is made again by whoever needs it first. */
  async deleteTopic(): Promise<void> {
    await this.asAdmin((admin) => admin.deleteTopics({ topics: [topic] }));
  }

  /** As whoever resets a group to its beginning, which takes one without members. */
  async readAgainFromTheBeginning(): Promise<void> {
    await this.asAdmin(async (admin) => {
      await until(async () => (await admin.describeGroups([group])).groups[0]?.members.length === 0);
      await admin.resetOffsets({ groupId: group, topic, earliest: true });
    });
  }

  /** Waits until the group has read all that is there. */
  async isRead(patienceMs = 60_000): Promise<void> {
    await this.asAdmin((admin) => until(async () => (await lagOf(admin).catch(unlessPassing)) === 0, Boolean, patienceMs));
  }

  /** The records that the group has not read. */
  async lag(): Promise<number> {
    return this.asAdmin(lagOf);
  }

  private async asAdmin<Result>(work: (admin: Admin) => Promise<Result>): Promise<Result> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  }
}

/** Of what was never read, all counts. */
async function lagOf(admin: Admin): Promise<number> {
  const [ends, [read]] = await Promise.all([admin.fetchTopicOffsets(topic), admin.fetchOffsets({ groupId: group, topics: [topic] })]);
  const readOf = new Map(read?.partitions.map(({ partition, offset }) => [partition, Math.max(0, Number(offset))]));
  return sum(ends.map(({ partition, high }) => Number(high) - (readOf.get(partition) ?? 0)));
}

/** A broker that has just come back leads nothing yet, and cannot tell. */
function unlessPassing(error: unknown): null {
  if (error instanceof Error && 'retriable' in error && error.retriable === true) return null;
  throw error;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
