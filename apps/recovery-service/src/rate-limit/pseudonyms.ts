import { KeyedDigest } from '../keyed-digest.ts';

/**
 * What stands in the tables for accounts and addresses: people type their passwords where the name belongs, and who signs in from where
 * is nobody's business. Without the secret, whoever reads a backup cannot try names, passwords or addresses until one fits.
 */
export class Pseudonyms {
  private readonly digest: KeyedDigest;

  /** @param seed of `KeyedDigest` */
  constructor(seed: string) {
    this.digest = new KeyedDigest(seed, 'rekey rate limit');
  }

  of(...parts: readonly string[]): string {
    return this.digest.of(parts, 'base64url');
  }
}
