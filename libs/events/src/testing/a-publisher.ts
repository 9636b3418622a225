import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { JWK } from 'jose';
import type { EventData } from '../event-data.ts';
import { eventExamples } from '../event-examples.ts';
import { EventReader } from '../event-reader.ts';
import { EventWriter } from '../event-writer.ts';
import type { EventRecord } from '../recovery-event.ts';
import { EventSigner, type SigningJwk } from '../signature.ts';

export const source = 'urn:example:portal';
export const linkBase = 'https://ok.test/app';

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

/** As in the example, by somebody else each time. */
export function aRequest(given: Partial<EventData<'PasswordRecoveryRequested'>> = {}): EventData<'PasswordRecoveryRequested'> {
  const { callback: _callback, ...example } = eventExamples.PasswordRecoveryRequested;
  return { ...example, recoveryId: randomUUID(), user: { ...example.user, id: randomUUID() }, linkBase: `${linkBase}/reset`, ...given };
}

/** Signs any value under any attributes: what a trusted publisher with a fault, or of another version, could send. */
export function signedRecord(signer: EventSigner, data: unknown, attributes: Partial<Record<'id' | 'source' | 'type' | 'subject' | 'time' | 'dataschema', string>> = {}): EventRecord {
  const value = Buffer.isBuffer(data) ? data : Buffer.from(JSON.stringify(data));
  const signed = { id: randomUUID(), source, type: 'PasswordRecoveryRequested', subject: randomUUID(), time: '2026-11-25T10:00:00Z', dataschema: 'urn:rekey:schema:PasswordRecoveryRequested:1.0', ...attributes };
  const headers = Object.fromEntries(Object.entries(signed).map(([name, text]) => [`ce_${name}`, text]));
  return { key: signed.subject, value, headers: { ...headers, ce_specversion: '1.0', 'content-type': 'application/json', ce_signature: signer.sign(signed, value) } };
}
