import { missingForKafka } from '@rekey/kafka';
import { startSharedKafka } from '@rekey/kafka/shared-kafka';
import { unlessRequired } from './requirement.ts';
import { onceInRun } from './test-run/once-in-run.ts';

/**
 * Why there is no Kafka to test with, in one line; `null` if there is. Use it to skip:
 * `(kafkaUnavailable() === null ? describe : describe.skip)('over Kafka', …)`.
 *
 * @throws with `REQUIRE_KAFKA=1`, instead of returning a reason
 */
export function kafkaUnavailable(): string | null {
  if (givenBrokers().length > 0) return null;
  return unlessRequired(missingForKafka(), 'REQUIRE_KAFKA');
}

/**
 * A real Kafka: `KAFKA_BROKERS` (comma-separated `host:port`) if set, else a broker of this test run, started when the first spec asks.
 * It is shared: give topics and groups names of their own. A spec that stops or kills its broker starts one by `startKafka` of `@rekey/kafka`.
 */
export async function aKafkaBroker(): Promise<{ brokers: string[] }> {
  const given = givenBrokers();
  if (given.length > 0) return { brokers: given };
  const missing = kafkaUnavailable();
  if (missing !== null) throw new Error(missing);
  return onceInRun('kafka', ({ folder, endLater }) => startSharedKafka(folder, (pid) => endLater(pid, 'SIGTERM')));
}

function givenBrokers(): string[] {
  return (process.env['KAFKA_BROKERS'] ?? '').split(',').map((broker) => broker.trim()).filter((broker) => broker !== '');
}
