// Publishes one recovery event, over your own kafkajs producer: `KAFKA_BROKERS=localhost:9092 node publish.mjs`, or over HTTP: `REKEY_URL=https://id.example.com node publish.mjs`
import { randomBytes } from 'node:crypto';
import { EventPublisher, passwordRecoveryRequested, throughHttp, throughKafka } from '@rekey/events';
import kafkajs from 'kafkajs';

const { REKEY_URL, KAFKA_BROKERS = 'localhost:9092', REKEY_SIGNING_KEY = '', REKEY_SEALING_KEY = '' } = process.env;

const kafka = new kafkajs.Kafka({ clientId: 'portal', brokers: KAFKA_BROKERS.split(','), logLevel: kafkajs.logLevel.ERROR });
const producer = kafka.producer({ idempotent: true });
if (!REKEY_URL) await producer.connect();

const publisher = new EventPublisher({
  source: 'urn:example:portal',
  signingKey: JSON.parse(REKEY_SIGNING_KEY),
  sealingKey: JSON.parse(REKEY_SEALING_KEY),
  transport: REKEY_URL ? throughHttp({ baseUrl: REKEY_URL }) : throughKafka(producer),
});

// 256 random bits. A real service keeps their SHA-256, and how often this person has asked.
const secret = randomBytes(32).toString('base64url');
const eventId = await publisher.publish(
  passwordRecoveryRequested({
    user: { id: '6f1c2e9a-3b57-4d0e-9a55-0d6a4c1e7b21', username: 'kim', realm: 'PRIMARY', tenantDomain: 'carbon.super' },
    recipient: { address: 'kim@example.com', locale: 'en_US', claims: { givenname: 'Kim' } },
    secret,
    generation: 1,
    linkBase: 'https://portal.example.com/reset',
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  }),
);
if (!REKEY_URL) await producer.disconnect();
console.log(eventId);
