import { CompactEncrypt, compactDecrypt, importJWK, type CryptoKey, type JWK } from 'jose';
import { told } from './told.ts';

/**
 * Seals recovery keys to the notification service: JWE compact (RFC 7516), ECDH-ES + A256GCM over X25519 (RFC 8037).
 * Anyone with the public key can seal, only the notification service can open.
 *
 * The protected header names the recovery id and is authenticated with the ciphertext, so a sealed key cannot be moved to
 * another person's event. It is the recovery and not the event: a resend repeats the same sealed key in a new event, and
 * whoever resends cannot open it (docs/decisions/0003).
 */
export class SecretSealer {
  private constructor(
    private readonly publicKey: CryptoKey,
    private readonly kid: string,
  ) {}

  static async from(publicJwk: JWK): Promise<SecretSealer> {
    return new SecretSealer(await importSealingKey(publicJwk), requireKid(publicJwk));
  }

  /** @returns the JWE in compact form, about 300 characters for a key of 43 */
  async seal(secret: string, recoveryId: string): Promise<string> {
    return new CompactEncrypt(Buffer.from(secret, 'utf8'))
      .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', kid: this.kid, recovery_id: recoveryId })
      .encrypt(this.publicKey);
  }
}

export class SecretOpener {
  private constructor(private readonly privateKeys: ReadonlyMap<string, CryptoKey>) {}

  /** @param privateJwks every key that sealed secrets on their way may still need, for rotation by `kid` */
  static async from(privateJwks: readonly JWK[]): Promise<SecretOpener> {
    const keys = await Promise.all(privateJwks.map(async (jwk) => [requireKid(jwk), await importSealingKey(jwk)] as const));
    return new SecretOpener(new Map(keys));
  }

  /** @throws SealedSecretError where the key is unknown, the text is damaged, or it belongs to another recovery */
  async open(sealed: string, recoveryId: string): Promise<string> {
    try {
      const { plaintext, protectedHeader } = await compactDecrypt(
        sealed,
        (header) => {
          const key = this.privateKeys.get(header.kid ?? '');
          if (!key) throw new SealedSecretError(`sealed to the unknown key "${told(String(header.kid ?? ''))}"`);
          return key;
        },
        { keyManagementAlgorithms: ['ECDH-ES'], contentEncryptionAlgorithms: ['A256GCM'] },
      );
      if (protectedHeader['recovery_id'] !== recoveryId) throw new SealedSecretError('sealed for another recovery');
      return Buffer.from(plaintext).toString('utf8');
    } catch (error) {
      if (error instanceof SealedSecretError) throw error;
      throw new SealedSecretError('damaged, or sealed to another key');
    }
  }
}

export class SealedSecretError extends Error {
  constructor(reason: string) {
    super(`the sealed secret cannot be opened: ${reason}`);
    this.name = 'SealedSecretError';
  }
}

async function importSealingKey(jwk: JWK): Promise<CryptoKey> {
  const key = jwk.kty === 'OKP' && jwk.crv === 'X25519' ? await importJWK(jwk, 'ECDH-ES') : null;
  if (key === null || key instanceof Uint8Array) throw new TypeError('expected an X25519 key as a JSON Web Key');
  return key;
}

function requireKid(jwk: JWK): string {
  if (!jwk.kid) throw new TypeError('expected a JSON Web Key with a "kid", got one without');
  return jwk.kid;
}
