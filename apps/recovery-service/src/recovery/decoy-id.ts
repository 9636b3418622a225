import { createHmac } from 'node:crypto';
import { canonicalUsername, type UserName } from '@rekey/identity';

/** Makes user ids for names that nobody has: the same name always gets the same one, and without the secret no one can tell it from a real one. */
export class DecoyIds {
  private readonly secret: Buffer;

  /** @param seed shared by every instance of the service, and a secret */
  constructor(seed: string) {
    this.secret = createHmac('sha256', seed).update('rekey decoy ids').digest();
  }

  idOf({ tenantDomain, realm, username }: UserName): string {
    const hex = createHmac('sha256', this.secret).update(JSON.stringify([tenantDomain, realm, canonicalUsername(username) ?? username])).digest('hex');
    // Version 4 and its variant (RFC 9562 section 5.4), as real ones have them.
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }
}
