import { buffer } from 'node:stream/consumers';
import type { DkimSettings } from '@rekey/deployment-config';
import DKIM from 'nodemailer/lib/dkim';

/**
 * Signs mails for the domain that they come from (RFC 6376), by rsa-sha256. The signature tells no time (no t= and no x=) and RSA's
 * PKCS #1 v1.5 has no randomness in it, so that all copies of a mail are the same, to the byte.
 */
export class DkimSignature {
  private readonly signer: DKIM;

  /** @param settings with a key that was found to be one when the configuration was read */
  constructor({ domain, selector, privateKey }: DkimSettings) {
    this.signer = new DKIM({ domainName: domain, keySelector: selector, privateKey });
  }

  /**
   * @param raw a whole message, with CRLF
   * @returns the same with its signature above it
   */
  async sign(raw: Buffer): Promise<Buffer> {
    const signed = await buffer(this.signer.sign(raw));
    // nodemailer leaves a mail as it is where it cannot sign it.
    if (signed.length <= raw.length) throw new Error('the mail could not be signed with the key of [output_adapter.email.dkim]');
    return signed;
  }
}
