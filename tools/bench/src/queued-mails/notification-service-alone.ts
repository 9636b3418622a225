import { randomUUID } from 'node:crypto';
import { configFromEnvironment } from '@rekey/deployment-config';
import { EventSigner, EventWriter, SecretSealer, topics, type EventRecord } from '@rekey/events';
import { runProgram } from '@rekey/lifecycle';
import { EmbeddedTransport } from '@rekey/messaging';
import { createNotificationService } from '@rekey/notification-service';
import { createLogger } from '@rekey/observability';
import { usernameOf } from '../system/users.ts';

/**
 * The notification service with a bus of its own, on which a subscriber takes its outcomes at once: for what a mail costs by itself.
 * Its argument is for how many people a mail is asked for on that bus; without it nobody asks.
 */
const log = createLogger('notification-service', { format: 'json' });

const batchSize = 500;
const validForMs = 24 * 3_600_000;
/** So many that the limit of none counts. */
const domains = 100;

await runProgram(log, async () => {
  const { config } = configFromEnvironment();
  const { sealingPublicKey, signingPrivateKey } = config.keys;
  if (!sealingPublicKey || !signingPrivateKey) throw new Error('expected keys in REKEY_LOCAL');
  const [sealer, writer] = [new SecretSealer(sealingPublicKey), new EventWriter('urn:rekey:recovery-service', new EventSigner(signingPrivateKey))];
  const transport = new EmbeddedTransport();
  await transport.subscribe(topics.notification, 'bench', () => Promise.resolve());
  const service = await createNotificationService({ config, transport, log });
  await service.start();
  const mails = Number(process.argv[2] ?? 0);
  for (let first = 0; first < mails; first += batchSize) {
    const requests = Array.from({ length: Math.min(batchSize, mails - first) }, (_, index) => requestOf(first + index, { sealer, writer, linkBase: `${config.server.baseUrl}/myaccount/reset` }));
    await transport.publish(topics.recovery, requests);
  }
  log.info(mails === 0 ? 'takes events' : 'has taken every event');
  return service;
});

function requestOf(user: number, { sealer, writer, linkBase }: { readonly sealer: SecretSealer; readonly writer: EventWriter; readonly linkBase: string }): EventRecord {
  const [userId, recoveryId] = [randomUUID(), randomUUID()];
  const event = writer.event('PasswordRecoveryRequested', userId, {
    recoveryId,
    generation: 1,
    scenario: 'NOTIFICATION_BASED_PW_RECOVERY',
    user: { id: userId, username: usernameOf(user), realm: 'PRIMARY', tenantDomain: 'carbon.super' },
    channel: 'EMAIL',
    recipient: { address: `${usernameOf(user)}@example-${user % domains}.com`, locale: 'en_US', claims: { givenname: 'Kim', lastname: 'Meyer' } },
    sealedSecret: sealer.seal(randomUUID(), recoveryId),
    linkBase,
    templateType: 'passwordreset',
    requestedAt: new Date().toISOString(),
    expiresAt: new Date(Date.now() + validForMs).toISOString(),
    properties: {},
  });
  return writer.record(event);
}
