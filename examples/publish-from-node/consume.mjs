// Tells what came of each mail, until it is stopped: `KAFKA_BROKERS=localhost:9092 node consume.mjs`
import { EventReader, topics } from '@rekey/events';
import kafkajs from 'kafkajs';

const { KAFKA_BROKERS = 'localhost:9092', REKEY_VERIFYING_KEY = '', GROUP = 'portal' } = process.env;

// The notification service's public signing key: nobody else is believed.
const reader = new EventReader([{ source: 'urn:rekey:notification-service', publicKey: JSON.parse(REKEY_VERIFYING_KEY), linkBases: [] }]);

const kafka = new kafkajs.Kafka({ clientId: 'portal', brokers: KAFKA_BROKERS.split(','), logLevel: kafkajs.logLevel.ERROR });
const consumer = kafka.consumer({ groupId: GROUP });
process.once('SIGTERM', () => void consumer.disconnect());
await consumer.connect();
await consumer.subscribe({ topic: topics.notification, fromBeginning: true });
await consumer.run({
  eachMessage: async ({ message: { headers = {}, value } }) => {
    const texts = Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, String(text)]));
    const result = reader.read({ headers: texts, value });
    if (result.kind === 'unreadable') console.error(`not believed: ${result.reason}`);
    else console.log(`${result.event.type} ${result.event.data.eventId} ${result.event.data.detail}`);
  },
});
