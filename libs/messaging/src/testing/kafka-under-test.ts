import type { KafkaSettings } from '@rekey/deployment-config';
import { createLogger } from '@rekey/observability';
import { KafkaTransport } from '../transport/kafka-transport.ts';

/** Any number of transports on one cluster, as of processes of their own; closed together. */
export class KafkaUnderTest {
  private readonly open: KafkaTransport[] = [];
  /** What ended a client for good. */
  readonly fatal: Error[] = [];

  transport(brokers: readonly string[], options: Partial<Pick<KafkaSettings, 'partitions' | 'sessionTimeoutSeconds'>> = {}): KafkaTransport {
    const { partitions = 3, sessionTimeoutSeconds = 10 } = options;
    const transport = new KafkaTransport(
      { brokers, clientId: 'test', partitions, replicationFactor: 1, sessionTimeoutSeconds, ssl: false, sasl: null },
      { log: createLogger('test', { level: process.env['TEST_LOG_LEVEL'] ?? 'silent' }), onFatal: (error) => this.fatal.push(error) },
    );
    this.open.push(transport);
    return transport;
  }

  async close(): Promise<void> {
    await Promise.all(this.open.splice(0).map((transport) => transport.close()));
  }
}
