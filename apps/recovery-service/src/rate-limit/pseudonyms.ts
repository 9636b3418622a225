import { createHmac } from 'node:crypto';

/**
 * What stands in the tables for accounts and addresses: people type their passwords where the name belongs, and who signs in from where
 * is nobody's business. Without the secret, whoever reads a backup cannot try names, passwords or addresses until one fits.
 */
export class Pseudonyms {
  private readonly secret: Buffer;

  /** @param seed shared by every instance of the service, and a secret */
  constructor(seed: string) {
    this.secret = createHmac('sha256', seed).update('rekey rate limit').digest();
  }

  of(...parts: readonly string[]): string {
    return createHmac('sha256', this.secret).update(JSON.stringify(parts)).digest('base64url');
  }
}
