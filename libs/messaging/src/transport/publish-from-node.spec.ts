import { spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { EventReader, EventSigner, EventWriter, notificationServiceSource, SecretOpener, topics, type RecoveryEvent } from '@rekey/events';
import { aKafkaBroker, kafkaUnavailable, until } from '@rekey/test-kit';
import { KafkaUnderTest } from '../testing/kafka-under-test.ts';
import type { KafkaTransport } from './kafka-transport.ts';

const missing = kafkaUnavailable();
if (missing !== null) console.warn(`SKIPPED: the examples in Node over a real Kafka (${missing})`);

const jwk = (key: object) => ({ kty: 'OKP', ...key, kid: 'example' });
const [signing, sealing] = [generateKeyPairSync('ed25519'), generateKeyPairSync('x25519')];
const verifying = jwk(signing.publicKey.export({ format: 'jwk' }));
const kafka = new KafkaUnderTest();

(missing === null ? describe : describe.skip)('the examples in Node, over a real Kafka', () => {
  let brokers: readonly string[];
  let bus: KafkaTransport;
  const started: ChildProcess[] = [];

  beforeAll(async () => {
    brokers = (await aKafkaBroker()).brokers;
    bus = kafka.transport(brokers);
  }, 120_000);
  afterAll(async () => {
    await Promise.all(started.map(ended));
    await kafka.close();
  });

  async function ended(program: ChildProcess): Promise<void> {
    if (program.exitCode !== null) return;
    const exit = once(program, 'exit');
    program.kill('SIGKILL');
    await exit;
  }

  /** @returns what it prints, so far */
  function example(name: string): () => string {
    const keys = { REKEY_SIGNING_KEY: signing.privateKey.export({ format: 'jwk' }), REKEY_SEALING_KEY: sealing.publicKey.export({ format: 'jwk' }), REKEY_VERIFYING_KEY: verifying };
    const told = Object.fromEntries(Object.entries(keys).map(([variable, key]) => [variable, JSON.stringify(jwk(key))]));
    const file = fileURLToPath(new URL(`../../../../examples/publish-from-node/${name}`, import.meta.url));
    const program = spawn(process.execPath, [file], { env: { ...process.env, ...told, KAFKA_BROKERS: brokers.join(','), GROUP: randomUUID() }, stdio: ['ignore', 'pipe', 'ignore'] });
    started.push(program);
    let printed = '';
    program.stdout.on('data', (part: Buffer) => (printed += part.toString()));
    return () => printed;
  }

  it('publish what is believed, with a secret that is opened', async () => {
    const reader = new EventReader([{ source: 'urn:example:portal', publicKey: verifying, linkBases: ['https://portal.example.com'] }]);
    const events: RecoveryEvent[] = [];
    await bus.subscribe(topics.recovery, randomUUID(), async (records) => {
      for (const record of records) {
        const result = reader.read(record);
        if (result.kind === 'event') events.push(result.event);
      }
    });
    await until(() => bus.readiness(), ({ ready }) => ready);
    const printed = example('publish.mjs');
    const event = await until(() => events.find(({ id }) => id === printed().trim()), (found) => found !== undefined);
    const data = event?.type === 'PasswordRecoveryRequested' ? event.data : null;
    const opener = await SecretOpener.from([jwk(sealing.privateKey.export({ format: 'jwk' }))]);
    expect(await opener.open(data?.sealedSecret ?? '', data?.recoveryId ?? '')).toMatch(/^[\w-]{43}$/);
  });

  it('tell what came of a mail', async () => {
    const writer = new EventWriter(notificationServiceSource, new EventSigner(jwk(signing.privateKey.export({ format: 'jwk' }))));
    const [userId, eventId] = [randomUUID(), randomUUID()];
    const event = writer.event('NotificationSent', userId, { eventId, eventType: 'PasswordRecoveryRequested', userId, tenantDomain: 'carbon.super', generation: 1, messageId: '<a@b.test>', attempts: 1, detail: '250 ok', at: '2026-11-25T10:00:00Z' });
    await until(() => bus.publish(topics.notification, [writer.record(event)]).then(() => true, () => false), (taken) => taken);
    const printed = example('consume.mjs');
    await until(printed, (text) => text.includes(`NotificationSent ${eventId} 250 ok\n`));
  });
});
