import { createCipheriv, createDecipheriv, createPrivateKey, createPublicKey, diffieHellman, hash, randomBytes, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import { z } from 'zod';
import { told } from './told.ts';

/**
 * Seals recovery keys to the notification service: JWE compact (RFC 7516), ECDH-ES + A256GCM over X25519 (RFC 8037).
 * Anyone with the public key can seal, only the notification service can open.
 *
 * The protected header names the recovery id and is authenticated with the ciphertext, so a sealed key cannot be moved to
 * another person's event. It is the recovery and not the event: a resend repeats the same sealed key in a new event, and
 * whoever resends cannot open it (docs/decisions/0003).
 *
 * Both ways are written on node:crypto, since WebCrypto's overhead would be a quarter of what a recovery request costs, and of what a mail
 * does; tests hold them against jose (docs/decisions/0006).
 */
export class SecretSealer {
  private readonly publicKey: KeyObject;
  private readonly kid: string;

  /** @throws TypeError where it is no X25519 public key with a `kid` */
  constructor(publicJwk: JWK) {
    this.kid = requireKid(publicJwk);
    this.publicKey = createPublicKey({ key: requireX25519(publicJwk) as JsonWebKey, format: 'jwk' }); // the same fields, typed twice
  }

  /** @returns the JWE in compact form, about 300 characters for a key of 43 */
  seal(secret: string, recoveryId: string): string {
    const privateKey = ephemeralKey();
    const { kty, crv, x } = createPublicKey(privateKey).export({ format: 'jwk' });
    const header = encode(JSON.stringify({ alg: 'ECDH-ES', enc, kid: this.kid, recovery_id: recoveryId, epk: { kty, crv, x } }));
    const contentKey = concatKdf(diffieHellman({ privateKey, publicKey: this.publicKey }));
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', contentKey, iv).setAAD(Buffer.from(header, 'ascii'));
    const ciphertext = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    // No encrypted key in the second place: it is agreed on, not sent.
    return [header, '', encode(iv), encode(ciphertext), encode(cipher.getAuthTag())].join('.');
  }
}

/**
 * X25519 takes any 32 bytes (RFC 7748 section 5). Not by `generateKeyPairSync`: where the garbage collector comes while such a pair is used,
 * Node 20 waits for ever for a lock that it holds itself (docs/decisions/0006).
 */
function ephemeralKey(): KeyObject {
  // The private part alone counts: Node works the public one out.
  return createPrivateKey({ key: { kty: 'OKP', crv: 'X25519', x: '', d: encode(randomBytes(32)) }, format: 'jwk' });
}

const enc = 'A256GCM';
const keyBits = 256;
const ivBytes = 12;
const tagBytes = 16;

/** RFC 7518 section 4.6.2, one round of SHA-256: the algorithm's name, neither party named, the length of the key. */
const firstRound = uint32(1);
const otherInfo = Buffer.concat([lengthPrefixed(enc), uint32(0), uint32(0), uint32(keyBits)]);

function concatKdf(sharedSecret: Buffer): Buffer {
  return hash('sha256', Buffer.concat([firstRound, sharedSecret, otherInfo]), 'buffer');
}

function lengthPrefixed(text: string): Buffer {
  return Buffer.concat([uint32(text.length), Buffer.from(text, 'ascii')]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function encode(content: string | Buffer): string {
  return (typeof content === 'string' ? Buffer.from(content) : content).toString('base64url');
}

export class SecretOpener {
  private constructor(private readonly privateKeys: ReadonlyMap<string, KeyObject>) {}

  /** @param privateJwks every key that sealed secrets on their way may still need, for rotation by `kid` */
  static async from(privateJwks: readonly JWK[]): Promise<SecretOpener> {
    return new SecretOpener(new Map(privateJwks.map((jwk) => [requireKid(jwk), createPrivateKey({ key: requireX25519(jwk) as JsonWebKey, format: 'jwk' })]))); // the same fields, typed twice
  }

  /** @throws SealedSecretError where the key is unknown, the text is damaged, or it belongs to another recovery */
  async open(sealed: string, recoveryId: string): Promise<string> {
    try {
      const [header = '', encryptedKey, iv = '', ciphertext = '', tag = '', ...more] = sealed.split('.');
      if (encryptedKey !== '' || more.length > 0) throw new SealedSecretError(damaged);
      const { kid, recovery_id: sealedFor, epk } = headerOf(header);
      const privateKey = this.privateKeys.get(kid);
      if (!privateKey) throw new SealedSecretError(`sealed to the unknown key "${told(kid)}"`);
      // OpenSSL refuses points of low order: no secret is agreed on that everybody knows (RFC 7748 section 6.1).
      const contentKey = concatKdf(diffieHellman({ privateKey, publicKey: createPublicKey({ key: epk, format: 'jwk' }) }));
      const decipher = createDecipheriv('aes-256-gcm', contentKey, decode(iv, ivBytes), { authTagLength: tagBytes }).setAAD(Buffer.from(header, 'ascii')).setAuthTag(decode(tag, tagBytes));
      const secret = Buffer.concat([decipher.update(ciphertext, 'base64url'), decipher.final()]).toString('utf8');
      if (sealedFor !== recoveryId) throw new SealedSecretError('sealed for another recovery');
      return secret;
    } catch (error) {
      if (error instanceof SealedSecretError) throw error;
      throw new SealedSecretError(damaged);
    }
  }
}

const damaged = 'damaged, or sealed to another key';

/** What a stranger may have written: exactly the one way of sealing that is documented, and nothing that has to be understood beside it. */
const headerSchema = z.object({
  alg: z.literal('ECDH-ES'),
  enc: z.literal(enc),
  kid: z.string(),
  recovery_id: z.string(),
  epk: z.object({ kty: z.literal('OKP'), crv: z.literal('X25519'), x: z.string() }),
  // Other words for the key agreement, compression, extensions: refused rather than left out of account (RFC 7516 section 4.1.13).
  ...{ apu: z.never().optional(), apv: z.never().optional(), zip: z.never().optional(), crit: z.never().optional() },
});

function headerOf(encoded: string): z.infer<typeof headerSchema> {
  return headerSchema.parse(JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8')));
}

function decode(text: string, bytes: number): Buffer {
  const decoded = Buffer.from(text, 'base64url');
  if (decoded.length !== bytes) throw new SealedSecretError(damaged);
  return decoded;
}

export class SealedSecretError extends Error {
  constructor(reason: string) {
    super(`the sealed secret cannot be opened: ${reason}`);
    this.name = 'SealedSecretError';
  }
}

function requireX25519(jwk: JWK): JWK {
  if (jwk.kty !== 'OKP' || jwk.crv !== 'X25519') throw new TypeError('expected an X25519 key as a JSON Web Key');
  return jwk;
}

function requireKid(jwk: JWK): string {
  if (!jwk.kid) throw new TypeError('expected a JSON Web Key with a "kid", got one without');
  return jwk.kid;
}
