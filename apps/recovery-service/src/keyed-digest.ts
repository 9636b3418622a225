import { createHmac } from 'node:crypto';
import { canonicalUsername, type UserName } from '@rekey/identity';

/** Digests that every instance of the service makes alike, and nobody can who does not know the secret. */
export class KeyedDigest {
  private readonly secret: Buffer;

  /**
   * @param seed shared by every instance of the service, and a secret
   * @param purpose digests of another purpose tell nothing of these
   */
  constructor(seed: string, purpose: string) {
    this.secret = createHmac('sha256', seed).update(purpose).digest();
  }

  of(parts: readonly string[], encoding: 'base64url' | 'hex'): string {
    return createHmac('sha256', this.secret).update(JSON.stringify(parts)).digest(encoding);
  }
}

/** Whose account a name means, be it anybody's: another spelling is no other account. */
export function accountNamed({ tenantDomain, realm, username }: UserName): readonly string[] {
  return [tenantDomain, realm, canonicalUsername(username) ?? username];
}
