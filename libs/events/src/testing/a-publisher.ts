import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { JWK } from 'jose';
import type { EventData, EventType } from '../event-data.ts';
import { EventReader } from '../event-reader.ts';
import { EventWriter } from '../event-writer.ts';
import type { EventRecord } from '../recovery-event.ts';
import { EventSigner, type SigningJwk } from '../signature.ts';

export const source = 'urn:example:portal';
export const linkBase = 'https://ok.test/app';

/** In the shape of the real thing, sealed to nobody. */
export const aSealedSecret = `${Buffer.from('{"alg":"ECDH-ES"}').toString('base64url')}..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA`;

/** A publisher with a key of its own, and a reader that believes it. */
export interface PublisherUnderTest {
  readonly signer: EventSigner;
  readonly writer: EventWriter;
  readonly publicKey: SigningJwk;
  readonly reader: EventReader;
}

export function aPublisher(options: { readonly kid?: string; readonly linkBases?: readonly string[]; readonly source?: string } = {}): PublisherUnderTest {
  const { publicKey, privateKey } = aSigningKey(options.kid);
  const signer = new EventSigner(privateKey);
  return {
    signer,
    publicKey,
    writer: new EventWriter(options.source ?? source, signer),
    reader: new EventReader([{ source: options.source ?? source, publicKey, linkBases: options.linkBases ?? [linkBase] }]),
  };
}

export function aSigningKey(kid = 'signing-1'): { readonly publicKey: SigningJwk; readonly privateKey: SigningJwk } {
  const pair = generateKeyPairSync('ed25519');
  return { publicKey: { ...pair.publicKey.export({ format: 'jwk' }), kid }, privateKey: { ...pair.privateKey.export({ format: 'jwk' }), kid } };
}

export function aSealingKey(kid = 'sealing-1'): { readonly publicKey: JWK; readonly privateKey: JWK } {
  const pair = generateKeyPairSync('x25519');
  return { publicKey: { ...pair.publicKey.export({ format: 'jwk' }), kid }, privateKey: { ...pair.privateKey.export({ format: 'jwk' }), kid } };
}

export function aRequest(given: Partial<EventData<'PasswordRecoveryRequested'>> = {}): EventData<'PasswordRecoveryRequested'> {
  return {
    recoveryId: randomUUID(),
    generation: 1,
    scenario: 'NOTIFICATION_BASED_PW_RECOVERY',
    user: { id: randomUUID(), username: 'kim', realm: 'PRIMARY', tenantDomain: 'carbon.super' },
    channel: 'EMAIL',
    recipient: { address: 'kim@example.com', locale: 'en_US', claims: { givenname: 'Kim' } },
    sealedSecret: aSealedSecret,
    linkBase: `${linkBase}/reset`,
    templateType: 'passwordreset',
    requestedAt: '2026-11-25T10:00:00.000Z',
    expiresAt: '2026-11-25T11:00:00.000Z',
    properties: {},
    ...given,
  };
}

/** Data of each type that fits its schema. */
export function someData(): { readonly [T in EventType]: EventData<T> } {
  const { user, recipient, recoveryId } = aRequest();
  const outcome = { eventId: randomUUID(), eventType: 'PasswordRecoveryRequested', userId: user.id, tenantDomain: 'carbon.super', generation: 1, messageId: '<a@b.test>', attempts: 1, detail: '250 ok', at: '2026-11-25T10:00:00Z' };
  return {
    PasswordRecoveryRequested: aRequest({ user, callback: 'https://ok.test/app/done' }),
    UsernameRecoveryRequested: { user, channel: 'EMAIL', recipient, linkBase, templateType: 'accountidrecovery', requestedAt: '2026-11-25T10:00:00Z', expiresAt: '2026-11-26T10:00:00Z' },
    PasswordRecovered: { recoveryId, generation: 1, scenario: 'NOTIFICATION_BASED_PW_RECOVERY', user, channel: 'EMAIL', recipient, linkBase, templateType: 'passwordresetsucess', recoveredAt: '2026-11-25T10:00:00Z', expiresAt: '2026-11-28T10:00:00Z' },
    RecoveryVoided: { user, generation: 0, reason: 'password-changed', voidedAt: '2026-11-25T10:00:00Z' },
    AccountLocked: { user, channel: 'EMAIL', recipient, linkBase, templateType: 'accountlock', reason: 'failed-attempts', lockedAt: '2026-11-25T10:00:00Z', unlocksAt: '2026-11-25T10:05:00Z', expiresAt: '2026-11-28T10:00:00Z' },
    AccountUnlocked: { user, channel: 'EMAIL', recipient, linkBase, templateType: 'accountunlock', reason: 'time', unlockedAt: '2026-11-25T10:05:00Z', expiresAt: '2026-11-28T10:00:00Z' },
    AccountChanged: { user, channel: 'EMAIL', recipient, linkBase, templateType: 'passwordchanged', change: 'password', changedAt: '2026-11-25T10:00:00Z', expiresAt: '2026-11-28T10:00:00Z' },
    AccountConfirmationRequested: { recoveryId, scenario: 'SELF_SIGN_UP', user, channel: 'EMAIL', recipient, sealedSecret: aSealedSecret, linkBase, templateType: 'accountconfirmation', requestedAt: '2026-11-25T10:00:00Z', expiresAt: '2026-11-26T10:00:00Z', properties: {} },
    NotificationSent: outcome,
    NotificationFailed: outcome,
    NotificationExpired: outcome,
    NotificationSuperseded: outcome,
  };
}

/** Signs any value under any attributes: what a trusted publisher with a fault, or of another version, could send. */
export function signedRecord(signer: EventSigner, data: unknown, attributes: Partial<Record<'id' | 'source' | 'type' | 'subject' | 'time' | 'dataschema', string>> = {}): EventRecord {
  const value = Buffer.isBuffer(data) ? data : Buffer.from(JSON.stringify(data));
  const signed = { id: randomUUID(), source, type: 'PasswordRecoveryRequested', subject: randomUUID(), time: '2026-11-25T10:00:00Z', dataschema: 'urn:rekey:schema:PasswordRecoveryRequested:1.0', ...attributes };
  const headers = Object.fromEntries(Object.entries(signed).map(([name, text]) => [`ce_${name}`, text]));
  return { key: signed.subject, value, headers: { ...headers, ce_specversion: '1.0', 'content-type': 'application/json', ce_signature: signer.sign(signed, value) } };
}
