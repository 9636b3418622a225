import { generateKeyPairSync, randomUUID, type JsonWebKey } from 'node:crypto';
import { EventReader, EventSigner, EventWriter, recoveryServiceSource, SecretOpener, SecretSealer, topics, type EventData, type EventRecord } from '@rekey/events';
import type { IncomingRecord } from '@rekey/messaging';

const linkBase = 'https://localhost:9443/myaccount/reset';

/** A recovery service, as far as its events go: signs and seals for real, with keys of its own. */
export class Publisher {
  private nextOffset = 0;

  private constructor(
    readonly reader: EventReader,
    readonly secrets: SecretOpener,
    readonly keys: { readonly sealing: Key; readonly signing: Key; readonly verifying: Key },
    private readonly writer: EventWriter,
    private readonly sealer: SecretSealer,
    private readonly tenantDomain = 'carbon.super',
  ) {}

  static async create(): Promise<Publisher> {
    const sealing = generateKeyPairSync('x25519');
    const signing = generateKeyPairSync('ed25519');
    const keys = { sealing: jwk(sealing.privateKey.export({ format: 'jwk' })), signing: jwk(signing.privateKey.export({ format: 'jwk' })), verifying: jwk(signing.publicKey.export({ format: 'jwk' })) };
    return new Publisher(
      readerOf([recoveryServiceSource], keys.verifying),
      await SecretOpener.from([keys.sealing]),
      keys,
      new EventWriter(recoveryServiceSource, new EventSigner(keys.signing)),
      new SecretSealer(jwk(sealing.publicKey.export({ format: 'jwk' }))),
    );
  }

  /** @returns another one with the same keys, of whom the reader knows */
  another(source: string, tenantDomain = this.tenantDomain): Publisher {
    return new Publisher(readerOf([recoveryServiceSource, source], this.keys.verifying), this.secrets, this.keys, new EventWriter(source, new EventSigner(this.keys.signing)), this.sealer, tenantDomain);
  }

  /** @returns the event as a record, and its id and key */
  async recoveryRequested(options: { user?: string; generation?: number; address?: string; id?: string; validForSeconds?: number; claims?: Record<string, string>; time?: string; code?: string } = {}): Promise<Published & { key: string }> {
    const { user = randomUUID(), generation = 1, address = addressOf(user), id = randomUUID(), validForSeconds = 3600, claims = { givenname: 'Kim' }, time, code } = options;
    const [recoveryId, key] = [randomUUID(), code ?? randomUUID()];
    const data: EventData<'PasswordRecoveryRequested'> = {
      recoveryId,
      generation,
      scenario: 'NOTIFICATION_BASED_PW_RECOVERY',
      ...this.mailTo(user, { address, claims }),
      sealedSecret: this.sealer.seal(key, recoveryId),
      ...(code === undefined ? {} : { secretKind: 'code' }),
      templateType: code === undefined ? 'passwordreset' : 'passwordresetotp',
      requestedAt: new Date().toISOString(),
      expiresAt: inSeconds(validForSeconds),
      properties: {},
    };
    const event = this.writer.event('PasswordRecoveryRequested', user, data, { id, ...(time === undefined ? {} : { time }) });
    return { ...this.published(id, user, this.writer.record(event), address), key };
  }

  passwordRecovered(options: { user?: string; generation?: number; silent?: boolean; validForSeconds?: number } = {}): Published {
    const { user = randomUUID(), generation = 1, silent = false, validForSeconds = 72 * 3600 } = options;
    const id = randomUUID();
    const event = this.writer.event('PasswordRecovered', user, {
      recoveryId: randomUUID(),
      generation,
      scenario: 'NOTIFICATION_BASED_PW_RECOVERY',
      ...this.mailTo(user),
      ...(silent ? { recipient: null } : {}),
      templateType: 'passwordresetsucess',
      recoveredAt: new Date().toISOString(),
      expiresAt: inSeconds(validForSeconds),
    }, { id });
    return this.published(id, user, this.writer.record(event));
  }

  voided(user: string, generation: number): Published {
    const id = randomUUID();
    const event = this.writer.event('RecoveryVoided', user, { user: this.person(user), generation, reason: 'password-changed', voidedAt: new Date().toISOString() }, { id });
    return this.published(id, user, this.writer.record(event), '');
  }

  accountLocked(options: { user?: string; silent?: boolean } = {}): Published {
    const { user = randomUUID(), silent = false } = options;
    const id = randomUUID();
    const event = this.writer.event('AccountLocked', user, {
      ...this.mailTo(user),
      ...(silent ? { recipient: null } : {}),
      templateType: 'accountlockfailedattempt',
      reason: 'failed-attempts',
      lockedAt: new Date().toISOString(),
      unlocksAt: inSeconds(300),
      expiresAt: inSeconds(72 * 3600),
    }, { id });
    return this.published(id, user, this.writer.record(event));
  }

  accountChanged(): Published {
    const [id, user] = [randomUUID(), randomUUID()];
    const event = this.writer.event('AccountChanged', user, {
      ...this.mailTo(user),
      templateType: 'notifyOnExistingEmailUpdateWithoutVerification',
      change: 'address',
      changedAt: new Date().toISOString(),
      expiresAt: inSeconds(72 * 3600),
    }, { id });
    return this.published(id, user, this.writer.record(event));
  }

  /** @returns the event as a record, and its id and key */
  async confirmationRequested(): Promise<Published & { key: string }> {
    const [id, user, recoveryId, key] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    const event = this.writer.event('AccountConfirmationRequested', user, {
      recoveryId,
      scenario: 'SELF_SIGN_UP',
      ...this.mailTo(user),
      sealedSecret: this.sealer.seal(key, recoveryId),
      templateType: 'accountconfirmation',
      requestedAt: new Date().toISOString(),
      expiresAt: inSeconds(24 * 3600),
      properties: {},
    }, { id });
    return { ...this.published(id, user, this.writer.record(event)), key };
  }

  usernameRequested(): Published {
    const [id, user] = [randomUUID(), randomUUID()];
    const times = { requestedAt: new Date().toISOString(), expiresAt: inSeconds(24 * 3600) };
    const event = this.writer.event('UsernameRecoveryRequested', user, { ...this.mailTo(user), templateType: 'accountidrecovery', ...times }, { id });
    return this.published(id, user, this.writer.record(event));
  }

  /** What every event says of the mail that it asks for. */
  private mailTo(user: string, { address = addressOf(user), claims = {} }: { address?: string; claims?: Record<string, string> } = {}) {
    return { user: this.person(user), channel: 'EMAIL', recipient: { address, locale: 'en_US', claims }, linkBase } as const;
  }

  private person(id: string): { id: string; username: string; realm: string; tenantDomain: string } {
    return { id, username: 'kim', realm: 'PRIMARY', tenantDomain: this.tenantDomain };
  }

  private published(id: string, user: string, sent: EventRecord, address = addressOf(user)): Published {
    return { id, user, address, sent, record: { ...sent, topic: topics.recovery, partition: 0, offset: String(this.nextOffset++) } };
  }
}

export interface Published {
  readonly id: string;
  readonly user: string;
  readonly address: string;
  /** As it is published … */
  readonly sent: EventRecord;
  /** … and as it arrives. */
  readonly record: IncomingRecord;
}

type Key = JsonWebKey & { kty: string; kid: string };

function jwk(key: JsonWebKey): Key {
  return { ...key, kty: 'OKP', kid: 'test' };
}

function readerOf(sources: readonly string[], publicKey: Key): EventReader {
  return new EventReader(sources.map((source) => ({ source, publicKey, linkBases: [linkBase] })));
}

function addressOf(user: string): string {
  return `kim.${user.slice(0, 8)}@example.com`;
}

function inSeconds(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString();
}
