import { randomBytes, randomUUID } from 'node:crypto';
import { loadDeploymentConfig, type DeploymentConfig } from '@rekey/deployment-config';
import { EventReader, EventSigner, EventWriter, SecretOpener, SecretSealer } from '@rekey/events';
import { generateKeys, type LocalKeys } from '@rekey/local-stack';

const source = 'urn:rekey:recovery-service';
const recoveryKey = randomBytes(32).toString('base64url');
const text = (key: unknown) => `'${JSON.stringify(key)}'`;

let old: LocalKeys;
let recent: LocalKeys;
beforeAll(async () => {
  [old, recent] = await Promise.all([generateKeys(), generateKeys()]);
});

/** As a service reads it. */
function configOf(toml: string): DeploymentConfig {
  return loadDeploymentConfig([{ name: 'deployment.toml', toml }], {}).config;
}

describe('sealing keys that change (docs/rotate-keys.md)', () => {
  /** The notification service's. */
  const privateKeys = (...keys: LocalKeys[]) => configOf(`[keys.sealing]\nprivate_keys = [${keys.map(({ sealing }) => text(sealing.privateKey)).join(', ')}]`).keys.sealingPrivateKeys;
  /** What a publisher that reads this public key seals. */
  const sealedBy = ({ sealing }: LocalKeys, id: string) => {
    const { sealingPublicKey } = configOf(`[keys.sealing]\npublic_key = ${text(sealing.publicKey)}`).keys;
    if (!sealingPublicKey) throw new TypeError('the file names it');
    return new SecretSealer(sealingPublicKey).seal(recoveryKey, id);
  };

  it('lets what was sealed to either be opened while private_keys has the new one and the old one', async () => {
    const opener = await SecretOpener.from(privateKeys(recent, old));
    const id = randomUUID();
    expect(await opener.open(sealedBy(old, id), id)).toBe(recoveryKey);
    expect(await opener.open(sealedBy(recent, id), id)).toBe(recoveryKey);
  });

  it('names the kid of a key that was taken out too early', async () => {
    const opener = await SecretOpener.from(privateKeys(recent));
    const id = randomUUID();
    await expect(opener.open(sealedBy(old, id), id)).rejects.toThrow(old.sealing.publicKey.kid);
  });

  it('cannot be two of one kid', () => {
    expect(() => privateKeys(old, old)).toThrow('keys.sealing.private_keys[1]: the "kid" of this key is another one\'s too');
  });
});

describe('signing keys that change (docs/rotate-keys.md)', () => {
  const publisher = ({ signing }: LocalKeys) => `[[event_publisher]]\nsource = "${source}"\npublic_key = ${text(signing.publicKey)}\n`;
  const readerOf = (...keys: LocalKeys[]) => new EventReader(configOf(keys.map(publisher).join('')).keys.publishers);
  /** An event that the service signed when this was its key. */
  const signedBy = ({ signing }: LocalKeys) => {
    const { signingPrivateKey } = configOf(`[keys.signing]\nprivate_key = ${text(signing.privateKey)}`).keys;
    if (!signingPrivateKey) throw new TypeError('the file names it');
    const writer = new EventWriter(source, new EventSigner(signingPrivateKey));
    const id = randomUUID();
    const { headers, value } = writer.record(writer.event('RecoveryVoided', id, { user: { id, username: 'kim', realm: 'PRIMARY', tenantDomain: 'carbon.super' }, generation: 0, reason: 'password-changed', voidedAt: '2026-11-25T10:00:00Z' }));
    return { headers, value: Buffer.from(value ?? '') };
  };

  it('lets events of either be believed while both are among the publishers', () => {
    const reader = readerOf(old, recent);
    expect([reader.read(signedBy(old)).kind, reader.read(signedBy(recent)).kind]).toEqual(['event', 'event']);
  });

  it('lets none be believed that is not listed, and names its kid', () => {
    expect(readerOf(recent).read(signedBy(old))).toMatchObject({ kind: 'unreadable', reason: expect.stringContaining(old.signing.publicKey.kid) });
  });
});
