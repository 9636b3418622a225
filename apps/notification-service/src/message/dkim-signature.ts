import { createHash, createPrivateKey, sign, type KeyObject } from 'node:crypto';
import type { DkimKeySettings, DkimSettings } from '@rekey/deployment-config';

/** Fields of which none may be added to a mail that is signed: they are listed once more than they are there (RFC 6376, 8.15). */
const sealedFields = ['from', 'to', 'subject', 'date'];

/**
 * Signs mails for the domain that they come from (RFC 6376), by each of its keys: rsa-sha256, and ed25519-sha256 (RFC 8463) for those who
 * verify it. The signatures tell no time (no t= and no x=) and neither algorithm has any randomness in it, so that all copies of a mail are
 * the same, to the byte.
 *
 * On node:crypto, since nodemailer signs by RSA alone.
 */
export class DkimSignature {
  private readonly domain: string;
  private readonly keys: readonly (Omit<DkimKeySettings, 'privateKey'> & { readonly key: KeyObject })[];

  /** @param settings with keys that were found to be such when the configuration was read */
  constructor({ domain, keys }: DkimSettings) {
    this.domain = domain;
    this.keys = keys.map(({ algorithm, selector, privateKey }) => ({ algorithm, selector, key: createPrivateKey(privateKey) }));
  }

  /**
   * @param raw a whole message, with CRLF
   * @returns the same with its signatures above it
   */
  sign(raw: Buffer): Buffer {
    const text = raw.toString('latin1');
    const end = text.indexOf('\r\n\r\n');
    const fields = text.slice(0, end).split(/\r\n(?![ \t])/).toReversed();
    const names = [...fields.map(nameOf), ...sealedFields];
    const bodyHash = createHash('sha256').update(relaxedBody(text.slice(end + 4)), 'latin1').digest('base64');
    const signed = fields.map((field) => `${relaxedField(field)}\r\n`).join('');
    const signatures = this.keys.map(({ algorithm, selector, key }) => {
      const field = `DKIM-Signature: v=1; a=${algorithm}; c=relaxed/relaxed;\r\n d=${this.domain}; q=dns/txt; s=${selector};\r\n bh=${bodyHash};\r\n h=${folded(names.join(':'))};\r\n b=`;
      return `${field}${folded(signatureOf(Buffer.from(signed + relaxedField(field), 'latin1'), key))}\r\n`;
    });
    return Buffer.concat([Buffer.from(signatures.join(''), 'latin1'), raw]);
  }
}

function signatureOf(data: Buffer, key: KeyObject): string {
  // Ed25519 signs the hash and not the data (RFC 8463, section 3).
  const signature = key.asymmetricKeyType === 'ed25519' ? sign(null, createHash('sha256').update(data).digest(), key) : sign('sha256', data, key);
  return signature.toString('base64');
}

/** White space may stand behind a colon of h=, and anywhere in b=. */
function folded(value: string): string {
  return value.replace(/(?:[^:]{70}|.{1,70}:)(?=.)/g, '$&\r\n  ');
}

function nameOf(field: string): string {
  return field.slice(0, field.indexOf(':')).trimEnd().toLowerCase();
}

/** RFC 6376, 3.4.2. */
function relaxedField(field: string): string {
  const value = field.slice(field.indexOf(':') + 1).replaceAll('\r\n', '').replace(/[ \t]+/g, ' ').replace(/^ | $/g, '');
  return `${nameOf(field)}:${value}`;
}

/** RFC 6376, 3.4.4. */
function relaxedBody(body: string): string {
  const lines = body.replace(/[ \t]+/g, ' ').split('\r\n').map((line) => (line.endsWith(' ') ? line.slice(0, -1) : line));
  const last = lines.findLastIndex((line) => line !== '');
  return lines.slice(0, last + 1).map((line) => `${line}\r\n`).join('');
}
