import type { User, UserName } from '@rekey/identity';
import { accountNamed, KeyedDigest } from '../keyed-digest.ts';

/** Makes user ids for names that nobody has: the same name always gets the same one, and without the secret no one can tell it from a real one. */
export class DecoyIds {
  private readonly digest: KeyedDigest;

  /** @param seed of `KeyedDigest` */
  constructor(seed: string) {
    this.digest = new KeyedDigest(seed, 'rekey decoy ids');
  }

  idOf(name: UserName): string {
    const hex = this.digest.of(accountNamed(name), 'hex');
    // Version 4 and its variant (RFC 9562 section 5.4), as real ones have them.
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }
}

/** Who is meant by the id that a decoy was given before: it stays theirs. */
export function nobodyOfId({ userId, tenantDomain }: { readonly userId: string; readonly tenantDomain: string }): User {
  return { id: userId, tenantDomain, realm: 'PRIMARY', username: userId };
}
