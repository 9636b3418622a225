import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { configFromEnvironment } from '@rekey/deployment-config';
import { EventSigner, EventWriter, SecretSealer, topics } from '@rekey/events';
import { Database, outboxColumns, outboxParameters } from '@rekey/messaging';
import { machineClock } from '../measure/clock.ts';
import { runClosedLoop } from '../measure/closed-loop.ts';
import type { Percentiles } from '../measure/histogram.ts';

export interface BareOrder {
  readonly seconds: number;
  readonly atOnce: number;
}

export interface BareReport {
  readonly perSecond: number;
  readonly latency: Percentiles;
}

/**
 * The limit of a recovery request here: what cannot be left out of one. A key is made and sealed, its event built, checked and signed,
 * and both rows are written by one statement through the service's pool; no HTTP, no user, no listener chain, no second round trip.
 * The entries count as published, so that no relay works beside it. A process of its own, told by its parent.
 */
const { config } = configFromEnvironment();
const { identityDatabase, keys } = config;
if (!identityDatabase || !keys.sealingPublicKey || !keys.signingPrivateKey) throw new Error('expected database and keys in REKEY_LOCAL');
const database = await Database.open(identityDatabase, []);
const sealer = new SecretSealer(keys.sealingPublicKey);
const writer = new EventWriter('urn:rekey:recovery-service', new EventSigner(keys.signingPrivateKey));

process.on('message', (order: BareOrder) => void measure(order).then((report) => process.send?.(report)));
process.on('disconnect', () => void database.close().then(() => process.exit(0)));
process.on('SIGINT', () => undefined);
process.send?.('ready');

async function measure(order: BareOrder): Promise<BareReport> {
  const { perSecond, latency } = await runClosedLoop(request, order, machineClock);
  return { perSecond, latency: latency.percentiles() };
}

async function request(): Promise<void> {
  const [userId, recoveryId, key] = [randomUUID(), randomUUID(), randomBytes(32).toString('base64url')];
  const requestedAt = new Date();
  const expiresAt = new Date(requestedAt.getTime() + 3_600_000);
  const sealedSecret = sealer.seal(key, recoveryId);
  const event = writer.event('PasswordRecoveryRequested', userId, {
    recoveryId,
    generation: 1,
    scenario: 'NOTIFICATION_BASED_PW_RECOVERY',
    user: { id: userId, username: 'bench', realm: 'PRIMARY', tenantDomain: 'carbon.super' },
    channel: 'EMAIL',
    recipient: { address: 'bench@example.com', locale: 'en_US', claims: { givenname: 'Kim', lastname: 'Meyer' } },
    sealedSecret,
    linkBase: 'https://localhost/myaccount/reset',
    templateType: 'passwordreset',
    requestedAt: requestedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    properties: {},
  });
  const entry = outboxParameters({ id: event.id, topic: topics.recovery, record: writer.record(event), expiresAt: expiresAt.toISOString(), awaitsOutcome: false });
  await database.query(writeBoth, [userId, recoveryId, createHash('sha256').update(key).digest(), sealedSecret, requestedAt, expiresAt, ...entry]);
}

const writeBoth = `
  WITH issued AS (
    INSERT INTO recovery (user_id, purpose, decoy, recovery_id, generation, key_hash, sealed_secret, issued_at, expires_at, mailed)
    VALUES ($1, 'password', true, $2, 1, $3, $4, $5::timestamptz, $6::timestamptz, true)
    RETURNING user_id)
  INSERT INTO outbox (${outboxColumns}, published_at, confirmed_at)
  SELECT $7::uuid, $8, $9, $10::jsonb, $11::bytea, $12::timestamptz, $13::boolean, now(), now() FROM issued`;
